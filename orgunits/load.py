"""Loading the organisation from a CSV: units, their heads' posts and affiliations, and the external bodies.

Loading adds what is missing and changes nothing that is there: titles that were edited and units that were moved stay.
"""

import csv
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from acts.log import THE_SYSTEM, acting
from orgunits.models import COMMISSIONER_OFFICE, PRIME_MINISTER, PUBLIC_SECTOR_OFFICE, Affiliation, OrgUnit, Post
from orgunits.titles import Title, default_head_title
from orgunits.tree import plant, tree_lock

OUR_UNITS: Final = Path(__file__).parent / "data" / "orgtree.csv"
# First day of fiscal year 2559, from which the affiliations in the file are taken to hold.
AFFILIATED_SINCE: Final = date(2015, 10, 1)

# Remarks of the file's author behind an English name; "(Bangkok)" and "(PARU)" are part of theirs.
_REMARK: Final = re.compile(r"\s*\((?:grouping node|created after|bureau since|กก\. level)[^)]*\)$")

EXTERNAL: Final = (
    {
        "code": PUBLIC_SECTOR_OFFICE,
        "name_th": "สำนักงานคณะกรรมการพัฒนาระบบราชการ",
        "abbr_th": "สำนักงาน ก.พ.ร.",
        "name_en": "Office of the Public Sector Development Commission",
    },
    {"code": PRIME_MINISTER, "name_th": "สำนักนายกรัฐมนตรี", "name_en": "Office of the Prime Minister"},
)
EXTERNAL_POSTS: Final = (
    (PUBLIC_SECTOR_OFFICE, Post.Kind.HEAD, Title("เลขาธิการ ก.พ.ร.", "", "Secretary-General, OPDC")),
    (PRIME_MINISTER, Post.Kind.HEAD, Title("นายกรัฐมนตรี", "นรม.", "Prime Minister")),
    (PRIME_MINISTER, Post.Kind.DEPUTY, Title("รองนายกรัฐมนตรี", "รอง นรม.", "Deputy Prime Minister")),
)


class BadFile(ValueError):
    """The file cannot be loaded; the message names the line. Nothing was loaded."""


@dataclass(frozen=True)
class Loaded:
    """How many rows were added."""

    units: int
    posts: int
    affiliations: int


def load_units(path: Path = OUR_UNITS, *, at, affiliated_since: date = AFFILIATED_SINCE) -> Loaded:
    """Add what the file has and the database hasn't, in one locked transaction. Raises BadFile."""
    with acting(THE_SYSTEM, at=at) as record, tree_lock():
        present = {unit.code: unit for unit in OrgUnit.objects.all()}
        added = plant([*_from_file(path, present), *_external(present)])
        posts = Post.objects.bulk_create(_posts(added))
        affiliations = Affiliation.objects.bulk_create(_affiliations(added, affiliated_since))
        loaded = Loaded(len(added), len(posts), len(affiliations))
        if added:
            record("orgunits.load_units", None, change={"units": [len(present), len(present) + len(added)]})
        return loaded


def _external(present):
    for names in EXTERNAL:
        if names["code"] not in present:
            yield OrgUnit(**names, tier=1, kind=OrgUnit.Kind.EXTERNAL, external=True)


def _from_file(path, present):
    """The units of the file that are not there yet, each with its parent, which stands above it in the file."""
    known = dict(present)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            if row["code"] in known:
                continue
            if row["parent_code"] and row["parent_code"] not in known:
                raise BadFile(f"Line {line}: superior unit {row['parent_code']!r} is not known yet.")
            known[row["code"]] = _unit(line, row, parent=known.get(row["parent_code"]))
            yield known[row["code"]]


def _unit(line, row, *, parent):
    if row["kind"] not in OrgUnit.Kind.values or row["signs_agreement"] not in ("yes", "no"):
        raise BadFile(f"Line {line}: kind {row['kind']!r} or signs_agreement {row['signs_agreement']!r} is not known.")
    return OrgUnit(
        code=row["code"],
        parent=parent,
        tier=int(row["level"]),
        kind=row["kind"],
        signs_agreement=row["signs_agreement"] == "yes",
        name_th=row["name_th"],
        abbr_th=row["abbr_th"],
        name_en=_REMARK.sub("", row["name_en"]),
    )


def _posts(added):
    for unit in added:
        title = default_head_title(unit)
        if title:
            yield _post(unit, Post.Kind.HEAD, title)
        for code, kind, title in EXTERNAL_POSTS:
            if unit.code == code:
                yield _post(unit, kind, title)


def _post(unit, kind, title):
    return Post(unit=unit, kind=kind, title_th=title.th, abbr_th=title.abbr, title_en=title.en)


def _affiliations(added, since):
    for unit in added:
        if unit.parent and unit.parent.code == COMMISSIONER_OFFICE:
            yield Affiliation(unit=unit, body=unit.parent, since=since)
