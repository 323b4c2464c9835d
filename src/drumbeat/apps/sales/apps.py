from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "drumbeat.apps.sales"
    label = "sales"
