"""Forms that have their effect once."""

from __future__ import annotations

from django import forms
from django.forms.forms import DeclarativeFieldsMetaclass
from django.utils.translation import gettext_lazy as _

from acts.idempotency import KEY, new_key


class IdempotencyMixin(metaclass=DeclarativeFieldsMetaclass):
    """Adds the hidden field `idempotency`; hand `cleaned_data["idempotency"]` to `move()` or `acting()`."""

    idempotency = forms.RegexField(
        regex=KEY,
        widget=forms.HiddenInput,
        initial=new_key,
        strip=False,
        error_messages={
            key: _("This form is not complete. Please open the page again and send it once more.")
            for key in ("required", "invalid")
        },
    )
