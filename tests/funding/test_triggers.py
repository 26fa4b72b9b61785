"""The database itself refuses to change the books, whoever asks. Runs on the current backend."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core import checks
from django.core.management import call_command
from django.db import (
    IntegrityError,
    connection,
    models,
    transaction,
)

from broadsheet.funding import triggers
from broadsheet.funding.ledger import link_of
from broadsheet.funding.models import Account, Campaign, LedgerEntry, LedgerHead, LedgerLine
from broadsheet.kit.actor import Actor
from broadsheet.kit.ids import new_uuid
from treasury import Give

LINE = (
    "INSERT INTO funding_ledgerline"
    " (entry_id, campaign_id, effective_at, account, amount, currency) SELECT %s, c.id, %s, "
)
OF_THE_CAMPAIGN = " FROM funding_campaign c"


def key(uuid: UUID) -> object:
    return uuid if connection.vendor == "postgresql" else uuid.hex


def run(sql: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def add_line(entry: UUID, at: datetime) -> None:
    run(f"{LINE} 'gifts', -100, 'USD'{OF_THE_CAMPAIGN}", key(entry), at)


def header(
    *,
    now: datetime,
    lines: list[tuple[str, int, str]],
    lines_at: datetime | None = None,
    **other: object,
) -> LedgerEntry:
    """Make the header that would follow the last one, not yet saved."""
    head = LedgerHead.objects.get()
    facts = {
        "id": new_uuid(),
        "campaign": head.campaign,
        "sequence": head.sequence + 1,
        "kind": "gift",
        "effective_at": now,
        "recorded_at": now,
        "recorded_by": "account:forger",
        "previous": bytes(head.hash),
    } | other
    entry = LedgerEntry(**facts)
    entry.hash = link_of(entry=entry, slug=head.campaign.slug, lines=lines)
    LedgerLine.objects.bulk_create(
        LedgerLine(
            entry_id=entry.id,
            campaign=head.campaign,
            effective_at=lines_at or now,
            account=account,
            amount=amount,
            currency=currency,
        )
        for account, amount, currency in lines
    )
    return entry


BALANCED = [("bank", 500, "USD"), ("gifts", -500, "USD")]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE funding_ledgerline SET amount = amount * 2",
        "UPDATE funding_ledgerline SET currency = 'EUR'",
        "UPDATE funding_ledgerentry SET effective_at = recorded_at",
        "UPDATE funding_ledgerentry SET recorded_by = 'account:somebody else'",
        "DELETE FROM funding_ledgerline",
        "DELETE FROM funding_ledgerentry",
    ],
)
def test_rows_are_never_changed_or_deleted(sql: str, give: Give) -> None:
    give(500)
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        run(sql)


def test_the_orm_is_refused_as_well(give: Give) -> None:
    give(500)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        LedgerLine.objects.update(amount=1)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        LedgerLine.objects.first().delete()


def test_a_line_comes_too_late(give: Give, now: datetime) -> None:
    entry = give(500).entry
    with pytest.raises(IntegrityError, match="no line is added"):
        add_line(entry, now)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([("bank", 500, "USD"), ("gifts", -400, "USD")], "sum to zero"),
        ([("bank", 500, "USD"), ("gifts", -500, "EUR")], "sum to zero"),
        ([("bank", 500, "USD")], "at least two lines"),
        ([], "at least two lines"),
    ],
)
def test_a_header_that_does_not_balance(
    lines: list[tuple[str, int, str]], message: str, give: Give, now: datetime
) -> None:
    give(500)
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        header(now=now, lines=lines).save(force_insert=True)
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [{"sequence": 7}, {"sequence": 1, "previous": bytes(32)}, {"previous": bytes(32)}],
    ids=["a gap", "a number taken", "another past"],
)
def test_a_header_that_does_not_continue_the_chain(
    other: dict[str, object], give: Give, now: datetime
) -> None:
    give(500)
    with pytest.raises(IntegrityError, match="continues the chain"), transaction.atomic():
        header(now=now, lines=BALANCED, **other).save(force_insert=True)


def test_lines_of_another_date(give: Give, now: datetime) -> None:
    give(500)
    with pytest.raises(IntegrityError, match="the date of their entry"), transaction.atomic():
        header(now=now, lines=BALANCED, lines_at=now - timedelta(days=40)).save(force_insert=True)


def test_lines_of_another_campaign(give: Give, now: datetime, keeper: Actor) -> None:
    give(500)
    entry = header(now=now, lines=BALANCED)
    other = Campaign.objects.create(
        slug="other", title="Other", currency="USD", zone="UTC", opened_at=now
    )
    entry.campaign, entry.sequence, entry.previous = other, 1, bytes(32)
    with pytest.raises(IntegrityError, match="the campaign"), transaction.atomic():
        entry.save(force_insert=True)
    transaction.set_rollback(True)


def test_a_header_that_continues_it_is_taken(give: Give, now: datetime) -> None:
    give(500)
    header(now=now, lines=BALANCED).save(force_insert=True)
    assert LedgerEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("account", "amount"), [("somewhere", 500), ("bank", 0)], ids=["account", "nothing"]
)
def test_a_line_of_nonsense(account: str, amount: int, give: Give, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        header(now=now, lines=[(account, amount, "USD"), ("gifts", -500, "USD")])


def test_a_refund_of_nothing_in_particular(give: Give, now: datetime) -> None:
    give(500)
    with pytest.raises(IntegrityError), transaction.atomic():
        header(now=now, lines=BALANCED, kind="refund").save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_a_line_without_an_entry_is_not_committed(campaign: str, now: datetime) -> None:
    with pytest.raises(IntegrityError):
        add_line(new_uuid(), now)
    assert not LedgerLine.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only on SQLite: REPLACE is its own")
@pytest.mark.parametrize("taken", ["id", "sequence", "idempotency_key"])
def test_insert_or_replace_replaces_nothing(taken: str, give: Give, now: datetime) -> None:
    old = give(500, key="form-1").entry
    other = {"id": {"id": old}, "sequence": {"sequence": 1}}.get(taken, {})
    lines = [] if taken == "id" else BALANCED
    with pytest.raises(IntegrityError), transaction.atomic():
        _replace(
            header(now=now, lines=lines, **other),
            key="form-1" if taken == "idempotency_key" else None,
        )
    assert LedgerEntry.objects.get().id == old


def _replace(entry: LedgerEntry, *, key: str | None) -> None:
    run(
        "INSERT OR REPLACE INTO funding_ledgerentry (id, campaign_id, sequence, kind,"
        " effective_at, recorded_at, recorded_by, reason_digest, idempotency_key, previous,"
        " hash) VALUES (%s, %s, %s, 'gift', %s, %s, 'x', '', %s, %s, %s)",
        entry.id.hex,
        entry.campaign_id,
        entry.sequence,
        entry.effective_at,
        entry.recorded_at,
        key,
        entry.previous,
        entry.hash,
    )


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL: TRUNCATE")
@pytest.mark.parametrize("table", [triggers.ENTRY, triggers.LINE])
def test_truncate_is_refused(table: str, give: Give) -> None:
    give(500)
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        run(f"TRUNCATE {table} CASCADE")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL: no such race")
@pytest.mark.django_db(transaction=True)
def test_two_transactions_do_not_fill_one_entry_together(now: datetime, forgery: UUID) -> None:
    """A line whose writer could not see the header is caught when it commits."""
    with pytest.raises(IntegrityError, match="sum to zero"):
        _line_beside_a_header(forgery, now)
    assert LedgerEntry.objects.filter(id=forgery).exists()
    assert LedgerLine.objects.filter(entry_id=forgery).count() == 2


def _line_beside_a_header(entry: UUID, now: datetime) -> None:
    other = connection.copy()
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"{LINE} 'gifts', -100, 'USD'{OF_THE_CAMPAIGN}", [entry, now])
            with other.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute(f"{LINE} 'gifts', -500, 'USD'{OF_THE_CAMPAIGN}", [entry, now])
                cursor.execute(f"{LINE} 'bank', 500, 'USD'{OF_THE_CAMPAIGN}", [entry, now])
                cursor.execute(
                    "INSERT INTO funding_ledgerentry (id, campaign_id, sequence, kind,"
                    " effective_at, recorded_at, recorded_by, reason_digest, previous, hash)"
                    " SELECT %s, campaign_id, 1, 'gift', %s, %s, 'x', '', %s, %s"
                    " FROM funding_ledgerhead",
                    [entry, now, now, bytes(32), bytes(32)],
                )
                cursor.execute("COMMIT")
    finally:
        other.close()


@pytest.fixture
def forgery(request: pytest.FixtureRequest) -> UUID:
    request.getfixturevalue("campaign")
    return new_uuid()


@pytest.mark.django_db
def test_every_trigger_stands_after_migrating() -> None:
    assert triggers.present(connection) == triggers.expected(connection)
    assert checks.run_checks(tags=["database"], databases=["default"]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(triggers.SQLITE | triggers.POSTGRESQL))
def test_a_missing_trigger_is_an_error(name: str) -> None:
    if name not in triggers.expected(connection):
        pytest.skip("only on PostgreSQL" if connection.vendor == "sqlite" else "only on SQLite")
    run(triggers._drop(connection, name))
    (error,) = checks.run_checks(tags=["database"], databases=["default"])
    assert error.id == "funding.E001"
    assert name in error.msg
    triggers.install(connection)
    assert triggers.missing(connection) == frozenset()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL: DISABLE TRIGGER")
@pytest.mark.django_db
def test_a_trigger_switched_off_counts_as_missing() -> None:
    run("ALTER TABLE funding_ledgerline DISABLE TRIGGER funding_line_no_change")
    assert triggers.missing(connection) == {"funding_line_no_change"}


@pytest.mark.django_db(transaction=True)
def test_migrate_puts_back_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    triggers.remove(connection)
    assert triggers.missing(connection) == triggers.expected(connection)
    call_command("migrate", "--skip-checks", verbosity=0)
    assert triggers.missing(connection) == frozenset()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [LedgerEntry, LedgerLine])
def test_a_later_migration_can_remake_the_tables(
    model: type[models.Model], give: Give, now: datetime
) -> None:
    """On SQLite a changed field means a new table, without triggers; migrating makes room first."""
    give(500)
    field = model._meta.get_field("recorded_by" if model is LedgerEntry else "account")
    longer = field.clone()
    longer.max_length = 250
    longer.set_attributes_from_name(field.name)
    longer.model = model
    plan = [(type("Step", (), {"app_label": "funding"}), False)]
    triggers.before_migrate(using="default", plan=plan)
    with connection.schema_editor() as editor:
        editor.alter_field(model, field, longer)
        editor.alter_field(model, longer, field)
    triggers.after_migrate(using="default")
    assert triggers.missing(connection) == frozenset()
    assert LedgerLine.objects.count() == 2
    with pytest.raises(IntegrityError):
        run("UPDATE funding_ledgerline SET amount = amount * 2")


@pytest.mark.django_db(transaction=True)
def test_other_rooms_migrations_leave_the_triggers_alone() -> None:
    step = type("Step", (), {"app_label": "stories"})
    triggers.before_migrate(using="default", plan=[(step, False)])
    assert triggers.missing(connection) == frozenset()


def test_accounts_are_those_of_the_plan() -> None:
    assert set(Account.values) == {"cash", "bank", "gifts", "fees"}
