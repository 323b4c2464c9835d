"""The keys, as a page: for those whose browser runs no scripts, and to print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render


def keyboard(request: HttpRequest) -> HttpResponseBase:
    return render(request, "desk/keyboard.html")
