"""In a migration of its own: PostgreSQL alters no table that has rows still to be checked."""

from django.core.management.color import no_style
from django.db import migrations


def tags_become_topics(apps, schema_editor):
    """Copy the tags of stories with their ids: drafts kept as revisions name them by these."""
    Topic, StoryTopic = (apps.get_model("stories", name) for name in ("Topic", "StoryTopic"))
    rows = apps.get_model("stories", "StoryTag").objects.select_related("tag").order_by("pk")
    topics = {row.tag_id: (row.tag.name, row.tag.slug) for row in rows}
    Topic.objects.bulk_create(
        (Topic(pk=pk, name=name, slug=slug) for pk, (name, slug) in topics.items()), batch_size=500
    )
    StoryTopic.objects.bulk_create(
        (
            StoryTopic(pk=row.pk, tag_id=row.tag_id, content_object_id=row.content_object_id)
            for row in rows.iterator(chunk_size=500)
        ),
        batch_size=500,
        # A story that was tagged twice with one tag is about it once.
        ignore_conflicts=True,
    )
    reset = schema_editor.connection.ops.sequence_reset_sql(no_style(), [Topic, StoryTopic])
    for statement in reset:
        schema_editor.execute(statement)


def topics_become_tags(apps, schema_editor):
    Tag, StoryTag = apps.get_model("taggit", "Tag"), apps.get_model("stories", "StoryTag")
    for row in apps.get_model("stories", "StoryTopic").objects.select_related("tag"):
        tag, _ = Tag.objects.get_or_create(name=row.tag.name, defaults={"slug": row.tag.slug})
        StoryTag.objects.create(tag=tag, content_object_id=row.content_object_id)


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0002_stories_in_full"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [migrations.RunPython(tags_become_topics, topics_become_tags)]
