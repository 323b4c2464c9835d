"""Nouns only, as at the desk."""

from django.urls import path

from . import events

urlpatterns = [
    path("api/events/<slug:source>/", events.events, name="api_events"),
]
