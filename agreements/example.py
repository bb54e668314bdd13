"""A made-up agreement, to show a wording on paper before there is one to show it on. Pure."""

UNIT = {"code": "", "name": "กองบังคับการตัวอย่าง", "abbr": "บก.ตัวอย่าง", "tier": 3}
SUPERIOR = {"code": "", "name": "กองบัญชาการตัวอย่าง", "abbr": "บช.ตัวอย่าง", "tier": 2}


def example_sections(year: int, starts_on: str, ends_on: str, clauses: dict[str, str]) -> dict:
    """The sections of an agreement without plan and lines, that says `clauses`. Dates in ISO."""
    return {
        "schema": 1,
        "agreement": {
            "code": "",
            "reference": f"คร. {UNIT['abbr']}/{year}",
            "unit": UNIT,
            "superior_unit": SUPERIOR,
            "fiscal_year": year,
            "starts_on": starts_on,
            "ends_on": ends_on,
        },
        "rule": {"case": "", "explanation": "", "annexes": []},
        "parties": {
            "receivers": [{"post": "ผู้บัญชาการกองบัญชาการตัวอย่าง", "unit": SUPERIOR["name"]}],
            "makers": [{"post": "ผู้บังคับการกองบังคับการตัวอย่าง", "unit": UNIT["name"]}],
        },
        "plan": {"unit": UNIT["name"], "vision": "", "mission": [], "issues": []},
        "superior_plan": None,
        "framework": {"name": "", "top": 5, "floor": "1", "dimensions": []},
        "lines": [],
        "wording": {"clauses": clauses},
    }
