"""What people type into a draft: the plan, an indicator's sheet, and the weights of all lines at once."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.carrying_form import CarryingForm
from agreements.criteria_form import CriteriaFields
from agreements.freeze import PlanOutline
from agreements.items_form import ItemsForm
from agreements.locked_form import LockedFields
from agreements.models import Line, PlanItem, Source
from agreements.people_form import MOST, PeopleFields
from agreements.rules import dimensions_of, lines_of, numbered_lines, plan_items
from thai.dates import shown_year
from thai.fields import REQUIRED, NumberField, TidyCharField, TidyTextField
from thai.numbers import fixed_number, show_digits, to_arabic

HUNDRED = Decimal(100)
LONG = 20_000


class DraftForm(forms.Form):
    """A form of a draft: blank is fine until the agreement is submitted; says which fields a submission needs."""

    use_required_attribute = False
    optional_marks = False
    needed_later = frozenset()
    # Fields that only help with typing: nothing keeps what stands in them.
    not_kept = frozenset()

    def only(self, name):
        """The cleaned value of one field, for autosaving it alone. Raises ValidationError with its sentences."""
        if name not in self.fields or name in self.not_kept:
            raise ValidationError(gettext("This field can't be saved."))
        self.full_clean()
        if name in self.errors:
            raise ValidationError(self.errors[name])
        if name not in self.cleaned_data:  # what is wrong with it is told at another field
            raise ValidationError(gettext("This field can't be saved."))
        return self.cleaned_data[name]

    def autosave_to(self, url):
        """Let each field save itself when it is left (htmx); one after the other, since each save makes a version."""
        for name, field in self.fields.items():
            if name not in self.not_kept:
                field.widget.attrs |= _autosaved_at(url)


def _autosaved_at(url):
    return {"hx-post": url, "hx-trigger": "change", "hx-target": "#autosaved", "hx-sync": "closest form:queue all"}


class WeightField(NumberField):
    """A weight in per cent, from 0 to 100, shown with its two decimals."""

    def __init__(self, **more):
        super().__init__(max_digits=5, decimal_places=2, min_value=0, max_value=HUNDRED, **more)

    def prepare_value(self, value):
        return show_digits(fixed_number(value, 2)) if isinstance(value, Decimal) else value


def _number(name, **more):
    return NumberField(label=Line._meta.get_field(name).verbose_name, required=False, **more)


def _line_text(name, **more):
    return TidyCharField(label=Line._meta.get_field(name).verbose_name, required=False, **more)


def _long_text(name, rows=3, **more):
    label = Line._meta.get_field(name).verbose_name
    return TidyTextField(label=label, required=False, max_length=LONG, widget=forms.Textarea({"rows": rows}), **more)


class LineForm(LockedFields, CriteriaFields, ItemsForm, CarryingForm, PeopleFields, DraftForm):
    """The sheet of one indicator (รายละเอียดตัวชี้วัด). `changes()` are the fields as a line keeps them."""

    not_kept = CriteriaFields.HELPING
    needed_later = frozenset({"name", "unit_of_measure", "weight", "target", "definition", "formula", "data_source"})
    required_marks = False  # a choice always has its answer
    SECTIONS = (
        (
            _("Indicator"),
            ("name", "dimension", "source", "plan_item", "carries_item", "carries_line", "unit_of_measure", "weight"),
        ),
        (_("Past performance and target"), ("past_3", "past_2", "past_1", "target", "low_target_reason")),
        (_("Scoring criteria"), ("kind",)),
        (_("Details"), ("explanation", "definition", "formula", "conditions", "data_source")),
        (_("Overseer and collectors"), ("overseer", *(f"collector_{n}" for n in range(1, MOST + 1)))),
    )
    # An indicator with parts is measured by them: it has a name, a place and its words.
    OF_WHOLES = frozenset(
        ("name", "dimension", "source", "plan_item", "carries_item", "carries_line", "explanation", "definition",
         "conditions", "overseer")
    )  # fmt: skip
    # Columns of twelve; names and long texts take a row of their own.
    WIDTHS = {
        "dimension": 8,
        "source": 4,
        "unit_of_measure": 8,
        "weight": 4,
        **dict.fromkeys(("past_3", "past_2", "past_1", "target"), 3),
        **{f"collector_{n}": 6 for n in range(1, MOST + 1)},
    }

    name = _line_text(
        "name",
        max_length=500,
        help_text=_(
            "What is measured, in one phrase: percentage of …, number of …, mean time of …, level of success of …"
        ),
    )
    dimension = forms.ChoiceField(label=_("dimension"))
    source = forms.ChoiceField(
        choices=Source.choices,
        label=_("source of the indicator"),
        help_text=_("Mandatory: set from above. By plan: from the action plan. By mission: the unit's own duty."),
    )
    plan_item = forms.ChoiceField(
        required=False,
        label=_("in the action plan"),
        help_text=_("The goal, strategy or indicator that this line carries."),
    )
    unit_of_measure = _line_text("unit_of_measure", max_length=100, help_text=_("For example per cent, days, level."))
    weight = WeightField(
        label=Line._meta.get_field("weight").verbose_name,
        required=False,
        help_text=_("All indicators together come to 100.00."),
    )
    past_3 = _number("past_3")
    past_2 = _number("past_2")
    past_1 = _number("past_1", help_text=_("Blank where it was not measured: blank is not zero."))
    target = _number("target", help_text=_("What is promised; often the value of level 3."))
    low_target_reason = _long_text(
        "low_target_reason", rows=2, help_text=_("Needed where last year's result already reaches the target.")
    )
    explanation = _long_text(
        "explanation", help_text=_("Why it is measured, what it covers, and what the unit does to reach it.")
    )
    definition = _long_text(
        "definition",
        help_text=_("Each term so that nobody can count otherwise: what is counted, from when to when, what is not."),
    )
    formula = _long_text(
        "formula",
        rows=2,
        help_text=_("In words, as it is printed: cases solved × 100 ÷ all cases reported."),
    )
    conditions = _long_text(
        "conditions", rows=2, help_text=_("What is agreed besides: cases left out, what happens if the base changes.")
    )
    data_source = _long_text(
        "data_source", rows=2, help_text=_("Which system or report, who takes it from there, and how often.")
    )

    def __init__(self, data=None, *, line, **more):
        super().__init__(data, initial=_values(line), auto_id="%s", **more)
        self.line = line
        self.add_level_fields()
        self._dimensions = {str(each.pk): each for each in dimensions_of(line.agreement) if each.is_leaf}
        self.fields["dimension"].choices = [(pk, show_digits(str(each))) for pk, each in self._dimensions.items()]
        self.fields["plan_item"].choices = [("", gettext("(none)")), *plan_choices(line.agreement)]
        self.offer_what_may_be_carried(line)
        self.add_people()
        self._fit_to_its_place()
        self._name_years(line.agreement.fiscal_year.year)
        for name in self.fields.keys() - self.not_kept:
            self.fields[name].show_hidden_initial = True
        self.lock()

    def _fit_to_its_place(self):
        """Leave out what a line with parts doesn't have itself; a part stands in the dimension of the whole."""
        lines = lines_of(self.line.agreement) if self.line.pk else ()
        self.has_parts = any(each.parent_id == self.line.pk for each in lines)
        self.left_out = {}
        if self.has_parts:
            for name in [name for name in self.fields if name not in self.OF_WHOLES]:
                self.left_out[name] = self.fields.pop(name)
            self.collector_names, self.needed_later = (), frozenset({"name"})
        if self.line.parent_id:
            del self.fields["dimension"]

    def _name_years(self, year):
        if self.has_parts:
            return
        for back in (3, 2, 1):
            self.fields[f"past_{back}"].label = gettext("result of %(year)s") % {"year": shown_year(year - back)}

    @property
    def sections(self):
        """[(heading, [(bound field, columns of twelve), …])], without the levels: they stand in a table of their own."""
        found = [
            (heading, [(self[name], self.WIDTHS.get(name, 12)) for name in names if name in self.fields])
            for heading, names in self.SECTIONS
        ]
        return [(heading, fields) for heading, fields in found if fields]

    def clean(self):
        cleaned = super().clean()
        if self.has_parts:
            self._tell_what_parts_have_instead()
        return cleaned

    def _tell_what_parts_have_instead(self):
        """Somebody made parts of the indicator since the page was made: what was typed for it can't be kept, nor lost."""
        for name, field in self.left_out.items():
            text = self.data.get(name, "").strip()
            if text and name not in self.not_kept and text != self.data.get(self.add_initial_prefix(name), "").strip():
                words = dict(getattr(field, "choices", ())).get(text, text)
                self.add_error(None, _OF_PARTS % {"field": field.label, "text": words})

    def clean_dimension(self):
        return self._dimensions[self.cleaned_data["dimension"]]

    def clean_plan_item(self):
        chosen, agreement = self.cleaned_data["plan_item"], self.line.agreement
        return next((item for item in plan_items(agreement)[agreement.unit_id] if str(item.pk) == chosen), None)

    def clean_weight(self):
        return self.cleaned_data["weight"] or Decimal(0)

    def changes(self):
        """What the typist changed, as a line keeps it; what stood there all along is left alone."""
        return self.kept(self.changed_fields)

    @property
    def changed_fields(self):
        """The names of the fields that the typist changed, and that keep something."""
        return [name for name in self.changed_data if name not in self.not_kept]

    def kept(self, names):
        """{name: value} of these fields as a line keeps them: all collectors are kept together."""
        found = {name: self.cleaned_data[name] for name in names if name not in self.collector_names}
        return found | ({"collectors": self.collectors()} if set(names) & set(self.collector_names) else {})

    @property
    def version_shown(self):
        """The version that the page was made from."""
        return self.data.get("version", self.line.version)


