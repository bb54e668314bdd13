"""Tables that only grow: triggers on both databases refuse UPDATE, DELETE, REPLACE and TRUNCATE.

They are armed after every `migrate`, because Django's remake of an SQLite table drops them without a word, and counted
by the database checks (`manage.py check --database default`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

M = TypeVar("M", bound=type[models.Model])

REGISTERED: list[type[models.Model]] = []

PG_FUNCTION = """
CREATE OR REPLACE FUNCTION acts_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
# One trigger for the statement sees TRUNCATE too, which triggers for rows do not.
PG_UP = "CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} EXECUTE FUNCTION acts_append_only()"
PG_DOWN = "DROP TRIGGER IF EXISTS {name} ON {table}"
PG_ARMED = "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND NOT tgisinternal"

# INSERT OR REPLACE deletes without firing DELETE triggers unless PRAGMA recursive_triggers is on (settings, checked).
SQLITE_UP = "CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{plain} is append-only'); END"
SQLITE_DOWN = "DROP TRIGGER IF EXISTS {name}"
SQLITE_ARMED = "SELECT name FROM sqlite_master WHERE type = 'trigger'"


def append_only(model: M) -> M:
    """Class decorator: rows of this model can be inserted and never changed or removed."""
    REGISTERED.append(model)
    return model


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The tables that stand in the database without all of their triggers."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    armed = _names_armed(connection)
    registered = [model._meta.db_table for model in REGISTERED]
    return [table for table in registered if table in tables and not set(_triggers(connection, table)) <= armed]


def arm(using: str = DEFAULT_DB_ALIAS) -> None:
    """Install the triggers that are missing; may be repeated."""
    connection = connections[using]
    for table in missing(using):
        with transaction.atomic(using=using), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(PG_FUNCTION)
            _disarm_table(connection, cursor, table)
            for name, statement in _triggers(connection, table).items():
                cursor.execute(statement.format(**_names(connection, name, table)))


@contextmanager
def triggers_down(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Take the triggers off for the block. Only for tests, whose tables are emptied between them."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in (model._meta.db_table for model in REGISTERED):
            if table in tables:
                _disarm_table(connection, cursor, table)
    try:
        yield
    finally:
        arm(using)


def arm_after_migrate(*, using: str, **_kwargs: Any) -> None:
    """Receiver of post_migrate."""
    arm(using)


def check_triggers(*, databases: Any = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """Database check. Warnings, not errors: an error would stop the very `migrate` that mends it."""
    return [message for using in databases or () for message in _messages(using)]


def _messages(using: str) -> Iterator[checks.CheckMessage]:
    bare = missing(using)
    if bare:
        sentence = f"{len(bare)} append-only tables have lost their triggers: {', '.join(bare)}."
        yield checks.Warning(sentence, hint="Find out who removed them, then run manage.py migrate.", id="acts.W001")
    if not _replace_is_refused(connections[using]):
        hint = "Put PRAGMA recursive_triggers=ON into init_command."
        yield checks.Warning("INSERT OR REPLACE would pass the append-only triggers.", hint=hint, id="acts.W002")


def _replace_is_refused(connection: Any) -> bool:
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA recursive_triggers").fetchone()[0] == 1


def _triggers(connection: Any, table: str) -> dict[str, str]:
    """Name of each trigger that a table needs → the statement that makes it."""
    if connection.vendor == "postgresql":
        return {f"{table}_append_only": PG_UP}
    return {f"{table}_no_{verb.lower()}": SQLITE_UP.replace("{verb}", verb) for verb in ("UPDATE", "DELETE")}


def _names_armed(connection: Any) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(PG_ARMED if connection.vendor == "postgresql" else SQLITE_ARMED)
        return {name for (name,) in cursor.fetchall()}


def _disarm_table(connection: Any, cursor: Any, table: str) -> None:
    down = PG_DOWN if connection.vendor == "postgresql" else SQLITE_DOWN
    for name in _triggers(connection, table):
        cursor.execute(down.format(**_names(connection, name, table)))


def _names(connection: Any, name: str, table: str) -> dict[str, str]:
    quote = connection.ops.quote_name
    return {"name": quote(name), "table": quote(table), "plain": table}
