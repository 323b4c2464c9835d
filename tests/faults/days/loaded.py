"""The house, loaded: what every pass would import is imported once, before the passes are forked off."""

from __future__ import annotations

import django

django.setup()

import drumbeat.integrations.smtp  # noqa: E402
import drumbeat.workflows.beating  # noqa: E402, F401
