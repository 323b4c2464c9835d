"""Fair spreading: a worked table and laws."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.covering import ABOUT_EQUAL, Hand, Piece, loads_after, spread

NORTH, SOUTH = frozenset({"north"}), frozenset({"south"})


def test_the_least_loaded_takes_the_largest_and_likeness_decides_among_equals() -> None:
    hands = [Hand(1, 300, NORTH), Hand(2, 320, SOUTH, languages=frozenset({"de"})), Hand(3, 900, SOUTH)]
    pieces = [
        Piece(10, 240, "south"),
        Piece(11, 30, "north", language="de"),
        Piece(12, 90, "east", language="de"),
        Piece(13, 30),
    ]
    taken = spread(pieces, hands)
    assert taken == {10: 2, 12: 1, 11: 1, 13: 1}
    assert loads_after(pieces, hands, taken) == {1: (300, 450), 2: (320, 560), 3: (900, 900)}


def test_without_hands_nothing_is_taken() -> None:
    assert spread([Piece(1, 30)], []) == {}


places = st.sampled_from(["", "north", "south"])
pieces = st.lists(
    st.builds(Piece, st.integers(1, 10_000), st.integers(0, 600), places, places, places),
    max_size=30,
    unique_by=lambda piece: piece.key,
)
known = st.frozensets(places.filter(bool), max_size=2)
hands = st.lists(
    st.builds(Hand, st.integers(1, 99), st.integers(0, 3000), known, known, known),
    min_size=1,
    max_size=6,
    unique_by=lambda hand: hand.key,
)


@given(pieces, hands)
def test_every_piece_finds_a_hand_and_nobody_gets_more_who_is_clearly_busier(
    work: list[Piece], people: list[Hand]
) -> None:
    taken = spread(work, people)
    assert set(taken) == {piece.key for piece in work}
    after = {key: load for key, (_, load) in loads_after(work, people, taken).items()}
    least = min(after.values())
    for piece in work:
        assert after[taken[piece.key]] <= max(
            hand.minutes for hand in people if hand.key == taken[piece.key]
        ) or (after[taken[piece.key]] - largest_of(work, taken, taken[piece.key]) <= least + ABOUT_EQUAL)


def largest_of(work: list[Piece], taken: dict[int, int], hand: int) -> int:
    return max(piece.minutes for piece in work if taken[piece.key] == hand)


@given(pieces, hands, st.randoms(use_true_random=False))
def test_the_order_in_which_work_and_people_are_given_does_not_matter(work, people, chance) -> None:
    shuffled_work, shuffled_people = list(work), list(people)
    chance.shuffle(shuffled_work)
    chance.shuffle(shuffled_people)
    assert spread(work, people) == spread(shuffled_work, shuffled_people)
