"""Addresses of pages that a list names hundreds of times: the pattern is asked of Django once, then only filled in."""

from functools import cache

from django.urls import reverse


def address(name: str, row: int | str) -> str:
    """The address of the page `name` for the row with this number or key: what `reverse(name, args=[row])` gives."""
    return _pattern(name).format(row)


@cache
def _pattern(name: str) -> str:
    return reverse(name, args=[0]).replace("/0/", "/{}/")
