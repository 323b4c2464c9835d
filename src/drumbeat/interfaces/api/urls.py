"""Nouns only, as at the desk."""

from django.urls import path

from drumbeat.workflows.feeding import PURPOSES

from . import calendars, events, mail, metrics

urlpatterns = [
    path("metrics", metrics.metrics, name="metrics"),
    *(
        path(f"calendars/{kind}/<str:token>.ics", calendars.calendar, {"kind": kind}, name=f"{kind}_calendar")
        for kind in PURPOSES
    ),
    path("api/events/<slug:source>/", events.events, name="api_events"),
    path("api/mail/<slug:provider>/tracking/", mail.tracking, name="mail_tracking"),
    path("api/mail/<slug:provider>/inbound/", mail.inbound, name="mail_inbound"),
]
