from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "drumbeat.apps.partners"
    label = "partners"
