from datetime import UTC, datetime

import pytest

from accounts.models import User
from acts.log import THE_SYSTEM
from orgunits.load import load_units
from orgunits.models import OrgUnit
from orgunits.tree import add_unit

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def at():
    return NOW


@pytest.fixture
def loaded(db, at):
    """The real tree, as the file has it."""
    return load_units(at=at)


@pytest.fixture
def unit():
    """Fetches a unit by its code."""
    return lambda code: OrgUnit.objects.get(code=code)


@pytest.fixture
def make_unit(at):
    """Adds a unit below another."""

    def make(code, parent=None, *, tier=3, kind=OrgUnit.Kind.DIVISION, **fields):
        names = {"name_th": f"หน่วย {code}", "abbr_th": code}
        return add_unit(code=code, parent=parent, tier=tier, kind=kind, by=THE_SYSTEM, at=at, **{**names, **fields})

    return make


@pytest.fixture
def small_tree(db, make_unit):
    """ROOT over A and B; A over A1 and A2, B over B1; by code."""
    root = make_unit("ROOT", tier=1, kind=OrgUnit.Kind.HEADQUARTERS)
    a, b = (make_unit(code, root, tier=2, kind=OrgUnit.Kind.COMMAND) for code in ("A", "B"))
    leaves = [make_unit(code, parent) for code, parent in (("A1", a), ("A2", a), ("B1", b))]
    return {unit.code: unit for unit in (root, a, b, *leaves)}


@pytest.fixture
def make_person(db):
    """A person without any right."""
    return lambda username, **fields: User.objects.create_user(username, **fields)
