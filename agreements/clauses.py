"""The clauses of the agreement's first page, worded per year: texts with names in braces that each agreement fills.

Pure. Clause 1, the parties, is drawn from the signing rule; the others are text. What a wording must say whatever its
words (handbook 2.2: one-sided, not a contract, for its period) is checked here.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PERIOD = "ระยะเวลา"
# What may stand in braces, and where its value stands in a snapshot.
FILLED = {"หน่วยงาน": "unit", "ผู้บังคับบัญชา": "superior", "ปีงบประมาณ": "year"}
IN_BRACES = re.compile(r"\{([^{}]*)\}")
MUST_SAY = ("ฝ่ายเดียว", "มิใช่สัญญา")

# key → what it is called; clauses 2 to 6 in this order.
LABELS = {
    "period": gettext_lazy("clause 2: what the agreement is, and its period"),
    "details": gettext_lazy("clause 3: the details annexed"),
    "receiver": gettext_lazy("clause 4: what the receiver undertakes"),
    "maker": gettext_lazy("clause 5: what the maker undertakes"),
    "closing": gettext_lazy("clause 6: the closing"),
}
USUAL = {
    "period": "คำรับรองนี้เป็นคำรับรองฝ่ายเดียว มิใช่สัญญา และใช้สำหรับ{ระยะเวลา}",
    "details": (
        "รายละเอียดของคำรับรอง ได้แก่ แผนปฏิบัติราชการ กรอบการประเมินผล ตัวชี้วัดผลการปฏิบัติราชการ น้ำหนัก ผลงานในอดีต เป้าหมาย "
        "และเกณฑ์การให้คะแนน ตามเอกสารแนบท้ายคำรับรองนี้"
    ),
    "receiver": (
        "ผู้รับคำรับรองได้พิจารณาและเห็นชอบกับรายละเอียดตามข้อ 3 แล้ว และยินดีจะให้คำแนะนำ กำกับ และติดตามผลการปฏิบัติราชการ"
        "ของผู้ทำคำรับรอง ให้เป็นไปตามคำรับรองที่จัดทำขึ้นนี้"
    ),
    "maker": (
        "ผู้ทำคำรับรองได้ทำความเข้าใจรายละเอียดตามข้อ 3 แล้ว ขอให้คำรับรองว่าจะมุ่งมั่นปฏิบัติราชการให้เกิดผลงานที่ดีตามเป้าหมาย"
        "ของตัวชี้วัดแต่ละตัวในระดับสูงสุด เพื่อให้เกิดประโยชน์สุขแก่ประชาชน"
    ),
    "closing": "ผู้รับคำรับรองและผู้ทำคำรับรองได้เข้าใจคำรับรองการปฏิบัติราชการและเห็นพ้องกันแล้ว จึงได้ลงลายมือชื่อไว้เป็นสำคัญ",
}


def braced(name: str) -> str:
    """A name as it is typed in a clause."""
    return "{" + name + "}"


def problems(key: str, text: str) -> Iterator[str]:
    """What a clause can't say, or doesn't say though it must, as sentences."""
    if "{" in IN_BRACES.sub("", text) or "}" in IN_BRACES.sub("", text):
        yield _("A brace { or } stands alone. A name between two braces is filled by each agreement.")
    unknown = [name for name in IN_BRACES.findall(text) if name not in (*FILLED, PERIOD)]
    if unknown:
        known = ", ".join(braced(name) for name in (PERIOD, *FILLED))
        yield _("%(name)s is not known. What can be filled: %(known)s.") % {"name": braced(unknown[0]), "known": known}
    if key == "period":
        yield from _of_the_period(text)
    elif PERIOD in IN_BRACES.findall(text):
        yield _("The period stands in clause 2 alone: please take {%(name)s} out here.") % {"name": PERIOD}


def _of_the_period(text: str) -> Iterator[str]:
    if IN_BRACES.findall(text).count(PERIOD) != 1:
        yield _("Clause 2 must hold {%(name)s} once: the period of each agreement is printed there.") % {"name": PERIOD}
    missing = [words for words in MUST_SAY if words not in text]
    if missing:
        yield _("Clause 2 must say “%(words)s” (handbook 2.2).") % {"words": missing[0]}


def clauses_in(sections: dict) -> list[dict]:
    """The clauses of a frozen agreement, numbered from 2, each in pieces: texts, and where the period goes.

    A snapshot from before the clauses were worded, or of a year without a wording, has the usual ones.
    """
    texts = USUAL | sections.get("wording", {}).get("clauses", {})
    agreement = sections["agreement"]
    values = {
        "unit": agreement["unit"]["name"],
        "superior": agreement["superior_unit"]["name"],
        "year": f"พ.ศ. {agreement['fiscal_year']}",
    }
    return [
        {"number": number, "pieces": list(_pieces(texts[key], values))} for number, key in enumerate(LABELS, start=2)
    ]


def _pieces(text: str, values: dict[str, str]) -> Iterator[dict]:
    for at, piece in enumerate(IN_BRACES.split(text)):
        is_period = at % 2 == 1 and piece == PERIOD
        filled = values[FILLED[piece]] if at % 2 == 1 and piece in FILLED else piece
        yield {"text": "" if is_period else filled, "is_period": is_period}
