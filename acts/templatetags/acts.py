"""What every form of an act carries."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from acts.idempotency import new_key

register = template.Library()


@register.simple_tag
def idempotency_field() -> SafeString:
    """A hidden field with a fresh random key: the same rendered form has its effect once."""
    return format_html('<input type="hidden" name="idempotency" value="{}">', new_key())
