"""What the product stands on is said once, pinned, hashed, and free of any one machine's addresses."""

import ast
import fcntl
import re
import shutil
import socket
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.floors import FLOORS, House

ROOT = Path(__file__).resolve().parent.parent
DIRECT = ROOT / "requirements.txt"
TEST = ROOT / "requirements-test.txt"
PIN = re.compile(r"([\w.-]+)(?:\[[\w,]+\])?==(\S+)")


def _normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(file):
    """Package → version."""
    found = (PIN.match(line) for line in file.read_text(encoding="utf-8").splitlines())
    return {_normal(pin[1]): re.sub(r"(\.0+)+$", "", pin[2]) for pin in found if pin}


@pytest.mark.parametrize("file", [DIRECT, TEST], ids=lambda file: file.name)
def test_every_direct_dependency_is_pinned_and_has_its_reason(file):
    lines = [
        line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith(("#", "-c"))
    ]
    assert [line for line in lines if not re.fullmatch(rf"{PIN.pattern} +# \S.+", line)] == []


@pytest.mark.parametrize("file", [DIRECT, TEST], ids=lambda file: file.name)
def test_the_lock_holds_every_direct_dependency_at_its_pin(file):
    assert _pins(file).items() <= _pins(file.with_suffix(".lock")).items()


def test_the_two_locks_agree_where_they_meet():
    product, tests = _pins(DIRECT.with_suffix(".lock")), _pins(TEST.with_suffix(".lock"))
    assert {name: tests[name] for name in tests if name in product}.items() <= product.items()


@pytest.mark.parametrize("file", [DIRECT, TEST], ids=lambda file: file.name)
def test_every_package_of_the_lock_has_hashes(file):
    pins = re.split(r"^(?=[\w.-]+==)", file.with_suffix(".lock").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert [pin.split()[0] for pin in pins if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", pin)] == []


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements.lock", "requirements-test.txt", "requirements-test.lock"]
)
def test_no_address_of_any_machine_is_in_a_requirements_file(name):
    assert (
        re.findall(r"https?:|file://|--(?:extra-)?index|--find-links|--trusted|@ ", (ROOT / name).read_text("utf-8"))
        == []
    )


def test_what_the_product_imports_is_a_direct_dependency():
    distributions = packages_distributions()
    imported = {
        _normal(distributions[package][0])
        for module in House(ROOT).modules
        for package in _imports(module.tree)
        if package in distributions and package not in FLOORS
    }
    assert imported <= set(_pins(DIRECT))


def _imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0]


# bin/demo says what is wrong before it makes anything


@pytest.fixture
def demo(tmp_path):
    """bin/demo in a folder with nothing else in it."""
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "bin/demo", tmp_path / "bin/demo")

    def run(*arguments, **environment):
        path = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        return subprocess.run(
            [tmp_path / "bin/demo", *arguments],
            check=False,
            env=path | environment,
            capture_output=True,
            text=True,
            timeout=30,
        )

    return run


def test_demo_help_says_how_to_begin_anew(demo):
    answer = demo("--help")
    assert answer.returncode == 0
    assert "bin/demo --fresh" in answer.stdout


def test_demo_refuses_an_argument_it_does_not_know(demo):
    answer = demo("--frsh")
    assert (answer.returncode, answer.stderr) == (2, "bin/demo knows --fresh and --help, not --frsh.\n")


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "80 81"])
def test_demo_refuses_what_is_no_port(demo, port):
    answer = demo(PORT=port)
    assert (answer.returncode, answer.stderr) == (2, f'PORT must be a number from 1 to 65535, not "{port}".\n')


def test_demo_says_that_the_port_is_taken(demo):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = demo(PORT=str(port))
    assert answer.returncode == 1
    assert f"Port {port} is taken by another program." in answer.stderr


def test_demo_says_that_it_is_running_already(demo, tmp_path):
    (tmp_path / "var").mkdir()
    with (tmp_path / "var/demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = demo()
    assert answer.returncode == 1
    assert "running already" in answer.stderr


# Production: safe, or not at all


@pytest.fixture
def in_production(tmp_path):
    """manage.py with PRODUCTION=1 and nothing else in its environment but what is given."""

    def run(*arguments, **environment):
        return subprocess.run(
            [sys.executable, ROOT / "manage.py", *arguments],
            check=False,
            env={"VAR_DIR": str(tmp_path), "PRODUCTION": "1"} | environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


SAFE = {"SECRET_KEY": "k3y-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2, "ALLOWED_HOSTS": "agreements.example"}


def test_production_passes_djangos_deployment_check(in_production):
    answer = in_production("check", "--deploy", "--fail-level", "WARNING", **SAFE)
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize("name", SAFE)
def test_production_does_not_start_without_its_secret_key_and_host_names(in_production, name):
    answer = in_production("check", **{key: value for key, value in SAFE.items() if key != name})
    assert answer.returncode != 0
    assert f"PRODUCTION=1 needs {name}." in answer.stderr


def test_production_never_debugs(in_production):
    ask = "from django.conf import settings; print(settings.DEBUG, settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE)"
    answer = in_production("shell", "-c", ask, DEBUG="1", **SAFE)
    assert answer.stdout.split()[-3:] == ["False", "True", "True"]
