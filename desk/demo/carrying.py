"""What the demonstration's lines carry of their superior's: by words of their names. What is not here is a true gap."""

from agreements.carrying import carriable

# Superior's unit → (words of a line's name, number of the superior's goal that it carries).
GOALS = {
    "RTP": (
        ("สมรรถนะตามสายงาน", "3.1"),
        ("ตรวจหนังสือเดินทางปลอม", "3.1"),
        ("คดีที่นักท่องเที่ยวเป็นผู้เสียหาย", "1.1"),
        ("ขอความช่วยเหลือ", "1.1"),
        ("ความเชื่อมั่นของนักท่องเที่ยว", "1.1"),
        ("เตือนภัยอาชญากรรม", "1.1"),
        ("เครือข่าย", "1.2"),
        ("คดีออนไลน์", "1.2"),
        ("ระงับธุรกรรม", "1.2"),
        ("ทรัพย์สินที่ยึดและอายัด", "1.2"),
        ("บุคคลต้องห้าม", "1.2"),
        ("ผู้ร้ายข้ามแดน", "1.2"),
        ("ตำรวจสากล", "1.2"),
        ("คดีข้ามชาติ", "1.2"),
    ),
    "IMM": (
        ("ผ่านการตรวจภายในเวลามาตรฐาน", "1.1"),
        ("วันเฉลี่ยในการพิจารณาคำขอ", "1.1"),
        ("เวลารอคอยเฉลี่ย", "1.1"),
        ("แล้วเสร็จภายใน 60 นาที", "1.1"),
        ("ความพึงพอใจของผู้รับบริการ", "1.2"),
        ("เรื่องร้องเรียน", "1.2"),
        ("อยู่เกินกำหนดเวลา", "2.1"),
        ("บุคคลต้องห้าม", "2.1"),
        ("ลักลอบ", "2.1"),
        ("หนังสือเดินทางปลอมหรือสวมตัว", "2.1"),
        ("ตรวจสอบหนังสือเดินทางอัตโนมัติ", "3.1"),
        ("ระบบตรวจคนเข้าเมืองพร้อมให้บริการ", "3.1"),
    ),
}


class Carrier:
    """What may be carried in one agreement, asked for once."""

    def __init__(self, agreement):
        self.offered = carriable(agreement)
        self.words = GOALS.get(agreement.counterpart.code, ())

    def columns(self, name):
        """Of a line of that name: the goal that it carries, and the superior's indicator of the same name."""
        number = next((number for part, number in self.words if part in name), None)
        goal = next((goal for place, goal in self.offered.goals if place == number), None)
        same = next((line for _number, line in self.offered.lines if line.name == name), None)
        return {"carries_item": goal, "carries_line": same}
