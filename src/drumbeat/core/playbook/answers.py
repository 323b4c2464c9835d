"""What later steps of a routine may read of the earlier ones: was it done, what was decided, what was filled in."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from drumbeat.core.facts import BOOL, FALSE, UNKNOWN, WORD, FactType, answer_fact, declared, fact_of_answer
from drumbeat.core.forms.model import Form
from drumbeat.core.forms.telling import facts_of


def names_of_answers(nodes: list[Any], text: str, forms: Mapping[str, Form] | None) -> dict[str, FactType]:
    """By full name. Without the forms, any field of a form that the text reads is taken as it is."""
    facts = [fact for node in nodes for fact in _facts(node, text, forms)]
    return {fact.name: fact for fact in facts}


def _facts(node: Any, text: str, forms: Mapping[str, Form] | None) -> Iterator[FactType]:
    told = _scalars(node)
    key = told.get("step", "")
    if not key:
        return
    answer = answer_fact(key)
    yield answer
    if told.get("kind") == "approval":
        yield from decision_facts(answer.name)
    if told.get("kind") == "form":
        form = (forms or {}).get(told.get("form", ""))
        yield from facts_of(form, key).values() if form else ()
        if forms is None:
            yield from (
                fact_of_answer(name) for name in re.findall(rf"\b{re.escape(answer.name)}\.\w+", text)
            )


def decision_facts(stem: str) -> tuple[FactType, ...]:
    """Of an approval, beside whether it was approved."""
    return (
        declared(f"{stem}.approved", BOOL, FALSE, "it was approved"),
        declared(f"{stem}.declined", BOOL, FALSE, "it was declined"),
        declared(f"{stem}.reason", WORD, UNKNOWN, "key of the reason that was given"),
    )


def _scalars(node: Any) -> dict[str, str]:
    pairs = node.value if node.id == "mapping" else []
    return {str(key.value): str(value.value) for key, value in pairs if value.id == "scalar"}
