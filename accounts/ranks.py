"""Police ranks, highest first: the abbreviation that is stored, and the words it stands for."""

from typing import Final

# Royal Thai Police ranks, from police general to police lance corporal.
RANKS: Final[dict[str, str]] = {
    "พล.ต.อ.": "พลตำรวจเอก",
    "พล.ต.ท.": "พลตำรวจโท",
    "พล.ต.ต.": "พลตำรวจตรี",
    "พ.ต.อ.": "พันตำรวจเอก",
    "พ.ต.ท.": "พันตำรวจโท",
    "พ.ต.ต.": "พันตำรวจตรี",
    "ร.ต.อ.": "ร้อยตำรวจเอก",
    "ร.ต.ท.": "ร้อยตำรวจโท",
    "ร.ต.ต.": "ร้อยตำรวจตรี",
    "ด.ต.": "ดาบตำรวจ",
    "จ.ส.ต.": "จ่าสิบตำรวจ",
    "ส.ต.อ.": "สิบตำรวจเอก",
    "ส.ต.ท.": "สิบตำรวจโท",
    "ส.ต.ต.": "สิบตำรวจตรี",
}

# Civilians have a title written close to the name instead of a rank.
PREFIXES: Final[tuple[str, ...]] = ("นาย", "นาง", "นางสาว")

FEMALE: Final = "หญิง"
# Promoted, the royal command not yet published: said before the rank.
PENDING: Final = "ว่าที่"

_ORDER: Final = {abbreviation: place for place, abbreviation in enumerate(RANKS)}


def short_rank(rank: str, *, female: bool = False, pending: bool = False) -> str:
    """ "พ.ต.ท." → "พ.ต.ท.หญิง"; pending: "ว่าที่ พ.ต.ท.หญิง". No rank gives ""."""
    if not rank:
        return ""
    return (PENDING + " " if pending else "") + rank + (FEMALE if female else "")


def full_rank(rank: str, *, female: bool = False, pending: bool = False) -> str:
    """ "พ.ต.ท." → "พันตำรวจโทหญิง"; pending: "ว่าที่พันตำรวจโทหญิง". No rank gives ""."""
    if not rank:
        return ""
    return (PENDING if pending else "") + RANKS[rank] + (FEMALE if female else "")


def seniority(rank: str) -> int:
    """0 for the highest rank, rising downwards; people without a rank come last."""
    return _ORDER.get(rank, len(RANKS))
