from django.apps import AppConfig


class GoalsConfig(AppConfig):
    name = "drumbeat.apps.goals"
    label = "goals"
