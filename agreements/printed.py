"""What the document prints: a snapshot's dates, numbers and names as people read them, arranged and summed up.

Plain dicts in, a template context out; no database, no clock. Digits stay 0–9 here: which digits the paper carries is
decided once, for whole pages, in `documents`. A draft may have gaps: what isn't there yet is a dash.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise, zip_longest

from accounts import qr
from agreements.clauses import clauses_in
from agreements.frozen_criteria import criteria_in, note_in, rule_in
from agreements.frozen_framework import denominator_in, is_in, scale_in
from agreements.printed_amendment import amended_title, amendment_in
from indicators.criteria import Kind
from indicators.formula import formula_of, items_that_count
from indicators.scale import FIVE
from indicators.scoring import Denominator
from orgunits.orders import order_words
from thai.numbers import fixed_number, grouped_number, plain_number

NOTHING = "–"
# The three questions of the informal negotiation (handbook 2.1, 5), as the sheet puts them.
QUESTIONS = {"develops": "สิ่งที่จะพัฒนา", "measures": "ตัวชี้วัดที่ใช้วัดงาน", "target_is": "เป้าหมายของการพัฒนา"}
PAST_YEARS = 3
DEEPEST_INDENT = 4  # parts of parts lie further in; beyond this the number alone tells
HASH_GROUP, SHORT_HASH = 4, 12
NO_SIGNER = {
    "name": "", "capacity": "own", "acted_post": "", "order_number": "", "order_date": None, "assignment": None,
    "signed_at": None, "method": "", "name_parts": (), "order": "",
}  # fmt: skip


def printed(sections: dict, certificate: dict) -> dict:
    """The context of the templates in templates/agreements/document/."""
    receivers = _signers("receiver", sections["parties"]["receivers"], certificate)
    makers = _signers("maker", sections["parties"]["makers"], certificate)
    return {
        "agreement": _agreement(sections["agreement"]),
        "amendment": amendment_in(sections),
        "rule": sections["rule"],
        "clauses": clauses_in(sections),
        "receivers": receivers,
        "makers": makers,
        # Blocks side by side: the receiver left, the maker right, None where one side has fewer.
        "signer_rows": list(zip_longest(receivers, makers)),
        "annexes": [_annex(number, annex, sections) for number, annex in enumerate(_annexes(sections, certificate), 1)],
        "minutes": [_meeting(each) for each in certificate.get("minutes", ())],
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


def _annexes(sections: dict, certificate: dict) -> list[dict]:
    """What is annexed: by the rule; what was amended; the minutes, where they were handed in with the certificate."""
    amended = {"kind": "amendment", "title": "บัญชีการแก้ไข"}
    minutes = {"kind": "minutes", "title": "รายงานการประชุมเจรจาอย่างเป็นทางการ"}
    found = [*sections["rule"]["annexes"], *([amended] if "amendment" in sections else [])]
    return found + ([minutes] if certificate.get("minutes") else [])


def _meeting(minutes: dict) -> dict:
    """A meeting of the committee; `lines` are its decisions on single indicators, where it has any."""
    return {"decisions": "", "lines": [], **minutes, "held_on": date.fromisoformat(minutes["held_on"])}


def contents_rows(headings: Sequence[tuple[str, int, str, int]]) -> list[dict]:
    """The lines of the contents page, of (title, level, address, page)."""
    names = ("title", "level", "address", "page")
    return [dict(zip(names, heading, strict=True)) for heading in headings]


def _annex(number: int, annex: dict, sections: dict) -> dict:
    plans = {"unit_plan": sections["plan"], "superior_plan": sections["superior_plan"]}
    return {**annex, "number": number, "plan": plans.get(annex["kind"])}


def _criteria(sections: dict) -> dict:
    """The criteria table: its columns, its lines under their dimensions with subtotals, and the total."""
    framework, lines = sections["framework"], sections["lines"]
    return {
        "framework": _framework(framework),
        "years": _years(sections),
        "levels": range(1, framework["top"] + 1),
        "groups": list(_groups(framework["dimensions"], lines, sections)),
        "total": _sum_of_weights(lines),
        "rules": _rules(lines),
    }


def _rules(lines: list[dict]) -> list[str]:
    """How lines are scored other than most, each rule once, naming them: ตัวชี้วัดที่ 1.2, 3.1: …"""
    numbers: dict[str, list[str]] = {}
    for line in lines:
        rule = note_in(line) if line.get("is_leaf", True) else ""
        if rule:
            numbers.setdefault(rule, []).append(line["number"])
    return [f"ตัวชี้วัดที่ {', '.join(those)}: {rule}" for rule, those in numbers.items()]


def _framework(framework: dict) -> dict:
    """What the table says of the framework: its dimensions in words, and how results are scored."""
    scale = scale_in(framework)
    over_reported = denominator_in(framework) is Denominator.REPORTED
    return {
        "name": framework["name"],
        "levels": scale.levels,
        "dimensions": " · ".join(_in_words(framework["dimensions"])),
        "top": grouped_number(scale.capped(scale.top)),
        "points": "" if scale.points == FIVE.points else " · ".join(map(grouped_number, scale.points)),
        "floor": grouped_number(scale.floor),
        "cap": "" if scale.cap is None else grouped_number(scale.cap),
        "fail": "" if scale.fail is None else grouped_number(scale.fail),
        "places": "" if scale.places == FIVE.places else str(scale.places),
        "over_reported": over_reported,
    }


def _in_words(dimensions: list[dict], depth: int = 0) -> Iterator[str]:
    """Each dimension with its weight; its parts follow in brackets."""
    starts = [place for place, dimension in enumerate(dimensions) if dimension.get("depth", 0) == depth]
    for start, end in pairwise([*starts, len(dimensions)]):
        parts = " · ".join(_in_words(dimensions[start + 1 : end], depth + 1))
        yield _weighed(dimensions[start]) + (f" ({parts})" if parts else "")


def _weighed(dimension: dict) -> str:
    least, most = dimension.get("low", ""), dimension.get("high", "")
    if dimension["weight"]:
        return f"{dimension['name']} ร้อยละ {dimension['weight']}"
    if least and most:
        return f"{dimension['name']} ร้อยละ {least}–{most}"
    if least or most:
        return f"{dimension['name']} {'ไม่น้อยกว่า' if least else 'ไม่เกิน'}ร้อยละ {least or most}"
    return str(dimension["name"])


def _groups(dimensions: list[dict], lines: list[dict], sections: dict) -> Iterator[dict]:
    """The dimensions with their own lines; what one weighs is what the lines in it and in its parts do."""
    numbers = {dimension["number"] for dimension in dimensions}
    for dimension in dimensions:
        inside = [line for line in lines if is_in(line["dimension"], dimension["number"])]
        if inside:
            yield _group(
                dimension, inside, [line for line in inside if line["dimension"] == dimension["number"]], sections
            )
    lost = [line for line in lines if line["dimension"] not in numbers]
    if lost:
        yield _group({"number": "", "name": "", "weight": ""}, lost, lost, sections)


def _group(dimension: dict, inside: list[dict], own: list[dict], sections: dict) -> dict:
    return {
        "dimension": {**dimension, "title": dimension_title(dimension), "weight": weight(dimension["weight"])},
        "indent": dimension.get("depth", 0),
        "weight": _sum_of_weights(inside),
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
    is_leaf = line.get("is_leaf", True)
    levels = [cell or NOTHING for cell in criteria_in(line).cells(_alike(line["levels"], line.get("uppers", ())))]
    return {
        **line,
        "is_leaf": is_leaf,
        "indent": min(line.get("depth", 0), DEEPEST_INDENT),
        "is_milestone": is_leaf and line["kind"] == Kind.MILESTONE,
        "weight": weight(line["weight"]),
        "target": figure(line["target"]),
        "past": figures([past.get(year) for year in _years(sections)]),
        "levels": (levels + [NOTHING] * top)[:top],
    }


def _sheet(line: dict, sections: dict) -> dict:
    """A line's sheet: its row, and what the table has no room for."""
    titles = {dimension["number"]: dimension_title(dimension) for dimension in sections["framework"]["dimensions"]}
    row, answers = _row(line, sections), line.get("questions", {})
    texts = (line["level_texts"] + [""] * len(row["levels"]))[: len(row["levels"])]
    return {
        **row,
        "dimension_title": titles.get(line["dimension"], NOTHING),
        "overseer": _person(line.get("overseer")),
        "collectors": "\n".join(_collector(each, line["collectors"]) for each in line.get("collectors", ())),
        "carries": _carries(line, sections["agreement"]["superior_unit"]["name"]),
        "made_of": _made_of(line),
        "years": list(zip(_years(sections), row["past"], strict=True)),
        "steps": list(zip(row["levels"], texts if line["kind"] != Kind.PASS_FAIL else [""] * len(texts), strict=True)),
        "rule": rule_in(line),
        "answers": [(label, answers[name]) for name, label in QUESTIONS.items() if answers.get(name)],
    }


