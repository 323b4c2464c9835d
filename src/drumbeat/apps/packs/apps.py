from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "drumbeat.apps.packs"
    label = "packs"
