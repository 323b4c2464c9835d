"""A text becomes a version of a scorecard; partners are scored as of a day. Scoring the same day again states it anew."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.partners.models import Partner, Status
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import insist
from drumbeat.core.scorecards import Template, read_scorecard, score

from .models import Score, Scorecard, Version
from .queries import Known, is_scored, template_of, values_of

BATCH = 5_000
COUNTING = (Status.ACTIVE, Status.ONBOARDING)


@transaction.atomic
def publish_scorecard(text: str, *, by: Account | None, at: datetime, source: str = "") -> Version:
    """The next version of the scorecard that the text names, made if new. The same text again is the same version.

    Raises RoutineErrors with all that is wrong; then nothing is written. Scores keep the version they were reckoned by.
    """
    template = read_scorecard(text, source)
    scorecard, _ = Scorecard.objects.select_for_update().get_or_create(
        key=template.key, defaults={"title": template.title}
    )
    version = scorecard.versions.filter(digest=template.digest).first() or _write_version(
        scorecard, template, by, at
    )
    if scorecard.version_id != version.pk:
        scorecard.version, scorecard.title = version, template.title
        scorecard.save()
        by_id = by.pk if by else None
        record_event(
            "scorecard.published", ("scorecard", scorecard.pk), by_id=by_id, at=at, number=version.number
        )
    return version


def _write_version(scorecard: Scorecard, template: Template, by: Account | None, at: datetime) -> Version:
    last = scorecard.versions.aggregate(last=Max("number"))["last"] or 0
    return Version.objects.create(
        scorecard=scorecard, number=last + 1, text=template.text, digest=template.digest, published_at=at, published_by=by
    )  # fmt: skip


@transaction.atomic
def score_partners(scorecard: Scorecard, *, on: date, at: datetime) -> int:
    """All active and joining partners as of the beginning of `on`, by the scorecard's version of now; how many."""
    version = scorecard.version
    insist(version is not None, f"{scorecard.key} has no version", "Publish its text first")
    assert version
    ids = list(
        Partner.objects.filter(status__in=COUNTING, merged_into=None)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    template = template_of(version)
    values = values_of(template, ids, on)
    scorecard.scores.filter(on=on).exclude(partner__in=ids).delete()
    Score.objects.bulk_create(
        [_score(version, template, pk, values[pk], on, at) for pk in ids],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["scorecard", "partner", "on"],
        update_fields=["version", "total", "band", "values", "scored_at"],
    )
    return len(ids)


def _score(version: Version, template: Template, pk: int, values: Known, on: date, at: datetime) -> Score:
    found = score(template, values)
    texts = {key: str(value) for key, value in values.items()}
    return Score(
        scorecard_id=version.scorecard_id, version=version, partner_id=pk, on=on, total=found.rounded, band=found.band,
        values=texts, scored_at=at,
    )  # fmt: skip


def score_month(*, on: date, at: datetime) -> int:
    """Every scorecard as of the first day of the month that `on` lies in, once; how many partners were scored."""
    first = on.replace(day=1)
    published = Scorecard.objects.exclude(version=None).select_related("version")
    due = [one for one in published if not is_scored(one, first)]
    return sum(score_partners(one, on=first, at=at) for one in due)
