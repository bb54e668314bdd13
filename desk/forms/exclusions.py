"""What the planning office types to take an indicator out of an evaluation's total, or to put it back."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin
from thai.fields import TidyCharField, TidyTextField


class ExcludeForm(IdempotencyMixin, forms.Form):
    """Which indicator, where its weight goes, by which order, and why; `lines` are the AgreedLines of the evaluation."""

    use_required_attribute = False

    line = forms.TypedChoiceField(
        label=_("Indicator"), coerce=int, error_messages={"required": _("Please choose an indicator.")}
    )
    moved_to = forms.TypedChoiceField(label=_("Where its weight goes"), coerce=int, required=False, empty_value=None)
    order_number = TidyCharField(label=_("order number"), max_length=100)
    reason = TidyTextField(label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, data=None, *, lines, **more):
        super().__init__(data, **more)
        named = [(line.key, f"{line.number} {line.name}") for line in lines]
        self.fields["line"].choices = [("", "–"), *named]
        nowhere = gettext("out of the total: the others are divided by what is left")
        self.fields["moved_to"].choices = [("", nowhere), *named]


class RestoreForm(IdempotencyMixin, forms.Form):
    """Why the decision is taken back."""

    use_required_attribute = False
    required_marks = False

    reason = TidyTextField(label=_("Why it is taken back"), max_length=2000, widget=forms.Textarea({"rows": 2}))
