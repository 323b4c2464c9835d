"""Spreads somebody's partners over colleagues fairly: who has the least to do comes first, and among those who are about
equally free the one who knows place and language. The same question has the same answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

ABOUT_EQUAL = 60  # minutes of a whole window that don't make anybody busier


@dataclass(frozen=True, slots=True)
class Piece:
    """Work to hand on that stays together, such as that of one partner: minutes due in the window, and where it is."""

    key: int
    minutes: int
    territory: str = ""
    zone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who may take it: minutes due in the window already, and the places and languages he works with."""

    key: int
    minutes: int
    territories: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


def spread(pieces: Collection[Piece], hands: Collection[Hand]) -> dict[int, int]:
    """Piece -> hand, the largest piece first; {} when there is no hand."""
    if not hands:
        return {}
    load = {hand.key: hand.minutes for hand in hands}
    taken: dict[int, int] = {}
    for piece in sorted(pieces, key=lambda piece: (-piece.minutes, piece.key)):
        hand = _best(piece, hands, load)
        taken[piece.key] = hand.key
        load[hand.key] += piece.minutes
    return taken


def _best(piece: Piece, hands: Collection[Hand], load: dict[int, int]) -> Hand:
    least = min(load.values())
    free = [hand for hand in hands if load[hand.key] <= least + ABOUT_EQUAL]
    return min(free, key=lambda hand: (-likeness(piece, hand), load[hand.key], hand.key))


def likeness(piece: Piece, hand: Hand) -> int:
    """0 to 7: the territory counts most, then the language, then the zone."""
    is_near = (piece.territory in hand.territories) if piece.territory else False
    speaks, is_awake = piece.language in hand.languages, piece.zone in hand.zones
    return 4 * is_near + 2 * speaks + is_awake


def loads_after(
    pieces: Collection[Piece], hands: Collection[Hand], taken: dict[int, int]
) -> dict[int, tuple[int, int]]:
    """Hand -> its minutes before and after."""
    more: dict[int, int] = {hand.key: 0 for hand in hands}
    for piece in pieces:
        if taken.get(piece.key) in more:
            more[taken[piece.key]] += piece.minutes
    return {hand.key: (hand.minutes, hand.minutes + more[hand.key]) for hand in hands}
