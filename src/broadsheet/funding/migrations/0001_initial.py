"""The meter and the ledger. The ledger's triggers are put in place after every migration (`triggers`)."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import broadsheet.kit.ids

GIVING_BACK = ("refund", "correction")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                ("title", models.CharField(max_length=200)),
                ("currency", models.CharField(max_length=3)),
                ("zone", models.CharField(max_length=64)),
                ("how_to_give", models.TextField(blank=True, default="")),
                ("opened_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Month",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="months",
                        to="funding.campaign",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("month", models.PositiveSmallIntegerField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("goal", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "year", "month"), name="funding_month_once"
                    ),
                    models.UniqueConstraint(
                        fields=("campaign", "starts_at"), name="funding_month_start_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(month__gte=1, month__lte=12), name="funding_month_of_calendar"
                    ),
                    models.CheckConstraint(
                        condition=Q(ends_at__gt=F("starts_at")), name="funding_month_bounds"
                    ),
                    models.CheckConstraint(
                        condition=Q(goal__gt=0), name="funding_month_goal_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "month",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="funding.month",
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("label", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("month", "amount"), name="funding_step_once"),
                    models.CheckConstraint(condition=Q(amount__gt=0), name="funding_step_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerHead",
            fields=[
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="head",
                        serialize=False,
                        to="funding.campaign",
                    ),
                ),
                ("sequence", models.BigIntegerField(default=0)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(sequence__gte=0), name="funding_head_sequence"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=broadsheet.kit.ids.new_uuid,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="funding.campaign",
                    ),
                ),
                ("sequence", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("gift", "Gift"),
                            ("refund", "Refund"),
                            ("correction", "Correction"),
                            ("fee", "Fee"),
                        ],
                        max_length=12,
                    ),
                ),
                ("effective_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=200)),
                (
                    "reverses",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversals",
                        to="funding.ledgerentry",
                    ),
                ),
                ("reason_digest", models.CharField(blank=True, default="", max_length=64)),
                ("idempotency_key", models.CharField(blank=True, max_length=64, null=True)),
                ("previous", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "sequence"), name="funding_entry_sequence_once"
                    ),
                    models.UniqueConstraint(
                        fields=("campaign", "previous"), name="funding_entry_no_fork"
                    ),
                    models.UniqueConstraint(
                        fields=("campaign", "idempotency_key"), name="funding_entry_key_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(sequence__gte=1), name="funding_entry_sequence"
                    ),
                    models.CheckConstraint(
                        condition=Q(kind__in=["gift", "refund", "correction", "fee"]),
                        name="funding_entry_kind",
                    ),
                    models.CheckConstraint(
                        condition=Q(kind__in=GIVING_BACK, reverses__isnull=False)
                        | Q(~Q(kind__in=GIVING_BACK), reverses__isnull=True),
                        name="funding_entry_reverses",
                    ),
                    models.CheckConstraint(
                        condition=~Q(recorded_by=""), name="funding_entry_recorded_by_somebody"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="funding.ledgerentry",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="funding.campaign",
                    ),
                ),
                (
                    "account",
                    models.CharField(
                        choices=[
                            ("cash", "Cash"),
                            ("bank", "Bank"),
                            ("gifts", "Gifts"),
                            ("fees", "Fees"),
                        ],
                        max_length=12,
                    ),
                ),
                ("effective_at", models.DateTimeField()),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=[
                            "campaign",
                            "account",
                            "effective_at",
                            "id",
                            "amount",
                            "currency",
                        ],
                        name="funding_line_by_date",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=~Q(amount=0), name="funding_line_not_zero"),
                    models.CheckConstraint(
                        condition=Q(account__in=["cash", "bank", "gifts", "fees"]),
                        name="funding_line_account",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryReason",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="reason",
                        serialize=False,
                        to="funding.ledgerentry",
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Gift",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=broadsheet.kit.ids.new_uuid,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gifts",
                        to="funding.campaign",
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "method",
                    models.CharField(choices=[("cash", "Cash"), ("bank", "Bank")], max_length=12),
                ),
                ("effective_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=200)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gift",
                        to="funding.ledgerentry",
                    ),
                ),
                ("note", models.TextField(blank=True, default="")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(amount__gt=0), name="funding_gift_positive"),
                    models.CheckConstraint(
                        condition=Q(method__in=["cash", "bank"]), name="funding_gift_method"
                    ),
                ],
            },
        ),
    ]
