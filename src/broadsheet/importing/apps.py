from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "broadsheet.importing"
    label = "importing"
