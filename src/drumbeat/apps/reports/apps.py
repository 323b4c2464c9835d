from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "drumbeat.apps.reports"
    label = "reports"
