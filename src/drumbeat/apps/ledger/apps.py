from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "drumbeat.apps.ledger"
    label = "ledger"
