from django.apps import AppConfig


class ScorecardsConfig(AppConfig):
    name = "drumbeat.apps.scorecards"
    label = "scorecards"
