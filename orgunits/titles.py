"""The title of the head of a unit, as its name and level suggest it. A default: titles of posts can be edited."""

from dataclasses import dataclass
from typing import Final

from orgunits.models import HEADQUARTERS, OrgUnit


@dataclass(frozen=True)
class Title:
    th: str
    abbr: str
    en: str


# Heads whose title doesn't follow from the unit's name.
SPECIAL: Final = {
    HEADQUARTERS: Title("ผู้บัญชาการตำรวจแห่งชาติ", "ผบ.ตร.", "Commissioner-General, Royal Thai Police"),
    "OIG": Title("จเรตำรวจแห่งชาติ", "จตช.", "Inspector-General, Royal Thai Police"),
    "PGH": Title("นายแพทย์ใหญ่โรงพยาบาลตำรวจ", "นายแพทย์ใหญ่ รพ.ตร.", "Surgeon-General, Police General Hospital"),
    "OCG-SEC": Title("เลขานุการสำนักงานตำรวจแห่งชาติ", "ลก.ตร.", "Secretary, Secretariat of the Royal Thai Police"),
}

# How a head is called: title, abbreviation, English; and the beginnings of a unit's name and abbreviation that the
# title takes the place of (กองบังคับการตรวจคนเข้าเมือง 1 → ผู้บังคับการตรวจคนเข้าเมือง 1, บก.ตม.1 → ผบก.ตม.1).
_COMMISSIONER: Final = ("ผู้บัญชาการ", "ผบช.", "Commissioner", "กองบัญชาการ", "บช.")
_COMMANDER: Final = ("ผู้บังคับการ", "ผบก.", "Commander", "กองบังคับการ", "บก.")
_SUPERINTENDENT: Final = ("ผู้กำกับการ", "ผกก.", "Superintendent", "กองกำกับการ", "กก.")
_CHIEF: Final = ("หัวหน้า", "หน.", "Chief", "", "")


def default_head_title(unit: OrgUnit) -> Title | None:
    """Title of the head of a unit; None for a grouping node, which has no head of its own."""
    if unit.code in SPECIAL:
        return SPECIAL[unit.code]
    if unit.kind in (OrgUnit.Kind.COMMISSIONER_OFFICE, OrgUnit.Kind.EXTERNAL):
        return None
    title, abbr, english, name_start, abbr_start = _style(unit)
    command = unit.parent if _is_told_by_its_command(unit) else None
    return Title(
        th=title + unit.name_th.removeprefix(name_start) + (f" {command.name_th}" if command else ""),
        abbr=abbr + unit.abbr_th.removeprefix(abbr_start) if unit.abbr_th else "",
        en=f"{english}, {unit.name_en}" + (f", {command.name_en}" if command else ""),
    )


def _style(unit: OrgUnit) -> tuple[str, str, str, str, str]:
    if unit.kind == OrgUnit.Kind.COMMAND:
        return _COMMISSIONER
    if unit.kind == OrgUnit.Kind.DIVISION:
        return _COMMANDER
    # Sub-divisions, staff sections (ฝ่าย) and provincial immigration offices are led by superintendents.
    led_by_superintendent = ("กองกำกับการ", "ฝ่าย", "ตรวจคนเข้าเมืองจังหวัด")
    return _SUPERINTENDENT if unit.name_th.startswith(led_by_superintendent) else _CHIEF


def _is_told_by_its_command(unit: OrgUnit) -> bool:
    """Does every command have a unit of this name? Then its abbreviation ends with the command's (บก.อก.สตม.)."""
    command = unit.parent
    if command is None or command.kind != OrgUnit.Kind.COMMAND or not command.abbr_th:
        return False
    return unit.abbr_th.endswith(command.abbr_th)
