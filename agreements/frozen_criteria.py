"""The criteria inside a frozen line, as they were agreed; what older snapshots don't say was not there to be chosen."""

from decimal import Decimal

from indicators.criteria import Criteria, Kind, criteria_for

# What the document says of how a kind is scored; of values linear in between, it is the first note.
RULES = {
    Kind.BANDS: "เกณฑ์เป็นช่วง ได้คะแนนเต็มของช่วงที่ผลงานถึง ไม่คิดสัดส่วนภายในช่วง",
    Kind.MILESTONE: "ได้คะแนนเท่าระดับที่บรรลุ ตามคำอธิบายของแต่ละระดับในรายละเอียดตัวชี้วัด",
    Kind.CUMULATIVE: "นับขั้นตอนที่ทำสำเร็จต่อเนื่องตั้งแต่ขั้นตอนที่ 1 ขั้นตอนหลังจะนับต่อเมื่อทำขั้นตอนก่อนหน้าครบแล้ว",
    Kind.COUNT: "ได้คะแนนตามจำนวนประเด็นที่บรรลุ ไม่คิดสัดส่วนระหว่างระดับ",
    Kind.PROJECTS: "เกณฑ์เป็นค่าเฉลี่ยถ่วงน้ำหนักของคะแนนโครงการ Σ(W×SM) ÷ ΣW ระหว่างสองระดับคิดคะแนนตามสัดส่วน",
    Kind.UNITS: "คำนวณจากค่าเฉลี่ยผลงานของหน่วยในรายการ แล้วจึงเทียบกับเกณฑ์",
    Kind.SUPERIOR: "ได้คะแนนเท่าคะแนนของตัวชี้วัดที่ระบุในคำรับรองของผู้บังคับบัญชา",
    Kind.PASS_FAIL: "วัดว่าผ่านหรือไม่ผ่าน ผ่านได้คะแนนสูงสุดของมาตรวัด",
    Kind.TARGETS: "เทียบกับเป้าหมายสามขั้น ต่ำกว่ามาตรฐาน มาตรฐาน และก้าวหน้า ไม่คิดสัดส่วนระหว่างขั้น",
}
OF_SCORES = "เทียบผลงานของแต่ละหน่วยกับเกณฑ์ก่อน แล้วคำนวณค่าเฉลี่ยของคะแนน"


def criteria_in(line: dict) -> Criteria:
    """The criteria of a frozen line."""
    return criteria_for(
        line["kind"],
        [_number(value) for value in line["levels"]],
        line["level_texts"],
        uppers=[_number(value) for value in line.get("uppers", ())],
        items=line.get("items", ()),
        averages=line.get("averages", "of_results"),
    )


def note_in(line: dict) -> str:
    """How a frozen line is scored, as the notes under the criteria table say it; "" of what they say of all lines."""
    kind = Kind(line["kind"])
    if kind is Kind.UNITS and line.get("averages") == "of_scores":
        return OF_SCORES
    return RULES.get(kind, "")


def rule_in(line: dict) -> str:
    """How a frozen line is scored, as its sheet says it; "" where the sheet's levels say it themselves."""
    kind = Kind(line["kind"])
    if kind is Kind.MILESTONE:
        return ""
    if kind is Kind.PASS_FAIL and line["level_texts"] and line["level_texts"][-1].strip():
        return f"{RULES[kind]} ผ่าน หมายถึง {line['level_texts'][-1].strip()}"
    return note_in(line)


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