def _carries(line: dict, superior: str) -> str:
    """What the line carries of the superior's, a line each; "" where nothing."""
    goal, indicator = line.get("carries_goal"), line.get("carries_indicator")
    return "\n".join(
        f"{kind}ของ{superior}: {text}" for kind, text in (("เป้าประสงค์", goal), ("ตัวชี้วัด", indicator)) if text
    )


def _made_of(line: dict) -> dict | None:
    """The formula as it is set, and what its names or the items of the criteria stand for; None where there is none."""
    if not line.get("is_leaf", True):
        return None
    kind, items = line["kind"], items_that_count(line["kind"], line.get("items", []))
    formula = formula_of(kind, line.get("expression", ""))
    if not formula and not items:
        return None
    weights = figures([item.get("weight") or None for item in items])
    rows = [{**item, "weight": weight} for item, weight in zip(items, weights, strict=True)]
    return {
        "formula": formula and formula.typeset(),
        "items": rows,
        "weighs": any(item.get("weight") for item in items),
    }


def _person(person: dict | None) -> str:
    """Name, post, telephone of the people of a sheet; "" of nobody."""
    if not person:
        return ""
    phone = f"โทร. {person['phone']}" if person["phone"] else ""
    return " ".join(filter(None, (person["name"], person["post"], phone)))


