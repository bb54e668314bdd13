"""What the planning office types when it gives a unit time for a report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin
from desk.forms.years import DATE_HINT
from thai.fields import ThaiDateField, TidyCharField, TidyTextField


class GiveTimeForm(IdempotencyMixin, forms.Form):
    """Until when, why, and by which order."""

    use_required_attribute = False

    until = ThaiDateField(label=_("until"), help_text=DATE_HINT)
    reason = TidyTextField(
        label=_("reason"),
        help_text=_("Everybody who reads the report reads it."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    order_number = TidyCharField(label=_("number of the order or letter"), max_length=100, required=False)

    def refuse(self, refused):
        """Put the sentences of a Refused at the fields that mend them, so that nothing typed is lost."""
        for refusal in refused.refusals:
            name = refusal.where.removeprefix("#id_")
            self.add_error(name if name in self.fields else None, str(refusal))


class EndTimeForm(IdempotencyMixin, forms.Form):
    """The button that ends it."""
