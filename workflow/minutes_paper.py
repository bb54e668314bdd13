"""The minutes of a formal negotiation on paper, in Thai. Texts in, bytes out; no database."""

import hashlib
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from agreements.layout import pdf_of
from agreements.typeset import in_one_style


def pdf_of_minutes(printed, agreement):
    """The PDF of minutes as `workflow.minutes.as_printed` gives them."""
    held_on = date.fromisoformat(printed["held_on"])
    context = {
        "minutes": printed,
        "held_on": held_on,
        "unit": agreement.unit.name_th,
        "superior": agreement.counterpart.name_th,
    }
    context |= {"year": agreement.fiscal_year.year, "thai_digits": settings.THAI_DIGITS}
    with translation.override("th"):
        html = render_to_string("workflow/minutes.html", context)
    html = in_one_style(html, thai_digits=settings.THAI_DIGITS)
    return pdf_of(html, identifier=hashlib.sha256(html.encode()).hexdigest())