def _collector(person: dict, all_of_them: list[dict]) -> str:
    """Where several collect, the one whose figure is scored is told apart."""
    carries = person["carries_score"] and len(all_of_them) > 1
    return f"{_person(person)} (ผู้รับผิดชอบคะแนน)" if carries else _person(person)


def _years(sections: dict) -> list[int]:
    year = sections["agreement"]["fiscal_year"]
    return list(range(year - PAST_YEARS, year))


def _sum_of_weights(lines: list[dict]) -> str:
    leaves = [line for line in lines if line["weight"] and line.get("is_leaf", True)]
    return weight(str(sum((Decimal(line["weight"]) for line in leaves), Decimal(0))))


def weight(value: str | None) -> str:
    """A weight with its two places, or a dash."""
    return fixed_number(Decimal(value), 2) if value else NOTHING


def figures(values: list[str | None]) -> list[str]:
    """Numbers of a kind, all with the decimals that the longest of them needs: 26.4, 24.0, 21.7; dashes for none."""
    numbers = [Decimal(value) for value in values if value]
    places = max((len(plain_number(number).partition(".")[2]) for number in numbers), default=0)
    return [grouped_number(Decimal(value), places) if value else NOTHING for value in values]


def _alike(levels: list[str | None], uppers: Sequence[str | None]) -> Callable[[Decimal], str]:
    """Writes each number of the criteria with the decimals that the longest of them needs."""
    numbers = [Decimal(value) for value in (*levels, *uppers) if value]
    places = max((len(plain_number(number).partition(".")[2]) for number in numbers), default=0)
    return lambda number: grouped_number(number, places)


def figure(value: str | None) -> str:
    """One number, with the decimals it needs."""
    return figures([value])[0]


def _certificate(certificate: dict) -> dict:
    groups = _groups_of(certificate["hash"])
    shows_qr = certificate["verify_url"] and not certificate["draft"]
    return {
        **certificate,
        "emblem": certificate.get("emblem", ""),
        "seal": certificate.get("seal"),
        "earlier": [_earlier(text) for text in certificate.get("earlier", ())],
        "short_hash": " ".join(groups[: SHORT_HASH // HASH_GROUP]),
        "hash_rows": [groups[: len(groups) // 2], groups[len(groups) // 2 :]],
        "qr": qr.svg_data_uri(certificate["verify_url"]) if shows_qr else "",
    }


def _groups_of(digest: str) -> list[str]:
    """A hash in groups that the eye can follow."""
    return [digest[at : at + HASH_GROUP] for at in range(0, len(digest), HASH_GROUP)]


def _earlier(text: dict) -> dict:
    """A text that the amended one takes the place of; `number`: of the amendment that led to it, 0 to what was first."""
    return {
        "title": f"ฉบับ{amended_title(text['number'])}" if text["number"] else "คำรับรองฉบับที่ลงนามครั้งแรก",
        "signers": [_signer(signature, None) for signature in text["signatures"]],
        "hash": " ".join(_groups_of(text["hash"])),
    }
