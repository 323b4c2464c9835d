from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "drumbeat.apps.meetings"
    label = "meetings"
