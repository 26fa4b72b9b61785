"""The tables of the meter and of the books behind it.

There is no key to a user and no name here: `recorded_by` is an actor's opaque id. Ledger rows are
written once, by `ledger.append`; triggers refuse everything else (see `triggers`).
"""

from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from broadsheet.kit.ids import new_uuid


class Account(models.TextChoices):
    """Where money is (assets: positive) and where it came from or went (income is negative)."""

    CASH = "cash"
    BANK = "bank"
    GIFTS = "gifts"
    FEES = "fees"


class Kind(models.TextChoices):
    GIFT = "gift"
    REFUND = "refund"
    CORRECTION = "correction"
    FEE = "fee"


class Method(models.TextChoices):
    """How a gift came; each is the account of the same name."""

    CASH = "cash"
    BANK = "bank"


GIVING_BACK: Final = (Kind.REFUND, Kind.CORRECTION)
_ACTOR = 200
_KEY = 64


class Campaign(models.Model):
    """What readers are asked to fund, month by month, in one currency and one time zone."""

    slug = models.SlugField(max_length=50, unique=True)
    title = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    zone = models.CharField(max_length=64)
    how_to_give = models.TextField(blank=True, default="")
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class Month(models.Model):
    """One calendar month of a campaign. Its bounds are instants, frozen when it is opened."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="months")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    goal = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "year", "month"], name="funding_month_once"
            ),
            models.UniqueConstraint(
                fields=["campaign", "starts_at"], name="funding_month_start_once"
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12), name="funding_month_of_calendar"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="funding_month_bounds"
            ),
            models.CheckConstraint(condition=Q(goal__gt=0), name="funding_month_goal_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


class Step(models.Model):
    """A mark on the way to a month's goal, and what it pays for."""

    month = models.ForeignKey(Month, on_delete=models.CASCADE, related_name="steps")
    amount = models.BigIntegerField()
    label = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "amount"], name="funding_step_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="funding_step_positive"),
        ]

    def __str__(self) -> str:
        return self.label


class LedgerHead(models.Model):
    """The end of a campaign's ledger. Its row lock is what makes entries come one at a time.

    It also remembers how far the chain reaches, so that cutting off the newest entries shows.
    """

    campaign = models.OneToOneField(
        Campaign, on_delete=models.PROTECT, primary_key=True, related_name="head"
    )
    sequence = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sequence__gte=0), name="funding_head_sequence"),
        ]

    def __str__(self) -> str:
        return f"entry {self.sequence}"


class LedgerEntry(models.Model):
    """The header of an entry, inserted after its lines; the database checks that they balance."""

    id = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    sequence = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=_ACTOR)
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversals"
    )
    reason_digest = models.CharField(max_length=64, blank=True, default="")
    idempotency_key = models.CharField(max_length=_KEY, null=True, blank=True)  # noqa: DJ001 - NULLs are many, empty strings are equal
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "sequence"], name="funding_entry_sequence_once"
            ),
            models.UniqueConstraint(fields=["campaign", "previous"], name="funding_entry_no_fork"),
            models.UniqueConstraint(
                fields=["campaign", "idempotency_key"], name="funding_entry_key_once"
            ),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="funding_entry_sequence"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="funding_entry_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=GIVING_BACK, reverses__isnull=False)
                | Q(~Q(kind__in=GIVING_BACK), reverses__isnull=True),
                name="funding_entry_reverses",
            ),
            models.CheckConstraint(
                condition=~Q(recorded_by=""), name="funding_entry_recorded_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"


class LedgerLine(models.Model):
    """An amount on an account, signed. Inserted before its header, whose id is known beforehand.

    Campaign and date are the header's own, which the database checks: with them here a month is
    summed from one stretch of one index, many times faster than over a join.
    """

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="lines")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    account = models.CharField(max_length=12, choices=Account.choices)
    effective_at = models.DateTimeField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        indexes: ClassVar = [
            # In the order of the public books, and everything that the meter sums is in it.
            models.Index(
                fields=["campaign", "account", "effective_at", "id", "amount", "currency"],
                name="funding_line_by_date",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(amount=0), name="funding_line_not_zero"),
            models.CheckConstraint(
                condition=Q(account__in=Account.values), name="funding_line_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount} {self.currency}"


class EntryReason(models.Model):
    """Why money went back, in words. The entry keeps only its digest: the words may be erased."""

    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, primary_key=True, related_name="reason"
    )
    text = models.TextField()

    def __str__(self) -> str:
        return self.text


class Gift(models.Model):
    """What staff know of a gift beside its entry. The note is private and may name the giver."""

    id = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="gifts")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=12, choices=Method.choices)
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=_ACTOR)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="gift")
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="funding_gift_positive"),
            models.CheckConstraint(
                condition=Q(method__in=Method.values), name="funding_gift_method"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class BookDecision(models.Model):
    """What was decided about a campaign: a plan, its words, its name. Written once, chained.

    `facts` is canonical JSON. No name is in it: `decided_by` is an actor's opaque id.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    sequence = models.BigIntegerField()
    verb = models.CharField(max_length=20)
    subject = models.CharField(max_length=20, blank=True)
    facts = models.TextField()
    decided_by = models.CharField(max_length=_ACTOR)
    decided_at = models.DateTimeField()
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "sequence"], name="funding_decision_sequence_once"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=""), name="funding_decision_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb} {self.subject}"
