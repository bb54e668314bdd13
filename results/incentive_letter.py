"""The letter that tells a unit its result and its incentive, on paper, in Thai: read from the decision alone."""

import hashlib
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from agreements.emblem import emblem
from agreements.layout import pdf_of
from agreements.typeset import in_one_style
from results.incentive_record import level_label, read, row_of, terms_in
from results.incentives import Rule
from results.models import Scheme
from thai.numbers import grouped_number, plain_number


def letter_html(decision, code):
    """The letter to the agreement with that code, as a finished page."""
    with translation.override("th"):  # an official paper, whatever language the screen speaks
        return in_one_style(
            render_to_string("results/incentive_letter.html", _context(decision, code)),
            thai_digits=settings.THAI_DIGITS,
        )


def pdf_of_letter(decision, code):
    """The PDF of the letter: of the same decision always the same."""
    html = letter_html(decision, code)
    return pdf_of(html, identifier=hashlib.sha256(html.encode()).hexdigest())


def _context(decision, code):
    content = read(decision)
    row, terms = row_of(content, code), terms_in(content)
    told = content["decision"]
    return {
        "content": content,
        "row": row,
        "decision": told,
        "decided_on": date.fromisoformat(told["decided_on"]),
        "gate_words": Scheme.GateRule(terms.gate_rule).label,
        "level": level_label(content),
        "has_money": bool(terms.pool),
        "working": _working(content, row, terms),
        "sha256": decision.sha256,
        "emblem": emblem(),
        "thai_digits": settings.THAI_DIGITS,
    }


def _working(content, row, terms):
    """How the amount came about, in figures; "" where there is none."""
    if not Decimal(row["amount"]):
        return ""
    parts = [plain_number(row["share"])]
    if terms.rule is Rule.SCORE_HEADS:
        parts.append(row["score"])
    if terms.counts_heads:
        parts.append(grouped_number(row["heads"]))
    counted = " × ".join(parts)
    own = f"({counted})" if len(parts) > 1 else counted
    whole = grouped_number(content["counted"])
    return f"{grouped_number(terms.pool, 2)} × {own} ÷ {whole} = {grouped_number(row['amount'], 2)}"
