"""Every address against every role: anonymous is sent to sign in, others' partners look like none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from drumbeat.apps.meetings.models import CounterProposal
from drumbeat.apps.messages.actions import suppress_address, write_announcement
from drumbeat.apps.messages.models import Suppression
from drumbeat.apps.partners.models import Double
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import Moment, Step
from drumbeat.apps.savedreports.actions import Saving, save_report
from drumbeat.core.metrics.blueprint import Blueprint

from .scene import AT, Scene

ALL, BUSINESS = ("alice", "dora", "olga", "adam"), ("alice", "dora", "olga")


def announcement_of(scene: Scene) -> int:
    values = {"topic": "news", "subject": "x", "text": "x", "audience": 'partner.status == "active"'}
    by = Account.objects.get(pk=scene.world.olga.pk)
    return write_announcement({"title": "News", **values}, by=by, at=AT).pk


def saved_report_of(scene: Scene) -> str:
    """One of olga's, shared with directors."""
    by = Account.objects.get(pk=scene.world.olga.pk)
    saving = Saving("Sold", "", ["director"], Blueprint(("sell_through",)))
    return save_report(saving, by=by, at=AT).key


def suppression_of() -> int:
    suppress_address("gone@example.com", Suppression.Reason.BY_HAND, "", at=AT)
    return Suppression.objects.get(address="gone@example.com").pk


def double_of(scene: Scene) -> int:
    first, second = sorted((scene.world.fjord.pk, scene.world.outsider.pk))
    return Double.objects.get_or_create(
        first_id=first, second_id=second, defaults={"score": 70, "reasons": ["same phone"], "found_at": AT}
    )[0].pk


