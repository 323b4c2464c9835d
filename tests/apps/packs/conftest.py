"""The channel of the reports' tests."""

from tests.apps.reports.conftest import built_channel, channel

__all__ = ["built_channel", "channel"]
