"""What the planning office types of the agreement's clauses."""

from django import forms
from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin
from agreements.clauses import LABELS, problems
from thai.fields import TidyTextField

LONGEST = 3000
WITH_MINUTES = [("False", _("no: they are kept beside it")), ("True", _("yes: as the last annex"))]


class WordingForm(IdempotencyMixin, forms.Form):
    """The clauses of a year, seen at `version` (0: the year has none of its own yet)."""

    use_required_attribute = False
    required_marks = False
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    with_minutes = forms.TypedChoiceField(
        label=_("minutes of the formal negotiation in the signed document"),
        choices=WITH_MINUTES,
        coerce=lambda sent: sent == "True",
    )

    field_order = ("version", *LABELS, "with_minutes")

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        for key, label in LABELS.items():
            attrs = {"rows": 3, "lang": "th"}  # the document is Thai whatever the page speaks
            self.fields[key] = TidyTextField(label=label, max_length=LONGEST, widget=forms.Textarea(attrs))
        self.order_fields(self.field_order)

    @property
    def clause_fields(self):
        return [self[key] for key in LABELS]

    def clean(self):
        given = super().clean()
        for key in LABELS:
            for sentence in problems(key, given.get(key, "")) if key in given else ():
                self.add_error(key, sentence)
        return given

    def values(self):
        """The texts and `with_minutes`, for `workflow.clause_wording`."""
        return {key: self.cleaned_data[key] for key in (*LABELS, "with_minutes")}
