"""bin/demo, for real: it answers, keeps what is there, begins anew when told, and leaves nothing running."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = shutil.ignore_patterns(".venv", "var", ".git", ".*_cache", ".hypothesis", "__pycache__")


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of this project, with the same packages."""
    copy = tmp_path_factory.mktemp("demo") / "house"
    shutil.copytree(ROOT, copy, ignore=NOT_OURS)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    return copy


@pytest.fixture
def address():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://localhost:{free.getsockname()[1]}"


def _start(house, address, *arguments):
    """bin/demo, once it says where to look; and what it said until then."""
    demo = subprocess.Popen(
        # Where the tests run in the background, Ctrl-C is switched off for all that they start.
        ["env", "--default-signal=INT", "bin/demo", *arguments],
        cwd=house,
        env={"PATH": os.environ["PATH"], "HOME": str(house), "PORT": address.rsplit(":", 1)[1]},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    for line in demo.stdout:
        said.append(line)
        if line.startswith("Open "):
            return demo, "".join(said)
    pytest.fail("bin/demo ended: " + "".join(said))


def _end(demo, by):
    demo.send_signal(by)
    demo.stdout.read()
    demo.stdout.close()
    return demo.wait(timeout=20)


def _running_in(house):
    """Command lines of the processes that work in this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == house:
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def _people(house):
    with sqlite3.connect(house / "var/demo/db.sqlite3") as database:
        people = {name for (name,) in database.execute("SELECT username FROM accounts_user")}
    database.close()
    return people


def _add_person(house, name):
    with sqlite3.connect(house / "var/demo/db.sqlite3") as database:
        row = dict.fromkeys(column[1] for column in database.execute("PRAGMA table_info(accounts_user)"))
        columns = ", ".join(column for column in row if column != "id")
        kept = columns.replace("username", f"'{name}'")
        database.execute(f"INSERT INTO accounts_user ({columns}) SELECT {kept} FROM accounts_user LIMIT 1")
    database.close()


@pytest.mark.journey
@pytest.mark.demo
def test_the_demo_answers_keeps_and_begins_anew(house, address):
    demo, said = _start(house, address)
    assert address in said
    assert any(name in said for name in _people(house))
    with urllib.request.urlopen(address, timeout=30) as page:
        assert page.status == 200
    assert any("qcluster" in command for command in _running_in(house))
    _add_person(house, "typed.by.hand")
    assert _end(demo, signal.SIGINT) == 130
    assert _running_in(house) == []

    demo, _said = _start(house, address)
    assert "typed.by.hand" in _people(house)
    assert _end(demo, signal.SIGTERM) == 143
    assert _running_in(house) == []

    demo, _said = _start(house, address, "--fresh")
    assert "typed.by.hand" not in _people(house)
    _end(demo, signal.SIGTERM)
