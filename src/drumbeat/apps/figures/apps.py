from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "drumbeat.apps.figures"
    label = "figures"
