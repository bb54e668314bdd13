"""Indicators of the demonstration by their keys: sheets and figures are invented (ข้อมูลสมมติเพื่อการสาธิต)."""

from desk.demo.sheets.airports import GATES
from desk.demo.sheets.borders import BORDERS
from desk.demo.sheets.commands import CYBER, TOURISTS
from desk.demo.sheets.enforcement import ENFORCEMENT
from desk.demo.sheets.headquarters import COMMISSIONERS_OFFICE, HEADQUARTERS
from desk.demo.sheets.sheet import Indicator
from desk.demo.sheets.stay import STAY
from desk.demo.sheets.support import SUPPORT

__all__ = ["DIMENSIONS", "LIBRARY", "Indicator"]

DIMENSIONS = (
    # number, name, weight
    (1, "ด้านประสิทธิผลตามแผนปฏิบัติราชการ", "60"),
    (2, "ด้านคุณภาพการให้บริการ", "15"),
    (3, "ด้านประสิทธิภาพของการปฏิบัติราชการ", "10"),
    (4, "ด้านการพัฒนาองค์การ", "15"),
)
LIBRARY: dict[str, Indicator] = {
    **STAY,
    **GATES,
    **BORDERS,
    **ENFORCEMENT,
    **SUPPORT,
    **TOURISTS,
    **CYBER,
    **HEADQUARTERS,
    **COMMISSIONERS_OFFICE,
}
_COMPUTED = {
    indicator.name: indicator
    for indicator in LIBRARY.values()
    if indicator.expression or indicator.parts or indicator.kind
}


def inputs_of(line, result):
    """What a report says that the result of a line (as signed) is made of; {} where it is reported itself."""
    indicator = _COMPUTED.get(line.name)
    return indicator.inputs(result) if indicator and (line.expression or line.kind == indicator.kind) else {}
