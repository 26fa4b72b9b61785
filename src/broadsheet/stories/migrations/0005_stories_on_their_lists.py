"""Puts the stories that are there on their lists, so that no page is empty after an upgrade."""

from django.db import migrations

BATCH = 500


def put_on_lists(apps, schema_editor):
    """As `filing` does it, with the tables as they are here. Run again, it changes nothing."""
    Listing, StoryPage = (apps.get_model("stories", name) for name in ("Listing", "StoryPage"))
    restrictions = apps.get_model("wagtailcore", "PageViewRestriction")
    closed = tuple(restrictions.objects.values_list("page__path", flat=True))
    sections = dict(
        apps.get_model("stories", "SectionPage").objects.values_list("path", "page_ptr_id")
    )
    after = 0
    while True:
        rows = StoryPage.objects.filter(pk__gt=after).order_by("pk")
        fields = ("pk", "path", "live", "first_published_at", "series_id")
        batch = list(rows.values_list(*fields)[:BATCH])
        if not batch:
            return
        after = batch[-1][0]
        public = [
            row for row in batch if row[2] and row[3] and not (closed and row[1].startswith(closed))
        ]
        keys = {row[0]: {"all"} for row in public}
        for pk, path, _, _, series in public:
            if path[:-4] in sections:
                keys[pk].add(f"section:{sections[path[:-4]]}")
            if series:
                keys[pk].add(f"series:{series}")
        for kind, name, owner, what in (
            ("topic", "StoryTopic", "content_object_id", "tag_id"),
            ("person", "Byline", "story_id", "person_id"),
        ):
            found = apps.get_model("stories", name).objects.filter(**{f"{owner}__in": list(keys)})
            for pk, other in found.values_list(owner, what):
                keys[pk].add(f"{kind}:{other}")
        Listing.objects.bulk_create(
            (
                Listing(list_key=key, story_id=row[0], published_at=row[3])
                for row in public
                for key in sorted(keys[row[0]])
            ),
            batch_size=BATCH,
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0004_without_tags"),
        ("wagtailcore", "0098_apitoken"),
    ]

    # Derived rows: the way back leaves them for the table's own removal.
    operations = [migrations.RunPython(put_on_lists, migrations.RunPython.noop)]
