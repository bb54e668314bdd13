"""The self-assessment card (รายงานการประเมินผลตนเอง) on paper: a summary, and a card for each indicator.

In Thai whoever prints it, as it is filed. Blank is not zero: what isn't reported is “–”.
"""

import hashlib
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation

from agreements.layout import pdf_of
from agreements.typeset import in_one_style
from results.from_before import NOTHING_BEFORE, STORY, Before, before
from results.from_paper import sentences_of
from results.models import Result
from results.scores import Row, agreed_of
from thai.numbers import shows_thai_digits


@dataclass(frozen=True)
class Named:
    """A person as the signed sheet names them."""

    name: str
    post: str
    phone: str


@dataclass(frozen=True)
class CardOfLine:
    """One indicator's card. `story`: (label, text) of each text; `levels`: what each level asks for."""

    row: Row
    contribution: object
    overseer: Named | None
    collectors: tuple[Named, ...]
    levels: tuple[str, ...]
    story: tuple[tuple[str, str], ...]
    before: Before = NOTHING_BEFORE
    changed: bool = False

    @property
    def line(self):
        return self.row.line


def cards_of(report, card, *, only=None):
    """The CardOfLines of a report; `only`: of the lines with these keys."""
    earlier = before(report)
    rows = [row for row in card.rows if only is None or row.line.key in only]
    return [_card(card, row, report, earlier.get(row.line.key, NOTHING_BEFORE)) for row in rows]


def _card(card, row, report, earlier):
    content = row.line.content
    overseer = content.get("overseer")
    return CardOfLine(
        row=row,
        contribution=card.contribution(row),
        overseer=_named(overseer) if overseer else None,
        collectors=tuple(_named(each) for each in content.get("collectors", ())),
        levels=_levels(row.line),
        story=_story(row.result, report),
        before=earlier,
        changed=earlier.differs(row.value),
    )


def _named(frozen):
    return Named(frozen.get("name", ""), frozen.get("post", ""), frozen.get("phone", ""))


def _levels(line):
    """In words where the criteria have words, else by values."""
    if any(line.texts):
        return tuple(line.texts)
    return tuple(line.criteria.cells(lambda number: f"{number.normalize():f}"))


def _story(result, report):
    names = (*STORY, *(() if report.round.is_final else ("outlook",)))
    return tuple((str(Result._meta.get_field(name).verbose_name), getattr(result, name)) for name in names)


def pdf(report, card, *, only=None):
    """The card as a PDF; `only`: the cards of these lines, for who is named for them alone."""
    with translation.override("th"):
        thai_digits = shows_thai_digits()
        context = {
            "report": report,
            "agreement": report.agreement,
            "card": card,
            "cards": cards_of(report, card, only=only),
            "weight_total": agreed_of(report).weight_total,
            "thai_digits": thai_digits,
            "from_paper": sentences_of(report),
        }
        html = in_one_style(render_to_string("results/sar.html", context), thai_digits=thai_digits)
        return pdf_of(html, identifier=hashlib.sha256(html.encode()).hexdigest())
