"""The vocabulary of events agrees with itself."""

from drumbeat.core.events import AHEAD, KINDS, event_facts, subject_facts
from drumbeat.core.facts import DATE
from drumbeat.core.rules import check_rule
from drumbeat.core.subjects import ALL_FACTS, BELONGS, DATE_FIELDS, SUBJECTS, facts_for


def test_every_event_is_about_a_noun_that_belongs_to_somebody():
    assert {kind.noun for kind in KINDS.values()} <= set(BELONGS)
    assert set(SUBJECTS) == set(BELONGS)


def test_what_an_event_implies_is_a_field_of_its_noun():
    for kind in KINDS.values():
        assert set(kind.implies) <= set(kind.fields), kind.name


def test_the_days_looked_ahead_at_are_date_fields():
    for name, (field, _) in AHEAD.items():
        assert KINDS[name].fields[field].type == DATE


def test_every_field_may_stand_in_a_rule():
    for name in ALL_FACTS:
        assert check_rule(f"has({name})") == []
    assert "deal.protected_until" in DATE_FIELDS
    assert "event.on" not in DATE_FIELDS


def test_a_rule_may_read_what_belongs_to_its_subject():
    deal = facts_for("deal", is_triggered=True)
    assert {"partner.tier", "deal.amount", "event.before"} <= set(deal)
    assert not {"lead.score", "manager.on_duty"} & set(deal)
    assert "event.kind" not in facts_for("partner", is_triggered=False)
    assert "manager.on_duty" in facts_for("leave", is_triggered=True)


def test_events_tell_fields_and_imply_others():
    told = subject_facts("deal.approved", "deal", {"amount": 5, "protected_until": "2026-09-01", "odd": 1})
    assert told == {
        "deal.amount": 5,
        "deal.protected_until": "2026-09-01",
        "deal.stage": "approved",
        "deal.approved": True,
    }
    assert event_facts("partner.tier_changed", "2026-01-01", "", {"before": "gold", "more": 2}) == {
        "event.kind": "partner.tier_changed",
        "event.on": "2026-01-01",
        "event.source": "",
        "event.before": "gold",
    }
