from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "broadsheet.stories"
    label = "stories"

    def ready(self) -> None:
        # Each needs the app registry.
        from broadsheet.stories import desk_events, images  # noqa: PLC0415
        from broadsheet.stories.http import pages  # noqa: PLC0415
        from broadsheet.stories.models.previews import draw_previews_with  # noqa: PLC0415

        draw_previews_with(pages.draw_draft)
        images.install()
        desk_events.listen()
