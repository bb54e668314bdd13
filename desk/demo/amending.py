"""Amendments of the demonstration: in force since last year, being signed, and in negotiation with words of both sides."""

from decimal import Decimal

from accounts.models import User
from acts.engine import StepUp
from agreements.models import Agreement
from agreements.models.agreement import LEVELS
from agreements.stages import Pen, Stage
from desk.demo.announcing import announce_what_is_new
from desk.demo.indicators import LIBRARY
from desk.demo.years import PLANNER
from workflow.amendment import begin, last_proposal, propose
from workflow.amendment_walk import go
from workflow.models import Amendment, Publication
from workflow.offers import as_text
from workflow.rules import hash_to_sign

LANES_CLOSED = (
    "จังหวัดสงขลาปิดปรับปรุงช่องทางรถยนต์โดยสารของด่านสะเดา 5 ช่องทาง ตั้งแต่เดือนเมษายนถึงเดือนกรกฎาคม "
    "จึงไม่อาจลดเวลารอคอยตามเกณฑ์ที่ตกลงไว้เมื่อต้นปีได้"
)
LANES_LEFT = "ช่องทางรถยนต์โดยสารเหลือ 7 จาก 12 ช่องทาง เวลารอคอยที่วัดได้ในสองสัปดาห์แรกเพิ่มขึ้นเฉลี่ย 9 นาที"
HALF_OF_IT = "เห็นชอบให้ปรับเท่าผลกระทบของเดือนที่ปิดช่องทาง ส่วนเดือนที่เหลือยังควรเป็นไปตามเกณฑ์เดิม"
DAYS_APART = "ทั้งนี้ ให้รายงานวันที่เปิดช่องทางรถยนต์โดยสารไม่ครบ 12 ช่องทางแยกไว้ต่างหากทุกรอบ"
SEEN_APART = "เพื่อให้เห็นผลของการปิดช่องทางแยกจากผลการดำเนินงานของหน่วย"
WITHIN_REACH = "ให้น้ำหนักแก่งานที่หน่วยควบคุมได้เองทั้งหมดในช่วงที่ปิดช่องทาง"

CLASS_PUT_OFF = "งบประมาณฝึกอบรมของปีนี้ถูกปรับลด หลักสูตรเจ้าหน้าที่ตรวจคนเข้าเมืองรุ่นสุดท้ายจึงเลื่อนไปเปิดในปีงบประมาณถัดไป"
SEATS_LEFT = "รุ่นที่เลื่อนมีผู้เข้ารับการฝึกอบรม 40 คน รุ่นที่เหลือรับเพิ่มไม่ได้เพราะจำกัดด้วยที่พักและครูฝึก"
LOW_CLASS = "งบประมาณที่เหลือเปิดได้ 4 รุ่น เท่ากับปีก่อน"

INSPECTIONS_PUT_OFF = "กรมการท่องเที่ยวเลื่อนแผนตรวจร่วมในจังหวัดท่องเที่ยวหลักออกไปหนึ่งไตรมาส การตรวจทั้งปีจึงน้อยกว่าที่ตกลงไว้"
INSPECTIONS_LEFT = "แผนตรวจร่วมที่เหลือมี 3 ไตรมาส"
LOW_INSPECTIONS = "จำนวนครั้งของปีก่อนมาจากแผนตรวจร่วมเต็มปี"
ON_THEIR_OWN = "การตรวจที่หน่วยดำเนินการเองโดยไม่ต้องรอกรมการท่องเที่ยวยังทำได้ตามแผน จึงขอให้ลดน้อยกว่าที่เสนอ"
HOTLINE_GROWS = "นักท่องเที่ยวแจ้งเหตุทางโทรศัพท์มากขึ้นในไตรมาสที่ไม่มีการตรวจร่วม จึงควรให้น้ำหนักมากขึ้น"
BETWEEN_THE_TWO = "ขอค่ากลาง เพราะกำลังพลชุดตรวจส่วนหนึ่งไปช่วยศูนย์รับแจ้งเหตุ"


