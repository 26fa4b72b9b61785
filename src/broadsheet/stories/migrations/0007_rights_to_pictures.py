"""Turns the rights to pictures and documents into those that Wagtail asks for.

Groups set up before were given rights to our own models, by which Wagtail lets nobody in.
"""

from typing import Any, Final

from django.db import migrations

KINDS: Final = {
    "newsimage": ("wagtailimages", "image"),
    "newsdocument": ("wagtaildocs", "document"),
}


def forward(apps: Any, schema_editor: Any) -> None:
    grants = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    permissions = apps.get_model("auth", "Permission").objects
    rows = grants.filter(permission__content_type__app_label="stories").select_related("permission")
    for row in rows.order_by("pk"):
        verb, _, model = row.permission.codename.partition("_")
        app, name = KINDS.get(model, ("", ""))
        asked = permissions.filter(content_type__app_label=app, codename=f"{verb}_{name}").first()
        if asked is None:
            continue
        grants.get_or_create(group=row.group, collection=row.collection, permission=asked)
        row.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0006_preview_links"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
    ]
    # What was granted before had no effect, so there is nothing to go back to.
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
