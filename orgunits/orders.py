"""Orders (คำสั่ง) in words: by which an appointment, an acting, an assignment is made."""

from typing import Final

from django.utils.translation import gettext as _

_ORDER: Final = "คำสั่ง"
_NUMBER: Final = "ที่"


def order_words(number: str) -> str:
    """คำสั่งที่ 327/2569 of "327/2569" and of "ที่ 327/2569"; what is written out as an order stays as it is written."""
    text = number.strip()
    if text.startswith(_ORDER):
        return text
    return _("order %(number)s") % {"number": text.removeprefix(_NUMBER).strip()}
