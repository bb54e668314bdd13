"""What is typed about the indicator library: looking for sheets, writing, publishing, retiring them, making them mandatory."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin
from agreements.criteria_form import CriteriaFields
from agreements.forms import LONG, DraftForm, WeightField
from agreements.items_form import ItemsForm
from agreements.models import Line, Source
from desk.forms.search import SearchForm
from desk.forms.years import DATE_HINT
from fiscal.models import FiscalYear
from indicators.library_models import SheetDraft, UnitSets
from thai.dates import shown_year
from thai.fields import NumberField, ThaiDateField, TidyCharField, TidyTextField
from thai.numbers import show_digits, to_arabic

ANY = ("", _("all"))


def year_choices():
    """The fiscal years there are, the latest first."""
    years = FiscalYear.objects.order_by("-year").values_list("year", flat=True)
    return [ANY, *((str(year), show_digits(str(shown_year(year)))) for year in years)]


class LibraryForm(SearchForm):
    """What the library is filtered by; sent with GET, changes nothing."""

    optional_marks = False
    STATES = (("", _("published, in use")), ("draft", _("with a draft")), ("retired", _("retired")), ("all", _("all")))

    q = TidyCharField(
        label=_("Words to search for"),
        max_length=200,
        required=False,
        help_text=_("Name, definition, code or owner; spaces may be left out."),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    year = forms.ChoiceField(label=_("Used in fiscal year"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)

    def __init__(self, data=None, **more):
        super().__init__(data, **more)
        self.fields["year"].choices = year_choices()

    def wanted(self, name):
        """What was asked for; "" where it can't be understood."""
        return self.cleaned_data.get(name, "") if self.is_bound and (self.is_valid() or True) else ""


def _label(name):
    return SheetDraft._meta.get_field(name).verbose_name


def _long(name, rows=3, **more):
    widget = forms.Textarea({"rows": rows})
    return TidyTextField(label=_label(name), required=False, max_length=LONG, widget=widget, **more)


class SheetForm(CriteriaFields, ItemsForm, DraftForm):
    """The draft of a sheet (`line`: a SheetDraft). `changes()` are the fields as the draft keeps them."""

    required_marks = False
    not_kept = CriteriaFields.HELPING
    SECTIONS = (
        (_("Indicator"), ("name", "unit_of_measure", "weight", "target")),
        (_("Details"), ("explanation", "definition", "formula", "conditions", "data_source")),
    )

    name = TidyCharField(label=_label("name"), max_length=500)
    unit_of_measure = TidyCharField(label=_label("unit_of_measure"), max_length=100, required=False)
    weight = WeightField(
        label=_label("weight"), required=False, help_text=_("Blank where each unit sets its own weight.")
    )
    target = NumberField(
        label=_label("target"), required=False, help_text=_("Blank where each unit sets its own target.")
    )
    explanation = _long("explanation")
    definition = _long("definition")
    formula = _long("formula", rows=2)
    conditions = _long("conditions", rows=2)
    data_source = _long("data_source", rows=2)
    unit_sets = forms.MultipleChoiceField(
        label=_("units may set"),
        choices=UnitSets.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where the sheet is mandatory, everything else is locked."),
    )

    def __init__(self, data=None, *, line, **more):
        super().__init__(data, auto_id="%s", **more)
        self.line = line
        self.add_level_fields()
        del self.fields["trial"]  # there is no last year's result here to try beside
        self.fields["kind"].choices = Line.Kind.choices  # which scale a year has is not known here
        for name, field in self.fields.items():
            if hasattr(line, name):
                field.initial, field.show_hidden_initial = getattr(line, name), name not in UNREMEMBERED

    @property
    def sections(self):
        """[(heading, its bound fields)], without the criteria and the table: they have their own places."""
        return [(heading, [self[name] for name in names]) for heading, names in self.SECTIONS]

    @property
    def version_shown(self):
        """The version that the page was made from; 0: no draft has been begun."""
        return self.data.get("version", self.line.version)

    def changes(self):
        """Field name → value of what the typist changed; levels that the kind doesn't show stay as they are."""
        shown = [name for name in self.changed_data if name not in self.LEVEL_FIELDS or name in self.data]
        return {name: self.cleaned_data[name] for name in shown if hasattr(self.line, name)}


# What these showed isn't sent along: what differs from the draft as it stands counts as changed.
UNREMEMBERED = ("unit_sets", "items", "kind", *CriteriaFields.LEVEL_FIELDS, "averages")


CODE = re.compile(r"[A-Z0-9]+([.-][A-Z0-9]+)*")


