"""The indicator library of the demonstration: a dozen sheets, three of them mandatory, one changed since."""

from datetime import timedelta

from accounts.models import User
from agreements.library import object_to_version, waiting_answers
from agreements.mandates import push
from desk.demo.indicators import LIBRARY
from fiscal.models import FiscalYear
from indicators.library import add_sheet, publish, save_draft
from indicators.library_models import CONTENT
from indicators.models import Sheet
from indicators.scale import FIVE, THREE
from indicators.sources import Source
from orgunits.models import OrgUnit

MANDATORY, MISSION = Source.MANDATORY, Source.MISSION
# code, owner, who publishes it, indicator, source
SHEETS = (
    ("RTP-01", "RTP", "suda", "budget", MANDATORY),
    ("RTP-02", "RTP", "suda", "investment", MANDATORY),
    ("RTP-03", "RTP", "suda", "e_government", MANDATORY),
    ("RTP-04", "RTP", "suda", "officers", MISSION),
    ("RTP-05", "RTP", "suda", "satisfaction", MISSION),
    ("RTP-06", "RTP", "suda", "internal", MISSION),
    ("IMM-01", "IMM", "nattaya", "arrivals", MISSION),
    ("IMM-02", "IMM", "nattaya", "extension", MISSION),
    ("IMM-03", "IMM", "nattaya", "overstay", MISSION),
    ("IMM-04", "IMM", "nattaya", "passports", MISSION),
    ("IMM-05", "IMM", "nattaya", "training", MISSION),
    ("IMM-06", "IMM", "nattaya", "complaints", MISSION),
)
# code → (levels, number of the dimension)
MANDATES = {"RTP-01": ((2,), 3), "RTP-02": ((1,), 3), "RTP-03": ((1,), 4)}
IN_TARGETS = ("RTP-02", "RTP-03")  # mandatory for ตร., whose framework has the scale 50, 75, 100
CHANGED, NEW_DEFINITION = "RTP-01", (
    "งบประมาณรายจ่ายภาพรวม หมายถึง งบประมาณที่หน่วยได้รับจัดสรรและโอนเปลี่ยนแปลงแล้ว ณ วันสิ้นปีงบประมาณ ทุกงบรายจ่าย "
    "ทั้งนี้ ไม่รวมงบกลางที่ได้รับจัดสรรหลังวันที่ 30 มิถุนายน"
)  # fmt: skip
WHY_CHANGED = "ปรับคำนิยามให้ตรงกับมาตรการเร่งรัดการเบิกจ่ายที่คณะรัฐมนตรีเห็นชอบ โดยไม่นับงบกลางที่ได้รับจัดสรรปลายปี"
WHY_NOT = "หน่วยได้รับงบกลางเพื่อภารกิจเร่งด่วนในไตรมาสสุดท้ายทุกปี หากไม่นับรวมผลการเบิกจ่ายจะไม่สะท้อนการปฏิบัติงานจริง"
IN_WRITING, NEW_CONDITION = "IMM-03", "ไม่นับคนต่างด้าวที่ได้รับการผ่อนผันตามมติคณะรัฐมนตรี และผู้ที่อยู่ระหว่างอุทธรณ์"
OBJECTS = "natthapong"  # for บช.สอท.


def fill_library(timing):
    """Made once; a second time the library is left as people have changed it."""
    if Sheet.objects.exists():
        return
    for each in SHEETS:
        _publish(*each, at=timing.days_ago(40))
    year = FiscalYear.objects.get(year=timing.year)
    for code, (tiers, dimension) in MANDATES.items():
        push(_sheet(code), year, tiers=tiers, dimension=dimension, by=_person("suda"), at=timing.days_ago(3))
    _change(timing)
    _begin_a_draft(timing)


def _publish(code, owner, who, key, source, *, at):
    fields = LIBRARY[key].on(THREE if code in IN_TARGETS else FIVE).as_fields()
    content = {name: fields[name] for name in CONTENT if name in fields} | {"target": None}
    by = {"by": _person(who), "at": at}
    sheet = add_sheet(code, OrgUnit.objects.get(code=owner), source, content, **by)
    publish(sheet, version=1, **by)


def _change(timing):
    """A mandatory sheet gets another definition; one unit objects, the others are still to answer."""
    sheet, by = _sheet(CHANGED), {"by": _person("suda"), "at": timing.days_ago(2)}
    draft = save_draft(sheet, {"definition": NEW_DEFINITION}, version=0, **by)
    day = timing.today + timedelta(days=10)
    version = publish(sheet, version=draft.version, note=WHY_CHANGED, answer_by=day, **by)
    staff = _person(OBJECTS)
    for line in waiting_answers(staff, timing.now):
        object_to_version(line, version, WHY_NOT, actor=staff, at=timing.days_ago(1))


def _begin_a_draft(timing):
    """A sheet whose next version is being written."""
    by = {"by": _person("nattaya"), "at": timing.days_ago(1)}
    save_draft(_sheet(IN_WRITING), {"conditions": NEW_CONDITION}, version=0, **by)


def _sheet(code):
    return Sheet.objects.select_related("owner", "current").get(code=code)


def _person(username):
    return User.objects.get(username=username)