_OF_PARTS = _(
    "Somebody has divided this indicator into parts meanwhile, and they have the field “%(field)s” instead. Nothing was "
    "saved. You had typed: %(text)s"
)


def _values(line):
    names = [name for name in LineForm.base_fields if name not in LineForm.not_kept]
    names += LineForm.LEVEL_FIELDS
    values = {name: getattr(line, name) for name in names}
    return {**values, "plan_item": line.plan_item_id or "", "dimension": str(line.dimension_id)}


def plan_choices(agreement):
    """The goals, strategies and indicators of the agreement's plan for a <select>, grouped by strategic issue."""
    outline = PlanOutline(agreement.plan, plan_items(agreement)[agreement.unit_id])
    return [
        (show_digits(f"{number} {issue.text}"), list(_choices_under(outline, number, issue)))
        for number, issue in outline.numbered(None, PlanItem.Kind.ISSUE)
    ]


def _choices_under(outline, prefix, issue):
    for number, goal in outline.numbered(issue, PlanItem.Kind.GOAL, f"{prefix}."):
        yield str(goal.pk), show_digits(f"{number} {goal.text}")
        for place, item in outline.numbered(goal, PlanItem.Kind.STRATEGY, f"{number}."):
            yield str(item.pk), show_digits(f"\u2003{place} {item.text}")
        for _place, item in outline.numbered(goal, PlanItem.Kind.INDICATOR):
            yield str(item.pk), show_digits(f"\u2003• {item.text}")


