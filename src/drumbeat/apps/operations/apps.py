from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "drumbeat.apps.operations"
    label = "operations"