class Amending:
    """An amendment of a walk's agreement, and its people."""

    def __init__(self, walk, reason):
        self.walk, self.people, self.diary = walk, walk.people, walk.diary
        self.amendment = begin(walk.agreement, reason, actor=self.people.staff, at=self.diary.soon())

    def line(self, key):
        """The agreement's line of that indicator of the library."""
        return self.walk.agreement.lines.get(name=LIBRARY[key].name)

    def propose(self, key, values, reason, *, by):
        """Other values for the line of that indicator."""
        line, texts = self.line(key), {name: as_text(value) for name, value in values.items()}
        seen = last_proposal(self.amendment, line)
        propose(self.amendment, line, texts, reason=reason, seen=seen, actor=by, at=self.diary.soon())

    def go(self, name, by, *, at=None, **facts):
        """One of its moves, some time later."""
        kept = Amendment.objects.get(pk=self.amendment.pk)
        facts |= {"version": kept.version, "as_history": self.walk.as_history}
        self.amendment = go(kept, name, actor=by, at=at or self.diary.later(), **facts)

    def sign(self, name, by):
        """A signature, confirmed with the hash of the text before the eyes."""
        at = self.diary.later()
        self.go(name, by, at=at, step_up=StepUp(by.pk, at, hash_to_sign(self.amendment)))


def moved(line, by):
    """The line's levels and its target, all of them moved by so much."""
    names = [*(f"level_{number}" for number in LEVELS), "target"]
    return {name: getattr(line, name) + by for name in names if getattr(line, name) is not None}


def amend_after_the_first_report(walk, timing):
    """Announced as signed; amended after the first report, and announced as amended. That report keeps its criteria."""
    walk.to(Stage.ASSESSMENT, Pen.STAFF)
    _announce(walk, Publication.Kind.SIGNED)
    walk.to_round(2)
    amending, people = Amending(walk, LANES_CLOSED), walk.people
    waiting = amending.line("sadao")
    amending.propose("sadao", moved(waiting, 8), LANES_LEFT, by=people.staff)
    amending.go("ask", people.office)
    amending.propose("sadao", moved(waiting, 4), HALF_OF_IT, by=people.negotiator)
    amending.propose("sadao", {"conditions": f"{waiting.conditions} {DAYS_APART}"}, SEEN_APART, by=people.negotiator)
    for key, weight in (("sadao", "12.5"), ("yachts", "15")):
        amending.propose(key, {"weight": Decimal(weight)}, WITHIN_REACH, by=people.negotiator)
    amending.go("hand_back", people.negotiator)
    amending.go("answer", people.office)
    amending.go("agree", people.negotiator)
    amending.sign("sign", people.head)
    amending.sign("countersign", people.superior)
    walk.agreement = Agreement.objects.for_detail().get(pk=walk.agreement.pk)
    _announce(walk, Publication.Kind.AMENDED)


def _announce(walk, kind):
    planner = User.objects.get(username=PLANNER)
    announce_what_is_new(walk.agreement, kind, planner, walk.diary.later())


def sign_an_amendment(walk, timing):
    """Asked for, agreed and signed by the unit; it waits for the superior."""
    amending, people = Amending(walk, CLASS_PUT_OFF), walk.people
    values = moved(amending.line("trained"), -40) | {"low_target_reason": LOW_CLASS}
    amending.propose("trained", values, SEATS_LEFT, by=people.staff)
    amending.go("ask", people.office)
    amending.go("agree", people.negotiator)
    amending.sign("sign", people.head)


def negotiate_an_amendment(walk, timing):
    """Handed back with other values; the unit has begun to answer, which the superior's side doesn't see yet."""
    amending, people = Amending(walk, INSPECTIONS_PUT_OFF), walk.people
    checks = amending.line("guides")
    values = moved(checks, -40) | {"low_target_reason": LOW_INSPECTIONS}
    amending.propose("guides", values, INSPECTIONS_LEFT, by=people.staff)
    amending.go("ask", people.office)
    amending.propose("guides", moved(checks, -20), ON_THEIR_OWN, by=people.negotiator)
    for key, weight in (("guides", "12.5"), ("hotline", "17.5")):
        amending.propose(key, {"weight": Decimal(weight)}, HOTLINE_GROWS, by=people.negotiator)
    amending.go("hand_back", people.negotiator)
    amending.diary.later()
    amending.propose("guides", {"target": checks.target - 30}, BETWEEN_THE_TWO, by=people.staff)
