"""Nouns only, as at the desk."""

from django.urls import path

from . import events, metrics

urlpatterns = [
    path("metrics", metrics.metrics, name="metrics"),
    path("api/events/<slug:source>/", events.events, name="api_events"),
]
