"""What every test stands on. People, units and agreements of one app's tests live in tests/<app>/conftest.py."""

import logging
import os

import hypothesis
import pytest
from django.conf import settings
from django.test import TransactionTestCase, override_settings

pytest_plugins = ["tests.at_once", "tests.world", "tests.missing_variables"]

MANY_CASES = 4
# No time limit for an example: a busy machine is no reason to fail.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Long tests begin first on each worker, so that none is left alone with one at the end.

    Last of all who change what was collected: shares are dealt of the tests that -m and -k leave.
    What uses no database, or asks for what is alike over each, is run on SQLite alone. Of a test with many cases
    PostgreSQL is asked every third, all with EVERY_CASE=1, and each where people act at once.
    """
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        asked = _asked_of_postgresql(items)
        config.hook.pytest_deselected(items=[item for item in items if item not in asked])
        items[:] = [item for item in items if item in asked]
    workers = getattr(config, "workerinput", {"workercount": 1})["workercount"]
    items[:] = [item for share in _shares(items, workers) for item in share]


def _shares(items, workers):
    """The tests as xdist hands them out at first, in equal parts one after the other: the long ones dealt in turn.

    Those of a module marked `together` go to one worker, one after the other: what they stand on is made once.
    """
    long, together = [], {}
    for item in items:
        if item.get_closest_marker("together"):
            together.setdefault(item.module, []).append(item)
        elif item.get_closest_marker("long"):
            long.append([item])
    dealt = [*together.values(), *long]
    short = [item for item in items if not any(item.get_closest_marker(name) for name in ("together", "long"))]
    left = len(items)
    for worker in range(workers):
        first = [item for each in dealt[worker::workers] for item in each]
        room = max(0, left // (workers - worker) - len(first))
        yield first + short[:room]
        short, left = short[room:], left - room - len(first)


def _asked_of_postgresql(items):
    cases = {}
    for item in items:
        if _asks_every_database(item):
            cases.setdefault((item.module, getattr(item, "originalname", item.name)), []).append(item)
    return {item for each in cases.values() for item in (each[::3] if _are_sampled(each) else each)}


def _are_sampled(cases):
    return len(cases) > MANY_CASES and "at_once" not in cases[0].fixturenames and not os.environ.get("EVERY_CASE")


def _asks_every_database(item):
    return _uses_a_database(item) and item.get_closest_marker("one_database") is None


def _uses_a_database(item):
    return bool(item.get_closest_marker("django_db")) or not {"db", "transactional_db"}.isdisjoint(item.fixturenames)


@pytest.fixture(scope="session", autouse=True)
def settings_of_the_tests(tmp_path_factory):
    """Files go to a folder of this run; passwords are hashed quickly, which changes nothing but the time it takes."""
    with override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        PRIVATE_ROOT=tmp_path_factory.mktemp("private"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_append_only_triggers():
    """Tests that commit are cleaned up by a flush, which the triggers refuse; `post_migrate` arms them again."""
    flush = TransactionTestCase._fixture_teardown

    def flush_with_triggers_down(case):
        from acts.append_only import triggers_down

        with triggers_down():
            flush(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_with_triggers_down)
        yield


class _Kept(logging.Handler):
    """Keeps what was logged as an error."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def logged_errors_fail_the_test(request):
    """An error in the log is an error, unless the test says `@pytest.mark.expects_errors`; then there must be one."""
    kept = _Kept()
    # django.server doesn't hand its lines on to the root logger.
    loggers = [logging.getLogger(), logging.getLogger("django.server")]
    for logger in loggers:
        logger.addHandler(kept)
    yield
    for logger in loggers:
        logger.removeHandler(kept)
    if request.node.get_closest_marker("expects_errors"):
        assert kept.lines, "marked expects_errors, but logged none"
    else:
        assert not kept.lines, "logged as an error: " + "; ".join(kept.lines)