class NewSheetForm(IdempotencyMixin, SheetForm):
    """A new sheet: besides what it says, its code, its owner, and where it comes from."""

    code = TidyCharField(
        label=_("code"), max_length=40, help_text=_("Latin letters and digits, such as RTP-01; it stays for good.")
    )
    owner = forms.ModelChoiceField(queryset=None, label=_("owner unit"), empty_label=None)
    source = forms.ChoiceField(
        choices=Source.choices, label=_("source of the indicator"), initial=Source.MANDATORY.value
    )
    field_order = ("code", "owner", "source")

    def __init__(self, data=None, *, units, **more):
        super().__init__(data, **more)
        self.units = units
        self.fields["owner"].queryset = units.order_by("tree_id", "lft")
        self.fields["owner"].initial = units.order_by("tree_id", "lft").values_list("pk", flat=True).first()

    def again(self, data):
        return type(self)(data, line=self.line, units=self.units)

    def clean_code(self):
        code = to_arabic(self.cleaned_data["code"]).upper()
        if not CODE.fullmatch(code):
            raise ValidationError(
                gettext("A code has Latin letters and digits, with - or . between them. Please check.")
            )
        return code

    def content(self):
        """{column: value} of the draft to begin with."""
        names = [name for name in self.fields if hasattr(self.line, name)]
        return {name: self.cleaned_data[name] for name in names}


class PublishForm(IdempotencyMixin, forms.Form):
    """What the units are told of a version, and until when they answer; the first version needs neither."""

    use_required_attribute = False
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    required_marks = False
    note = TidyTextField(
        label=_("what has changed, and why"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Please say what has changed, and why: the units read it.")},
    )
    answer_by = ThaiDateField(
        label=_("units answer by"),
        help_text=DATE_HINT,
        error_messages={"required": _("Please give the date by which the units answer.")},
    )

    def __init__(self, data=None, *, is_first, **more):
        super().__init__(data, **more)
        if is_first:
            del self.fields["note"], self.fields["answer_by"]


class DiscardForm(IdempotencyMixin, forms.Form):
    """Which draft is thrown away: as it was read."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class RetireForm(IdempotencyMixin, forms.Form):
    """Why a sheet is retired."""

    use_required_attribute = False
    why = TidyTextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Please give the reason; it is shown with the sheet.")},
    )


class TakeBackForm(IdempotencyMixin, forms.Form):
    """Why a sheet is no longer mandatory."""

    use_required_attribute = False
    why = TidyTextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Please give the reason; the units read it.")},
    )


class PushForm(IdempotencyMixin, forms.Form):
    """For whom a sheet is mandatory in a year, and the dimension that it goes into at each level.

    `levels`: [(level, what it is called, what that level's agreements are doing)]; `dimensions`: {level: choices}.
    """

    use_required_attribute = False
    optional_marks = False
    required_marks = False
    tiers = forms.TypedMultipleChoiceField(
        label=_("all units of the level"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    units = TidyTextField(
        label=_("units by name"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Codes or abbreviations, one on each line or with commas between them."),
    )

    def __init__(self, data=None, *, levels, known, dimensions, **more):
        super().__init__(data, **more)
        self.known, self.levels = known, levels
        self.fields["tiers"].choices = [(tier, show_digits(label)) for tier, label in levels.items()]
        for tier, choices in dimensions.items():
            shown = [(number, show_digits(label)) for number, label in choices]
            label = gettext("dimension, in agreements of level %(tier)s") % {"tier": show_digits(str(tier))}
            self.fields[f"dimension_{tier}"] = forms.TypedChoiceField(label=label, coerce=int, choices=shown)

    def pushed(self):
        """What `push` is asked for."""
        given = self.cleaned_data
        numbers = {tier: given[f"dimension_{tier}"] for tier in self.levels}
        return {name: given[name] for name in ("tiers", "units", "idempotency")} | {"dimension": numbers}

    def clean_units(self):
        """The units named. Each is called by its code, or by an abbreviation that no other one has."""
        names = [name.strip() for name in re.split(r"[,\n]", self.cleaned_data["units"]) if name.strip()]
        wrong = [sentence for name in names if (sentence := self._problem(name))]
        if wrong:
            raise ValidationError(wrong)
        return list(dict.fromkeys(self._called(name)[0] for name in names))

    def _called(self, name):
        code = to_arabic(name).upper()
        close = to_arabic(name).replace(" ", "")
        return [unit for unit in self.known if unit.code.upper() == code or unit.abbr_th.replace(" ", "") == close]

    def _problem(self, name):
        found = self._called(name)
        if not found:
            return gettext("No unit that can hold this sheet is called “%(name)s”.") % {"name": name}
        if len(found) > 1:
            codes = ", ".join(unit.code for unit in found)
            return gettext("Several units are called “%(name)s”; please give the code: %(codes)s.") % {
                "name": name,
                "codes": codes,
            }
        return ""


class TakeForm(IdempotencyMixin, forms.Form):
    """Which dimension of the agreement a sheet of the library goes into, as a new line."""

    required_marks = False
    sheet = forms.CharField(max_length=40, widget=forms.HiddenInput)
    dimension = forms.ModelChoiceField(queryset=None, label=_("dimension"), empty_label=None)

    def __init__(self, data=None, *, framework, **more):
        super().__init__(data, **more)
        self.fields["dimension"].queryset = framework.dimensions.leaves()


class ObjectForm(IdempotencyMixin, forms.Form):
    """Why a unit objects to a changed sheet."""

    use_required_attribute = False
    reason = TidyTextField(
        label=_("Reason of the objection"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Please give the reason of the objection.")},
    )


class AcceptForm(IdempotencyMixin, forms.Form):
    """Accepting a changed sheet for the line as it was read at `seen`."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
