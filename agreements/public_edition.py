"""What the public reads of a snapshot: its text, with the names and posts of people and nothing else of them.

Pure. Telephone numbers and the minutes of the committee are left out; comments, offers and scores are in no snapshot
that is announced. The hash that it bears is that of the whole content, which was signed.
"""

from typing import Any

QUESTIONS = ("develops", "measures", "target_is")
OF_PEOPLE = ("name", "post")
NOT_THE_PUBLICS = ("minutes", "hash", "code", "verify_url")
# Of an amendment: which, why, when, what it changes from what into what. Not who of the staff asked for it, nor what the
# sides said of each change while they negotiated.
OF_AN_AMENDMENT = ("number", "reason", "on", "amends")
OF_A_CHANGE = ("number", "name", "field", "label", "was", "now")
# Fields whose text holds telephone numbers.
NAMING_PEOPLE = ("overseer", "collectors")


def public_sections(sections: dict[str, Any]) -> dict[str, Any]:
    """The sections of a snapshot without what isn't the public's."""
    amended = {"amendment": _amendment(sections["amendment"])} if "amendment" in sections else {}
    return {**sections, "lines": [_line(line) for line in sections["lines"]], **amended}


def public_certificate(certificate: dict[str, Any]) -> dict[str, Any]:
    """The certificate for an edition of its own: without the minutes, and the other document's code and address."""
    return {name: value for name, value in certificate.items() if name not in NOT_THE_PUBLICS}


def answers_in(line: dict[str, Any]) -> list[str]:
    """The answers to the three questions of a line, in their order; "" where there is none."""
    given = line.get("questions") or {}
    return [given.get(name, "") for name in QUESTIONS]


def _line(line: dict[str, Any]) -> dict[str, Any]:
    overseer, collectors = line.get("overseer"), line.get("collectors", [])
    return {
        **line,
        "overseer": _person(overseer) if overseer else None,
        "collectors": [_person(each) | {"carries_score": each["carries_score"]} for each in collectors],
    }


def _amendment(amendment: dict[str, Any]) -> dict[str, Any]:
    told = [change for change in amendment["changes"] if change["field"] not in NAMING_PEOPLE]
    changes = [{name: change[name] for name in OF_A_CHANGE} for change in told]
    return {name: amendment[name] for name in OF_AN_AMENDMENT} | {"changes": changes}


def _person(person: dict[str, Any]) -> dict[str, Any]:
    # Blank rather than left out: the sheet is printed by the same template.
    return {name: person[name] for name in OF_PEOPLE} | {"phone": ""}
