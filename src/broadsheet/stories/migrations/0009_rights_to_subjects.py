"""Lets those who write keep topics and series, as they may keep people."""

from typing import Any

from django.db import migrations


def forward(apps: Any, schema_editor: Any) -> None:
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="stories"
    )
    wanted = [
        f"{verb}_{kind}" for kind in ("series", "topic") for verb in ("add", "change", "view")
    ]
    groups = apps.get_model("auth", "Group").objects
    for group in groups.filter(
        permissions__content_type__app_label="stories", permissions__codename="add_person"
    ):
        group.permissions.add(*permissions.filter(codename__in=wanted))


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0008_unreadable_uploads"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    # Going back takes nothing away: a publisher may have granted the same by hand.
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
