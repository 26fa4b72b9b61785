from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "broadsheet.stories"
    label = "stories"

    def ready(self) -> None:
        from broadsheet.stories import desk_events, images  # noqa: PLC0415 - needs the app registry

        images.install()
        desk_events.listen()