PLAN_TEXT, PLAN_TARGET = 2000, 200


class PlanForm(DraftForm):
    """The unit's whole plan: vision, mission, the texts of all its items, and blanks for what may be added.

    Fields are made from the plan's own rows alone: a foreign id posted is refused. What isn't posted stays as it is.
    `places` says what a field keeps: {name: (row, column)}; `openings` where a blank leads: {name: (kind, parent)}.
    """

    needed_later = frozenset({"vision", "mission"})
    OURS = ("text-", "target-", "new-")

    def __init__(self, data=None, *, plan, **more):
        super().__init__(auto_id="%s", **more)
        self.plan, self.places, self.openings = plan, {}, {}
        self.items = list(PlanOutline(plan).walk())
        self._keep("vision", plan, "vision", _plan_text(_("vision"), rows=2, required=False))
        self._keep("mission", plan, "mission", _mission())
        for number, item, _depth in self.items:
            self._keep_item(f"{item.get_kind_display()} {number}".strip(), item)
        for parent in [None, *(item for _number, item, _depth in self.items)]:
            self._open_under(parent)
        self.not_kept = frozenset(name for name in self.fields if name.startswith("new-"))
        if data is not None:
            self.data, self.is_bound = self._completed(data), True

    def _keep_item(self, label, item):
        self._keep(f"text-{item.pk}", item, "text", _plan_text(label))
        if item.kind == PlanItem.Kind.INDICATOR:
            self._keep(f"target-{item.pk}", item, "target", _plan_target())

    def _keep(self, name, row, column, field):
        field.initial, field.show_hidden_initial = getattr(row, column), True
        self.fields[name], self.places[name] = field, (row, column)

    def _open_under(self, parent):
        for kind in PlanItem.kinds_under(parent):
            name = opening_name(kind, parent)
            self.fields[name], self.openings[name] = _plan_text(kind.label, required=False), (kind, parent)
            if kind == PlanItem.Kind.INDICATOR:
                self.fields[f"{name}-target"] = _plan_target()

    def _completed(self, data):
        left_out = [name for name in self.places if name not in data]
        data = data.copy()
        for name in left_out:
            data[name] = self.fields[name].initial
        return data

    def autosave_to(self, url_of):
        """Let each text save itself at `url_of(row)`, sending nothing but itself and its version."""
        for name, (row, _column) in self.places.items():
            sent = {"hx-params": f"{name},{self.version_name(row)},page"}
            self.fields[name].widget.attrs |= _autosaved_at(url_of(row)) | sent

    def version_name(self, row):
        """The name of the field that carries the version of the plan, or of one of its items."""
        return "version" if row == self.plan else f"version-{row.pk}"

    def version_shown(self, row):
        """The version that the page was made from."""
        return self.data.get(self.version_name(row), row.version)

    def fields_of(self, row):
        """{name: column} of the fields that keep something of `row`."""
        return {name: column for name, (place, column) in self.places.items() if place == row}

    def clean(self):
        gone = [name for name in self.data if name.startswith(self.OURS) and name not in self.fields]
        for text in filter(None, (self.data[name].strip() for name in gone)):
            self.add_error(None, _NOT_IN_THE_PLAN % {"text": text})
        return super().clean()

    def demand(self, name):
        """Whether all is valid and the blank `name` is filled; where it isn't, an error at it."""
        if self.is_valid() and not self.cleaned_data[name]:
            self.add_error(name, REQUIRED)
        return not self.errors

    def changes(self):
        """{row: {column: value}} of what the typist changed; of the plan itself in any case."""
        changed = {self.plan: {}}
        for name in self.changed_data:
            if name in self.places:
                row, column = self.places[name]
                changed.setdefault(row, {})[column] = self.cleaned_data[name]
        return changed

    def additions(self):
        """{name of a blank that was filled: (kind, parent, {"text", "target"})}."""
        filled = {name: where for name, where in self.openings.items() if self.cleaned_data[name]}
        return {name: (kind, parent, self._texts_of(name)) for name, (kind, parent) in filled.items()}

    def _texts_of(self, name):
        return {"text": self.cleaned_data[name], "target": self.cleaned_data.get(f"{name}-target", "")}


