"""What stands first: two to four sentences written from the numbers, and the figures as one table."""

from __future__ import annotations

from drumbeat.apps.reports.scope import Scope
from drumbeat.core.playbook import AGENDAS

from .deals import deal_rows, deal_sentence
from .record import record_rows, record_sentence
from .sales import sales_rows, sales_sentences
from .shapes import Section, figures, sentences
from .work import load_sentence


def summary(scope: Scope) -> Section:
    return sentences([*sales_sentences(scope), record_sentence(scope), deal_sentence(scope)])


def summary_of_promises(scope: Scope) -> Section:
    """For a talk: how both sides kept their word, and the deals."""
    return sentences(
        [record_sentence(scope) or "Nothing promised has been judged yet.", deal_sentence(scope)]
    )


def summary_of_work(scope: Scope) -> Section:
    return sentences(
        [record_sentence(scope) or "Nothing promised has been judged yet.", load_sentence(scope)]
    )


def summary_of_week(scope: Scope) -> Section:
    told = [record_sentence(scope), load_sentence(scope), deal_sentence(scope), *sales_sentences(scope)[:1]]
    return sentences(told)


def summary_of_deals(scope: Scope) -> Section:
    return sentences([deal_sentence(scope)])


def standing(scope: Scope) -> Section:
    rows = [*sales_rows(scope), *deal_rows(scope), *record_rows(scope)]
    return figures(rows, key="standing", title="Where things stand")


def standing_of_deals(scope: Scope) -> Section:
    return figures(deal_rows(scope), key="standing", title="Where deals stand")


def agenda_of_call(_: Scope) -> Section:
    return _points("weekly-call")


def agenda_of_review(_: Scope) -> Section:
    return _points("quarter-review")


def _points(key: str) -> Section:
    texts = [f"{point[0].upper()}{point[1:]}." for point in AGENDAS[key]]
    return sentences(texts, key="agenda", title="Agenda")
