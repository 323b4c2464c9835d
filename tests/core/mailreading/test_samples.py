"""All labelled samples: the share that is met label by label, and that the guide names each miss."""

from __future__ import annotations

import time

import pytest

from drumbeat.core.mailreading import read_mail
from drumbeat.core.refusal import Refused
from tests.core.mailreading.labels import Verdict, messages, verdicts_of_addresses, verdicts_of_reasons
from tests.shared import CHECKOUT, shared

pytestmark = pytest.mark.shared

LEAST = {
    "recipients": 0.992,
    "status": 0.979,
    "reply code": 0.973,
    "reason": 0.935,
    "hard": 0.952,
    "failed addresses": 0.98,
    "delayed addresses": 1.0,
}


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    return [
        *verdicts_of_reasons(shared("data/email_bounces_sisimai")),
        *verdicts_of_addresses(shared("data/email_bounces_flufl")),
    ]


@pytest.mark.parametrize("label", LEAST)
def test_most_labels_are_met(label: str, verdicts: list[Verdict]) -> None:
    own = [verdict for verdict in verdicts if verdict.label == label]

    assert sum(verdict.is_met for verdict in own) / len(own) >= LEAST[label]


def test_the_guide_names_each_miss(verdicts: list[Verdict]) -> None:
    guide = (CHECKOUT / "docs/guide/reading-mail.md").read_text(encoding="utf-8")
    missed = {verdict.file.rpartition("/")[2].partition(".")[0] for verdict in verdicts if not verdict.is_met}

    assert not [name for name in sorted(missed) if f"`{name}`" not in guide]


def test_what_is_no_failure_notice_is_none() -> None:
    samples = messages(shared("data/email_bounces_sisimai") / "bounces_dev.tar.gz")
    kinds = {name.rpartition("/")[2]: read_mail(raw).kind for name, raw in samples.items()}

    assert {kind for name, kind in kinds.items() if name.startswith("arf-")} == {"complaint"}
    assert {kind for name, kind in kinds.items() if name.startswith("rfc3834-")} == {"auto-reply"}
    assert {kind for name, kind in kinds.items() if name.startswith("is-not-")} == {"other"}


@pytest.mark.parametrize("folder", ["email_messages/messages_dev", "email_bounces_flufl/bounces_dev"])
def test_every_message_is_read_or_refused_in_a_second(folder: str) -> None:
    for name, raw in messages(shared(f"data/{folder}.tar.gz")).items():
        started = time.process_time()
        try:
            read_mail(raw)
        except Refused as refusal:
            assert str(refusal), name
        assert time.process_time() - started < 1, name
