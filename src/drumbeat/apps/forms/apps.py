from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "drumbeat.apps.forms"
    label = "forms"