_NOT_IN_THE_PLAN = _(
    "“%(text)s” was typed for an item that is not, or no longer, in this plan. Nothing was saved; please add it "
    "again if it is still needed, and save."
)


def opening_name(kind, parent):
    """The name of the blank for a new item of `kind` under `parent` (None for an issue)."""
    return f"new-{kind}-{parent.pk if parent else 0}"


def _plan_text(label, rows=1, **more):
    return TidyTextField(label=label, max_length=2000, widget=forms.Textarea({"rows": rows}), **more)


def _mission():
    widget, hint = forms.Textarea({"rows": 4}), _("One mission on each line.")
    return TidyTextField(label=_("mission"), required=False, max_length=LONG, widget=widget, help_text=hint)


def _plan_target():
    return TidyCharField(label=_("target"), required=False, max_length=200)


class NewLineForm(DraftForm):
    """A new indicator: the dimension it belongs to or the indicator it is a part of, and its name, which may come later."""

    dimension = forms.ModelChoiceField(
        queryset=None, label=_("dimension"), empty_label=None, widget=forms.RadioSelect, required=False
    )
    parent = forms.ChoiceField(
        required=False,
        label=Line._meta.get_field("parent").verbose_name,
        help_text=_("An indicator with parts is not weighed itself: its score is the weighted mean of its parts'."),
    )
    name = _line_text("name", max_length=500)

    def __init__(self, data=None, *, agreement, **more):
        super().__init__(data, **more)
        self.fields["dimension"].queryset = agreement.framework.dimensions.leaves()
        self.lines = {str(each.line.pk): each for each in numbered_lines(agreement)}
        whole = [
            (pk, show_digits(f"{each.number} {each.line.name}"))
            for pk, each in self.lines.items()
            if not each.line.mandated
        ]
        self.fields["parent"].choices = [("", gettext("(none: it stands by itself)")), *whole]

    def clean_parent(self):
        chosen = self.lines.get(self.cleaned_data["parent"])
        return chosen.line if chosen else None

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("dimension") and not cleaned.get("parent"):
            self.add_error("dimension", gettext("Please choose the dimension."))
        return cleaned


class CodeForm(forms.Form):
    """The verification code printed on a document: 32 letters and digits, spaced or not."""

    code = TidyCharField(label=_("Verification code"), max_length=80)

    def clean_code(self):
        code = "".join(to_arabic(self.cleaned_data["code"]).split()).lower()
        if len(code) != 32 or set(code) - set("0123456789abcdef"):
            # In words: on the page the digits of a range would turn into Thai ones.
            sentence = gettext("The code has 32 characters: Arabic numerals and the letters a to f. Please check it.")
            raise ValidationError(sentence)
        return code
