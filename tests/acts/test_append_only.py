"""Rows that were written stay as they are, whoever comes by whichever road."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from acts import append_only
from acts.log import acting
from acts.models import Entry

from .shop.models import Receipt

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own road")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own road")


@pytest.fixture
def receipt(shop):
    return Receipt.objects.create(parcel_id=1, text="paid")


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def refused(act):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        act()
    assert Receipt.objects.get().text == "paid"


def test_a_row_is_neither_changed_nor_removed(receipt):
    refused(lambda: Receipt.objects.update(text="unpaid"))
    refused(lambda: Receipt.objects.all().delete())
    refused(lambda: receipt.save())
    refused(lambda: receipt.delete())
    refused(lambda: sql("DELETE FROM shop_receipt"))


def test_the_log_itself_is_append_only(parcel, clerk, at):
    with acting(clerk, at=at) as record:
        record("shop.open", parcel)
    for act in (lambda: Entry.objects.update(text="x"), lambda: Entry.objects.all().delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            act()
    assert Entry.objects.get().text == ""


@on_sqlite
def test_insert_or_replace_is_refused(receipt):
    refused(
        lambda: sql(f"INSERT OR REPLACE INTO shop_receipt (id, parcel_id, text) VALUES ({receipt.pk}, 1, 'unpaid')")
    )


@on_sqlite
def test_the_check_says_when_replace_would_pass(shop):
    sql("PRAGMA recursive_triggers=OFF")
    try:
        assert [message.id for message in append_only.check_triggers(databases=["default"])] == ["acts.W002"]
    finally:
        sql("PRAGMA recursive_triggers=ON")
    assert append_only.check_triggers(databases=["default"]) == []


@on_postgresql
def test_truncate_and_upsert_are_refused(receipt):
    refused(lambda: sql("TRUNCATE shop_receipt"))
    refused(lambda: sql(
        f"INSERT INTO shop_receipt (id, parcel_id, text) VALUES ({receipt.pk}, 1, 'x') "
        "ON CONFLICT (id) DO UPDATE SET text = 'unpaid'"
    ))  # fmt: skip


@on_postgresql
def test_a_trigger_that_is_switched_off_counts_as_missing(shop):
    sql("ALTER TABLE shop_receipt DISABLE TRIGGER ALL")
    assert append_only.missing() == ["shop_receipt"]
    append_only.arm()
    assert append_only.missing() == []


def test_lost_triggers_are_named_by_the_check_and_come_back_with_migrate(receipt):
    for name in append_only._triggers(connection, "shop_receipt"):
        sql(f"DROP TRIGGER {name}" + (" ON shop_receipt" if connection.vendor == "postgresql" else ""))

    [message] = append_only.check_triggers(databases=["default"])
    assert "shop_receipt" in message.msg
    assert "acts_entry" not in message.msg

    call_command("migrate", verbosity=0)
    assert append_only.check_triggers(databases=["default"]) == []
    refused(lambda: Receipt.objects.update(text="unpaid"))


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_table_that_django_remakes_is_armed_again_by_migrate(receipt):
    with connection.schema_editor() as editor:
        editor._remake_table(Receipt)
    assert append_only.missing() == ["shop_receipt"]

    call_command("migrate", verbosity=0)
    refused(lambda: Receipt.objects.update(text="unpaid"))


def test_the_triggers_are_down_only_inside_the_block(receipt):
    with append_only.triggers_down():
        Receipt.objects.update(text="unpaid")
        Receipt.objects.update(text="paid")
    refused(lambda: Receipt.objects.update(text="unpaid"))
