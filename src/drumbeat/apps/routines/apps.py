from django.apps import AppConfig


class RoutinesConfig(AppConfig):
    name = "drumbeat.apps.routines"
    label = "routines"
