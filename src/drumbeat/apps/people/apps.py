from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "drumbeat.apps.people"
    label = "people"