def cases(scene: Scene) -> dict[str, tuple[list[Any], dict[str, int]]]:
    """Name of the address -> its arguments and what each role gets; who isn't named gets 403."""
    world = scene.world
    mine, other = scene.mine, scene.other
    pages = dict.fromkeys(BUSINESS, 200)
    not_theirs = {"alice": 404, "dora": 200, "olga": 200}
    posts = {"alice": 405, "dora": 405, "olga": 405}
    return {
        "today": ([], pages),
        "partners": ([], pages),
        "new_partner": ([], {"dora": 200, "olga": 200}),
        "partner": ([world.bergmann.key], pages),
        "partner/other": ([world.kestrel.key], not_theirs),
        "partner_people": ([world.bergmann.key], pages),
        "partner_people/other": ([world.kestrel.key], not_theirs),
        "partner_figures": ([world.bergmann.key], pages),
        "partner_figures/other": ([world.kestrel.key], not_theirs),
        "partner_timeline": ([world.bergmann.key], pages),
        "partner_timeline/other": ([world.kestrel.key], not_theirs),
        "contact_timeline": ([world.petra.pk], pages),
        "contact_timeline/other": ([world.kate.pk], not_theirs),
        "partner_profile": ([world.bergmann.key], pages),
        "partner_profile/other": ([world.kestrel.key], not_theirs),
        "partner_assignment": ([world.bergmann.key], {"dora": 200, "olga": 200}),
        "new_contact": ([world.bergmann.key], pages),
        "new_contact/other": ([world.kestrel.key], not_theirs),
        "contacts": ([], pages),
        "contact": ([world.petra.pk], pages),
        "contact/other": ([world.kate.pk], not_theirs),
        "departure": ([world.petra.pk], posts),
        "promises": ([], pages),
        "promise": ([mine.occurrence.promise_id], pages),
        "promise/other": ([other.occurrence.promise_id], not_theirs),
        "asks": ([mine.occurrence.promise_id], pages),
        "asks/other": ([other.occurrence.promise_id], not_theirs),
        "decision": ([scene.ask.pk], {"dora": 405}),
        "completion": ([mine.pk], posts),
        "completion/other": ([other.pk], {"alice": 404, "dora": 405, "olga": 405}),
        "postponement": ([mine.pk], pages),
        "postponement/other": ([other.pk], not_theirs),
        "step_answer": ([mine.pk], dict.fromkeys(BUSINESS, 302)),
        "step_answer/other": ([other.pk], {"alice": 404, "dora": 302, "olga": 302}),
        "step_decision": ([mine.pk], pages),
        "step_decision/other": ([other.pk], not_theirs),
        "checklist_point": ([mine.pk, 0], posts),
        "checklist_point/other": ([other.pk, 0], {"alice": 404, "dora": 405, "olga": 405}),
        "step_files": ([mine.pk], posts),
        "step_files/other": ([other.pk], {"alice": 404, "dora": 405, "olga": 405}),
        "step_file": ([mine.pk, 1], dict.fromkeys(BUSINESS, 404)),
        "rooms": ([], pages),
        "room": ([1], dict.fromkeys(BUSINESS, 404)),
        "room_trial": ([1], posts),
        "room_post": ([1], posts),
        "endpoints": ([], {"adam": 200}),
        "endpoint": ([1], {"adam": 404}),
        "endpoint_delivery": ([1], {"adam": 404}),
        "routines": ([], pages),
        "routine": (["weekly-word"], pages),
        "routine_subjects": (["weekly-word"], pages),
        "routine_versions": (["weekly-word"], pages),
        "search": ([], pages),
        "score": ([], pages),
        "scorecards": ([], pages),
        "scorecard": (["partner-health", world.bergmann.key], pages),
        "scorecard/other": (["partner-health", world.kestrel.key], not_theirs),
        "simulation": ([], {"dora": 200, "olga": 200}),
        "capacity": ([], {"dora": 200, "olga": 200}),
        "smoothings": ([], {"dora": 405, "olga": 405}),
        "smoothing": ([1], {"dora": 405, "olga": 405}),
        "moment_date": ([moment_of(mine)], pages),
        "moment_date/other": ([moment_of(other)], not_theirs),
        "occurrence_date": ([mine.occurrence_id], pages),
        "occurrence_date/other": ([other.occurrence_id], not_theirs),
        "new_draft": ([], {"dora": 200, "olga": 200}),
        "draft": (["weekly-word"], pages),
        "draft_audience": (["weekly-word"], pages),
        "draft_publication": (["weekly-word"], {"dora": 200, "olga": 200}),
        "routine_letters": (["weekly-word"], pages),
        "routine_letter": (["weekly-word", "call"], dict.fromkeys(BUSINESS, 404)),
        "retirement": (["weekly-word"], {"dora": 200, "olga": 200}),
        "version_comparison": (["weekly-word"], pages),
        "version_file": (["weekly-word", 1], pages),
        "occurrence": ([mine.occurrence_id], pages),
        "occurrence/other": ([other.occurrence_id], not_theirs),
        "meetings": ([], pages),
        "meeting": ([scene.meeting.pk], pages),
        "meeting/other": ([scene.other_meeting.pk], not_theirs),
        "invitation": ([scene.meeting.pk], pages),
        "invitation/other": ([scene.other_meeting.pk], not_theirs),
        "cancellation": ([scene.meeting.pk], posts),
        "minutes": ([scene.meeting.pk], posts),
        "meeting_time": ([scene.meeting.pk], pages),
        "meeting_time/other": ([scene.other_meeting.pk], not_theirs),
        "arrangement": ([], pages),
        "meeting_presence": ([scene.meeting.pk], posts),
        "meeting_open_points": ([scene.meeting.pk], posts),
        "meeting_points": ([scene.meeting.pk], posts),
        "meeting_commitments": ([scene.meeting.pk], posts),
        "meeting_dispatch": ([scene.meeting.pk], posts),
        "calendars": ([], pages),
        "own_calendar": ([], posts),
        "calendar_copy": ([1], posts),
        "calendar_feeds": ([], posts),
        "calendar_feed": ([1], posts),
        "counter_decision": ([counter_to(scene).pk], posts),
        "meeting_links": ([scene.meeting.pk], posts),
        "meeting_attendance": ([scene.meeting.attendees.first().pk], posts),
        "point_completion": ([scene.meeting.points.first().pk], posts),
        "point_completion/other": (
            [scene.other_meeting.points.first().pk],
            {"alice": 404, "dora": 405, "olga": 405},
        ),
        "point_notes": ([scene.meeting.points.first().pk], posts),
        "point_decision": ([scene.meeting.points.first().pk], posts),
        "commitment": ([scene.commitment.pk], posts),
        "commitment/other": ([scene.other_commitment.pk], {"alice": 404, "dora": 405, "olga": 405}),
        "commitment_answer": ([scene.commitment.pk], posts),
        "commitment_completion": ([scene.commitment.pk], posts),
        "attendee_answer": ([scene.meeting.attendees.first().pk], posts),
        "reports": ([], pages),
        "report": ([scene.edition.pk], pages),
        "report/other": ([scene.other_edition.pk], not_theirs),
        "report_now": (["pipeline-review"], pages),
        "report_editions": (["pipeline-review"], posts),
        "report_rows_now": (["pipeline-review"], dict.fromkeys(BUSINESS, 404)),
        "sql": ([], {"olga": 200}),
        "new_report": ([], pages),
        "built_report": ([saved_report_of(scene)], {"alice": 404, "dora": 302, "olga": 200}),
        "report_comparison": ([scene.edition.pk], pages),
        "report_comparison/other": ([scene.other_edition.pk], not_theirs),
        "report_correction": ([scene.edition.pk], posts),
        "report_correction/other": ([scene.other_edition.pk], posts),
        "report_rows": ([scene.edition.pk], dict.fromkeys(BUSINESS, 404)),
        "report_rows/other": ([scene.other_edition.pk], dict.fromkeys(BUSINESS, 404)),
        "report_file": ([scene.edition.pk, "csv"], pages),
        "report_file/other": ([scene.other_edition.pk, "csv"], not_theirs),
        "partner_pack": ([world.bergmann.key], posts),
        "partner_pack/other": ([world.kestrel.key], posts),
        "pack": ([scene.pack.pk], pages),
        "pack/other": ([scene.other_pack.pk], not_theirs),
        "pack_section": ([scene.pack.pk, "asks"], pages),
        "pack_section/other": ([scene.other_pack.pk, "asks"], not_theirs),
        "pack_presentation": ([scene.pack.pk], pages),
        "pack_presentation/other": ([scene.other_pack.pk], not_theirs),
        "pack_slides": ([scene.pack.pk], pages),
        "pack_slides/other": ([scene.other_pack.pk], not_theirs),
        "announcements": ([], {"dora": 200, "olga": 200}),
        "new_announcement": ([], {"dora": 200, "olga": 200}),
        "announcement": ([announcement_of(scene)], {"dora": 200, "olga": 200}),
        "announcement_letter": ([announcement_of(scene)], {"dora": 200, "olga": 200}),
        "announcement_approval": ([announcement_of(scene)], {"dora": 405, "olga": 405}),
        "announcement_dispatch": ([announcement_of(scene)], {"dora": 405, "olga": 405}),
        "letterhead": ([], {"dora": 200, "olga": 200}),
        "doubles": ([], {"dora": 200, "olga": 200}),
        "double_decision": ([double_of(scene)], {"dora": 405, "olga": 405}),
        "suppressions": ([], {"dora": 200, "olga": 200}),
        "suppression": ([suppression_of()], {"dora": 405, "olga": 405}),
        "outbox": ([], pages),
        "message": ([scene.letter.pk], pages),
        "message/other": ([scene.other_letter.pk], not_theirs),
        "attachment": ([scene.letter.attachments.first().pk], pages),
        "attachment/other": ([scene.other_letter.attachments.first().pk], not_theirs),
        "settlement": ([scene.letter.pk], posts),
        "attempt": ([scene.letter.pk], posts),
        "operations": ([], {"dora": 200, "olga": 200, "adam": 200}),
        "stuck_steps": ([], {"dora": 200, "olga": 200, "adam": 200}),
        "stuck_attempts": ([], {"dora": 405, "olga": 405, "adam": 405}),
        "partner_closure": ([world.bergmann.key], {"dora": 200, "olga": 200}),
        "upgrade": (["weekly-word"], {"dora": 200, "olga": 200}),
        "subscription": ([mine.occurrence.subscription_id], pages),
        "subscription/other": ([other.occurrence.subscription_id], not_theirs),
        "overrides": ([], pages),
        "answers": ([], pages),
        "override": ([scene.override.pk], posts),
        "override/other": ([scene.other_override.pk], {"alice": 404, "dora": 405, "olga": 405}),
        "moves": ([], pages),
        "moment_move": ([moment_of(mine)], pages),
        "moment_move/other": ([moment_of(other)], not_theirs),
        "occurrence_move": ([mine.occurrence_id], pages),
        "occurrence_move/other": ([other.occurrence_id], not_theirs),
        "leaves": ([], dict.fromkeys(ALL, 200)),
        "new_leave": ([], dict.fromkeys(ALL, 200)),
        "leave": ([scene.leave.pk], {"alice": 200, "dora": 200, "olga": 404, "adam": 404}),
        "leave_approval": ([scene.leave.pk], {"alice": 405, "dora": 405, "olga": 404, "adam": 404}),
        "person_handover": ([world.bob.pk], {"dora": 200, "olga": 200}),
        "people": ([], {"dora": 200, "olga": 200, "adam": 200}),
        "new_person": ([], {"adam": 200}),
        "person": ([world.bob.pk], {"alice": 404, "adam": 200}),
        "person_closure": ([world.bob.pk], {"adam": 405}),
        "home": ([], dict.fromkeys(ALL, 302)),
        "keyboard": ([], dict.fromkeys(ALL, 200)),
    }


