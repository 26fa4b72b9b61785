import django.db.models.deletion
from django.db import migrations, models


def fill(apps, schema_editor):
    """Whoever is read first at present is so by the last decision that said so; others were."""
    decisions = apps.get_model("discussion", "Decision")
    sanctions = apps.get_model("discussion", "Sanction")
    holding = set()
    ever = decisions.objects.filter(verb="hold_author").select_related("comment__author")
    for one in ever.order_by("-sequence").iterator():
        author = one.comment.author
        holds = author.read_first_at is not None and author.owner not in holding
        holding.add(author.owner)
        sanctions.objects.create(
            decision=one,
            person=author,
            kind="hold_author",
            owner=author.owner,
            at=one.at,
            ended_at=None if holds else one.at,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("discussion", "0014_pace"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sanction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("owner", models.CharField(max_length=200)),
                ("mail", models.CharField(blank=True, max_length=32)),
                ("network", models.CharField(blank=True, max_length=32)),
                ("network_until", models.DateTimeField(null=True)),
                ("minutes", models.PositiveIntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("waits", models.BooleanField(default=False)),
                ("wanted_until", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="decision",
            name="decision_verb",
        ),
        migrations.RemoveConstraint(
            model_name="decision",
            name="decision_of_comment",
        ),
        migrations.AddField(
            model_name="comment",
            name="network",
            field=models.CharField(max_length=32, null=True),
        ),
        migrations.AlterField(
            model_name="decision",
            name="verb",
            field=models.CharField(
                choices=[
                    ("publish", "Publish"),
                    ("hold", "Hold"),
                    ("remove", "Remove"),
                    ("restore", "Restore"),
                    ("withdraw", "Withdraw"),
                    ("blank", "Blank"),
                    ("pin", "Pin"),
                    ("unpin", "Unpin"),
                    ("feature", "Feature"),
                    ("unfeature", "Unfeature"),
                    ("mark_answer", "Mark Answer"),
                    ("unmark_answer", "Unmark Answer"),
                    ("close", "Close"),
                    ("reopen", "Reopen"),
                    ("slow", "Slow"),
                    ("unslow", "Unslow"),
                    ("raid", "Raid"),
                    ("end_raid", "End Raid"),
                    ("remove_raid", "Remove Raid"),
                    ("publish_raid", "Publish Raid"),
                    ("dismiss", "Dismiss"),
                    ("ask", "Ask"),
                    ("close_note", "Close Note"),
                    ("reopen_note", "Reopen Note"),
                    ("remove_note", "Remove Note"),
                    ("restore_note", "Restore Note"),
                    ("remove_branch", "Remove Branch"),
                    ("hold_author", "Hold Author"),
                    ("free_author", "Free Author"),
                    ("warn", "Warn"),
                    ("mute", "Mute"),
                    ("slow_author", "Slow Author"),
                    ("suspend", "Suspend"),
                    ("ban", "Ban"),
                    ("lift", "Lift"),
                    ("confirm", "Confirm"),
                    ("undo", "Undo"),
                    ("change_rules", "Change Rules"),
                    ("erase", "Erase"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("network__isnull", False)),
                fields=["created_at"],
                name="comment_of_network",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "verb__in",
                        [
                            "publish",
                            "hold",
                            "remove",
                            "restore",
                            "withdraw",
                            "blank",
                            "dismiss",
                            "remove_branch",
                            "pin",
                            "unpin",
                            "feature",
                            "unfeature",
                            "mark_answer",
                            "unmark_answer",
                            "ask",
                            "close_note",
                            "reopen_note",
                            "remove_note",
                            "restore_note",
                            "close",
                            "reopen",
                            "slow",
                            "unslow",
                            "raid",
                            "end_raid",
                            "remove_raid",
                            "publish_raid",
                            "warn",
                            "hold_author",
                            "mute",
                            "slow_author",
                            "suspend",
                            "ban",
                            "free_author",
                            "lift",
                            "confirm",
                            "change_rules",
                            "erase",
                            "undo",
                        ],
                    )
                ),
                name="decision_verb",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("comment__isnull", False),
                        ("thread__isnull", False),
                        (
                            "verb__in",
                            (
                                "publish",
                                "hold",
                                "remove",
                                "restore",
                                "withdraw",
                                "blank",
                                "dismiss",
                                "remove_branch",
                                "pin",
                                "unpin",
                                "feature",
                                "unfeature",
                                "mark_answer",
                                "unmark_answer",
                            ),
                        ),
                    ),
                    models.Q(
                        ("thread__isnull", False),
                        (
                            "verb__in",
                            ("ask", "close_note", "reopen_note", "remove_note", "restore_note"),
                        ),
                    ),
                    models.Q(
                        ("comment__isnull", True),
                        ("thread__isnull", True),
                        ("verb__in", ("change_rules", "erase")),
                    ),
                    (
                        "verb__in",
                        [
                            "close",
                            "reopen",
                            "slow",
                            "unslow",
                            "raid",
                            "end_raid",
                            "remove_raid",
                            "publish_raid",
                            "warn",
                            "hold_author",
                            "mute",
                            "slow_author",
                            "suspend",
                            "ban",
                            "free_author",
                            "lift",
                            "confirm",
                            "undo",
                        ],
                    ),
                    _connector="OR",
                ),
                name="decision_of_comment",
            ),
        ),
        migrations.AddField(
            model_name="sanction",
            name="decision",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sanction",
                to="discussion.decision",
            ),
        ),
        migrations.AddField(
            model_name="sanction",
            name="ended_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ended",
                to="discussion.decision",
            ),
        ),
        migrations.AddField(
            model_name="sanction",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="discussion.participant",
            ),
        ),
        migrations.AddField(
            model_name="sanction",
            name="thread",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="discussion.thread",
            ),
        ),
        migrations.AddIndex(
            model_name="sanction",
            index=models.Index(fields=["owner"], name="sanction_owner"),
        ),
        migrations.AddIndex(
            model_name="sanction",
            index=models.Index(fields=["mail"], name="sanction_mail"),
        ),
        migrations.AddIndex(
            model_name="sanction",
            index=models.Index(fields=["network"], name="sanction_network"),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["warn", "hold_author", "mute", "slow_author", "suspend", "ban"])
                ),
                name="sanction_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "mute"), ("thread__isnull", False)),
                    models.Q(models.Q(("kind", "mute"), _negated=True), ("thread__isnull", True)),
                    _connector="OR",
                ),
                name="sanction_thread",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "slow_author"), ("minutes__gt", 0)),
                    models.Q(models.Q(("kind", "slow_author"), _negated=True), ("minutes", 0)),
                    _connector="OR",
                ),
                name="sanction_minutes",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("network", ""), ("network_until__isnull", False), _connector="OR"
                ),
                name="sanction_network_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(("waits", False), ("until__isnull", False), _connector="OR"),
                name="sanction_waits_with_end",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
