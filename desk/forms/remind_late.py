"""Which of those who are late are reminded."""

from django import forms
from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin


class _Codes(forms.MultipleChoiceField):
    """Codes as the page listed them: which of them are still late is asked at the act."""

    def valid_value(self, value):
        return True


class RemindForm(IdempotencyMixin, forms.Form):
    """The agreements that were ticked, by code."""

    use_required_attribute = False
    required_marks = False

    chosen = _Codes(
        label=_("Who is reminded"), error_messages={"required": _("Please tick at least one agreement to remind of.")}
    )
