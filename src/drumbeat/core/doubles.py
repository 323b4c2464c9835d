"""Which firms of a list may be one and the same, and why: by name without its legal form, mail domain, phone and place. It only
suggests; a person decides. Firms are compared within blocks, so that a list of 100,000 takes seconds."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.fuzz import ratio, token_sort_ratio

from .searching import WORD, fold

_FORMS = """
    ab ag aps as bv bvba co company corp corporation cv eood eurl gmbh holding inc incorporated kft kg kgaa
    kk lda limited llc llp lp ltd ltda mbh nv ohg oy oyj plc pte pty pvt sa sarl sas sasu se sl sp spa spzoo
    srl sro ug und and
"""
LEGAL_FORMS = frozenset(_FORMS.split())
_SHARED = """
    aol.com gmail.com gmx.de gmx.net googlemail.com hotmail.com icloud.com live.com mail.ru me.com msn.com
    outlook.com proton.me protonmail.com qq.com t-online.de web.de yahoo.com yandex.ru 163.com
"""
SHARED_DOMAINS = frozenset(_SHARED.split())
ALIKE, SAME = 88, 97  # of 100: spelled alike; the same but for a letter or the order of words
FAMILIAR = 55  # enough where mail domain or phone agree
NEIGHBOURS = 6  # in the order of names, and of names read backwards
MOST_OF_A_BLOCK = 30  # a word, domain or phone of more firms tells nothing
FEWEST_DIGITS = 7
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")
_LETTER_AND_DOT = re.compile(r"\b(\w)[./]\s?(?=\w\b|\W|$)")


@dataclass(frozen=True, slots=True)
class Firm:
    """What is known of one firm; what isn't is empty. `domains` are those of its people's mail."""

    id: int
    name: str
    country: str = ""
    city: str = ""
    postal_code: str = ""
    phone: str = ""
    domains: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Double:
    """Two firms, the lower id first, that may be one: `score` of 100, and what speaks for it."""

    first: int
    second: int
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    firm: Firm
    words: tuple[str, ...]
    name: str
    numbers: frozenset[str]
    place: tuple[str, str]
    phone: str
    domains: frozenset[str]


def plain_name(name: str) -> tuple[str, ...]:
    """The words of a firm's name, folded, without legal forms and what stands in brackets; all of them where nothing is left."""
    bare = _BRACKETS.sub(" ", name)
    text = fold(bare if any(letter.isalpha() for letter in bare) else name)
    words = tuple(WORD.findall(_LETTER_AND_DOT.sub(r"\1", text)))
    return tuple(word for word in words if word not in LEGAL_FORMS) or words


def doubles(firms: Iterable[Firm]) -> list[Double]:
    """Pairs that may be one firm, the surest first."""
    read = [_read(firm) for firm in firms]
    pairs = {pair for block in _blocks(read) for pair in combinations(sorted(block), 2)}
    pairs |= set(_neighbours(read))
    found = [double for one, other in pairs if (double := _compared(read[one], read[other]))]
    return sorted(found, key=lambda double: (-double.score, double.first, double.second))


def _read(firm: Firm) -> _Read:
    words = plain_name(firm.name)
    digits = re.sub(r"\D", "", firm.phone)
    return _Read(
        firm, words, " ".join(words), frozenset(word for word in words if word.isdigit()),
        (fold(firm.city).strip(), firm.postal_code.replace(" ", "").lower()),
        digits[-9:] if len(digits) >= FEWEST_DIGITS else "",
        frozenset(domain.lower() for domain in firm.domains) - SHARED_DOMAINS,
    )  # fmt: skip


def _blocks(read: Sequence[_Read]) -> Iterator[list[int]]:
    """Places in the list of firms that share a word, a domain, a phone or the whole name."""
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, one in enumerate(read):
        keys = [("name", "".join(sorted(one.words))), ("phone", one.phone)]
        keys += [("word", word) for word in set(one.words) if len(word) > 2]
        keys += [("domain", domain) for domain in one.domains]
        for key in keys:
            if key[1]:
                blocks[key].append(n)
    return (block for block in blocks.values() if 1 < len(block) <= MOST_OF_A_BLOCK)


def _neighbours(read: Sequence[_Read]) -> Iterator[tuple[int, int]]:
    """Misspelled words share no block, but lie near each other from the front or from behind."""
    for backwards in (1, -1):
        order = sorted(range(len(read)), key=lambda n: "".join(read[n].words)[::backwards])
        for n, one in enumerate(order):
            for other in order[n + 1 : n + NEIGHBOURS]:
                yield (one, other) if one < other else (other, one)


def _compared(one: _Read, other: _Read) -> Double | None:
    if one.numbers != other.numbers or _lie_apart(one, other):
        return None
    likeness = max(ratio(one.name, other.name), token_sort_ratio(one.name, other.name))
    domains, same_phone = one.domains & other.domains, bool(one.phone) and one.phone == other.phone
    same_place = any(mine and mine == theirs for mine, theirs in zip(one.place, other.place, strict=True))
    if not (
        likeness >= SAME
        or (likeness >= ALIKE and (same_place or domains or same_phone))
        or (likeness >= FAMILIAR and (domains or same_phone))
    ):
        return None
    score = round(0.6 * likeness) + 15 * bool(domains) + 15 * same_phone + 10 * same_place
    reasons = [
        _of_name(one, other, likeness), *(f"mail at {domain}" for domain in sorted(domains)[:1]),
        "same phone" if same_phone else "", f"both in {one.firm.city or one.firm.postal_code}" if same_place else "",
    ]  # fmt: skip
    first, second = sorted((one.firm.id, other.firm.id))
    return Double(first, second, min(score, 100), tuple(reason for reason in reasons if reason))


def _lie_apart(one: _Read, other: _Read) -> bool:
    """Firms of two countries are branches, not doubles, unless they answer the same phone."""
    countries = {one.firm.country, other.firm.country} - {""}
    return len(countries) > 1 and not (one.phone and one.phone == other.phone)


def _of_name(one: _Read, other: _Read, likeness: float) -> str:
    if one.firm.name == other.firm.name:
        return "same name"
    if one.name == other.name:
        return "same name but for legal form or brackets"
    if Counter(one.words) == Counter(other.words):
        return "same words in another order"
    return f"names {round(likeness)} % alike"
