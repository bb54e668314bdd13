"""The library's shelf for tests: a sheet written and published in a line."""

from decimal import Decimal

from agreements.mandates import push
from agreements.models import Line
from indicators.library import add_sheet, draft_of, publish, save_draft
from indicators.models import Sheet

CONTENT = {
    "name": "ร้อยละของเรื่องร้องเรียนที่ดำเนินการแล้วเสร็จ",
    "unit_of_measure": "ร้อยละ",
    "definition": "เรื่องที่ได้รับภายในปีงบประมาณ",
    "formula": "จำนวนที่แล้วเสร็จ ÷ จำนวนที่ได้รับ × 100",
    "data_source": "ระบบรับเรื่องร้องเรียน",
}


def put(world, code="RTP-01", *, owner="RTP", by=None, source="mandatory", **content):
    """A published sheet, first version, of ตร. unless said otherwise."""
    by = by or world.people.planner
    levels = {f"level_{n}": Decimal(50 + 10 * n) for n in range(1, 6)}
    sheet = add_sheet(code, world.unit(owner), source, CONTENT | levels | content, by=by, at=world.at())
    publish(sheet, version=1, by=by, at=world.at())
    return fresh(sheet)


def change(world, sheet, *, answer_in=14, note="ปรับคำนิยาม", at=None, **changes):
    """The sheet's next version; answered within so many days."""
    at, by = at or world.at(), world.people.planner
    draft = save_draft(sheet, changes, version=draft_of(sheet).version, by=by, at=at)
    day = world.at(days=answer_in).date()
    return publish(fresh(sheet), version=draft.version, note=note, answer_by=day, by=by, at=at)


def fresh(sheet):
    return Sheet.objects.select_related("owner", "current").get(pk=sheet.pk)


def pushed(world, sheet, *, tiers=(3,), units=(), dimension=2, year=None):
    planner = {"by": world.people.planner, "at": world.at()}
    return push(sheet, year or world.year, tiers=tiers, units=units, dimension=dimension, **planner)


def line_of(sheet, agreement):
    return Line.objects.select_related("sheet__current", "sheet_version", "agreement").get(
        sheet=sheet, agreement=agreement
    )
