from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "broadsheet.outbox"
    label = "outbox"