ELSEWHERE = {"login", "logout", "health", "health_of_work"}


def counter_to(scene: Scene) -> CounterProposal:
    guest = scene.meeting.attendees.get(contact=scene.world.petra)
    return CounterProposal.objects.get_or_create(
        attendee=guest, settled_at=None,
        defaults={"starts_at": AT + timedelta(days=3), "minutes": 60, "received_at": AT},
    )[0]  # fmt: skip


def moment_of(step: Step) -> int:
    return Moment.objects.filter(subscription=step.occurrence.subscription_id).earliest("due_at").pk


def test_every_address_answers_each_role_as_it_should(
    scene: Scene, browser: Callable[[Account], Client]
) -> None:
    browsers = {role: browser(getattr(scene.world, role)) for role in ALL}
    wrong = []
    for name, (arguments, expected) in cases(scene).items():
        url = reverse(name.partition("/")[0], args=arguments)
        for role, client in browsers.items():
            status = client.get(url).status_code
            if status != expected.get(role, 403):
                wrong.append(f"{name} as {role}: {status}, expected {expected.get(role, 403)}")
    assert not wrong, "\n".join(wrong)


def test_anonymous_is_sent_to_sign_in_everywhere(scene: Scene) -> None:
    client = Client()
    for name, (arguments, _) in cases(scene).items():
        url = reverse(name.partition("/")[0], args=arguments)
        for response in (client.get(url), client.post(url)):
            assert response.status_code == 302, name
            assert response["Location"] == f"/login/?next={url}", name


def test_no_address_is_forgotten(scene: Scene) -> None:
    known = {name.partition("/")[0] for name in cases(scene)} | ELSEWHERE
    named = {pattern.name for pattern in get_resolver("drumbeat.interfaces.desk.urls").url_patterns}
    assert named - known == set()


@pytest.mark.parametrize("name", ["completion", "postponement"])
def test_nobody_does_the_step_of_another(
    scene: Scene, browser: Callable[[Account], Client], name: str
) -> None:
    url = reverse(name, args=[scene.other.pk])
    assert browser(scene.world.alice).post(url).status_code == 404
