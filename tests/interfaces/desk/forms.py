"""What a browser without scripts would send of a form as it stands."""

from __future__ import annotations

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.inside = form, False
        self.sent: dict[str, list[str]] = {}
        self.select: tuple[str, list[str], str | None] | None = None
        self.textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self.inside = told.get("id") == self.form
        if not self.inside:
            return
        name = told.get("name")
        if tag == "select" and name:
            self.select = (name, [], None)
        elif tag == "option" and self.select:
            name, all_, chosen = self.select
            value = told.get("value") or ""
            self.select = (name, [*all_, value], value if "selected" in told else chosen)
        elif tag == "textarea" and name:
            self.textarea = name
            self.sent[name] = [""]
        elif tag == "input" and name and (told.get("type") not in ("checkbox", "radio") or "checked" in told):
            self.sent.setdefault(name, []).append(told.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.sent[self.textarea][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            name, all_, chosen = self.select
            value = chosen if chosen is not None else next(iter(all_), "")
            self.sent.setdefault(name, []).append(value)
            self.select = None
        elif tag == "textarea":
            self.textarea = None
        elif tag == "form":
            self.inside = False


def sent_of(html: str, form: str) -> dict[str, list[str]]:
    """Names and values of the form with this id; buttons are not pressed."""
    reader = _Form(form)
    reader.feed(html)
    return reader.sent
