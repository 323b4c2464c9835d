"""What a routine may name beside its own steps: mail texts, forms, lists of reasons, endpoints, reports. It holds keys and forms only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from drumbeat.core.forms import Form
from drumbeat.core.playbook import grammar
from drumbeat.core.playbook.contents import OWN_REPORT, REPORTS
from drumbeat.core.playbook.problems import Unreadable, nearest


@dataclass(frozen=True, slots=True)
class Shelves:
    """The keys there are; None where nobody looks, as for a version that was read before: then any key is good."""

    templates: Collection[str] | None = None
    forms: Mapping[str, Form] | None = None
    reasons: Collection[str] | None = None
    endpoints: Collection[str] | None = None
    saved_reports: Collection[str] | None = None

    def template(self, value: str) -> str | None:
        return _known(value, self.templates, "mail text")

    def form(self, value: str) -> str | None:
        return _known(value, self.forms, "form")

    def endpoint(self, value: str) -> str | None:
        return _known(value, self.endpoints, "endpoint")

    def report(self, value: str) -> str | None:
        """One that ships, or one that somebody saved."""
        name = grammar.slug(value)
        if name in REPORTS or (self.saved_reports is None and name.startswith(OWN_REPORT)):
            return name
        return _known(value, (*REPORTS, *(self.saved_reports or ())), "report")

    def reason(self, value: str) -> str | None:
        return _known(value, self.reasons, "list of reasons")


def _known(value: str, shelf: Collection[str] | None, noun: str) -> str:
    name = grammar.slug(value)
    if shelf is not None and name not in shelf:
        raise Unreadable(f"there is no {noun} {name}", nearest(name, sorted(shelf)))
    return name
