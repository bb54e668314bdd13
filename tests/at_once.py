"""Races: acts begun at the same moment, each on a database connection of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection


@pytest.fixture
def at_once():
    """Calls all given functions at the same moment, each on a connection of its own; gives answers or exceptions."""

    def call_all(*acts):
        gate = threading.Barrier(len(acts))

        def call(act):
            try:
                connection.ensure_connection()
                gate.wait(timeout=10)
                return act()
            except Exception as error:  # noqa: BLE001  the answer of a race is judged by the test
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(call, acts))

    return call_all
