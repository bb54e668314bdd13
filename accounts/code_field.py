"""The field for a code of the second factor, and what is said of a wrong one."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.second_factor import locked_until
from thai.dates import thai_datetime


class NeverShownAgain(forms.TextInput):
    """An input that comes back empty, with the digits readable while they are typed."""

    def format_value(self, value):
        return None


class OneTimeCodeField(forms.CharField):
    """Six digits of the telephone, or a recovery code."""

    def __init__(self, **kwargs):
        attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        settled = {
            "label": gettext_lazy("Code from your telephone"),
            "help_text": gettext_lazy("The 6 digits that the application shows now, or one of your recovery codes."),
            "widget": NeverShownAgain(attrs=attributes),
            "error_messages": {"required": gettext_lazy("Please type the code.")},
        }
        super().__init__(**settled | kwargs)


def wrong_code(user, *, at):
    """The error for a code that doesn't prove `user`: with the time, where none is looked at for now."""
    until = locked_until(user, at=at)
    if until:
        sentence = _("Too many wrong codes were given, so no code is accepted until %(time)s. Nothing was done.")
        return ValidationError(sentence % {"time": thai_datetime(until)}, code="locked")
    sentence = _(
        "The code is not correct, or has been used before. Nothing was done; please wait for the next code and type "
        "that one."
    )
    return ValidationError(sentence, code="wrong")
