"""What happens in the demonstration besides the usual: offers declined, drafts sent back, signatures refused, reports late.

Each is told of a walk and of when things happen: `(walk, timing)`.
"""

from datetime import timedelta
from decimal import Decimal

from accounts.models import User
from agreements.models import Agreement, Line
from agreements.signing_rule import receiver_alternatives
from agreements.stages import Pen, Stage
from agreements.write import add_line, remove_line, save_line
from desk.demo.people import PMO
from desk.demo.years import PLANNER
from orgunits.models import Appointment, Post, UnitUserGrant
from orgunits.roles import Role
from results.giving_time import give_time, latest
from results.oversee import give_verdict
from results.scores import report_card
from results.write import save_figure
from thai.dates import be_year
from workflow.offers import decline
from workflow.rules import open_offers
from workflow.talk import say

SECOND_OFFERS = (
    (
        "1.2",
        "level_5",
        "15",
        "ปีก่อนทำได้ 21.1 วัน และระบบใหม่เริ่มใช้ในเดือนมีนาคม จึงเห็นว่าเป้าหมาย 18 วันไม่ท้าทาย",
    ),
    ("1.2", "weight", "12.5", "เป็นงานที่ประชาชนได้รับผลโดยตรง จึงควรมีน้ำหนักมากขึ้น"),
    ("1.3", "weight", "10", "ปรับลดเพื่อให้น้ำหนักรวมของมิติที่ 1 คงเดิม"),
    (
        "2.1",
        "definition",
        "นับเฉพาะผู้ตอบแบบสอบถามที่รับบริการเสร็จสิ้นภายในวันเดียวกัน ณ ทุกช่องบริการของหน่วย",
        "ให้ครอบคลุมทุกช่องบริการ ไม่เลือกเฉพาะจุดที่หน่วยกำหนดเอง",
    ),
)
SECOND_COMMENT = "ขอให้หน่วยพิจารณาความท้าทายของตัวชี้วัดที่ 1.2 และน้ำหนักที่เกี่ยวเนื่องกัน"
DECLINED = (
    "ข้อมูลของด่านแม่สอดและแม่สายอยู่ในระบบไบโอเมตริกซ์ ซึ่ง บก.อก.สตม. ยังไม่มีสิทธิเข้าถึง "
    "หากกำหนดให้สอบทานจะทำให้รายงานล่าช้าเกินรอบ จึงขอคงแหล่งข้อมูลเดิม"
)
SENT_BACK = (
    "ตัวชี้วัดที่ 1.1.4 นับเฉพาะการจับกุมระดับผู้สั่งการ แต่ไม่ได้ระบุว่านับเมื่อออกหมายจับหรือเมื่ออัยการสั่งฟ้อง "
    "และเป้าหมายของตัวชี้วัดที่ 2.1.1 ไม่มีฐานประชากรกลุ่มเสี่ยง ขอให้ทบทวนและเสนอใหม่ทั้งสองตัวชี้วัด"
)
REFUSED = (
    "เป้าหมายของตัวชี้วัดที่ 1.2 ยังไม่รวมผู้ต้องหาตามหมายจับคดีอาชญากรรมทางเทคโนโลยีซึ่งเป็นนโยบายเร่งด่วน "
    "ขอให้ทบทวนร่วมกับ บช.สอท. แล้วเสนอลงนามใหม่"
)
RETURNED = (
    "ผลสะสมรอบ 9 เดือนของตัวชี้วัดที่ 1.1.2 ไม่ตรงกับข้อมูลระบบกลางของสมาคมธนาคารไทย และคำอธิบายผลการดำเนินงานซ้ำกับรอบ 6 เดือน "
    "ขอให้ตรวจสอบและส่งใหม่ภายใน 7 วันทำการ"
)
WHY_TIME = "ระบบสารสนเทศกลางที่ใช้ประมวลผลตัวชี้วัดปิดปรับปรุง หน่วยจึงยังสรุปข้อมูลรอบ 9 เดือนไม่ได้ และได้รายงานเหตุขัดข้องไว้ก่อนครบกำหนดแล้ว"
DAYS_GIVEN = timedelta(days=3)
WHY_ON_PAPER = "ระบบเครือข่ายของหน่วยใช้งานไม่ได้ในสัปดาห์สุดท้ายของรอบ หน่วยจึงส่งรายงานเป็นหนังสือภายในกำหนด"
# The parts of indicator 2.2, and what of its sheet they share; who collects the data of which, by the people of the walk.
PARTS = ((" (รับ ณ จุดบริการ)", "3.00"), (" (รับผ่านระบบออนไลน์และสายด่วน)", "2.00"))
SHEET_OF_PARTS = (
    "source", "plan_item", "unit_of_measure", "target", "low_target_reason", "past_3", "past_2", "past_1", "kind",
    "explanation", "definition", "formula", "conditions", "data_source", *(f"level_{n}" for n in range(1, 6)),
)  # fmt: skip
# An indicator whose score is that of the superior's.
SHARED_WITH_THE_SUPERIOR = {
    "name": "คะแนนของตัวชี้วัดร้อยละการเบิกจ่ายงบประมาณตามคำรับรองของ สตม.",
    "kind": Line.Kind.SUPERIOR, "unit_of_measure": "คะแนน", "target": Decimal("4.5"),
    "past_3": Decimal("3.8"), "past_2": Decimal("3.95"), "past_1": Decimal("4.1"),
}  # fmt: skip
COLLECTED = {"1.1": ("staff",), "2.2.1": ("office", "staff"), "2.2.2": ("staff",)}


