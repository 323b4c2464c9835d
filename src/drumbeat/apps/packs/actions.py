"""A pack is prepared in one call, again whenever figures have moved; its words go along, and none is ever overwritten."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.reports.actions import build_edition
from drumbeat.apps.reports.models import Edition
from drumbeat.core.refusal import insist

from .access import PACK, may_write
from .models import Remark
from .queries import sections_of, words_of

LONGEST = 4000


@transaction.atomic
def prepare_pack(partner: Partner, *, by: Account, at: datetime) -> Edition:
    """The quarter that just ended, as of now. Words to an earlier pack of the same quarter are carried over."""
    edition = build_edition(PACK, partner=partner, at=at)
    insist(may_write(by, edition, at), f"{partner} isn't yours", "Ask who looks after the partner")
    before = Edition.objects.filter(report=PACK, partner=partner, period_from=edition.period_from).exclude(
        pk=edition.pk
    )
    if last := before.first():
        _carry_over(last, edition, by, at)
    record_event("pack.prepared", ("edition", edition.pk), by_id=by.pk, at=at, partner=partner.pk)
    return edition


def _carry_over(last: Edition, edition: Edition, by: Account, at: datetime) -> None:
    Remark.objects.bulk_create(
        Remark(
            edition=edition, section=section, number=1, text=words.text, is_internal=words.is_internal, written_by=by, written_at=at
        )
        for section, words in words_of(last).items()
    )  # fmt: skip


@transaction.atomic
def write_remark(
    edition: Edition, section: str, text: str, *, is_internal: bool, after: int, by: Account, at: datetime
) -> Remark:
    """A new version; `after` is the number of the one that was on the writer's screen. The same words again are no version."""
    insist(may_write(by, edition, at), "This pack isn't yours", "Ask who looks after the partner")
    insist(section in sections_of(edition), f"The pack has no section {section[:40]!r}", "Reload the page")
    insist(len(text) <= LONGEST, f"The text has {len(text):,} letters", f"Use {LONGEST:,} at most", "text")
    Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    last = Remark.objects.filter(edition=edition, section=section).first()
    if last and (last.text, last.is_internal) == (text, is_internal):
        return last
    insist(
        (last.number if last else 0) == after,
        f"{last.written_by if last else 'Somebody'} wrote to this section meanwhile",
        "Your words are still in the field: look at theirs under Versions, then save again",
        "text",
    )
    return Remark.objects.create(
        edition=edition, section=section, number=after + 1, text=text, is_internal=is_internal, written_by=by, written_at=at
    )  # fmt: skip
