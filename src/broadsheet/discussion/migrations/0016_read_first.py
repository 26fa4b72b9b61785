from django.db import migrations


class Migration(migrations.Migration):
    """Being read first is a limit among others, in a table of its own."""

    dependencies = [
        ("discussion", "0015_sanctions"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="participant",
            name="read_first_at",
        ),
    ]
