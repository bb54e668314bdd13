"""What the document prints: a snapshot's dates, numbers and names as people read them, arranged and summed up.

Plain dicts in, a template context out; no database, no clock. Digits stay 0–9 here: which digits the paper carries is
decided once, for whole pages, in `documents`. A draft may have gaps: what isn't there yet is a dash.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import zip_longest

from accounts import qr
from orgunits.orders import order_words
from thai.numbers import fixed_number, grouped_number, plain_number

NOTHING = "–"
PAST_YEARS = 3
MILESTONE = "milestone"
HASH_GROUP, SHORT_HASH = 4, 12
NO_SIGNER = {
    "name": "", "capacity": "own", "acted_post": "", "order_number": "", "order_date": None, "assignment": None,
    "signed_at": None, "method": "", "name_parts": (), "order": "",
}  # fmt: skip


def printed(sections: dict, certificate: dict) -> dict:
    """The context of templates/agreements/document/document.html."""
    receivers = _signers("receiver", sections["parties"]["receivers"], certificate)
    makers = _signers("maker", sections["parties"]["makers"], certificate)
    return {
        "agreement": _agreement(sections["agreement"]),
        "rule": sections["rule"],
        "receivers": receivers,
        "makers": makers,
        # Blocks side by side: the receiver left, the maker right, None where one side has fewer.
        "signer_rows": list(zip_longest(receivers, makers)),
        "annexes": [_annex(number, annex, sections) for number, annex in enumerate(sections["rule"]["annexes"], 1)],
        "criteria": _criteria(sections),
        "sheets": [_sheet(line, sections) for line in sections["lines"]],
        "certificate": _certificate(certificate),
        "all_have_signed": all(signer["signed_at"] for signer in receivers + makers),
    }


def _agreement(agreement: dict) -> dict:
    starts_on, ends_on = date.fromisoformat(agreement["starts_on"]), date.fromisoformat(agreement["ends_on"])
    after = ends_on + timedelta(days=1)
    is_one_year = (after.year - 1, after.month, after.day) == (starts_on.year, starts_on.month, starts_on.day)
    return {**agreement, "starts_on": starts_on, "ends_on": ends_on, "is_one_year": is_one_year}


def _signers(side: str, posts: list[dict], certificate: dict) -> list[dict]:
    """Who signs for `side`: as signed; else the people expected to; else the posts alone, their names left blank."""
    signed = {_place(signature): signature for signature in certificate["signatures"] if signature["side"] == side}
    expected = {
        _place(person): {**person, "signed_at": None} for person in certificate["people"] if person["side"] == side
    }
    # Whoever signed, though somebody else was expected, comes last; without places, all of them are expected.
    known = {**expected, **signed}
    if not known or any("slot" in signer for signer in known.values()):
        known = {_place({"slot": _slot(post, side)}): _bare(post, side) for post in posts} | known
    assignments = {_slot(post, side): _assignment(post) for post in posts}
    return [_signer(signer, assignments.get(signer.get("slot", side))) for signer in known.values()]


def _place(signer: dict) -> object:
    """What tells the signers of a side apart: the place of the signature; where that isn't said, who signs."""
    return signer.get("slot") or (signer["name"], signer["own_post"])


def _slot(post: dict, side: str) -> str:
    return post.get("slot", side)


def _bare(post: dict, side: str) -> dict:
    return {**NO_SIGNER, "side": side, "slot": _slot(post, side), "own_post": post["post"]}


def _signer(signer: dict, assignment: dict | None) -> dict:
    """A signatory with every value that a page shows, its times as such."""
    at, ordered_on = signer["signed_at"], signer.get("order_date")
    times = {
        "signed_at": datetime.fromisoformat(at) if at else None,
        "order_date": date.fromisoformat(ordered_on) if ordered_on else None,
    }
    order = {"order": order_words(signer["order_number"]) if signer.get("order_number") else ""}
    return {**NO_SIGNER, **signer, **times, **order, "assignment": assignment, "name_parts": name_parts(signer["name"])}


def name_parts(name: str) -> list[str]:
    """Rank, first name and surname, none of which is broken in two; ณ of a surname stays with what follows it."""
    parts = name.replace(" ณ ", " ณ\0").split()
    return [part.replace("\0", "\N{NO-BREAK SPACE}") for part in parts]


def _assignment(post: dict) -> dict | None:
    """By whom and by which order the post was assigned to sign; None where it signs of its own right."""
    assignment = post.get("assignment")
    if assignment is None:
        return None
    return {**assignment, "date": date.fromisoformat(assignment["date"]), "order": order_words(assignment["number"])}


