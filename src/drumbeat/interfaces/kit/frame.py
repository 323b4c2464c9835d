"""What the frame around every page shows: the menu and who is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    return {"menu": []}
