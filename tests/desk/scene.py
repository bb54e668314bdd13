"""An agreement at one turn of its walk, with the things that addresses and forms speak of. See verdicts.csv, on top."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.contrib.auth.models import Group
from django.utils import timezone

from acts.log import THE_SYSTEM
from acts.vault import store
from agreements.freeze import agreed_snapshot
from agreements.mandates import push
from agreements.models import Agreement, Document, PlanItem
from agreements.stages import Pen, Stage
from desk.demo.evidence import evidence_file
from desk.demo.years import fiscal_year
from fiscal.models import FiscalYear, Holiday
from indicators.library import save_draft
from indicators.models import SheetVersion
from orgunits.grants import grant
from orgunits.roles import Role
from results.models import Evidence
from results.rules import current_report
from results.scores import evaluation_card, report_card
from results.write import add_evidence
from tests import shelf
from tests.world import YEAR
from workflow.amendment import begin, propose
from workflow.meetings import save_meeting
from workflow.models import Comment, Mention, Offer
from workflow.talk import say

SHEET, OTHER_SHEET = "RTP-01", "RTP-02"
A_MEETING = "ประชุมชี้แจงกรอบการประเมิน"
A_PAGE = b"%PDF-1.7\n%%EOF\n"  # stands for what a worker renders; the document has its own tests
NOT_THERE = 0
HOLIDAY = date(2027, 5, 20)


def stage_scene(world, code, stage, pen):
    """The Scene of a unit's agreement, walked to the turn and furnished as verdicts.csv says."""
    make_surroundings(world)
    walk = world.walk(code)
    agreement = walk.to(stage, pen)
    furnish = FURNISHED.get((stage, pen))
    if furnish:
        furnish(walk)
    return with_documents(agreement)


def make_surroundings(world):
    """What stands beside an agreement: the year to come, a group with a member and a role, and an empty one."""
    # Agreements begin in that year, and the planning office changes it.
    year = fiscal_year(YEAR + 1, by=world.people.planner, at=world.at())
    if not year.meetings.exists():
        _meet(world, year)
    Holiday.objects.get_or_create(day=HOLIDAY, defaults={"name": "วันวิสาขบูชา"})
    if Group.objects.exists():
        return
    _fill_the_library(world)
    group, _empty = Group.objects.create(name="คณะทำงานแผน"), Group.objects.create(name="กลุ่มว่าง")
    group.user_set.add(world.people.nobody)
    grant(group, Role.AUDITOR, world.units.cib, by=THE_SYSTEM, at=world.at())


def _meet(world, year):
    """The planning office has held a meeting of the year, and recorded it."""
    came = [{"name": "พ.ต.อ.หญิง สุดา", "post": "ผกก.", "duty": "ประธาน", "came": "yes"}]
    held = {"subject": A_MEETING, "held_on": world.at().date(), "place": "ห้องประชุม 1", "people": came}
    held |= {"decisions": "รับทราบ", "files": []}
    save_meeting(year, None, held, actor=world.people.planner, at=world.at())


def _fill_the_library(world):
    """A sheet that has been changed and is being written again, and one that no agreement holds."""
    changed, by = shelf.put(world, SHEET), {"by": world.people.planner, "at": world.at()}
    shelf.put(world, OTHER_SHEET, name="ตัวชี้วัดที่ยังไม่มีหน่วยใดใช้")
    # Of the year to come, in which nobody has begun: no line is mandatory by it.
    following = FiscalYear.objects.get(year=YEAR + 1)
    push(changed, following, tiers=(1,), dimension=1, **by)
    shelf.change(world, changed, definition="นับเฉพาะเรื่องที่มีหลักฐาน", answer_in=5000)
    save_draft(shelf.fresh(changed), {"definition": "คำนิยามที่กำลังเขียน"}, version=0, **by)


def _take_from_library(agreement):
    """The first line was taken from the sheet before it was changed, where there is a library."""
    first = SheetVersion.objects.filter(sheet__code=SHEET, number=1).first()
    if first and not agreement.lines.exclude(sheet=None).exists():
        line = agreement.lines.first()
        type(line).objects.filter(pk=line.pk).update(sheet=first.sheet, sheet_version=first)


