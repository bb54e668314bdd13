"""What the pages of rights are asked for, and what groups are made of."""

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin
from desk.forms.people import UnitField
from orgunits.roles import Role
from thai.fields import ThaiDateField, TidyCharField

NAME_LENGTH = Group._meta.get_field("name").max_length


class InAgreementForm(forms.Form):
    """The agreement that is asked about, by its code."""

    optional_marks = False

    agreement = TidyCharField(label=_("Code of the agreement"), max_length=60, required=False)


class OnUnitForm(forms.Form):
    """Which roles on a unit, and on which day."""

    optional_marks = False

    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("all")), ("post", _("posts")), *Role.choices]
    )
    on = ThaiDateField(label=_("On the day"), required=False)


class GroupNameForm(IdempotencyMixin, forms.Form):
    """The name of a group."""

    required_marks = False

    name = TidyCharField(label=_("Name of the group"), max_length=NAME_LENGTH)


class NewGroupForm(GroupNameForm):
    """A group that is new, and the unit that keeps it."""

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(
            units.order_by("tree_id", "lft"),
            label=_("Unit that keeps the group"),
            empty_label="–",
            help_text=_("Its administrators look after the group; it gives no rights."),
        )


class MemberForm(IdempotencyMixin, forms.Form):
    """Somebody who joins a group, by user name."""

    required_marks = False

    person = TidyCharField(
        label=_("User name"), max_length=150, widget=forms.TextInput(attrs={"autocapitalize": "none"})
    )
