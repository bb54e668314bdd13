"""What the sides say in the negotiations of the demonstration, by who negotiates and in which year."""

from django.utils.translation import gettext_lazy as _

from desk.demo.walk import MINUTES, Words

PROGRESS = _("Fiscal year %(year)s: %(done)s of %(total)s agreements made.")
HEADQUARTERS_MINUTES = {
    "place": "ห้องประชุมศรียานนท์ ชั้น 2 อาคาร 1 สำนักงานตำรวจแห่งชาติ",
    "committee": (
        "1. รองผู้บัญชาการตำรวจแห่งชาติ (บริหาร) ประธานกรรมการ\n2. ผู้บัญชาการสำนักงานยุทธศาสตร์ตำรวจ กรรมการ\n"
        "3. ผู้บังคับการกองยุทธศาสตร์ กรรมการและเลขานุการ\n4. ผู้แทนหน่วยเจ้าของคำรับรอง ผู้ชี้แจง"
    ),
    "decisions": MINUTES["decisions"],
}
OUTSIDE_MINUTES = {
    "place": "ห้องประชุม 501 สำนักงาน ก.พ.ร.",
    "committee": (
        "1. รองเลขาธิการ ก.พ.ร. ประธานกรรมการ\n2. ผู้แทนสำนักงบประมาณ กรรมการ\n3. ผู้แทนกรมบัญชีกลาง กรรมการ\n"
        "4. ผู้ทรงคุณวุฒิด้านกระบวนการยุติธรรม กรรมการ\n5. ผู้บัญชาการสำนักงานยุทธศาสตร์ตำรวจ ผู้ชี้แจง"
    ),
    "decisions": (
        "ที่ประชุมเห็นชอบตัวชี้วัดภาคบังคับและตัวชี้วัดตามแผนปฏิบัติราชการ พร้อมค่าเป้าหมายตามที่ได้เจรจา "
        "โดยให้รายงานผลตัวชี้วัดด้านอาชญากรรมทางเทคโนโลยีเป็นรายเดือน"
    ),
}


def _counted_apart(line):
    return f"{line.conditions} ทั้งนี้ ให้รายงานจำนวนที่ไม่นับไว้ต่างหากทุกรอบ"


def _looked_through_by(office):
    return lambda line: f"{line.data_source} โดยให้{office}สอบทานทุกสิ้นเดือน"


def _with_raw_data(line):
    return f"{line.data_source} พร้อมแนบข้อมูลดิบทุกรอบการรายงาน"


SAME_FOR_ALL = "เพื่อให้ข้อมูลของทุกหน่วยผ่านการสอบทานแบบเดียวกัน"
SAID = {
    0: (
        (("1.1", "data_source", _looked_through_by("กองบังคับการอำนวยการ"), SAME_FOR_ALL),),
        "โดยรวมเหมาะสม ขอให้หน่วยยืนยันแหล่งข้อมูลที่เสนอปรับ ก่อนปิดการเจรจา",
    ),
    1: (
        (("1.1", "data_source", _with_raw_data, "ปีก่อนต้องขอข้อมูลดิบเพิ่มเติมภายหลังหลายครั้ง"),),
        "เห็นชอบในหลักการ ขอให้หน่วยแนบข้อมูลดิบเพื่อให้ผู้ประเมินคำนวณซ้ำได้",
    ),
    2: (
        (("1.2", "conditions", _counted_apart, "เพื่อให้เห็นผลกระทบของเงื่อนไขต่อผลการดำเนินงาน"),),
        "ตัวชี้วัดและเป้าหมายเหมาะสม ขอให้ระบุการนับให้ชัดเจนขึ้น",
    ),
}
# Last year every other negotiation was over after one round; the year before, all but two.
AGREED_AT_ONCE = ("TPB", "OCG-DIS", "OCG-PRD", "IMM-GS", "IMM-D2", "IMM-D4", "IMM-D6", "IMM-TEC")
LONG_AGO = ("IMM-D1", "OCG-FAD")


def of(code, years_ago):
    """What is said in the negotiation of a unit's agreement of so many years ago."""
    offers, comment = SAID[years_ago]
    if code == "RTP":
        return Words(offers, comment, OUTSIDE_MINUTES)
    in_bureau = code.startswith("IMM-")
    if (years_ago == 1 and code in AGREED_AT_ONCE) or (years_ago == 2 and code not in LONG_AGO):
        offers = ()
    elif not years_ago and not in_bureau:
        offers = (("1.1", "data_source", _looked_through_by("กองยุทธศาสตร์"), SAME_FOR_ALL),)
    return Words(offers, comment, MINUTES if in_bureau else HEADQUARTERS_MINUTES)
