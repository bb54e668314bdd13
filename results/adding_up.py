"""Which results add up through the year, as counts and amounts of money do; all others stand for themselves when reported.

Told by the kind of criteria, then by the unit of measure. What isn't known to add up is taken not to: a percentage that
was carried on at its pace would promise what cannot be.
"""

from indicators.criteria import Kind

# Measured in a unit; the results of other kinds are steps, scores and means, but for issues, which are counted.
MEASURED = (Kind.QUANTITATIVE, Kind.BANDS, Kind.TARGETS)
MONEY = ("บาท",)
PEOPLE = ("คน", "ราย", "นาย", "ครัวเรือน", "หน่วย", "เครือข่าย", "ชุมชน", "หมู่บ้าน", "โรงเรียน", "สถานประกอบการ", "แห่ง", "จุด")
WORK = ("คดี", "เรื่อง", "ครั้ง", "เที่ยว", "คำขอ", "คำร้อง", "โครงการ", "กิจกรรม", "หลักสูตร", "รุ่น", "ประเด็น", "รายการ")
THINGS = ("ฉบับ", "ชิ้น", "ชุด", "เล่ม", "ใบ", "คัน", "ลำ", "หลัง", "บัญชี")
UNITS = frozenset((*MONEY, *PEOPLE, *WORK, *THINGS))
# Before a unit: ล้านบาท, หมื่นคน.
THOUSANDS = ("พัน", "หมื่น", "แสน", "ล้าน")
# In the name of what is counted: a mean, or how many there are left on a day.
NO_SUM = ("เฉลี่ย", "คงค้าง", "คงเหลือ")


def adds_up(kind: str, name: str, unit: str) -> bool:
    """Does the result of an indicator of that kind, name and unit of measure grow with what is done month by month?"""
    if kind == Kind.COUNT:
        return True
    return kind in MEASURED and _without_thousands(unit.strip()) in UNITS and not any(word in name for word in NO_SUM)


def _without_thousands(unit: str) -> str:
    before = next((word for word in THOUSANDS if unit.startswith(word)), None)
    return _without_thousands(unit.removeprefix(before)) if before else unit
