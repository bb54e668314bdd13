"""What people type on the walk: a signature's password, a refusal's reason."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.step_up import PasswordStepUpForm
from acts.forms import IdempotencyMixin
from acts.refusals import GIVE_A_REASON
from agreements.forms import WeightField
from agreements.models import Line
from agreements.models.agreement import LEVELS
from thai.fields import NumberField, ThaiDateField, TidyCharField, TidyTextField
from workflow.offers import NUMBERS, as_text, read_value


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
            self._offerable(name, WeightField if name == "weight" else NumberField)
        for name in self.texts:
            self._offerable(name, TidyTextField, widget=forms.Textarea({"rows": 2}))
        self.fields["reason"] = TidyTextField(
            label=_("Reason of the offer"),
            max_length=2000,
            widget=forms.Textarea({"rows": 3}),
            error_messages={"required": _("Please give the reason of the offer.")},
        )

    def _offerable(self, name, field, **more):
        # The page remembers what it showed: only what the typist changed is offered.
        initial = getattr(self.line, name)
        self.fields[name] = field(label=_label(name), required=False, initial=initial, show_hidden_initial=True, **more)

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
        for name in self.changed_data:
            if cleaned.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, gettext("Please write what is offered; a field can't be offered blank."))
        if not self.errors and not self.offers():
            raise ValidationError(gettext("Nothing differs from what stands there; change what you want to offer."))
        return cleaned

    def offers(self):
        """[(field, value as text)] for `workflow.offers.make_offer`."""
        offered = [name for name in self.changed_data if name in (*self.numbers, *self.texts)]
        values = {name: self.cleaned_data[name] for name in offered if name in self.cleaned_data}
        return [(name, as_text(value)) for name, value in values.items() if value != getattr(self.line, name)]


def _reason(rows=2):
    return TidyTextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": _("Please give the reason, so that the other side knows it.")},
    )


class AnswerForm(forms.Form):
    """An answer to one offer. The name of the answer and the offer's id tell its fields apart from others on the page."""

    use_required_attribute = False
    required_marks = False
    answer = ""

    def __init__(self, data=None, *, offer, **more):
        super().__init__(data, auto_id=f"{self.answer}-{offer.pk}-%s", **more)
        self.offer = offer


class DeclineForm(AnswerForm):
    """Why the offer is declined."""

    answer = "decline"
    reason = _reason()


class CounterForm(AnswerForm):
    """One's own value instead of the one that is offered, and why."""

    answer = "counter"
    to_value = forms.CharField(
        label=_("Our offer"), strip=False, error_messages={"required": _("Please write what you offer instead.")}
    )
    reason = _reason()

    def __init__(self, data=None, *, offer, **more):
        super().__init__(data, offer=offer, **more)
        self.fields["to_value"].widget = _control(offer)
        if offer.field not in NUMBERS:
            self.fields["to_value"].initial = offer.to_value

    def clean_to_value(self):
        return read_value(self.offer.field, self.cleaned_data["to_value"])


def _control(offer):
    """A low field for a number, a text area for a wording."""
    if offer.field in NUMBERS:
        return forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    return forms.Textarea({"rows": 3})


class CommentForm(forms.Form):
    """Something to say or to ask about a line (or about the whole agreement: no line)."""

    use_required_attribute = False
    required_marks = False
    line = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = TidyTextField(
        label=_("Comment or question"),
        max_length=5000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Please write the comment.")},
    )

    def __init__(self, data=None, *, line=None, **more):
        super().__init__(data, auto_id=f"say-{line or 'all'}-%s", initial={"line": line}, **more)


class MinutesForm(forms.Form):
    """The minutes of the formal negotiation."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    held_on = ThaiDateField(label=_("held on"), help_text=_("Day month year, such as 15 ธ.ค. 2569 or 15/12/2569."))
    place = TidyCharField(label=_("place"), max_length=300)
    committee = TidyTextField(label=_("committee and those present"), widget=forms.Textarea({"rows": 4}))
    decisions = TidyTextField(label=_("decisions"), widget=forms.Textarea({"rows": 6}))

    def __init__(self, *args, today, **more):
        super().__init__(*args, **more)
        self.today = today

    def clean_held_on(self):
        held_on = self.cleaned_data["held_on"]
        if held_on > self.today:
            raise ValidationError(gettext("This day is still to come; minutes are of a meeting that was held."))
        return held_on


def _label(name):
    return Line._meta.get_field(name).verbose_name
