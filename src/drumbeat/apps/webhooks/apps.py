from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "drumbeat.apps.webhooks"
    label = "webhooks"
