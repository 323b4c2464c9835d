from django.apps import AppConfig


class SavedReportsConfig(AppConfig):
    name = "drumbeat.apps.savedreports"
    label = "savedreports"