def with_documents(agreement):
    """The Scene of an agreement as it stands, its documents rendered."""
    _take_from_library(agreement)
    waiting = Document.objects.filter(snapshot__agreement=agreement, sha256="")
    if waiting:
        sha256, _size = store([A_PAGE])
        waiting.update(sha256=sha256, rendered_at=timezone.now())
    return Scene(Agreement.objects.for_detail().get(pk=agreement.pk))


def _say(walk):
    """The negotiator has said something, with a file, and called on the superior; nothing is handed over yet."""
    told = {"people": [walk.people.superior], "files": [evidence_file("ตารางข้อมูล", ["1"], kind="png")]}
    say(walk.agreement, "ขอให้ยืนยันแหล่งข้อมูล", **told, actor=walk.people.negotiator, at=walk.diary.soon())


def _write_minutes(walk):
    walk.diary.later()
    walk.take_minutes()


def _attach(walk):
    result = report_card(current_report(walk.agreement)).rows[0].result
    upload = evidence_file("ภาพการปฏิบัติงาน", ["ก.ค. 2570"], kind="png")
    add_evidence(result, upload, proves="การปฏิบัติงาน", actor=walk.people.staff, at=walk.diary.later())


def _attach_and_amend(walk):
    """One piece of evidence; and an amendment is being written, of which the superior's side hasn't been asked yet."""
    _attach(walk)
    by = {"actor": walk.people.staff, "at": walk.diary.soon()}
    amendment = begin(walk.agreement, "งบประมาณลดลงระหว่างปี", **by)
    line = walk.agreement.lines.filter(children=None).first()
    propose(amendment, line, {"definition": "คำนิยามที่ขอแก้ไข"}, reason="ตามงบประมาณที่เหลือ", seen=0, **by)


def _find(walk):
    walk.find(walk.agreement.lines.count())


FURNISHED = {
    (Stage.INFORMAL, Pen.NEGOTIATOR): _say,
    (Stage.FORMAL, Pen.NEGOTIATOR): _write_minutes,
    (Stage.ASSESSMENT, Pen.STAFF): _attach_and_amend,
    (Stage.EVALUATION, Pen.EVALUATOR): _find,
}


def _pk_of(rows):
    found = rows.first()
    return found.pk if found else NOT_THERE


@dataclass
class Scene:
    """The agreement and what it holds; an id is 0 where there is nothing of the kind."""

    agreement: Agreement

    @cached_property
    def first_line(self):
        return self.agreement.lines.first()

    @cached_property
    def last_line(self):
        return self.agreement.lines.last()

    @cached_property
    def goals(self):
        return list(self.agreement.plan.items.filter(kind=PlanItem.Kind.GOAL))

    @cached_property
    def strategy(self):
        return self.agreement.plan.items.filter(kind=PlanItem.Kind.STRATEGY).last()

    @cached_property
    def snapshot(self):
        return agreed_snapshot(self.agreement)

    @cached_property
    def documents(self):
        """Newest first."""
        return list(Document.objects.filter(snapshot__agreement=self.agreement))

    def document_id(self, place):
        return self.documents[place].pk if self.documents else NOT_THERE

    @cached_property
    def offer_id(self):
        offer = Offer.objects.filter(line__agreement=self.agreement).first()
        return offer.pk if offer else NOT_THERE

    @cached_property
    def comment_id(self):
        return _pk_of(Comment.objects.filter(round__agreement=self.agreement))

    @cached_property
    def mention_id(self):
        return _pk_of(Mention.objects.filter(comment__round__agreement=self.agreement))

    @cached_property
    def amendment(self):
        return self.agreement.amendments.last()

    @cached_property
    def report(self):
        return current_report(self.agreement)

    @cached_property
    def result(self):
        """The row of the report's first line, or None."""
        return report_card(self.report).rows[0] if self.report else None

    @cached_property
    def evidence_id(self):
        found = Evidence.objects.filter(result__report__agreement=self.agreement).first()
        return found.pk if found else NOT_THERE

    @cached_property
    def evaluation(self):
        return getattr(self.report, "evaluation", None) if self.report else None

    @cached_property
    def findings(self):
        """The rows of the evaluation."""
        return evaluation_card(self.evaluation).rows if self.evaluation else []
