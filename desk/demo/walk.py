"""Walking an agreement through its stages as people do: every step by the product's own verbs and moves."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from acts.engine import StepUp, move
from agreements.freeze import agreed_snapshot
from agreements.models import Agreement, Line
from agreements.questions import save_answers, unanswered
from agreements.receiver import choose_receiver
from agreements.rules import numbered_lines
from agreements.signing_rule import chosen_receiver, receiver_alternatives
from agreements.stages import Pen, Stage
from desk.demo.diary import Diary
from desk.demo.evidence import evidence_copies, evidence_file
from desk.demo.indicators import DIMENSIONS, inputs_of
from desk.demo.telling import told
from results.appeal import save_decisions, save_objections
from results.appeal_rules import appeal_of, objections
from results.models import Finding
from results.oversee import give_verdict
from results.rules import current_report
from results.scores import report_card
from results.write import add_evidence, save_finding, save_findings, save_result
from thai.numbers import measured
from workflow.lifecycle import TABLE
from workflow.minutes import save_minutes
from workflow.models import Minutes, Offer
from workflow.offers import accept, make_offer
from workflow.rules import decisions_needed, hash_of_final_scores, hash_of_scores, open_offers
from workflow.talk import say

BROWSER = {"ip": "10.20.1.15", "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0"}
FIRST_OFFERS = (
    (
        "1.1",
        "data_source",
        "ระบบสารสนเทศของหน่วย ประมวลผลเป็นรายเดือนและสอบทานโดยกองบังคับการอำนวยการ สำนักงานตรวจคนเข้าเมือง",
        "เพื่อให้ทุกหน่วยใช้แหล่งข้อมูลที่ผ่านการสอบทานแบบเดียวกัน",
    ),
)
FIRST_COMMENT = "โดยรวมเหมาะสม ขอให้หน่วยยืนยันแหล่งข้อมูลของตัวชี้วัดที่ 1.1 ก่อนปิดการเจรจา"
OBJECTION = "ข้อมูลที่ใช้ให้คะแนนยังไม่รวมผลการดำเนินงานเดือนกันยายน ซึ่งหน่วยส่งหลักฐานเพิ่มเติมแล้ว"
DECIDED_BECAUSE = "คณะกรรมการพิจารณาหลักฐานแล้ว ข้อมูลเดือนกันยายนได้รวมไว้ในผลการดำเนินงานแล้ว"
PANEL = {
    "people": "พล.ต.ต. ธีระ มั่นคง รอง ผบช. ประธานกรรมการ\nพ.ต.อ. วีณา ใจดี ผกก. กรรมการ\nพ.ต.ท. อนุ รักงาน กรรมการและเลขานุการ",
    "order_number": "สตม. 310/2570",
}
MINUTES = {
    "place": "ห้องประชุม 1 สำนักงานตรวจคนเข้าเมือง",
    "committee": (
        "1. รองผู้บัญชาการ ประธานกรรมการ\n2. ผู้บังคับการอำนวยการ กรรมการ\n"
        "3. ผู้แทนกองยุทธศาสตร์ กรรมการ\n4. ผู้แทนหน่วยเจ้าของคำรับรอง ผู้ชี้แจง"
    ),
    "decisions": "ที่ประชุมเห็นชอบตัวชี้วัด น้ำหนัก เป้าหมาย และเกณฑ์การให้คะแนนตามที่ได้เจรจา และให้จัดทำคำรับรองเพื่อลงนามต่อไป",
}


@dataclass(frozen=True)
class Outcome:
    """What a line came to: the unit's result, the evaluator's, and why they differ; and the results on the way there."""

    value: object
    found: object
    reason: str = ""
    on_the_way: tuple = ()

    def in_round(self, reporting_round):
        """The unit's result in a round of the year."""
        before = self.on_the_way[: reporting_round.position][-1:]
        return self.value if reporting_round.is_final or not before else before[0]


