"""Closed agreements of สตม. to decide incentives of: บก.ตม.1 and บก.ตม.2, and the terms that are decided by."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

from acts.engine import StepUp
from agreements.models import ActionPlan, Agreement, Snapshot
from agreements.stages import Stage
from orgunits.models import OrgUnit
from orgunits.tree import plant
from results.incentive_terms import FIELDS, begin_scheme, save_terms
from results.incentive_walk import decide, hash_decided, hash_to_decide, walk

SHARED = ("fiscal_year", "framework", "rule", "signs_with", "counterpart", "starts_on", "ends_on",
          "stage", "pen", "stage_since")  # fmt: skip
ORDER = {"order_number": "89/2571", "decided_by": "ผบช.สตม.", "text": "เห็นชอบ"}


def closed(world, code="IMM-D1"):
    """The agreement of a division, closed."""
    return world.agreement(Stage.CLOSED, code=code)


def many_closed(world, count):
    """So many closed agreements of new divisions of สตม., each with the text and the scores of บก.ตม.1."""
    model = closed(world)
    texts = list(Snapshot.objects.filter(agreement=model, purpose__in=["to_sign", "scores"]))
    new = [OrgUnit(code=f"IMM-X{n}", parent=world.units.imm, tier=3, kind="division", signs_agreement=True,
                   name_th=f"กองกำกับการทดสอบ {n}") for n in range(count)]  # fmt: skip
    units = plant(new)
    plans = ActionPlan.objects.bulk_create(ActionPlan(unit=unit, fiscal_year=world.year) for unit in units)
    own = {name: getattr(model, name) for name in SHARED}
    found = Agreement.objects.bulk_create(
        Agreement(code=f"2570-{unit.code}", unit=unit, plan=plan, **own)
        for unit, plan in zip(units, plans, strict=True)
    )
    kept = ("sequence", "purpose", "content", "sha256", "taken_at")
    Snapshot.objects.bulk_create(
        Snapshot(agreement=each, **{name: getattr(text, name) for name in kept}) for each in found for text in texts
    )
    return found


def at(world, **more):
    """A moment after every walk, and the end of the demonstration's diaries."""
    return world.at(days=400, **more)


def begun(world, unit="IMM"):
    return begin_scheme(world.year, world.unit(unit), actor=world.people.planner, at=at(world))


def set_to(scheme, world, **values):
    """The scheme with other terms."""
    values = {name: getattr(scheme, name) for name in FIELDS} | values
    return save_terms(scheme, values, version=scheme.version, actor=world.people.planner, at=at(world))


def proof(world, bound_to, moment, who="planner"):
    return StepUp(world.people.get(who).pk, moment, bound_to)


def deciding(scheme, world, *, who="planner", **more):
    """The act that puts the decision on record, not made yet."""
    moment = at(world, minutes=10)
    told = ORDER | {"decided_on": (moment - timedelta(days=1)).date()}
    by = {"step_up": proof(world, hash_to_decide(scheme), moment, who), "actor": world.people.get(who), "at": moment}
    return partial(decide, scheme, told, **({"version": scheme.version} | by | more))


def decided(scheme, world, **more):
    """The scheme with its decision on record."""
    return deciding(scheme, world, **more)()


def moving(scheme, name, world, *, who="planner", reason="", **more):
    """One of its other moves, not made yet."""
    moment = at(world, minutes=20)
    by = {"step_up": proof(world, hash_decided(scheme), moment, who), "actor": world.people.get(who), "at": moment}
    return partial(walk, scheme, name, reason=reason, **({"version": scheme.version} | by | more))


def moved(scheme, name, world, **more):
    """The scheme after one of its other moves."""
    return moving(scheme, name, world, **more)()


POOL = Decimal("100000.00")