def _annex(number: int, annex: dict, sections: dict) -> dict:
    plans = {"unit_plan": sections["plan"], "superior_plan": sections["superior_plan"]}
    return {**annex, "number": number, "plan": plans.get(annex["kind"])}


def _criteria(sections: dict) -> dict:
    """The criteria table: its columns, its lines under their dimensions with subtotals, and the total."""
    framework, lines = sections["framework"], sections["lines"]
    return {
        "framework": {**framework, "floor": figure(framework["floor"])},
        "years": _years(sections),
        "levels": range(1, framework["top"] + 1),
        "groups": [group for group in _groups(framework["dimensions"], lines, sections) if group["lines"]],
        "total": _sum_of_weights(lines),
    }


def _groups(dimensions: list[dict], lines: list[dict], sections: dict) -> Iterator[dict]:
    numbers = [dimension["number"] for dimension in dimensions]
    undecided = {"number": "", "name": "", "weight": ""}
    for dimension in [*dimensions, undecided]:
        number = dimension["number"]
        own = [
            line for line in lines if line["dimension"] == number or (not number and line["dimension"] not in numbers)
        ]
        yield {
            "dimension": {**dimension, "title": dimension_title(dimension), "weight": weight(dimension["weight"])},
            "weight": _sum_of_weights(own),
            "lines": [_row(line, sections) for line in own],
        }


def dimension_title(dimension: dict) -> str:
    """มิติที่ 1 ด้านประสิทธิผล, whether or not the framework's own name begins with มิติ."""
    if not dimension["number"]:
        return "ยังไม่ได้ระบุมิติ"
    return f"มิติที่ {dimension['number']} {dimension['name'].removeprefix('มิติ').strip()}"


def _row(line: dict, sections: dict) -> dict:
    """A line of the criteria table: figures as printed, one cell for each year and each level."""
    top = sections["framework"]["top"]
    past = {entry["year"]: entry["value"] for entry in line["past"]}
    is_milestone = line["kind"] == MILESTONE
    # Of a milestone the table names the levels; what each asks for stands in the sheet.
    levels = [str(level) for level in range(1, top + 1)] if is_milestone else figures(line["levels"])
    return {
        **line,
        "is_milestone": is_milestone,
        "weight": weight(line["weight"]),
        "target": figure(line["target"]),
        "past": figures([past.get(year) for year in _years(sections)]),
        "levels": (levels + [NOTHING] * top)[:top],
    }


def _sheet(line: dict, sections: dict) -> dict:
    """A line's sheet: its row, and what the table has no room for."""
    titles = {dimension["number"]: dimension_title(dimension) for dimension in sections["framework"]["dimensions"]}
    row = _row(line, sections)
    texts = (line["level_texts"] + [""] * len(row["levels"]))[: len(row["levels"])]
    return {
        **row,
        "dimension_title": titles.get(line["dimension"], NOTHING),
        "years": list(zip(_years(sections), row["past"], strict=True)),
        "steps": list(zip(row["levels"], texts, strict=True)),
    }


def _years(sections: dict) -> list[int]:
    year = sections["agreement"]["fiscal_year"]
    return list(range(year - PAST_YEARS, year))


def _sum_of_weights(lines: list[dict]) -> str:
    return weight(str(sum((Decimal(line["weight"]) for line in lines if line["weight"]), Decimal(0))))


def weight(value: str | None) -> str:
    """A weight with its two places, or a dash."""
    return fixed_number(Decimal(value), 2) if value else NOTHING


def figures(values: list[str | None]) -> list[str]:
    """Numbers of a kind, all with the decimals that the longest of them needs: 26.4, 24.0, 21.7; dashes for none."""
    numbers = [Decimal(value) for value in values if value]
    places = max((len(plain_number(number).partition(".")[2]) for number in numbers), default=0)
    return [grouped_number(Decimal(value), places) if value else NOTHING for value in values]


def figure(value: str | None) -> str:
    """One number, with the decimals it needs."""
    return figures([value])[0]


def _certificate(certificate: dict) -> dict:
    own_hash = certificate["hash"]
    groups = [own_hash[at : at + HASH_GROUP] for at in range(0, len(own_hash), HASH_GROUP)]
    shows_qr = certificate["verify_url"] and not certificate["draft"]
    return {
        **certificate,
        "emblem": certificate.get("emblem", ""),
        "short_hash": " ".join(groups[: SHORT_HASH // HASH_GROUP]),
        "hash_rows": [groups[: len(groups) // 2], groups[len(groups) // 2 :]],
        "qr": qr.svg_data_uri(certificate["verify_url"]) if shows_qr else "",
    }
