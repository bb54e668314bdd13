"""Incentives in the demonstration: of the year before last decided and announced, of last year still being set."""

from datetime import timedelta
from decimal import Decimal

from accounts.models import User
from acts.engine import StepUp
from fiscal.models import FiscalYear
from orgunits.models import OrgUnit
from results.incentive_terms import FIELDS, begin_scheme, save_terms
from results.incentive_walk import decide, hash_decided, hash_to_decide, walk
from results.models import Scheme

# The planning office of สตม., and the unit that it decides for.
DECIDER, UNIT = "nattaya", "IMM"
# Results are approved about half a year after the year ends.
APPROVED_AFTER = timedelta(days=176)
TERMS = {"pool": Decimal(2_400_000), "rule": "per_head", "shows_amounts": True}
HEADS = {
    "IMM-GS": 142, "IMM-D1": 618, "IMM-D2": 1204, "IMM-D3": 655, "IMM-D4": 431, "IMM-D5": 402, "IMM-D6": 478,
    "IMM-INV": 226, "IMM-TEC": 97, "IMM-TRN": 58,
}  # fmt: skip
DECISION = {
    "decided_by": "ผู้บัญชาการสำนักงานตรวจคนเข้าเมือง ตามมติคณะกรรมการพิจารณาสิ่งจูงใจ",
    "text": "ให้จัดสรรเงินรางวัลตามอัตรากำลังของหน่วยที่มีผลงานไม่ต่ำกว่าเกณฑ์ขั้นต่ำ โดยถ่วงด้วยระดับผลงาน",
}


def reward(timing):
    """Make what isn't there yet; what people have changed since stays."""
    for years_ago in (2, 1):
        year, unit = FiscalYear.objects.get(year=timing.year - years_ago), OrgUnit.objects.get(code=UNIT)
        if not Scheme.objects.filter(fiscal_year=year, unit=unit).exists():
            _reward(year, unit, timing, finished=years_ago == 2)


def _reward(year, unit, timing, *, finished):
    by = {"actor": User.objects.get(username=DECIDER), "at": timing.morning(year.ends_on + APPROVED_AFTER)}
    by["at"] = min(by["at"], timing.days_ago(3))
    scheme = begin_scheme(year, unit, **by)
    codes = {f"{year.year}-{code}": heads for code, heads in HEADS.items()}
    values = {name: getattr(scheme, name) for name in FIELDS} | TERMS | {"heads": codes}
    scheme = save_terms(scheme, values, version=scheme.version, **by)
    if finished:
        _decide_and_announce(scheme, by)


def _decide_and_announce(scheme, by):
    on, actor = by["at"].date(), by["actor"]
    told = DECISION | {"order_number": f"89/{on.year + 543}", "decided_on": on}
    proof = StepUp(actor.pk, by["at"], hash_to_decide(scheme))
    scheme = decide(scheme, told, version=scheme.version, step_up=proof, **by)
    proof = StepUp(actor.pk, by["at"], hash_decided(scheme))
    walk(scheme, "publish", version=scheme.version, step_up=proof, **by)
