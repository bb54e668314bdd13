"""The forms of the pages about people: an administrator's, and of one's own profile."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import is_thai_name
from accounts.people import TOLD
from acts.forms import IdempotencyMixin
from orgunits.roles import Role
from thai.fields import ThaiDateField, TidyCharField
from thai.numbers import show_digits

NAME_LENGTH, PHONE_LENGTH = 150, 50
STATES = (
    ("", _("all")),
    ("waiting", _("password not set yet")),
    ("locked", _("locked now")),
    ("closed", _("account closed")),
)


class PeopleForm(forms.Form):
    """What the list of people is filtered by."""

    optional_marks = False

    q = TidyCharField(
        label=_("Name, user name or unit"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(label=_("State of the account"), required=False, choices=STATES)


class UnitField(forms.ModelChoiceField):
    """A unit, in the order of the tree."""

    def label_from_instance(self, unit):
        named = f"{unit.name} ({unit.abbr_th})" if unit.abbr_th else unit.name
        return "\N{EM SPACE}" * unit.level + show_digits(named)


class ThaiNameField(TidyCharField):
    """A first or last name as it is written on official papers."""

    def __init__(self, **kwargs):
        super().__init__(max_length=NAME_LENGTH, **kwargs)

    def validate(self, value):
        super().validate(value)
        if value and not is_thai_name(value):
            raise ValidationError(
                _("Please type the name in Thai letters alone, without rank or prefix."), code="not_thai"
            )


class ContactForm(forms.Form):
    """How a person can be reached."""

    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("This is not an e-mail address. Please check it.")},
    )
    phone = TidyCharField(label=_("Telephone"), max_length=PHONE_LENGTH, required=False)


class ToldForm(ContactForm):
    """Rank, name and contact of a person, as they stand on official papers.

    A field whose value was changed by someone else while the page was open is told by `seen`: see change_person.
    """

    optional_marks = False

    rank = forms.ChoiceField(label=_("Rank"), required=False)
    rank_pending = forms.BooleanField(label=_("Rank awaits the royal command (ว่าที่)"), required=False)
    title_female = forms.BooleanField(label=_("Rank is written with หญิง"), required=False)
    prefix = forms.ChoiceField(label=_("Prefix, for civilians"), required=False)
    first_name = ThaiNameField(label=_("First name (Thai)"))
    last_name = ThaiNameField(label=_("Last name (Thai)"))

    field_order = TOLD

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("rank", "prefix"):
            self.fields[name].choices = [("", "–"), *User._meta.get_field(name).choices]
        self.fields["unit"] = UnitField(
            units.order_by("tree_id", "lft"),
            label=_("Unit that the person belongs to"),
            required=False,
            empty_label=_("not stated"),
            help_text=_("Used to find the person; it gives no rights."),
        )

    def told(self):
        """The fields of TOLD, cleaned."""
        return {name: self.cleaned_data[name] for name in TOLD}

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            self._judge_as_a_person(cleaned)
        return cleaned

    def _judge_as_a_person(self, cleaned):
        if not cleaned["rank"] and not cleaned["prefix"]:
            self.add_error("rank", _("Please choose the rank, or the prefix of a civilian."))
            return
        try:
            User(**self.told()).validate_constraints(exclude={"username", "language"})
        except ValidationError as wrong:
            self.add_error(None, wrong.messages)


class EditPersonForm(ToldForm):
    """What is told of a person, changed; carries what the page showed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in (*TOLD, "unit"):
            self.fields[name].show_hidden_initial = True

    def differences(self):
        """(what was seen, what it becomes), of the fields of TOLD that were changed on this page."""
        changed = [name for name in TOLD if name in self.changed_data]
        return {name: self._seen(name) for name in changed}, {name: self.cleaned_data[name] for name in changed}

    def _seen(self, name):
        bound = self[name]
        widget = bound.field.hidden_widget()
        shown = widget.value_from_datadict(self.data, self.files, bound.html_initial_name)
        return bound.field.to_python(shown)


class NewPersonForm(IdempotencyMixin, ToldForm):
    """A person who is to sign in here, with a first role if they need one."""

    username = forms.RegexField(
        label=_("User name"),
        regex=r"\A[A-Za-z0-9][A-Za-z0-9._-]{2,49}\Z",
        help_text=_("3 to 50 Latin letters, digits, dots or hyphens. It is not changed later."),
        error_messages={"invalid": _("Please use 3 to 50 Latin letters, digits, dots or hyphens.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(
        label=_("First role"),
        required=False,
        choices=[("", _("none yet")), *Role.choices],
        help_text=_(
            "Applies to the unit chosen above and to all units below it. Heads need none: their rights come from "
            "their post."
        ),
    )

    field_order = ("username", *TOLD, "unit", "role")

    def __init__(self, *args, unit_required, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].required = unit_required
        self.order_fields(self.field_order)

    def clean_username(self):
        name = User.normalize_username(self.cleaned_data["username"])
        if User.objects.filter(username=name).exists():
            raise ValidationError(_("This user name is already taken."), code="taken")
        return name

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("role") and "unit" in cleaned and not cleaned["unit"]:
            self.add_error("unit", _("Please choose the unit on which the role holds."))
        return cleaned


class GrantForm(IdempotencyMixin, forms.Form):
    """A role on a unit, for a term. `until()`: the first day on which it holds no more."""

    required_marks = False

    role = forms.ChoiceField(label=_("Role"), choices=[("", "–"), *Role.choices])
    since = ThaiDateField(label=_("first day"), required=False, help_text=_("Left blank: from today on."))
    last_day = ThaiDateField(label=_("last day"), required=False, help_text=_("Left blank: until it is taken away."))

    field_order = ("role", "unit", "since", "last_day")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(
            units.order_by("tree_id", "lft"), label=_("On the unit, and all below it"), empty_label="–"
        )
        self.order_fields(self.field_order)

    def clean(self):
        cleaned = super().clean()
        since, last = cleaned.get("since"), cleaned.get("last_day")
        if since and last and last < since:
            self.add_error("last_day", _("The role would end before it begins. Please check both dates."))
        return cleaned

    def given(self, *, today):
        """What is given, as `orgunits.administration.give` wants it."""
        said = self.cleaned_data
        return {
            "role": said["role"],
            "unit": said["unit"],
            "since": said["since"] or today,
            "until": day_after(said["last_day"]),
        }


class EndGrantForm(forms.Form):
    """The last day of a role; blank: it ends at once."""

    last_day = ThaiDateField(label=_("last day"), required=False, help_text=_("Left blank: it ends at once."))

    def until(self):
        return day_after(self.cleaned_data["last_day"])


def day_after(last_day):
    """The first day on which what holds up to and on `last_day` no longer holds; None of what has no end."""
    return last_day + timedelta(days=1) if last_day else None


class ConfirmForm(IdempotencyMixin, forms.Form):
    """Nothing but that the button was meant, once."""
