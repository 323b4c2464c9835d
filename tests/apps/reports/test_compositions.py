"""The reports that ship: routines can name each, and what partners get shows nothing but their own."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from drumbeat.apps.events.models import Event
from drumbeat.apps.figures.models import HourlyCost
from drumbeat.apps.partners.actions import record_facts
from drumbeat.apps.reports.actions import build_edition
from drumbeat.apps.reports.compositions import COMPOSITIONS
from drumbeat.apps.reports.files import edition_file
from drumbeat.apps.reports.models import Edition
from drumbeat.core.playbook import REPORTS
from drumbeat.core.playbook.contents import FOR_PARTNERS as READABLE
from tests.apps.reports.channel import AT
from tests.apps.reports.test_editions import section
from tests.world import World

pytestmark = pytest.mark.django_db
FOR_PARTNERS = [name for name, one in COMPOSITIONS.items() if one.for_partners]
OUR_OWN = ("margin", "product_cost", "cost_to_serve", "attention_hours", "direct_cost", "leverage")


def test_routines_may_name_every_report() -> None:
    assert set(REPORTS) == set(COMPOSITIONS)
    assert set(FOR_PARTNERS) == READABLE


@pytest.mark.parametrize("report", FOR_PARTNERS)
def test_what_partners_get_shows_only_their_own(channel: World, report: str) -> None:
    certify(channel)
    edition = build_edition(report, partner=channel.bergmann, at=AT)
    told = json.dumps(edition.data) + edition_file(edition, "json").content.decode()
    for others in ("Fjord", "Fisk AS", "Kestrel", "Outsider", "Nils", "Bob Baker"):
        assert others not in told
    assert not {one["name"] for one in edition.data["metrics"]} & set(OUR_OWN)


def certify(channel: World) -> None:
    """A certification of each of two partners that ends in 20 and 60 days, and facts of one."""
    for days, partner, key in ((20, channel.bergmann, "c-1"), (60, channel.fjord, "c-2")):
        expires = (AT + timedelta(days=days)).date().isoformat()
        Event.objects.create(
            kind="certification.earned", subject_kind="certification", subject_key=key, partner_id=partner.pk, at=AT - timedelta(days=300),
            payload={"expires_on": expires, "name": f"Course {key}", "holder": "petra@example.com"},
        )  # fmt: skip
    record_facts([(channel.bergmann.pk, "partner.certifications_valid", 3), (channel.bergmann.pk, "partner.certification_coverage", 0.75)], as_of=AT, source="test")  # fmt: skip


def test_certifications_that_end_soon_come_from_events_and_facts(channel: World) -> None:
    empty = build_edition("certification-expiry", at=AT)
    assert (
        "post" in section(empty, "expiring")["empty"]
        and "certifications_valid" in section(empty, "partners")["empty"]
    )
    certify(channel)
    edition = build_edition("certification-expiry", at=AT)
    assert [row[1:4:2] for row in section(edition, "expiring")["rows"]] == [
        [20, "petra@example.com"],
        [60, "petra@example.com"],
    ]
    assert section(edition, "partners")["rows"] == [["Bergmann Systemhaus", "gold", None, 3, None, 75]]


def test_compliance_counts_what_is_unknown_neither_way(channel: World) -> None:
    edition = build_edition("program-compliance", at=AT)
    found = {row[0]: row[1:] for row in section(edition, "requirements")["rows"]}
    assert found["A principal is named"] == [1, 3, 0, 25]
    assert found["An agreement is in force"] == [0, 0, 4, None]
    record_facts([(channel.fjord.pk, "partner.agreement_signed", True)], as_of=AT, source="test")
    again = build_edition("program-compliance", at=AT)
    assert [
        row[1:] for row in section(again, "requirements")["rows"] if row[0] == "An agreement is in force"
    ] == [[1, 0, 3, 100]]


def test_silent_partners_stand_by_what_they_sold(channel: World) -> None:
    edition = build_edition("inactive-partners", at=AT)
    rows = section(edition, "silent")["rows"]
    assert [row[0] for row in rows] == ["Kestrel Cloud", "Outsider Ltd"]
    assert [row[-1] for row in rows] == ["Bob Baker", "nobody"]


def test_the_record_names_the_weakest_first(channel: World) -> None:
    edition = build_edition("on-time-record", at=AT)
    rows = section(edition, "record-partners")["rows"]
    assert rows == [["Bergmann Systemhaus", 6, 5, 0, 1, 83]]
    assert sum(row[1] for row in section(edition, "record-people")["rows"]) == sum(
        row[1] for row in section(edition, "record-routines")["rows"]
    )


def numbers(edition: Edition, key: str) -> dict[str, float]:
    return {row["label"]: row["value"] for row in section(edition, key)["figures"]}


def test_open_deals_are_the_same_by_stage_by_partner_and_in_sum(channel: World) -> None:
    edition = build_edition("pipeline-review", at=AT)
    total = numbers(edition, "standing")["Open pipeline, now"]
    for key in ("stages", "partners"):
        assert sum(row[1] for row in section(edition, key)["rows"]) == total == 53_000


def test_the_business_review_reckons_what_a_manager_costs_and_brings(channel: World) -> None:
    unknown = build_edition("business-review", at=AT)
    assert "not known" in section(unknown, "summary")["sentences"][1]
    HourlyCost.objects.create(role="channel_manager", from_on=date(2026, 1, 1), amount=60)
    edition = build_edition("business-review", at=AT)
    (alice, bob) = section(edition, "managers")["rows"]
    assert (alice[0], alice[1], bob[0]) == ("Alice Ahrens", 2, "Bob Baker")
    hours, cost = alice[4], alice[5]
    assert hours and cost == pytest.approx(hours * 60, abs=0.01)
    assert alice[6] == pytest.approx(alice[2] / cost, abs=0.001)
    profit = {row[0]: row[4] for row in section(edition, "profit")["rows"]}
    assert profit["Sell-through"] == alice[2] == 327_000 + 6 * 50_000
    assert profit["Cost to serve"] >= cost
    assert profit["Contribution"] is None  # nobody told what the products cost


def test_hours_by_partner_add_up_to_hours_by_routine(channel: World) -> None:
    edition = build_edition("cost-to-serve", at=AT)
    by = {
        key: sum(row[1] or 0 for row in section(edition, key)["rows"])
        for key in ("partners", "routines", "people")
    }
    assert by["partners"] == pytest.approx(by["routines"]) == pytest.approx(by["people"])
