"""Everything that the product keeps, before and after: which rows came, went, and changed in which columns."""

from collections import defaultdict
from functools import cache
from typing import NamedTuple

from django.db import connection

# The log, keys of forms sent and sessions are written by every act, and are compared apart; the rest is Django's own.
APART = {"axes_accesslog", "acts_entry", "acts_idempotencykey", "django_session"}
DJANGOS = {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}


class Change(NamedTuple):
    """What became of one row: "+" came, "-" went, "=" changed in `columns`."""

    what: str
    table: str
    row: int
    columns: frozenset


@cache
def kept_tables():
    """The tables that are compared, in order."""
    return tuple(sorted(set(connection.introspection.table_names()) - APART - DJANGOS))


def dump():
    """{table: [(column, …), (value, …), …]}, the rows in the order of their ids."""
    return {table: _rows(table) for table in kept_tables()}


def _rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
        return [tuple(column[0] for column in cursor.description), *cursor.fetchall()]


def differences(before, after):
    """The Changes from one dump to another, in order."""
    return [
        change for table in kept_tables() if before[table] != after[table] for change in _changed(table, before, after)
    ]


def _changed(table, before, after):
    old, new = (_by_key(rows[table]) for rows in (before, after))
    for key in sorted(old.keys() | new.keys(), key=str):
        if key not in old:
            yield Change("+", table, key, frozenset())
        elif key not in new:
            yield Change("-", table, key, frozenset())
        elif old[key] != new[key]:
            names = before[table][0]
            unlike = {name for name, one, other in zip(names, old[key], new[key], strict=True) if one != other}
            yield Change("=", table, key, frozenset(unlike))


def _by_key(rows):
    return {row[0]: row for row in rows[1:]}


def gist(changes):
    """Changes as the table of fields writes them, rows by their ids: {"table: column column", "+table", "-table"} counted."""
    counted = defaultdict(int)
    for change in changes:
        columns = " ".join(sorted(change.columns))
        sign = change.what.replace("=", "")
        counted[f"{sign}{change.table}({change.row})" + (f": {columns}" if columns else "")] += 1
    return "; ".join(counted)
