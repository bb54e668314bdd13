"""What every form of an act carries."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from acts.idempotency import KEY, new_key

register = template.Library()


@register.simple_tag
def idempotency_field() -> SafeString:
    """A hidden field with a fresh random key: the same rendered form has its effect once."""
    return format_html('<input type="hidden" name="idempotency" value="{}">', new_key())


@register.simple_tag(takes_context=True)
def page_field(context: dict[str, Any]) -> SafeString:
    """A hidden field with the key of this page (see acts.versions); a page shown again keeps the key it had."""
    posted = context["request"].POST.get("page", "")
    return format_html('<input type="hidden" name="page" value="{}">', posted if KEY.fullmatch(posted) else new_key())