# Who of the divisions below collects the data of which indicators of the command, besides its own staff.
OF_DIVISIONS = {"IMM-D1": ("1.1", "1.2"), "IMM-D2": ("1.1", "1.2")}
THEIR_NOTES = ("นับจากระบบตรวจคนเข้าเมืองของด่านในสังกัด", "ยังไม่รวมข้อมูลเดือนสุดท้ายของด่านสาขา")
NOT_APPROVED = "ตัวเลขของ บก.ตม.2 ยังไม่รวมเดือนสุดท้าย ขอให้สอบทานก่อนส่งรายงาน"


def nothing_more(walk, timing):
    """It stands where it stands."""


def negotiate_round_2(walk, timing):
    """Round 2 is with the unit: four offers, one accepted, three waiting (on two indicators)."""
    walk.answer()
    walk.offer(SECOND_OFFERS, SECOND_COMMENT)
    walk.move("hand_back", walk.people.negotiator)
    walk.accept(open_offers(walk.agreement).filter(field="definition"))


def decline_an_offer(walk, timing):
    """The unit turns the offer down, says so, and hands the pen back."""
    staff, diary = walk.people.staff, walk.diary
    decline(open_offers(walk.agreement).get(), answer=DECLINED, actor=staff, at=diary.soon())
    say(walk.agreement, "หน่วยยินดีส่งข้อมูลดิบให้สอบทานย้อนหลังทุกไตรมาสแทน", actor=staff, at=diary.soon())
    walk.hand_to_office()
    walk.answer()


def leave_gaps(walk, timing):
    """A draft that people are still at: one line has gone, one has no reason for its low target, one no fifth step.

    One is to take its score from the superior, whose agreement isn't in force yet.
    """
    staff, at = walk.people.staff, walk.diary.soon
    remove_line(walk.line("4.2"), actor=staff, at=at())
    gaps = {
        "2.1": {"low_target_reason": "", "past_1": 88},
        "4.1": {"text_4": "", "text_5": ""},
    }
    for number, gap in gaps.items():
        line = walk.line(number)
        save_line(line, gap, version=line.version, actor=staff, at=at())
    dimension = walk.agreement.framework.dimensions.get(number=3)
    for line in ({"name": "จำนวนเครื่องตรวจหนังสือเดินทางที่พร้อมใช้งาน"}, SHARED_WITH_THE_SUPERIOR):
        add_line(walk.agreement, dimension, **line, actor=staff, at=at())


def split_an_indicator(walk, timing):
    """Complaints are measured apart by where they come in; who oversees and who collects is named."""
    people, diary = walk.people, walk.diary
    whole = walk.line("2.2")
    sheet = {name: getattr(whole, name) for name in SHEET_OF_PARTS}
    for name, weight in PARTS:
        more = {"name": f"{whole.name}{name}", "weight": Decimal(weight)}
        add_line(walk.agreement, None, parent=whole, actor=people.staff, at=diary.soon(), **sheet, **more)
    for number, collectors in COLLECTED.items():
        line = walk.line(number)
        users = [getattr(people, each).pk for each in collectors]
        changes = {"overseer": people.head, "collectors": users}
        save_line(line, changes, version=line.version, actor=people.staff, at=diary.soon())


