"""Addresses of pages that a list names hundreds of times: the pattern is asked of Django once, then only filled in."""

from functools import cache

from django.urls import reverse


def address(name: str, pk: int) -> str:
    """The address of the page `name` for the row with this number: what `reverse(name, args=[pk])` gives."""
    return _pattern(name).format(pk)


@cache
def _pattern(name: str) -> str:
    return reverse(name, args=[0]).replace("/0/", "/{}/")
