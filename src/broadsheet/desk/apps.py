from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "broadsheet.desk"
    label = "desk"

    def ready(self) -> None:
        from broadsheet.desk import profiles  # noqa: PLC0415 - needs the app registry

        profiles.install()
