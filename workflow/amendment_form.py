"""What people type on the walk of an amendment: why one is wanted, and what each side proposes for a line."""

from copy import copy

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin
from thai.fields import TidyTextField
from workflow.amended_text import column_value
from workflow.amendment import AMENDABLE
from workflow.forms import OfferForm
from workflow.offers import read_value


class BeginAmendmentForm(IdempotencyMixin, forms.Form):
    """Why the agreement in force is to be changed."""

    required_marks = False
    use_required_attribute = False
    reason = TidyTextField(
        label=_("Reason for the amendment"),
        help_text=_("What has changed since the agreement was signed, such as the budget, orders or the situation."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Please give the reason for the amendment.")},
    )


class AmendLineForm(OfferForm):
    """What one side proposes for the fields of one line, under one reason.

    `line` is the line as it is in force, `proposed` {field: text} what stands proposed and differs from it. The form
    shows what stands, `figures` and `wordings` each field with what is in force beside it.
    """

    must_differ = False  # who was slower may find that it has been proposed already
    TEXTS = (*OfferForm.TEXTS, "low_target_reason")
    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, line, proposed, **more):
        self.before = line
        super().__init__(data, line=line_as_proposed(line, proposed), **more)
        reason = self.fields["reason"]
        reason.label = _("Reason for the change")
        reason.error_messages |= {"required": _("Please give the reason for the change.")}

    def figures(self):
        return [(field, self._in_force(field)) for field in self.number_fields()]

    def wordings(self):
        return [(field, self._in_force(field)) for field in self.text_fields()]

    def _in_force(self, field):
        """The value in force, as the field shows values; "–" where there is none."""
        value = getattr(self.before, field.name)
        return "–" if value in (None, "") else str(field.field.prepare_value(value))

    def values(self):
        """{field: text} for `workflow.amendment.propose`; a value that can't be proposed becomes an error at its field."""
        found = {}
        for name, text in self.offers():
            try:
                found[name] = read_value(name, text, among=AMENDABLE)
            except ValidationError as wrong:
                self.add_error(name, wrong)
        return found

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            self.values()
        return cleaned


def line_as_proposed(line, proposed):
    """The line, for reading, with what is proposed of it."""
    line = copy(line)
    for field, text in proposed.items():
        setattr(line, field, column_value(field, text))
    return line
