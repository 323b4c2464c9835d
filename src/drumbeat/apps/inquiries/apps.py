from django.apps import AppConfig


class InquiriesConfig(AppConfig):
    name = "drumbeat.apps.inquiries"
    label = "inquiries"
