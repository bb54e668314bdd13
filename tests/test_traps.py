"""What must never pass unseen makes the test fail in which it happens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

CASES = """
import logging
import warnings
from datetime import datetime

import pytest
from django.template import Template, Context
from django.utils import timezone

def render(text):
    return Template(text).render(Context({"known": 1}))

def test_passes_when_all_is_well():
    assert render("{{ known }}{% if known %}{% endif %}") == "1"

def test_fails_on_a_missing_variable():
    render("{{ unknown }}")

def test_fails_on_a_missing_variable_with_a_default():
    render("{{ known.unknown|default:'x' }}")

def test_errors_on_a_missing_variable_that_is_only_asked_for():
    render("{% if unknown %}{% endif %}")

def test_fails_on_a_naive_datetime(django_user_model):
    django_user_model._meta.get_field("date_joined").get_prep_value(datetime(2026, 10, 1))

def test_fails_on_a_warning():
    warnings.warn("look here")

def test_errors_on_a_logged_error():
    logging.getLogger("django.request").error("went wrong")

@pytest.mark.expects_errors
def test_passes_with_an_error_it_expects():
    logging.getLogger("django.request").error("went wrong")

@pytest.mark.expects_errors
def test_errors_when_the_expected_error_does_not_come():
    pass

def test_passes_with_a_logged_warning():
    logging.getLogger("django.request").warning("careful")
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Name of each case → the letter pytest gave it last (E for an error after the test itself)."""
    file = tmp_path_factory.mktemp("traps") / "test_cases.py"
    file.write_text(CASES, encoding="utf-8")
    file.with_name("conftest.py").write_text("from tests.conftest import *", encoding="utf-8")
    configured = ["-c", ROOT / "pyproject.toml", "--rootdir", ROOT, "-p", "no:cacheprovider"]
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", *configured, "-rA", file],
        cwd=file.parent,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "VAR_DIR": str(file.parent)},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    lines = [line.split(" - ")[0] for line in answer.stdout.splitlines() if "::test_" in line]
    return {line.split("::")[1]: line.split()[0] for line in lines if line.split()[0] in {"PASSED", "FAILED", "ERROR"}}


@pytest.mark.parametrize(("beginning", "outcome"), [("passes", "PASSED"), ("fails", "FAILED"), ("errors", "ERROR")])
def test_each_case_ends_as_its_name_says(outcomes, beginning, outcome):
    named = {name: found for name, found in outcomes.items() if name.startswith(f"test_{beginning}_")}
    assert len(named) >= 2
    assert set(named.values()) == {outcome}
