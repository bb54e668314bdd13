"""What people type on the walk: a signature's password, a refusal's reason."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.step_up import PasswordStepUpForm
from acts.forms import IdempotencyMixin
from acts.refusals import GIVE_A_REASON
from agreements.models import Line
from agreements.models.agreement import LEVELS
from thai.fields import NumberField, ThaiDateField, TidyCharField, TidyTextField
from workflow.offers import NUMBERS, as_text


class SignForm(IdempotencyMixin, PasswordStepUpForm):
    """The password, given before the text with this hash, on the page of this version."""

    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    required_marks = False


class ReasonForm(IdempotencyMixin, forms.Form):
    """A reason that the other side will read."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = TidyTextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": GIVE_A_REASON},
    )


class MoveForm(IdempotencyMixin, forms.Form):
    """The confirmation of a move that asks for nothing more, on the page of this version."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class OfferForm(forms.Form):
    """Offers on the fields of one line under one reason: what differs from the line is offered, the rest is not.

    `offers()` gives [(field, value as typed)].
    """

    optional_marks = False
    use_required_attribute = False
    TEXTS = ("name", "unit_of_measure", "definition", "formula", "conditions", "data_source", "explanation")

    def __init__(self, data=None, *, line, **more):
        super().__init__(data, auto_id="%s", **more)
        self.line = line
        for name in self.numbers:
            self.fields[name] = NumberField(
                label=_label(name), required=False, initial=getattr(line, name), **_bounds(name)
            )
        for name in self.texts:
            self.fields[name] = TidyTextField(
                label=_label(name), required=False, initial=getattr(line, name), widget=forms.Textarea({"rows": 2})
            )
        self.fields["reason"] = TidyTextField(
            label=_("Reason of the offer"),
            max_length=2000,
            widget=forms.Textarea({"rows": 3}),
            error_messages={"required": _("Please give the reason of the offer.")},
        )

    @property
    def numbers(self):
        """The numbers that can be negotiated: the levels of a milestone line are steps, not values."""
        if self.line.kind == Line.Kind.MILESTONE:
            return [name for name in NUMBERS if not name.startswith("level_")]
        return list(NUMBERS)

    @property
    def texts(self):
        steps = [f"text_{n}" for n in LEVELS] if self.line.kind == Line.Kind.MILESTONE else []
        return [*self.TEXTS, *steps]

    def number_fields(self):
        return [self[name] for name in self.numbers]

    def text_fields(self):
        return [self[name] for name in self.texts]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.offers():
            raise ValidationError(gettext("Nothing differs from what stands there; change what you want to offer."))
        return cleaned

    def offers(self):
        """[(field, value as text)] for `workflow.offers.make_offer`."""
        found = []
        for name in [*self.numbers, *self.texts]:
            value = self.cleaned_data.get(name)
            if value is not None and value != "" and value != getattr(self.line, name):
                found.append((name, as_text(value)))
        return found


class AnswerForm(forms.Form):
    """An answer to one offer: a reason to decline, or a value and a reason to counter."""

    to_value = TidyTextField(label=_("Our offer"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 1}))
    reason = TidyTextField(label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2}))


class CommentForm(forms.Form):
    """Something to say or to ask about a line."""

    text = TidyTextField(
        label=_("Comment or question"),
        max_length=5000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Please write the comment.")},
    )
    line = forms.IntegerField(required=False, widget=forms.HiddenInput)


class MinutesForm(forms.Form):
    """The minutes of the formal negotiation."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    held_on = ThaiDateField(label=_("held on"), help_text=_("Day month year, such as 15 ธ.ค. 2569 or 15/12/2569."))
    place = TidyCharField(label=_("place"), max_length=300)
    committee = TidyTextField(label=_("committee and those present"), widget=forms.Textarea({"rows": 4}))
    decisions = TidyTextField(label=_("decisions"), widget=forms.Textarea({"rows": 6}))


def _label(name):
    return Line._meta.get_field(name).verbose_name


def _bounds(name):
    return {"max_digits": 5, "decimal_places": 2, "min_value": 0, "max_value": 100} if name == "weight" else {}
