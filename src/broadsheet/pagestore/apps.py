from django.apps import AppConfig


class PagestoreConfig(AppConfig):
    name = "broadsheet.pagestore"
    label = "pagestore"

    def ready(self) -> None:
        from django.core import checks  # noqa: PLC0415 - after the registry is ready
        from django.db.models.signals import (  # noqa: PLC0415, TID251 - migrations announce themselves no other way
            post_migrate,
            pre_migrate,
        )

        from broadsheet.pagestore import triggers  # noqa: PLC0415 - after the registry is ready

        checks.register(triggers.check_triggers, checks.Tags.database)
        pre_migrate.connect(triggers.before_migrate, sender=self)
        post_migrate.connect(triggers.after_migrate, sender=self)
