from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "drumbeat.apps.events"
    label = "events"
