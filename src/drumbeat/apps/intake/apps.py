from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "drumbeat.apps.intake"
    label = "intake"
