"""What the planning office types when it words a signing rule."""

from django import forms
from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin
from agreements.models import SigningRule, Source
from desk.years_page import level_names
from thai.numbers import show_digits
from workflow.wording import MAKERS, SIGNERS, Wording

AFFILIATIONS = (
    ("", _("affiliation plays no part")),
    ("under", _("under the Office of the Commissioner-General")),
    ("elsewhere", _("not under the Office of the Commissioner-General")),
)
AFFILIATED = {"": None, "under": True, "elsewhere": False}
KEYS = {value: key for key, value in AFFILIATED.items()}
FIELDS = ("tier", "affiliated", "superior", "makers", "receivers", "annexes", "required_source")


class VersionField(forms.IntegerField):
    """The version of the rule that the page showed; 0: there was none."""

    widget = forms.HiddenInput

    def __init__(self, **more):
        super().__init__(min_value=0, max_value=2**31 - 1, **more)


class EndRuleForm(forms.Form):
    """Which version of a rule is to end."""

    version = VersionField()


class RuleForm(IdempotencyMixin, forms.Form):
    """A Wording, for a rule that was seen at `version` (0: a new one)."""

    use_required_attribute = False
    required_marks = False
    optional_marks = False
    version = VersionField()
    tier = forms.TypedChoiceField(label=_("units of the level"), coerce=int)
    affiliated = forms.ChoiceField(label=_("affiliation"), choices=AFFILIATIONS, required=False)
    superior = forms.ChoiceField(label=_("signs with"), choices=SigningRule.Superior.choices)
    makers = forms.ChoiceField(label=_("who signs for the unit"), choices=[(key, SIGNERS[key][0]) for key in MAKERS])
    receivers = forms.ChoiceField(
        label=_("who signs for the superior's side"), choices=[(key, label) for key, (label, _kinds) in SIGNERS.items()]
    )
    annexes = forms.MultipleChoiceField(
        label=_("annexed documents"),
        choices=SigningRule.Annex.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose what is annexed.")},
    )
    required_source = forms.ChoiceField(
        label=_("the agreement must hold an indicator"),
        choices=[("", _("no kind in particular")), *Source.choices],
        required=False,
    )

    def __init__(self, data=None, *, wording=None, initial=None, **more):
        super().__init__(data, initial=(initial_of(wording) if wording else {}) | (initial or {}), **more)
        self.fields["tier"].choices = [(tier, show_digits(label)) for tier, label in level_names().items()]

    def clean_annexes(self):
        """In the order in which they are printed, whichever was ticked first."""
        ticked = self.cleaned_data["annexes"]
        return tuple(annex for annex in SigningRule.Annex.values if annex in ticked)

    def wording(self):
        given = {name: self.cleaned_data[name] for name in FIELDS}
        return Wording(**given | {"affiliated": AFFILIATED[given["affiliated"]]})

    def refuse(self, refused):
        """Say beside the fields, and on top, why the rule can't say this."""
        for refusal in refused.refusals:
            field = refusal.where.removeprefix("#id_")
            self.add_error(field if field in self.fields else None, refusal.sentence)


def initial_of(wording):
    """The values of the form's fields for a Wording."""
    given = {name: getattr(wording, name) for name in FIELDS}
    return given | {"affiliated": KEYS[wording.affiliated], "annexes": list(wording.annexes)}
