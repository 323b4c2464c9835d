from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "drumbeat.apps.messages"
    label = "outbox"  # Django's own messages app holds the plain label
