"""An agreement at one turn of its walk, with the things that addresses and forms speak of. See verdicts.csv, on top."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import User
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
from results.appeal_files import add_file
from results.appeal_forms import DecisionsForm, ObjectionsForm
from results.appeal_rules import appeal_of, lodged, objections
from results.giving_time import give_time
from results.incentive_record import content_of, freeze_decision
from results.incentive_terms import USUAL, outlook
from results.models import Collected, Evaluation, Evidence, Scheme, Visit
from results.rules import current_report
from results.scores import agreed_of, evaluation_card, report_card
from results.visits import save_visit
from results.write import add_evidence, save_figure
from tests import shelf
from tests.results.naming import name_people
from tests.world import ON, YEAR
from workflow.amendment import begin, propose
from workflow.meetings import save_meeting
from workflow.models import Comment, Mention, Offer
from workflow.talk import say

FAR = "nobody"  # whom no right leads to any agreement
SHEET, OTHER_SHEET = "RTP-01", "RTP-02"
A_MEETING = "ประชุมชี้แจงกรอบการประเมิน"
DECISION = {"order_number": "12/2570", "decided_on": "2026-09-01", "decided_by": "ผบ.ตร.", "text": "อนุมัติ"}
A_VISIT = "ด่านตรวจคนเข้าเมือง ท่าอากาศยาน"
A_PAGE = b"%PDF-1.7\n%%EOF\n"  # stands for what a worker renders; the document has its own tests
NOT_THERE = 0
NO_FILE = "0" * 64
HOLIDAY = date(2027, 5, 20)
TIME_UNTIL = date(2028, 9, 15)


def stage_scene(world, code, stage, pen):
    """The Scene of a unit's agreement, walked to the turn and furnished as verdicts.csv says."""
    make_surroundings(world)
    walk = world.walk(code)
    agreement = walk.to(stage, pen)
    furnish = FURNISHED.get((stage, pen))
    if furnish:
        furnish(walk)
    if (stage, pen) == (Stage.ASSESSMENT, Pen.STAFF):
        _name_and_collect(walk)
    return with_documents(agreement)


def make_surroundings(world):
    """What stands beside an agreement: the year to come, a group with a member and a role, and an empty one."""
    # Agreements begin in that year, and the planning office changes it.
    year = fiscal_year(YEAR + 1, by=world.people.planner, at=world.at())
    if not year.meetings.exists():
        _meet(world, year)
        _reward(world, year)
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


def _reward(world, following):
    """Incentives: of the command terms are set; those of the organisation are announced, and for the year to come decided."""
    S = Scheme.Stage
    kept = ((world.units.imm, world.year, S.DRAFT), (world.units.rtp, world.year, S.PUBLISHED))
    for unit, year, stage in (*kept, (world.units.rtp, following, S.DECIDED)):
        published_at = world.at() if stage == S.PUBLISHED else None
        terms = {**USUAL, "pool": 100_000, "stage_since": world.at(), "published_at": published_at}
        scheme = Scheme.objects.create(fiscal_year=year, unit=unit, stage=stage, **terms)
        if stage != S.DRAFT:
            content = content_of(scheme, outlook(scheme)) | {"decision": DECISION}
            freeze_decision(scheme, content, actor=world.people.planner, at=world.at())


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
    result = report_card(current_report(walk.agreement, on=ON)).rows[0].result
    upload = evidence_file("ภาพการปฏิบัติงาน", ["ก.ค. 2570"], kind="png")
    add_evidence(result, upload, proves="การปฏิบัติงาน", actor=walk.people.staff, at=walk.diary.later())


def _give_time(walk):
    """The planning office has given the unit time for the report."""
    planner = User.objects.get(username="suda")
    given = {"until": TIME_UNTIL, "reason": "ระบบข้อมูลกลางปิดปรับปรุง", "order_number": "ตช 0007.34/12"}
    give_time(current_report(walk.agreement, on=ON), **given, actor=planner, at=walk.diary.soon())
    walk.agreement = Agreement.objects.for_detail().get(pk=walk.agreement.pk)


def _name_and_collect(walk):
    """The first line has a far overseer; the staff carry its score, and a far collector has given a figure."""
    result, far = report_card(current_report(walk.agreement, on=ON)).rows[0].result, User.objects.get(username=FAR)
    name_people(result.line_id, overseer=far, collectors=[walk.people.staff, far])
    save_figure(result, {"value": 80, "note": "นับเฉพาะด่านหลัก"}, actor=far, at=walk.diary.soon())


