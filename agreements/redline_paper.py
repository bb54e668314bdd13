"""Two snapshots side by side on paper (A4 landscape), in Thai. Bytes out; nothing is kept."""

import hashlib

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from agreements.freeze import thaw
from agreements.layout import pdf_of
from agreements.printed_amendment import amended_title
from agreements.side_by_side import side_by_side
from agreements.typeset import in_one_style


def pdf_of_redline(before, after):
    """The PDF of what differs from one snapshot to a later one of the same agreement."""
    with translation.override("th"):  # the labels too are those of the document
        content, earlier = thaw(after), thaw(before)
        context = {
            "before": before,
            "after": after,
            "agreement": content["agreement"],
            "redline": side_by_side(earlier, content),
            "amended_before": _amended(earlier),
            "amended_after": _amended(content),
            "thai_digits": settings.THAI_DIGITS,
        }
        html = render_to_string("agreements/document/side_by_side.html", context)
    html = in_one_style(html, thai_digits=settings.THAI_DIGITS)
    return pdf_of(html, identifier=hashlib.sha256(html.encode()).hexdigest())


def _amended(content):
    """Which amendment a text belongs to, as the document says it; "" to none."""
    return amended_title(content["amendment"]["number"]) if "amendment" in content else ""
