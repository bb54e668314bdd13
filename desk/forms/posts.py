"""What is typed about posts: an appointment with its order and scope, its end, a delegation with the password."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.step_up import PasswordStepUpForm
from acts.forms import IdempotencyMixin
from acts.vault import store
from agreements.appointing import signed_by
from agreements.models import Agreement
from desk.forms.years import DATE_HINT
from fiscal.models import FiscalYear
from orgunits.models import Appointment
from results.evidence import LARGEST, NotEvidence, file_name, recognise, too_large
from thai.dates import shown_year
from thai.fields import ThaiDateField, TidyCharField
from thai.numbers import show_digits

Capacity, Scope = Appointment.Capacity, Appointment.Scope
KINDS_OF_ORDER = ("pdf", "png", "jpg")
ONE_DAY = timedelta(days=1)


class PersonField(TidyCharField):
    """A person by their user name, or by a name that only one person has; gives the User."""

    def __init__(self, **more):
        more.setdefault("help_text", _("User name, or first and last name."))
        super().__init__(max_length=200, **more)

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        found = list(self._found(typed)[:2])
        if not found:
            raise ValidationError(
                _("Nobody is called “%(typed)s” here. Please check the name."), params={"typed": typed}
            )
        if len(found) > 1:
            raise ValidationError(
                _("Several people are called “%(typed)s”. Please type the user name, or the whole name."),
                params={"typed": typed},
            )
        return found[0]

    def _found(self, typed):
        exact = User.objects.filter(username__iexact=typed)
        if exact.exists():
            return exact
        named = Q()
        for word in typed.split():
            named &= Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(rank=word) | Q(prefix=word)
        return User.objects.filter(named).order_by("pk")


class FiscalYearField(forms.ModelChoiceField):
    def label_from_instance(self, year):
        return show_digits(shown_year(year.year))


class AgreementsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, agreement):
        return show_digits(f"{agreement.unit.short_name} {shown_year(agreement.fiscal_year.year)}")


class TermsForm(IdempotencyMixin, forms.Form):
    """Who, from when to when, by which order, for what. `terms()` is what `agreements.appointing` takes."""

    use_required_attribute = False
    user = PersonField(label=_("person"), error_messages={"required": _("Please say who.")})
    since = ThaiDateField(label=_("first day"), help_text=DATE_HINT)
    last_day = ThaiDateField(label=_("last day"), required=False, help_text=_("Left blank: until it is ended."))
    order_number = TidyCharField(
        label=_("order number"),
        max_length=100,
        required=False,
        help_text=_("As written on the order, for example 327/2569."),
    )
    order_date = ThaiDateField(label=_("order date"), required=False)
    order_by = TidyCharField(label=_("order given by"), max_length=250, required=False)
    order_file = forms.FileField(
        label=_("file of the order"),
        required=False,
        allow_empty_file=True,
        help_text=_("pdf, png or jpg, up to 20 MB. Only people who look after the unit can open it."),
        widget=forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg"}),
    )
    scope = forms.ChoiceField(label=_("scope"), choices=Scope.choices, initial=Scope.ALL, widget=forms.RadioSelect)
    fiscal_year = FiscalYearField(FiscalYear.objects.order_by("-year"), label=_("fiscal year"), required=False)
    agreements = AgreementsField(Agreement.objects.none(), label=_("the agreements named"), required=False)

    def __init__(self, *args, post, **more):
        super().__init__(*args, **more)
        self.post = post
        self.fields["agreements"].queryset = signed_by(post)

    def clean_order_file(self):
        """(hash in the vault, name) of the file, or None."""
        upload = self.cleaned_data["order_file"]
        if not upload:
            return None
        try:
            return self._kept(upload)
        except NotEvidence as wrong:
            raise ValidationError(str(wrong)) from wrong

    def _kept(self, upload):
        if upload.size > LARGEST:
            raise too_large()
        content, name = upload.read(), file_name(upload.name)
        if recognise(content, name) not in KINDS_OF_ORDER:
            raise NotEvidence(gettext("Only pdf, png and jpg files are accepted here. Please choose another file."))
        return store([content])[0], name

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("scope") == Scope.YEAR and not cleaned.get("fiscal_year"):
            self.add_error("fiscal_year", _("Please choose the fiscal year that the appointment is limited to."))
        return cleaned

    def terms(self):
        """Keyword arguments of `agreements.appointing.appoint_over`."""
        told, last = self.cleaned_data, self.cleaned_data["last_day"]
        order_file, order_file_name = told["order_file"] or ("", "")
        return {
            "since": told["since"],
            "until": last + ONE_DAY if last else None,
            "order_number": told["order_number"],
            "order_date": told["order_date"],
            "order_by": told["order_by"],
            "order_file": order_file,
            "order_file_name": order_file_name,
            "scope": told["scope"],
            "fiscal_year": told["fiscal_year"] if told["scope"] == Scope.YEAR else None,
            "named": list(told["agreements"]) if told["scope"] == Scope.NAMED else [],
            "idempotency": told["idempotency"],
        }

    def add_refusals(self, refusals):
        """Say each at the field that mends it, else on top."""
        for refusal in refusals:
            name = PLACES.get(refusal.where)
            self.add_error(name if name in self.fields else None, str(refusal.sentence))


# What the verb calls a place, and the field that stands for it.
PLACES = {
    "#id_user": "user",
    "#id_since": "since",
    "#id_until": "last_day",
    "#id_order_number": "order_number",
    "#id_order_date": "order_date",
    "#id_delegated_by": "delegated_by",
    "#id_scope": "scope",
    "#id_agreements": "agreements",
}


class GiverField(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person.full_name_with_rank


class AppointForm(TermsForm):
    """An appointment of whichever capacity, as an administrator records it from the order."""

    field_order = ("user", "capacity", "delegated_by")
    capacity = forms.ChoiceField(
        label=_("capacity"), choices=Capacity.choices, widget=forms.RadioSelect, initial=Capacity.OWN
    )
    delegated_by = GiverField(
        User.objects.none(),
        label=_("delegated by"),
        required=False,
        help_text=_("Only for a delegation: who gives the powers."),
    )

    def __init__(self, *args, post, today, **more):
        super().__init__(*args, post=post, **more)
        held = Appointment.objects.not_over(today).filter(post=post).exclude(capacity=Capacity.DELEGATED)
        self.fields["delegated_by"].queryset = User.objects.filter(pk__in=held.values("user"))

    def terms(self):
        told = self.cleaned_data
        delegated = told["capacity"] == Capacity.DELEGATED
        return super().terms() | {
            "capacity": told["capacity"],
            "delegated_by": told["delegated_by"] if delegated else None,
        }


NEEDS_ORDER = {
    "order_number": _("There is no order without a number. Please give the number of the order."),
    "order_date": _("Please give the date of the order."),
}


class DelegateForm(TermsForm, PasswordStepUpForm):
    """A delegation by the holder of the post: signed with the password."""

    def __init__(self, request, *args, **more):
        super().__init__(request, *args, **more)
        for name, sentence in NEEDS_ORDER.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = sentence


class EndForm(IdempotencyMixin, forms.Form):
    """From which day on an appointment no longer holds."""

    use_required_attribute = False
    until = ThaiDateField(label=_("no longer holds from"), help_text=DATE_HINT)

    def __init__(self, *args, appointment, **more):
        super().__init__(*args, **more)
        self.appointment = appointment

    def clean_until(self):
        until, held = self.cleaned_data["until"], self.appointment
        if until < held.since:
            raise ValidationError(_("An appointment can't end before the day on which it begins."))
        if held.until is not None and until > held.until:
            raise ValidationError(
                _("It would last longer than the order says. Please record the new order as a new appointment.")
            )
        return until


class DayForm(forms.Form):
    """The day that a question is about; blank is today."""

    use_required_attribute = False
    optional_marks = False
    on = ThaiDateField(label=_("On which day?"), required=False, help_text=DATE_HINT)
