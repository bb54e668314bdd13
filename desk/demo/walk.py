"""Walking an agreement through its stages as people do: every step by the product's own verbs and moves."""

from dataclasses import dataclass, field
from datetime import timedelta

from accounts.models import User
from acts.engine import StepUp, move
from agreements.freeze import agreed_snapshot
from agreements.models import Agreement
from agreements.rules import numbered_lines
from agreements.stages import Pen, Stage
from desk.demo.diary import Diary
from desk.demo.evidence import evidence_file
from results.models import Finding
from results.rules import current_report
from results.scores import report_card
from results.write import add_evidence, save_finding, save_result
from workflow.lifecycle import TABLE
from workflow.minutes import save_minutes
from workflow.models import Offer
from workflow.offers import accept, make_offer, say
from workflow.rules import hash_of_scores, open_offers

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
    """What a line came to: the unit's result, the evaluator's, and why they differ."""

    value: object
    found: object
    reason: str = ""


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
    """An agreement, its people, the time. `outcomes`: line name → Outcome; without one, a line meets its target."""

    agreement: Agreement
    people: People
    diary: Diary
    outcomes: dict = field(default_factory=dict)

    def to(self, stage, pen=None):
        """Go on, step by step, until the agreement stands in `stage` (and the pen is in the hand `pen`)."""
        while not self._is_at(stage, pen):
            STEPS[self.agreement.stage, self.agreement.pen](self)
        return self.agreement

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
            **facts,
        )
        return self.agreement

    def confirmed(self, name, actor, shown):
        """Make a move that asks for the password, given with `shown` (a hash) before the eyes."""
        at = self.diary.later()
        return self.move(name, actor, at=at, step_up=StepUp(actor.pk, at, shown), **BROWSER)

    def line(self, number):
        """The line that is numbered so, as it stands."""
        return next(numbered.line for numbered in numbered_lines(self.agreement) if numbered.number == number)

    def rest(self):
        """Nothing more happens."""

    # Draft and informal negotiation

    def hand_to_office(self):
        self.move("hand_to_office", self.people.staff)

    def submit(self):
        self.move("submit", self.people.office)

    def negotiate(self):
        """The negotiator makes the first offers; once the unit has answered, is content and closes."""
        if Offer.objects.filter(line__agreement=self.agreement).exists():
            self.move("close_informal", self.people.negotiator)
        else:
            self.offer(FIRST_OFFERS, FIRST_COMMENT)
            self.move("hand_back", self.people.negotiator)

    def offer(self, offers, comment):
        """The superior's side makes offers (number of the line, field, offered, reason) and says something."""
        self.diary.later()
        for number, column, value, reason in offers:
            make_offer(
                self.line(number), column, value, reason=reason, actor=self.people.negotiator, at=self.diary.soon()
            )
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
        values = {"held_on": at.date() - timedelta(days=1), **MINUTES}
        save_minutes(self.agreement, values, version=0, actor=self.people.negotiator, at=at)

    def confirm(self):
        self.move("confirm_formal", self.people.office)

    def sign(self):
        self.confirmed("sign", self.people.head, agreed_snapshot(self.agreement).sha256)

    def countersign(self):
        self.confirmed("countersign", self.people.superior, agreed_snapshot(self.agreement).sha256)

    # Self-assessment and evaluation

    def report(self):
        """Staff write the report and hand it to their office."""
        self.diary.later()
        self.write_report()
        self.hand_to_office()

    def write_report(self):
        """Every line's result with a piece of evidence."""
        for row in report_card(current_report(self.agreement)).rows:
            self._report_line(row)

    def _report_line(self, row):
        outcome, staff = self._outcome(row.line.key), self.people.staff
        texts = {
            "value": outcome.value,
            "narrative": f"ดำเนินการตามแผนปฏิบัติราชการและติดตามผลเป็นรายเดือน ได้ผลการดำเนินงาน {outcome.value.normalize():f} "
            f"{row.line.unit_of_measure}",
            "factors": "ผู้บังคับบัญชาติดตามผลอย่างใกล้ชิด และมีระบบสารสนเทศสนับสนุนการรายงานผล",
            "obstacles": "ปริมาณงานเพิ่มขึ้นในช่วงเทศกาล และกำลังพลบางตำแหน่งยังว่าง",
            "remedies": "เกลี่ยกำลังพลตามปริมาณงาน และเร่งรัดการบรรจุแต่งตั้งทดแทน",
        }
        save_result(row.result, texts, version=row.result.version, actor=staff, at=self.diary.soon())
        kind = "png" if row.line.number.endswith("2") else "pdf"
        upload = evidence_file(
            f"หลักฐานตัวชี้วัด {row.line.number} {self.agreement.unit.short_name}",
            [row.line.name[:56], f"ปีงบประมาณ {self.agreement.fiscal_year.year}", texts["narrative"][-60:]],
            kind=kind,
        )
        add_evidence(row.result, upload, proves="สรุปผลการดำเนินงานทั้งปี", actor=staff, at=self.diary.soon())

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
        """The evaluator finds every line, and proposes the scores."""
        self.diary.later()
        self.find(self.agreement.lines.count())
        self.move("propose", self.people.evaluator)

    def find(self, count):
        """The evaluator's results of the first `count` lines."""
        report = current_report(self.agreement)
        for row in report_card(report).rows[:count]:
            outcome = self._outcome(row.line.key)
            finding = Finding(evaluation=report.evaluation, line_id=row.line.key)
            given = {"value": outcome.found, "reason": outcome.reason}
            save_finding(finding, given, version=1, actor=self.people.evaluator, at=self.diary.soon())

    def close(self):
        self.confirmed("close", self.people.superior, hash_of_scores(self.agreement))


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
    (Stage.EVALUATION, Pen.SUPERIOR): Walk.close,
}


def walk_to(agreement, stage, people, *, at, pen=None, pace=timedelta(days=1)):
    """Walk `agreement` on to `stage` (and to the hand `pen`), beginning at `at`; gives the agreement as it then is."""
    return Walk(agreement, people, Diary(at, pace)).to(stage, pen)
