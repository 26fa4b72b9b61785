from typing import Any

from django.db import migrations


def show_answers(apps: Any, schema_editor: Any) -> None:
    """Let stubs cite the second look that let them stand."""
    comments = apps.get_model("discussion", "Comment")
    appeals = apps.get_model("discussion", "Appeal").objects.filter(outcome__verb="uphold")
    rows = appeals.exclude(comment__cited="").values_list(
        "comment", "comment__cited", "decision__sequence", "outcome__sequence"
    )
    for number, cited, about, by in rows.iterator(chunk_size=500):
        entry, rule = (*cited.split(" "), "")[:2]
        if entry == str(about):
            comments.objects.filter(pk=number).update(cited=f"{entry} {rule or '-'} {by}")


class Migration(migrations.Migration):
    dependencies = [
        ("discussion", "0026_match"),
    ]

    operations = [
        migrations.RunPython(show_answers, migrations.RunPython.noop),
    ]