def send_back_the_draft(walk, timing):
    """The superior's side sends the draft back, with what is wrong in it."""
    walk.move("send_back", walk.people.negotiator, reason=SENT_BACK)


def refuse_to_receive(walk, timing):
    """The superior refuses to sign: the head's signature is void, and the formal negotiation goes on."""
    walk.move("refuse_to_receive", walk.people.superior, reason=REFUSED)


def assign_the_deputy(walk, timing):
    """The Prime Minister has a Deputy receive the agreement: the order is entered before the negotiation is confirmed."""
    walk.to(Stage.FORMAL, Pen.OFFICE)
    deputy = next(post for post in receiver_alternatives(walk.agreement) if post.kind == Post.Kind.DEPUTY)
    ordered_on = walk.diary.now.date()
    walk.choose(deputy, order_number=f"คำสั่งสำนักนายกรัฐมนตรี ที่ 287/{be_year(ordered_on)}", order_date=ordered_on)
    walk.people.superior = Appointment.objects.select_related("user").get(post=deputy, post__unit__code=PMO).user


def report_so_far(walk, timing):
    """In force since early in the year: the rounds that are over are reported and accepted."""
    for position in timing.reported_so_far():
        walk.to_round(position + 1)


def send_the_first_report_on_paper(walk, timing):
    """The report of six months came as a letter, which the evaluator entered."""
    walk.to(Stage.ASSESSMENT, Pen.STAFF)
    begun = walk.reports_from[walk.current_report().round.position]
    paper = {"document_number": f"ตช 0001(สท)/{be_year(begun)}-218", "document_date": begun.date()}
    walk.report_from_paper(paper, WHY_ON_PAPER)


def stop_after_the_first_round(walk, timing):
    """The first report was accepted, and the second one never begun."""
    walk.to_round(2)


def send_the_second_report(walk, timing):
    """The second report, for which the unit was given time, waits for the evaluator."""
    walk.to_round(2)
    _give_time(walk, timing)
    walk.to(Stage.ASSESSMENT, Pen.EVALUATOR)


def _give_time(walk, timing):
    """The planning office gives the unit some days from today on, in good time before it begins to write."""
    report = walk.current_report()
    until = min(timing.today + DAYS_GIVEN, latest(report))
    order = f"ตช 0007.34/{be_year(until)}"
    planner, at = User.objects.get(username=PLANNER), walk.reports_from[report.round.position] - timedelta(days=1)
    give_time(report, until=until, reason=WHY_TIME, order_number=order, actor=planner, at=at)
    walk.agreement = Agreement.objects.for_detail().get(pk=walk.agreement.pk)


def return_the_report(walk, timing):
    """The evaluator returns the report, with the reason."""
    walk.move("return_report", walk.people.evaluator, reason=RETURNED)


def come_to_the_last_round(walk, timing):
    """Both interim reports are accepted; the last one is the unit's to write."""
    walk.to_round(3)


def name_the_people(walk, timing):
    """Two indicators of the command say who oversees them, and who in the divisions collects their data; then as usual."""
    collectors = [walk.people.staff, *(_staff_of(code) for code in OF_DIVISIONS)]
    for number in OF_DIVISIONS["IMM-D1"]:
        line = walk.line(number)
        changes = {"overseer": walk.people.office, "collectors": [each.pk for each in collectors]}
        save_line(line, changes, version=line.version, actor=walk.people.staff, at=walk.diary.soon())
    come_to_the_last_round(walk, timing)


def _staff_of(code):
    grants = UnitUserGrant.objects.filter(permission__codename=Role.STAFF, content_object__code=code)
    return grants.select_related("user").earliest("pk").user


def collect_and_judge(walk, timing):
    """The last report is written; two collectors give their own figures, and the overseer approves one and refuses one."""
    walk.write_report()
    rows = [row for row in report_card(walk.current_report()).rows if row.overseer]
    for row in rows:
        for place, code in enumerate(OF_DIVISIONS):
            figure = {"value": row.value - place, "note": THEIR_NOTES[place]}
            save_figure(row.result, figure, actor=_staff_of(code), at=walk.diary.soon())
    for place, row in enumerate(rows):
        told = {
            "approves": not place,
            "reason": NOT_APPROVED if place else "",
            "version": row.result.version,
            "seen": 0,
        }
        give_verdict(row.result, **told, actor=row.overseer, at=walk.diary.soon())