@dataclass(frozen=True)
class Words:
    """What the superior's side says: (number of the line, field, offered or how to word it, reason), comment, minutes."""

    offers: tuple = FIRST_OFFERS
    comment: str = FIRST_COMMENT
    minutes: dict = field(default_factory=lambda: MINUTES)


@dataclass(frozen=True)
class Proof:
    """A piece of evidence of one line: its file (what makes the upload), what it proves, and of which day it is."""

    file: Callable
    proves: str
    dated_on: date


@dataclass
class People:
    """Who acts for which role in one agreement."""

    staff: User
    office: User
    head: User
    negotiator: User
    superior: User
    evaluator: User


@dataclass
class Walk:
    """An agreement, its people, the time. `outcomes`: line name → Outcome; without one, a line meets its target.

    `reports_from`: {round's position: when its report is begun, unless something keeps it}, from then on at the pace of
    `reports_pace`. `one_proof`: all results are proved by one yearly report; `proofs`: {line's number: Proof} of what
    proves a line besides. `as_history`: its documents are made when somebody asks for them.
    """

    agreement: Agreement
    people: People
    diary: Diary
    outcomes: dict = field(default_factory=dict)
    words: Words = field(default_factory=Words)
    reports_from: dict = field(default_factory=dict)
    reports_pace: timedelta = timedelta(days=1)
    one_proof: bool = False
    as_history: bool = False
    appeals: bool = False
    proofs: dict = field(default_factory=dict)

    def to(self, stage, pen=None):
        """Go on, step by step, until the agreement stands in `stage` (and the pen is in the hand `pen`).

        The unit accepts its scores, unless the way leads by an appeal.
        """
        self.appeals = self.appeals or (stage == Stage.APPEAL and pen in (Pen.EVALUATOR, Pen.SUPERIOR))
        while not self._is_at(stage, pen):
            self.step()
        return self.agreement

    def to_round(self, position):
        """Go on until the report of that round is the unit's to write."""
        self.to(Stage.ASSESSMENT, Pen.STAFF)
        while self.current_report().round.position < position:
            self.step()

    def current_report(self):
        """The report that the unit is at now."""
        return current_report(self.agreement, on=timezone.localdate(self.diary.now))

    def step(self):
        """What happens next in a walk without trouble."""
        STEPS[self.agreement.stage, self.agreement.pen](self)

    def _is_at(self, stage, pen):
        return self.agreement.stage == stage and pen in (None, self.agreement.pen)

    def move(self, name, actor, *, reason="", at=None, **facts):
        """Make one move of the table, some time later."""
        self.agreement = move(
            TABLE,
            self.agreement,
            name,
            actor=actor,
            at=at or self.diary.later(),
            version=self.agreement.version,
            reason=reason,
            as_history=self.as_history,
            **facts,
        )
        return self.agreement

    def confirmed(self, name, actor, shown):
        """Make a move that asks for the password, given with `shown` (a hash) before the eyes."""
        at = self.diary.later()
        return self.move(name, actor, at=at, step_up=StepUp(actor.pk, at, shown), **BROWSER)

    def line(self, number):
        """The line of that number, as it stands; dimensions are counted as if none were a part of another."""
        place, _dot, rest = number.partition(".")
        leaves = list(self.agreement.framework.dimensions.leaves())
        names = {str(each): name for each, name, _weight in DIMENSIONS}
        label = next((leaf.label for leaf in leaves if leaf.name == names.get(place)), place)
        wanted = f"{label}.{rest}"
        return next(numbered.line for numbered in numbered_lines(self.agreement) if numbered.number == wanted)

    def rest(self):
        """Nothing more happens."""

    # Draft and informal negotiation

    def hand_to_office(self):
        """Staff hand the work over; by then they have answered the three questions."""
        if self.agreement.stage == Stage.DRAFT:
            self.answer_questions()
        self.move("hand_to_office", self.people.staff)

    def answer_questions(self):
        """What each indicator develops, by what it is measured, and its target; as far as it isn't answered yet."""
        given = [(each.line, answers_to_questions(each.line), 0) for each in unanswered(self.agreement)]
        if given:
            save_answers(self.agreement, given, actor=self.people.staff, at=self.diary.soon())

    def submit(self):
        self.move("submit", self.people.office)

    def negotiate(self):
        """The negotiator makes the first offers; once the unit has answered, is content and closes."""
        if not self.words.offers or Offer.objects.filter(line__agreement=self.agreement).exists():
            self.move("close_informal", self.people.negotiator)
        else:
            self.offer(self.words.offers, self.words.comment)
            self.move("hand_back", self.people.negotiator)

    def offer(self, offers, comment):
        """The superior's side makes offers (as in `Words`) and says something."""
        self.diary.later()
        for number, column, offered, reason in offers:
            line = self.line(number)
            value = offered(line) if callable(offered) else offered
            make_offer(line, column, value, reason=reason, actor=self.people.negotiator, at=self.diary.soon())
        say(self.agreement, comment, actor=self.people.negotiator, at=self.diary.soon())

    def accept_and_hand_in(self):
        """Staff accept what is offered and hand it to their office."""
        self.diary.later()
        self.accept(open_offers(self.agreement))
        self.hand_to_office()

    def accept(self, offers):
        """Staff accept these offers."""
        for offer in offers:
            accept(offer, actor=self.people.staff, at=self.diary.soon())

    def answer(self):
        self.move("answer", self.people.office)

    # Formal negotiation and signing

    def hold_formal_round(self):
        """The committee meets; the negotiator writes the minutes and sends them to be confirmed."""
        self.diary.later()
        self.take_minutes()
        self.move("record_formal", self.people.negotiator)

    def take_minutes(self):
        at = self.diary.soon()
        values = {"held_on": at.date() - timedelta(days=1), **self.words.minutes}
        stands = {"kind": Minutes.Decision.STANDS.value, "reason": ""}
        values["decided"] = {str(each.line.pk): stands for each in decisions_needed(self.agreement)}
        save_minutes(self.agreement, values, version=0, actor=self.people.negotiator, at=at)

    def confirm(self):
        """The head's office confirms; where the rule leaves a choice, it says first who receives the agreement."""
        if chosen_receiver(self.agreement) is None:
            self.choose(receiver_alternatives(self.agreement)[0])
        self.move("confirm_formal", self.people.office)

    def choose(self, post, **order):
        """Say who receives the agreement; a deputy by an order (order_number, order_date)."""
        choose_receiver(self.agreement, post, **order, actor=self.people.office, at=self.diary.soon())

    def sign(self):
        self.confirmed("sign", self.people.head, agreed_snapshot(self.agreement).sha256)

    def countersign(self):
        self.confirmed("countersign", self.people.superior, agreed_snapshot(self.agreement).sha256)

    # Self-assessment and evaluation

    def report(self):
        """Staff write the report, not before its time, and hand it to their office."""
        self._wait_for_the_round()
        self.write_report()
        self.oversee()
        self.hand_to_office()

    def _wait_for_the_round(self):
        begins = self.reports_from.get(self.current_report().round.position)
        if begins and begins > self.diary.now:
            self.diary = Diary(begins, self.reports_pace)
        self.diary.later()

    def report_from_paper(self, paper, reason):
        """The evaluator enters the report from the unit's letter (see results.from_paper) and sends it."""
        self._wait_for_the_round()
        people = self.people
        self.move("take_from_paper", people.evaluator, paper=paper, reason=reason)
        self.people = replace(people, staff=people.evaluator)
        self.write_report()
        self.people = people
        self.move("send_from_paper", people.evaluator)

    def write_report(self):
        """Every line's result; in the final round with a piece of evidence."""
        report = self.current_report()
        yearly = self._yearly_report() if self.one_proof and report.round.is_final else None
        for row in report_card(report).rows:
            self._report_line(row, report.round)
            if report.round.is_final:
                self._prove(row, yearly)

    def oversee(self):
        """Whoever oversees an indicator approves its result."""
        for row in report_card(self.current_report()).rows:
            if row.overseer and row.value is not None and not row.result.verdict_approves:
                told = {"approves": True, "reason": "", "version": row.result.version}
                told["seen"] = row.result.verdict_id or 0
                give_verdict(row.result, **told, actor=row.overseer, at=self.diary.soon())

    def _report_line(self, row, reporting_round):
        value = self._outcome(row.line.key).in_round(reporting_round)
        texts = {"value": value, "inputs": inputs_of(row.line, value), **told(row.line, value, reporting_round)}
        save_result(row.result, texts, version=row.result.version, actor=self.people.staff, at=self.diary.soon())

    def _prove(self, row, yearly):
        """By the yearly report; without one, and now and then besides, by a file of the line's own."""
        files = [yearly()] if yearly else []
        if not yearly or row.line.number == "1.2":
            files.append(self._own_proof(row))
        for file in files:
            facts = {"proves": "สรุปผลการดำเนินงานทั้งปี", "dated_on": self.agreement.fiscal_year.ends_on}
            self._add_evidence(row, file, **facts)
        proof = self.proofs.get(row.line.number)
        if proof:
            self._add_evidence(row, proof.file(), proves=proof.proves, dated_on=proof.dated_on)

    def _add_evidence(self, row, file, **facts):
        add_evidence(row.result, file, **facts, level=self._level(row), actor=self.people.staff, at=self.diary.soon())

    def _level(self, row):
        """A line of steps is proved up to the step that was reached."""
        return int(self._outcome(row.line.key).value) or None if row.line.kind == Line.Kind.MILESTONE else None

    def _yearly_report(self):
        unit, year = self.agreement.unit, self.agreement.fiscal_year.year
        title = f"รายงานผลการปฏิบัติราชการประจำปี {year} {unit.short_name}"
        return evidence_copies(title, [unit.name_th, f"ปีงบประมาณ พ.ศ. {year}", "รวบรวมโดยฝ่ายอำนวยการ"])

    def _own_proof(self, row):
        kind = "png" if row.line.number.endswith("2") else "pdf"
        title = f"หลักฐานตัวชี้วัด {row.line.number} {self.agreement.unit.short_name}"
        return evidence_file(title, [row.line.name[:56], f"ปีงบประมาณ {self.agreement.fiscal_year.year}"], kind=kind)

    def _outcome(self, key):
        line = self.agreement.lines.get(pk=key)
        return self.outcomes.get(line.name) or Outcome(line.target, line.target)

    def send_report(self):
        self.move("send_report", self.people.office)

    def accept_report(self):
        self.move("accept_report", self.people.evaluator)

    def certify(self):
        self.move("certify", self.people.head)

    def evaluate(self):
        """The evaluator finds every line, most of them as reported, and proposes the scores."""
        self.diary.later()
        self._find_all()
        self.move("propose", self.people.evaluator)

    def _find_all(self):
        evaluation = self.current_report().evaluation
        given = [(finding, self._finding(finding.line_id)) for finding in evaluation.findings.select_related("line")]
        otherwise = [(finding, values, finding.version) for finding, values in given if values["reason"]]
        given = {"actor": self.people.evaluator, "at": self.diary.soon()}
        save_findings(evaluation, otherwise, chosen=self.agreement.lines.values_list("pk", flat=True), **given)

    def _finding(self, key):
        outcome = self._outcome(key)
        return {"value": outcome.found, "reason": outcome.reason}

    def find(self, count):
        """The evaluator's results of the first `count` lines."""
        report = self.current_report()
        for row in report_card(report).rows[:count]:
            finding = Finding(evaluation=report.evaluation, line_id=row.line.key)
            given = self._finding(row.line.key)
            save_finding(finding, given, version=1, actor=self.people.evaluator, at=self.diary.soon())

    def release(self):
        self.confirmed("release", self.people.superior, hash_of_scores(self.agreement))

    def object_to_scores(self):
        """The unit writes one objection, with the result that it asks for: its own, where the evaluator's differs."""
        appeal = appeal_of(self.agreement)
        rows = report_card(self.current_report()).rows
        row = next((row for row in rows if self._outcome(row.line.key).reason), rows[0])
        asked = row.value if self._outcome(row.line.key).reason else row.line.target
        line = appeal.lines.get(line_id=row.line.key)
        given = [(line, {"objection": OBJECTION, "asked_value": asked}, line.version)]
        save_objections(appeal, given, actor=self.people.staff, at=self.diary.soon())

    def lodge_appeal(self):
        self.object_to_scores()
        self.move("lodge_appeal", self.people.head)

    def decide_objections(self, decision="kept", value=None, reason=DECIDED_BECAUSE):
        """The panel decides every objection alike."""
        appeal = appeal_of(self.agreement)
        values = {"decision": decision, "decided_value": value, "reason": reason}
        given = [(line, values, line.version) for _agreed, line in objections(appeal)]
        panel = {**PANEL, "met_on": self.diary.now.date()}, appeal.panel.version
        save_decisions(appeal, panel, given, actor=self.people.evaluator, at=self.diary.soon())

    def decide_appeal(self):
        self.decide_objections()
        self.move("decide_appeal", self.people.evaluator)

    def close(self):
        self.confirmed("close", self.people.superior, hash_of_final_scores(self.agreement))

    def answer_scores(self):
        """The head appeals, or accepts."""
        (self.lodge_appeal if self.appeals else self.accept_scores)()

    def accept_scores(self):
        self.move("accept_scores", self.people.head)