def _attach_and_amend(walk):
    """One piece of evidence, and time given for the report; and an amendment is being written, of which the superior's side hasn't been asked yet."""
    _attach(walk)
    _give_time(walk)
    by = {"actor": walk.people.staff, "at": walk.diary.soon()}
    amendment = begin(walk.agreement, "งบประมาณลดลงระหว่างปี", **by)
    line = walk.agreement.lines.filter(children=None).first()
    propose(amendment, line, {"definition": "คำนิยามที่ขอแก้ไข"}, reason="ตามงบประมาณที่เหลือ", seen=0, **by)


def _find(walk):
    """Every line has its finding, and the evaluator has been to see the unit."""
    walk.find(walk.agreement.lines.count())
    at = walk.diary.soon()
    told = {"visited_on": at.date(), "place": A_VISIT, "people": "พ.ต.ต. วิชัย ตั้งตรง", "seen": "ระบบคิวใช้งานจริง"}
    save_visit(current_report(walk.agreement, on=ON).evaluation, told, [], actor=walk.people.evaluator, at=at)


def _object(walk):
    """The days to appeal run, whatever the day is; the unit has written an objection, with a picture."""
    until = timezone.localdate() + timedelta(days=9)
    Evaluation.objects.filter(report__agreement=walk.agreement).update(appeal_until=until)
    walk.object_to_scores()
    line, proof = appeal_of(walk.agreement).lines.first(), evidence_file("คำร้อง", ["ก.ย. 2570"], kind="png")
    add_file(line, proof, proves="ยอดเดือนกันยายน", actor=walk.people.staff, at=walk.diary.soon())


def _decide(walk):
    walk.decide_objections()


FURNISHED = {
    (Stage.INFORMAL, Pen.NEGOTIATOR): _say,
    (Stage.FORMAL, Pen.NEGOTIATOR): _write_minutes,
    (Stage.ASSESSMENT, Pen.STAFF): _attach_and_amend,
    (Stage.EVALUATION, Pen.EVALUATOR): _find,
    (Stage.APPEAL, Pen.HEAD): _object,
    (Stage.APPEAL, Pen.EVALUATOR): _decide,
}


def appeal_form(scene):
    """The form of the appeal at that turn, or None before the release: objections, then decisions."""
    if scene.appeal is None:
        return None
    agreed = agreed_of(scene.appeal.evaluation.report)
    if lodged(scene.appeal):
        return DecisionsForm(panel=scene.appeal.panel, rows=objections(scene.appeal), scale=agreed.scale)
    lines = {each.line_id: each for each in scene.appeal_lines}
    return ObjectionsForm(rows=[(line, lines[line.key]) for line in agreed.lines], scale=agreed.scale)


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
        return current_report(self.agreement, on=ON)

    @cached_property
    def time_given(self):
        """What stands for the report, or None."""
        return self.report and self.report.time_given.filter(ended_at=None).first()

    @cached_property
    def result(self):
        """The row of the report's first line, or None."""
        return report_card(self.report).rows[0] if self.report else None

    @cached_property
    def evidence_id(self):
        found = Evidence.objects.filter(result__report__agreement=self.agreement).first()
        return found.pk if found else NOT_THERE

    @cached_property
    def evidence(self):
        return Evidence.objects.filter(pk=self.evidence_id).first()

    @cached_property
    def collected_id(self):
        return _pk_of(Collected.objects.filter(result__report__agreement=self.agreement))

    @cached_property
    def evaluation(self):
        return getattr(self.report, "evaluation", None) if self.report else None

    @cached_property
    def appeal(self):
        return appeal_of(self.agreement)

    @cached_property
    def appeal_lines(self):
        return list(self.appeal.lines.all()) if self.appeal else []

    @property
    def appeal_file(self):
        """(line's id, hash) of the first line's file of the appeal."""
        lines = self.appeal_lines[:1]
        files = [each["sha256"] for line in lines for each in line.files]
        return [*([line.line_id for line in lines] or [NOT_THERE]), *(files or [NO_FILE])]

    @cached_property
    def visit(self):
        """The visit that is recorded, or None."""
        return Visit.objects.filter(evaluation__report__agreement=self.agreement).first()

    @cached_property
    def findings(self):
        """The rows of the evaluation."""
        return evaluation_card(self.evaluation).rows if self.evaluation else []
