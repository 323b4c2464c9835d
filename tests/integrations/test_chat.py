"""Messages for chats: the forms that their makers publish, whatever a digest says, and real posts to a receiver that minds."""

from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from drumbeat.integrations.chat import CUT, Told, payload_of, slack_message, teams_message
from drumbeat.integrations.webhooks import Call, Delivered, HttpHooks

from .rooms import open_rooms, slack_faults, teams_faults

DIGEST = Told(
    "digest:1:2026-06-09",
    "Two promises are overdue this morning",
    "Good morning Alice,\n\n**Bergmann & Co**\n\n- [Weekly <!channel> call](https://d.example/promises/7/?a=1&b=2), overdue since"
    " 8 June, 10:00\n- [Report](https://d.example/promises/8/), due 9 June, 12:00\n",
)
LONG = Told(
    "k",
    "T" * 500,
    "\n\n".join(f"**Partner {n}**\n- [call](https://d.example/{n}/), " + "ü" * 60 for n in range(900)),
)
LINE = Told("k", "", "x" * 40_000)
ANY = st.builds(
    Told,
    st.just("k"),
    st.text(max_size=300),
    st.lists(st.text(max_size=200), max_size=60).map("\n\n".join) | st.text(max_size=4000),
)


def test_slack_gets_its_own_marks_and_nobody_is_called() -> None:
    message = slack_message(DIGEST)
    header, *sections = message["blocks"]  # type: ignore[misc]
    assert header["text"]["text"] == message["text"] == DIGEST.title
    told = "\n".join(section["text"]["text"] for section in sections)
    assert "*Bergmann &amp; Co*" in told
    assert (
        "• <https://d.example/promises/7/?a=1&amp;b=2|Weekly &lt;!channel&gt; call>, overdue since 8 June"
        in told
    )


def test_teams_gets_one_card_in_a_message() -> None:
    [attachment] = teams_message(DIGEST)["attachments"]  # type: ignore[misc]
    heading, *blocks = attachment["content"]["body"]
    assert heading["text"] == DIGEST.title and heading["weight"] == "Bolder"
    assert "[Report](https://d.example/promises/8/)" in blocks[-1]["text"]


@given(ANY)
@example(DIGEST)
@example(LONG)
@example(LINE)
def test_whatever_is_told_keeps_within_the_limits(told: Told) -> None:
    assert slack_faults(payload_of("slack", told).encode()) == []
    assert teams_faults(payload_of("teams", told).encode()) == []


def test_what_has_no_room_is_named_not_lost_in_silence() -> None:
    assert slack_message(LONG)["blocks"][-1]["text"]["text"] == CUT  # type: ignore[index]
    assert teams_message(LONG)["attachments"][0]["content"]["body"][-1]["text"] == CUT  # type: ignore[index]


def test_rooms_take_what_is_posted() -> None:
    with open_rooms() as rooms:
        hooks = HttpHooks(["127.0.0.0/8"])
        for form, status in (("slack", 200), ("teams", 202), ("plain", 204)):
            for told in (DIGEST, LONG):
                body = payload_of(form, told).encode()
                assert hooks.post(Call(f"{rooms.url}/{form}", body)) == Delivered(status)
        assert rooms.faults == []
        assert json.loads(rooms.seen[-2][2]) == {
            "kind": "digest",
            "key": DIGEST.key,
            "title": DIGEST.title,
            "text": DIGEST.text,
        }
