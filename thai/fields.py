"""Form fields for what people type: numbers in either digits, tidy text."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from thai.dates import NotADate, read_date, thai_date
from thai.numbers import NotANumber, grouped_number, parse_decimal, plain_number, show_digits
from thai.text import one_line, tidy

REQUIRED = _("Please fill in this field.")


class NumberField(forms.Field):
    """A Decimal, typed with Thai or Arabic digits. What was typed stays in the field when it is wrong."""

    widget = forms.TextInput
    default_error_messages = {
        "required": REQUIRED,
        "min_value": _("Please type a number that is not less than %(limit)s."),
        "max_value": _("Please type a number that is not more than %(limit)s."),
    }

    def __init__(
        self,
        *,
        max_digits: int = 15,
        decimal_places: int = 4,
        min_value: Decimal | int | None = None,
        max_value: Decimal | int | None = None,
        **kwargs: Any,
    ) -> None:
        self.max_digits, self.decimal_places = max_digits, decimal_places
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # A text input, because a browser's number input refuses Thai digits and hides what was typed.
        return {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return show_digits(plain_number(value)) if isinstance(value, Decimal | int) else value

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, Decimal | int):
            return Decimal(value)
        if value is None or not value.strip():
            return None
        try:
            return parse_decimal(value, max_digits=self.max_digits, decimal_places=self.decimal_places)
        except NotANumber as wrong:
            raise ValidationError(str(wrong), code="not_a_number") from wrong

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            self._out_of_range("min_value", self.min_value)
        if self.max_value is not None and value > self.max_value:
            self._out_of_range("max_value", self.max_value)

    def _out_of_range(self, code: str, limit: Decimal | int) -> None:
        raise ValidationError(self.error_messages[code], code=code, params={"limit": grouped_number(limit)})


class TidyCharField(forms.CharField):
    """One line of text in NFC."""

    default_error_messages = {
        "required": REQUIRED,
        "too_long": _(
            "This text is too long: at most %(limit)s characters, but %(typed)s were typed. Please shorten it."
        ),
    }

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        # Not Django's max_length: it puts `maxlength` on the input, and a browser then cuts a pasted text silently.
        self.limit = max_length
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return self.tidied(super().to_python(value) or "")

    def tidied(self, text: str) -> str:
        return one_line(text)

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.limit:
            params = {"limit": grouped_number(self.limit), "typed": grouped_number(len(value))}
            raise ValidationError(self.error_messages["too_long"], code="too_long", params=params)


class TidyTextField(TidyCharField):
    """Paragraphs of text in NFC."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int = 20000, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def tidied(self, text: str) -> str:
        return tidy(text)


class ThaiDateField(forms.Field):
    """A date as people write it, in either digits and era; shown again as day, month, พ.ศ."""

    widget = forms.TextInput
    default_error_messages = {"required": REQUIRED}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return show_digits(thai_date(value, "medium")) if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        if not value.strip():
            return None
        try:
            return read_date(value)
        except NotADate as wrong:
            raise ValidationError(str(wrong), code="not_a_date") from wrong
