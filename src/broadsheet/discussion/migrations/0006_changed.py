from typing import Any

from django.db import migrations, models
from django.db.models import F, Q


def begin_where_it_appeared(apps: Any, _editor: Any) -> None:
    """Nobody knows when what is there changed last; no open page is older than this."""
    apps.get_model("discussion", "Comment").objects.filter(event__isnull=False).update(
        changed=F("event")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("discussion", "0005_notes"),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="changed",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=Q(published_at__isnull=False, changed__isnull=False),
                fields=["thread", "changed"],
                name="comment_changed",
            ),
        ),
        migrations.RunPython(begin_where_it_appeared, migrations.RunPython.noop),
    ]
