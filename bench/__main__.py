"""Fills the empty database of the settings, measures, and leaves what was measured in a file. See bin/bench."""

import argparse
import json
import sys
from pathlib import Path
from time import perf_counter

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench.measuring import measure, readers
from bench.organisation import Size, counted, make
from bench.table import is_fine


def main():
    asked = _arguments()
    at = timezone.now()
    call_command("migrate", verbosity=0)
    began = perf_counter()
    make(Size(asked.units, asked.people), at=at)
    say(f"Made in {perf_counter() - began:.0f} s: " + ", ".join(f"{n:,} {what}" for what, n in counted().items()))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = [_measured(name, reader, at, asked) for name, reader in readers()]
    asked.result.write_text(json.dumps({"database": _database(), "counted": counted(), "rows": rows}))


def _arguments():
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("result", type=Path)
    parser.add_argument("--units", type=int, default=20_000)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--repetitions", type=int, default=41)
    parser.add_argument("--plans", action="store_true")
    return parser.parse_args()


def _measured(name, reader, at, asked):
    found = measure(name, reader, at=at, repetitions=asked.repetitions)
    row = found.as_row()
    verdict = "" if is_fine(row) else "  <-- too much"
    scan = "; SEQUENTIAL SCAN of agreements" if row["sequential"] else ""
    say(f"{name}: {found.rows} rows, {found.ratio:.2f} times as long as by known ids{scan}{verdict}")
    if asked.plans:
        for plan in found.plans:
            say(plan + "\n")
    return row


def _database():
    if connection.vendor == "sqlite":
        from sqlite3 import sqlite_version

        return f"SQLite {sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


main()
