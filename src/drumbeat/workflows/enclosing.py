"""Files that are made only when a message leaves: `edition:17` becomes the PDF of that edition."""

from __future__ import annotations

from collections.abc import Callable

from drumbeat.apps.reports.models import Edition


def make_file(source: str) -> bytes:
    """The bytes that `source` names. Raises ValueError, whatever went wrong: one report must not hold up other mail."""
    kind, _, name = source.partition(":")
    if kind not in MAKERS:
        raise ValueError(f"nothing makes a file of {source!r}")
    try:
        return MAKERS[kind](int(name))
    except Exception as error:
        raise ValueError(f"the enclosed file {source} can't be made: {error}") from error


def _edition(number: int) -> bytes:
    # Drawing pages loads a typesetter: only who makes a file pays for it.
    from drumbeat.apps.reports.pdf import edition_pdf

    return edition_pdf(Edition.objects.get(pk=number))


MAKERS: dict[str, Callable[[int], bytes]] = {"edition": _edition}
