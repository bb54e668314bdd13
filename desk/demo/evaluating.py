"""What happens in the demonstration while results are evaluated: files looked at twice, a visit, a line left out, appeals.

Each is told of a walk and of when things happen: `(walk, timing)`.
"""

from datetime import timedelta

from accounts.models import User
from agreements.stages import Pen, Stage
from desk.demo.amending import amend_after_the_first_report
from desk.demo.evidence import evidence_copies
from desk.demo.indicators import LIBRARY
from desk.demo.walk import Proof
from desk.demo.years import FINAL
from results.appeal import save_objections
from results.appeal_rules import appeal_of
from results.exclude import exclude
from results.models import Evaluation
from results.scores import agreed_of, report_card
from results.visits import save_visit
from thai.dates import be_year

PHOTO = "ภาพถ่ายการอบรมการให้บริการ"
PHOTO_OF_BOTH = evidence_copies(PHOTO, ["ห้องประชุมอเนกประสงค์", "ผู้เข้ารับการอบรม 86 คน"], kind="png")
REGISTER = evidence_copies("ทะเบียนคำขออยู่ต่อ ณ วันที่ส่งออกข้อมูล", ["ส่งออกจากระบบตรวจคนเข้าเมือง"], kind="pdf")
BEFORE_THE_YEAR = timedelta(days=31)
VISIT = {
    "place": "ศูนย์บริการครบวงจร อาคารจัตุรัสจามจุรี",
    "people": "พ.ต.อ. ผู้ประเมินของ สตม. และคณะ 3 นาย พบ สว.ฝ่ายอำนวยการ และเจ้าหน้าที่ประจำช่องบริการ 4 นาย",
    "seen": (
        "ทวนเวลาให้บริการจากบัตรคิว 40 ราย ตรงกับรายงาน 38 ราย ส่วนทะเบียนคำขออยู่ต่อยังนับคำขอที่ยื่นหลังวันที่ 15 กันยายน "
        "หน่วยรับจะแก้ไขวิธีนับตั้งแต่ปีถัดไป"
    ),
}
LEFT_OUT = "ระบบรับแจ้งที่พักอาศัยออนไลน์ของส่วนกลางปิดปรับปรุงตลอดไตรมาสที่ 4 ซึ่งเป็นเหตุที่หน่วยควบคุมไม่ได้"
# The planning office of สตม.
DECIDER = "nattaya"
HEARD_IN_PART = (
    "คณะกรรมการพิจารณาสำเนาหนังสือตอบที่หน่วยส่งเพิ่มเติมแล้ว เห็นว่าเรื่องร้องเรียนส่วนหนึ่งแจ้งผลภายในกำหนด "
    "จึงปรับผลการดำเนินงานให้เท่าที่มีหลักฐาน"
)
NOT_HEARD = (
    "ผู้ประเมินยังไม่ได้นับผลการดำเนินงานของวันที่ 16–30 กันยายน ซึ่งหน่วยรายงานไว้ในหนังสือชี้แจงแล้ว "
    "และเงื่อนไขในรายละเอียดตัวชี้วัดให้นับจนถึงวันสิ้นปีงบประมาณ"
)


def begin_to_evaluate(walk, timing):
    """The evaluator has been through the first four lines."""
    walk.find(4)


def share_a_photo(walk, timing):
    """Of the training, the unit attaches a photograph that another unit attaches, too."""
    walk.to_round(FINAL)
    walk.proofs[_number(walk, "training")] = Proof(PHOTO_OF_BOTH, "การอบรมครั้งที่ 2", walk.agreement.ends_on)


def share_a_photo_and_show_an_old_register(walk, timing):
    """And the register that proves its second indicator was drawn up before the year began."""
    share_a_photo(walk, timing)
    drawn_up = walk.agreement.starts_on - BEFORE_THE_YEAR
    walk.proofs[_number(walk, "extension")] = Proof(REGISTER, "จำนวนวันเฉลี่ย", drawn_up)


def evaluate_on_the_spot(walk, timing):
    """The evaluator has been to the unit and through four lines; one line is left out, its weight to its neighbour."""
    evaluation = walk.current_report().evaluation
    lines = agreed_of(walk.current_report()).lines
    at = walk.diary.soon()
    visited = {**VISIT, "visited_on": at.date() - timedelta(days=1)}
    save_visit(evaluation, visited, [line.key for line in lines[:2]], actor=walk.people.evaluator, at=at)
    walk.find(4)
    _leave_out(walk, evaluation)


def _leave_out(walk, evaluation):
    electronic, budget = (_line(walk, each).key for each in ("electronic", "budget"))
    at = walk.diary.soon()
    order = f"สตม. 284/{be_year(at.date())}"
    decider = User.objects.get(username=DECIDER)
    # Read anew: the walk's own instance knows the evaluation as it was before the visit.
    evaluation = Evaluation.objects.select_related("report__agreement").get(pk=evaluation.pk)
    exclude(evaluation, electronic, to=budget, reason=LEFT_OUT, order_number=order, actor=decider, at=at)


def amend_appeal_and_be_heard(walk, timing):
    """The unit appeals against one score; the panel meets it half way, and the superior closes the agreement so."""
    amend_after_the_first_report(walk, timing)
    walk.to(Stage.APPEAL, Pen.EVALUATOR)
    objection = appeal_of(walk.agreement).lines.select_related("line").exclude(asked_value=None).get()
    found = walk.outcomes[objection.line.name].found
    walk.decide_objections("changed", (found + objection.asked_value) / 2, reason=HEARD_IN_PART)
    walk.move("decide_appeal", walk.people.evaluator)


def object_to_the_lowest(walk, timing):
    """An objection to the line with the lowest score is written, for the head to lodge."""
    report = walk.current_report()
    lowest = min((row for row in report_card(report).rows if row.score is not None), key=lambda row: row.score)
    appeal = appeal_of(walk.agreement)
    objection = appeal.lines.get(line_id=lowest.line.key)
    given = [(objection, {"objection": NOT_HEARD, "asked_value": lowest.line.target}, objection.version)]
    save_objections(appeal, given, actor=walk.people.staff, at=walk.diary.soon())


def _line(walk, indicator):
    """The agreement's line of that indicator of the library, as it was signed."""
    lines = agreed_of(walk.current_report()).lines
    return next(line for line in lines if line.name == LIBRARY[indicator].name)


def _number(walk, indicator):
    return _line(walk, indicator).number
