"""A made-up agreement for the bench of documents: plans, and as many indicators as are asked for. Nothing is random."""

import hashlib

from agreements.example import example_sections
from agreements.freeze import canonical

TEXTS = {
    "explanation": "วัดจากผลการดำเนินงานของทุกงานในสังกัดตลอดปีงบประมาณ ผู้กำกับการแต่ละงานรวบรวมและรับรองข้อมูลก่อนส่งฝ่ายอำนวยการ ",
    "definition": "เวลามาตรฐาน หมายถึง ระยะเวลาตามประกาศ นับแต่วันที่รับคำขอซึ่งมีเอกสารครบถ้วน\nคำขอที่แล้วเสร็จ หมายถึง คำขอที่สั่งแล้ว ",
    "formula": "(A1 / B1) × 100\nA1 = จำนวนคำขอที่แล้วเสร็จภายในเวลามาตรฐาน\nB1 = จำนวนคำขอที่รับไว้ทั้งหมดในรอบปี",
    "conditions": "ไม่นับคำขอที่ยื่นในช่วงที่ระบบสารสนเทศกลางขัดข้องเกิน 4 ชั่วโมง ซึ่งมีบันทึกของผู้ดูแลระบบรับรอง ",
    "data_source": "ระบบสารสนเทศตรวจคนเข้าเมือง รายงานประจำเดือนของงานอำนวยการ ",
}
NAMES = (
    "ร้อยละของคำขออยู่ต่อในราชอาณาจักรที่พิจารณาแล้วเสร็จภายในเวลามาตรฐาน",
    "จำนวนวันเฉลี่ยในการพิจารณาคำขออยู่ต่อในราชอาณาจักร",
    "ร้อยละของระดับความพึงพอใจของผู้รับบริการ",
    "ค่าใช้จ่ายด้านน้ำมันเชื้อเพลิงและน้ำประปาต่อเดือน",
)
DIMENSIONS = ("ด้านประสิทธิผล", "ด้านคุณภาพการให้บริการ", "ด้านประสิทธิภาพ", "ด้านการพัฒนาองค์การ")
ANNEXES = {
    "unit_plan": "แผนปฏิบัติราชการของหน่วย",
    "superior_plan": "แผนปฏิบัติราชการของกองบัญชาการ",
    "framework": "กรอบการประเมินผล ตัวชี้วัด น้ำหนัก ผลงานในอดีต เป้าหมาย และเกณฑ์การให้คะแนน",
    "sheets": "รายละเอียดตัวชี้วัด",
}


def sections(lines: int, *, edited: str = "", unit: str = "") -> dict:
    """An agreement of that many indicators; `edited` is added to the explanation of one in the middle."""
    made = example_sections(2570, "2026-10-01", "2027-09-30", {})
    made["agreement"]["unit"] = made["agreement"]["unit"] | {"name": f"กองบังคับการตัวอย่าง {unit}"}
    made["rule"]["annexes"] = [{"kind": kind, "title": title} for kind, title in ANNEXES.items()]
    made["plan"] = made["superior_plan"] = _plan()
    dimensions = [{"number": str(at), "name": name, "weight": "25"} for at, name in enumerate(DIMENSIONS, 1)]
    made["framework"] |= {"name": "กรอบการประเมินผล", "dimensions": dimensions}
    made["lines"] = [_line(at, lines, edited if at == lines // 2 else "", unit) for at in range(lines)]
    return made


def _plan():
    goals = [
        {
            "number": f"1.{at}",
            "text": "ผู้รับบริการได้รับบริการที่รวดเร็วและมีคุณภาพ",
            "indicators": [{"text": NAMES[0], "target": "ร้อยละ 87"}],
            "strategies": [{"number": f"1.{at}.1", "text": "ปรับปรุงขั้นตอนการพิจารณาคำขอและลดเอกสาร"}],
        }
        for at in range(1, 7)
    ]
    issues = [{"number": "1", "text": "ยกระดับการให้บริการคนเข้าเมืองให้ได้มาตรฐานสากล", "goals": goals}]
    return {"unit": "", "vision": "เป็นหน่วยบริการที่รวดเร็ว", "mission": ["ให้บริการ", "พัฒนากำลังพล"], "issues": issues}


def _line(at, lines, edited, unit):
    dimension = at * len(DIMENSIONS) // lines + 1
    texts = {name: text * (1 if name == "formula" else 2) for name, text in TEXTS.items()}
    texts["explanation"] += f"{unit} {edited}"
    return {
        **texts,
        "number": f"{dimension}.{at + 1}",
        "dimension": str(dimension),
        "name": NAMES[at % len(NAMES)],
        "source": "plan",
        "unit_of_measure": "ร้อยละ",
        "weight": "2.00",
        "target": "87",
        "past": [{"year": year, "value": "82.10"} for year in (2567, 2568, 2569)],
        "kind": "quantitative",
        "levels": ["78", "81", "84", "87", "90"],
        "level_texts": [""] * 5,
        "issue": "ยกระดับการให้บริการ",
        "goal": "ผู้รับบริการได้รับบริการที่รวดเร็ว",
        "strategy": "ปรับปรุงขั้นตอน",
        "low_target_reason": "",
    }


def certificate(content: dict) -> dict:
    """Of an agreement that waits for its signatures."""
    digest = hashlib.sha256(canonical(content).encode()).hexdigest()
    code = digest[:32]
    address = f"https://agreements.example.go.th/verify/{code}/"
    return {"draft": False, "hash": digest, "code": code, "verify_url": address, "signatures": [], "people": []}
