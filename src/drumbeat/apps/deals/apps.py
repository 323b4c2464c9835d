from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "drumbeat.apps.deals"
    label = "deals"
