from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """At which event the votes on a comment changed; what was cast before is on every open page."""

    dependencies = [
        ("discussion", "0027_answers_at_stubs"),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="tallied",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=Q(published_at__isnull=False, tallied__isnull=False),
                fields=["thread", "tallied"],
                name="comment_tallied",
            ),
        ),
    ]
