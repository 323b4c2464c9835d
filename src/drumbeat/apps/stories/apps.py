from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "drumbeat.apps.stories"
    label = "stories"
