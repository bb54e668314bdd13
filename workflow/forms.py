"""What people type on the walk: a signature's password, a refusal's reason."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.step_up import PasswordStepUpForm
from acts.forms import IdempotencyMixin
from acts.refusals import GIVE_A_REASON
from agreements.criteria_form import asked_of
from agreements.forms import WeightField
from agreements.locks import locked_fields
from agreements.models import Line
from agreements.receiver import FIELDS as OF_RECEIVER
from agreements.receiver import choice_problems
from agreements.signing_rule import receiver_alternatives
from orgunits.authority import signatory_of
from orgunits.models import Post
from thai.fields import NumberField, ThaiDateField, TidyCharField, TidyTextField
from workflow.offers import MAY_BE_BLANK, NUMBERS, OF_LEAVES, OF_LEVELS, as_text, read_value


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
    must_differ = True
    TEXTS = ("name", "unit_of_measure", "definition", "formula", "conditions", "data_source", "explanation")

    def __init__(self, data=None, *, line, **more):
        super().__init__(data, auto_id="%s", **more)
        self.line, self.has_parts = line, line.children.exists()
        for name in self.numbers:
            self._offerable(name, WeightField if name == "weight" else NumberField)
        for name in self.texts:
            self._offerable(name, TidyTextField, widget=forms.Textarea({"rows": 2}))
        self.fields["reason"] = TidyTextField(
            label=_("Reason for the offer"),
            max_length=2000,
            widget=forms.Textarea({"rows": 3}),
            error_messages={"required": _("Please give the reason for the offer.")},
        )

    def _offerable(self, name, field, **more):
        # The page remembers what it showed: only what the typist changed is offered.
        initial = getattr(self.line, name)
        self.fields[name] = field(label=_label(name), required=False, initial=initial, show_hidden_initial=True, **more)

    @property
    def numbers(self):
        """The numbers that can be negotiated: of the levels, those that the line's kind of criteria asks for."""
        asked = asked_of(self.line)
        return self._free(name for name in NUMBERS if name not in OF_LEVELS or name in asked)

    @property
    def texts(self):
        steps = [name for name in asked_of(self.line) if name.startswith("text_")]
        return self._free((*self.TEXTS, *steps))

    def _free(self, names):
        """Those of the fields that the library doesn't lock, and that an indicator with parts has itself."""
        locked = locked_fields(self.line)
        return [name for name in names if name not in locked and not (self.has_parts and name in OF_LEAVES)]

    def number_fields(self):
        return [self[name] for name in self.numbers]

    def text_fields(self):
        return [self[name] for name in self.texts]

    def clean(self):
        cleaned = super().clean()
        for name in self.changed_data:
            if cleaned.get(name) in (None, "") and name not in {*self.errors, *MAY_BE_BLANK}:
                self.add_error(name, gettext("Please write what is offered; a field can't be offered blank."))
        if self.must_differ and not self.errors and not self.offers():
            raise ValidationError(
                gettext("Nothing differs from the present text; please change what you want to offer.")
            )
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


class DeferForm(AnswerForm):
    """Why the committee of the formal negotiation is to decide."""

    answer = "defer"
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


class PostField(forms.ModelChoiceField):
    """One of some posts, each shown with the person who would sign for it on the day `today`."""

    widget = forms.RadioSelect
    today = None

    def label_from_instance(self, post):
        appointment = signatory_of(post, self.today)
        who = appointment.user.full_name_with_rank if appointment else gettext("nobody holds this post today")
        return f"{post.title} – {who}"


class ReceiverForm(forms.Form):
    """Which of the alternatives receives the agreement; for a deputy, the order that assigns it."""

    optional_marks = False
    use_required_attribute = False
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    post = PostField(
        Post.objects.none(),
        label=_("Receiver of the agreement"),
        empty_label=None,
        error_messages={
            "required": _("Please choose the receiver of the agreement."),
            "invalid_choice": _("The signing rule doesn't name this post; please choose one of those shown."),
        },
    )
    order_number = TidyCharField(
        label=_("order number"),
        max_length=100,
        required=False,
        help_text=_("As written on the order, for example 327/2569."),
    )
    order_date = ThaiDateField(
        label=_("order date"), required=False, help_text=_("Day, month and year, such as 15 Dec 2026 or 15/12/2026.")
    )
    order_by = TidyCharField(label=_("assigned by"), max_length=250, required=False)

    def __init__(self, data=None, *, agreement, today, **more):
        super().__init__(data, **more)
        self.agreement, self.today = agreement, today
        posts = receiver_alternatives(agreement)
        field = self.fields["post"]
        field.queryset, field.today = Post.objects.filter(pk__in=[post.pk for post in posts]), today
        field.choices = [(post.pk, field.label_from_instance(post)) for post in posts]
        blank = gettext("If left blank: %(post)s.") % {"post": posts[0].title}
        self.fields["order_by"].help_text = blank

    def choice(self):
        """What `agreements.receiver.choose_receiver` takes: post, order_number, order_date, order_by."""
        return {name: self.cleaned_data[name] for name in OF_RECEIVER}

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            for problem in choice_problems(self.agreement, **self.choice(), on=self.today):
                self.add_error(problem.where.partition("#id_")[2], problem.sentence)
        return cleaned


def _label(name):
    return Line._meta.get_field(name).verbose_name