# What happens next in a walk without trouble, by stage and by whose pen it is.
STEPS = {
    (Stage.DRAFT, Pen.STAFF): Walk.hand_to_office,
    (Stage.DRAFT, Pen.OFFICE): Walk.submit,
    (Stage.INFORMAL, Pen.NEGOTIATOR): Walk.negotiate,
    (Stage.INFORMAL, Pen.STAFF): Walk.accept_and_hand_in,
    (Stage.INFORMAL, Pen.OFFICE): Walk.answer,
    (Stage.FORMAL, Pen.NEGOTIATOR): Walk.hold_formal_round,
    (Stage.FORMAL, Pen.OFFICE): Walk.confirm,
    (Stage.SIGNING, Pen.HEAD): Walk.sign,
    (Stage.SIGNING, Pen.SUPERIOR): Walk.countersign,
    (Stage.ASSESSMENT, Pen.STAFF): Walk.report,
    (Stage.ASSESSMENT, Pen.OFFICE): Walk.send_report,
    (Stage.ASSESSMENT, Pen.EVALUATOR): Walk.accept_report,
    (Stage.ASSESSMENT, Pen.HEAD): Walk.certify,
    (Stage.EVALUATION, Pen.EVALUATOR): Walk.evaluate,
    (Stage.EVALUATION, Pen.SUPERIOR): Walk.release,
    (Stage.APPEAL, Pen.HEAD): Walk.answer_scores,
    (Stage.APPEAL, Pen.EVALUATOR): Walk.decide_appeal,
    (Stage.APPEAL, Pen.SUPERIOR): Walk.close,
}


def answers_to_questions(line):
    """The answers to the three questions, from the sheet."""
    target = "" if line.target is None else measured(line.target, line.unit_of_measure)
    purpose = line.explanation.strip() or line.definition.strip() or line.name
    return {"develops": purpose, "measures": line.name, "target_is": target or "ตามเกณฑ์การให้คะแนน"}


def walk_to(agreement, stage, people, *, at, pen=None, pace=timedelta(days=1)):
    """Walk `agreement` on to `stage` (and to the hand `pen`), beginning at `at`; gives the agreement as it then is."""
    return Walk(agreement, people, Diary(at, pace)).to(stage, pen)
