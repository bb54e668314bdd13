"""What people type into a draft: the plan, an indicator's sheet, and the weights of all lines at once."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.freeze import PlanOutline
from agreements.models import Line, PlanItem, Source
from agreements.models.agreement import LEVELS
from indicators.criteria import fill_levels
from thai.dates import shown_year
from thai.fields import REQUIRED, NumberField, TidyCharField, TidyTextField
from thai.numbers import to_arabic

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
        return self.cleaned_data[name]

    def autosave_to(self, url_of):
        """Let each field save itself at `url_of(name)` when it is left (htmx): in turn, since a save makes a version.

        A field for which there is no url ("") isn't saved by itself.
        """
        for name, field in self.fields.items():
            if name not in self.not_kept and url_of(name):
                field.widget.attrs |= {
                    "hx-post": url_of(name),
                    "hx-trigger": "change",
                    "hx-target": "#autosaved",
                    "hx-sync": "closest form:queue all",
                }


def _number(name, **more):
    return NumberField(label=Line._meta.get_field(name).verbose_name, required=False, **more)


def _line_text(name, **more):
    return TidyCharField(label=Line._meta.get_field(name).verbose_name, required=False, **more)


def _long_text(name, rows=3, **more):
    label = Line._meta.get_field(name).verbose_name
    return TidyTextField(label=label, required=False, max_length=LONG, widget=forms.Textarea({"rows": rows}), **more)


class LineForm(DraftForm):
    """The sheet of one indicator (รายละเอียดตัวชี้วัด). `changes()` are the fields as a line keeps them."""

    not_kept = frozenset({"start", "step"})
    needed_later = frozenset({"name", "unit_of_measure", "weight", "target", "definition", "formula", "data_source"})
    SECTIONS = (
        (_("Indicator"), ("name", "dimension", "source", "plan_item", "unit_of_measure", "weight")),
        (_("Past performance and target"), ("past_3", "past_2", "past_1", "target", "low_target_reason")),
        (_("Scoring criteria"), ("kind",)),
        (_("Details"), ("explanation", "definition", "formula", "conditions", "data_source")),
    )
    # Names and long texts take a row of their own.
    wide = frozenset(
        {"name", "plan_item", "low_target_reason", "kind"}
        | {"explanation", "definition", "formula", "conditions", "data_source"}
    )
    LEVEL_FIELDS = tuple((f"level_{n}", f"text_{n}") for n in LEVELS)

    name = _line_text("name", max_length=500)
    dimension = forms.ModelChoiceField(queryset=None, label=_("dimension"), empty_label=None)
    source = forms.ChoiceField(choices=Source.choices, label=_("source of the indicator"))
    plan_item = forms.ChoiceField(
        required=False, label=_("in the action plan"), help_text=_("The goal, strategy or indicator that this line carries.")
    )
    unit_of_measure = _line_text("unit_of_measure", max_length=100, help_text=_("Such as per cent, days, level."))
    weight = _number("weight", max_digits=5, decimal_places=2, min_value=0, max_value=HUNDRED)
    past_3 = _number("past_3")
    past_2 = _number("past_2")
    past_1 = _number("past_1")
    target = _number("target")
    low_target_reason = _long_text("low_target_reason", rows=2)
    kind = forms.ChoiceField(choices=Line.Kind.choices, label=_("kind of criteria"), widget=forms.RadioSelect)
    explanation = _long_text("explanation")
    definition = _long_text("definition")
    formula = _long_text("formula", rows=2)
    conditions = _long_text("conditions", rows=2)
    data_source = _long_text("data_source", rows=2)
    # Not kept: they fill the five levels.
    start = NumberField(
        label=_("level 1 begins at"), required=False, widget=forms.TextInput({"data-level-start": ""})
    )
    step = NumberField(label=_("step per level (+/−)"), required=False, widget=forms.TextInput({"data-level-step": ""}))

    def __init__(self, data=None, *, line, **more):
        super().__init__(data, initial=_values(line), auto_id="%s", **more)
        self.line = line
        for level, text in self.LEVEL_FIELDS:
            self.fields[level] = _number(level)
            self.fields[level].widget.attrs["data-level"] = level[-1]
            self.fields[text] = _long_text(text, rows=1)
        self.fields["dimension"].queryset = line.agreement.framework.dimensions.all()
        self.fields["plan_item"].choices = [("", gettext("(none)")), *plan_choices(line.agreement.plan)]
        self._name_years(line.agreement.fiscal_year.year)

    def _name_years(self, year):
        for back in (3, 2, 1):
            self.fields[f"past_{back}"].label = gettext("result of %(year)s") % {"year": shown_year(year - back)}

    @property
    def sections(self):
        """[(heading, [bound field, …])], without the levels, which stand in a table of their own."""
        return [(heading, [self[name] for name in names]) for heading, names in self.SECTIONS]

    @property
    def levels(self):
        """[(number, value field, text field)] of the five levels."""
        return [(n, self[level], self[text]) for n, (level, text) in zip(LEVELS, self.LEVEL_FIELDS, strict=True)]

    def clean_plan_item(self):
        chosen = self.cleaned_data["plan_item"]
        return PlanItem.objects.get(pk=chosen) if chosen else None

    def clean_weight(self):
        return self.cleaned_data["weight"] or Decimal(0)

    def changes(self):
        """Field name → value, for `agreements.write.save_line`."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.not_kept}

    def with_levels_filled(self):
        """This form with the five levels made from start and step; itself, with an error, where that can't be."""
        self.full_clean()
        start, step = self.cleaned_data.get("start"), self.cleaned_data.get("step")
        if start is None or not step:
            self.add_error("step", gettext("Give the value of level 1 and a step other than 0, and the levels are filled."))
            return self
        data = self.data.copy()
        for (level, _text), value in zip(self.LEVEL_FIELDS, fill_levels(start, step), strict=True):
            data[level] = self.fields[level].prepare_value(value)
        return LineForm(data, line=self.line)


def _values(line):
    names = [name for name in LineForm.base_fields if name not in LineForm.not_kept]
    names += [name for pair in LineForm.LEVEL_FIELDS for name in pair]
    values = {name: getattr(line, name) for name in names}
    return {**values, "plan_item": line.plan_item_id or "", "dimension": line.dimension_id}


def plan_choices(plan):
    """The plan's goals, strategies and indicators for a <select>, grouped by strategic issue."""
    outline = PlanOutline(plan)
    return [
        (f"{number} {issue.text}", list(_choices_under(outline, number, issue)))
        for number, issue in outline.numbered(None, PlanItem.Kind.ISSUE)
    ]


def _choices_under(outline, prefix, issue):
    for number, goal in outline.numbered(issue, PlanItem.Kind.GOAL, f"{prefix}."):
        yield str(goal.pk), f"{number} {goal.text}"
        for place, item in outline.numbered(goal, PlanItem.Kind.STRATEGY, f"{number}."):
            yield str(item.pk), f"\u2003{place} {item.text}"
        for _place, item in outline.numbered(goal, PlanItem.Kind.INDICATOR):
            yield str(item.pk), f"\u2003• {item.text}"


PLAN_TEXT, PLAN_TARGET = 2000, 200


class PlanForm(DraftForm):
    """The unit's whole plan: vision, mission, the texts of all its items, and blanks for what may be added.

    Fields are made from the plan's own rows alone: a foreign id posted is refused. What isn't posted stays as it is.
    `places` says what a field keeps: {name: (row, column)}; `openings` where a blank leads: {name: (kind, parent)}.
    """

    needed_later = frozenset({"vision", "mission"})
    OURS = ("text-", "target-", "new-")

    vision = TidyTextField(label=_("vision"), required=False, max_length=PLAN_TEXT, widget=forms.Textarea({"rows": 2}))
    mission = TidyTextField(
        label=_("mission"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("One mission on each line."),
    )

    def __init__(self, data=None, *, plan, **more):
        super().__init__(initial={"vision": plan.vision, "mission": plan.mission}, auto_id="%s", **more)
        self.items = list(PlanOutline(plan).walk())
        self.places = {"vision": (plan, "vision"), "mission": (plan, "mission")}
        self.openings = {}
        for number, item, _depth in self.items:
            self._add_fields_of(number, item)
        for parent in [None, *(item for _number, item, _depth in self.items)]:
            self._add_openings_under(parent)
        if data is not None:
            self.data, self.is_bound = self._completed(data), True

    def _add_fields_of(self, number, item):
        label = f"{item.get_kind_display()} {number}".strip()
        self._keep(f"text-{item.pk}", item, "text", _plan_text(label, initial=item.text))
        if item.kind == PlanItem.Kind.INDICATOR:
            self._keep(f"target-{item.pk}", item, "target", _plan_target(initial=item.target))

    def _keep(self, name, item, column, field):
        self.fields[name] = field
        self.places[name] = (item, column)

    def _add_openings_under(self, parent):
        for kind in PlanItem.kinds_under(parent):
            name = opening_name(kind, parent)
            self.fields[name] = _plan_text(kind.label, required=False)
            self.openings[name] = (kind, parent)
            if kind == PlanItem.Kind.INDICATOR:
                self.fields[f"{name}-target"] = _plan_target()

    def _completed(self, data):
        data = data.copy()
        for name in self.places.keys() - data.keys():
            data[name] = self.get_initial_for_field(self.fields[name], name)
        return data

    def clean(self):
        gone = [name for name in self.data if name.startswith(self.OURS) and name not in self.fields]
        for text in filter(None, (self.data[name].strip() for name in gone)):
            self.add_error(None, _NOT_IN_THE_PLAN % {"text": text})
        return super().clean()

    def demand(self, name):
        """The blank `name` must be filled: an error at it where it isn't. Gives whether all is valid then."""
        if self.is_valid() and not self.cleaned_data[name]:
            self.add_error(name, REQUIRED)
        return not self.errors

    def changes(self):
        """[(row, {column: value})] of the rows whose texts were changed; the plan itself always, and first."""
        changed = {self.places["vision"][0]: {}}
        for name, (row, column) in self.places.items():
            if self.cleaned_data[name] != getattr(row, column):
                changed.setdefault(row, {})[column] = self.cleaned_data[name]
        return list(changed.items())

    def additions(self):
        """[(name of the blank, kind, parent, {column: value})] of the blanks that were filled."""
        filled = ((name, *where) for name, where in self.openings.items() if self.cleaned_data[name])
        return [(name, kind, parent, self._texts_of(name)) for name, kind, parent in filled]

    def _texts_of(self, name):
        return {"text": self.cleaned_data[name], "target": self.cleaned_data.get(f"{name}-target", "")}


_NOT_IN_THE_PLAN = _(
    "“%(text)s” was typed for something that isn't in this plan (any more). Nothing was saved; "
    "please add it anew if it is still needed, and save again."
)


def opening_name(kind, parent):
    """The name of the blank for a new item of `kind` under `parent` (None for an issue)."""
    return f"new-{kind}-{parent.pk if parent else 0}"


def _plan_text(label, **more):
    return TidyTextField(label=label, max_length=PLAN_TEXT, widget=forms.Textarea({"rows": 1}), **more)


def _plan_target(**more):
    return TidyCharField(label=_("target"), required=False, max_length=PLAN_TARGET, **more)


class NewLineForm(DraftForm):
    """A new indicator: the dimension it belongs to, and its name, which may come later."""

    dimension = forms.ModelChoiceField(
        queryset=None,
        label=_("dimension"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose the dimension.")},
    )
    name = _line_text("name", max_length=500)

    def __init__(self, data=None, *, framework, **more):
        super().__init__(data, **more)
        self.fields["dimension"].queryset = framework.dimensions.all()


class WeightsForm(DraftForm):
    """The weights of all lines of one agreement. Fields are made from its lines alone: a foreign id posted is refused."""

    def __init__(self, data=None, *, numbered, **more):
        super().__init__(data, **more)
        self.numbered = numbered
        for each in numbered:
            self.fields[self.name_of(each.line)] = NumberField(
                label=f"{each.number} {each.line.name or gettext('(no name yet)')}",
                required=False,
                max_digits=5,
                decimal_places=2,
                min_value=0,
                max_value=HUNDRED,
                initial=each.line.weight,
                widget=forms.TextInput({"data-weight": "", "class": "in num", "form": "weights-form"}),
            )

    @staticmethod
    def name_of(line):
        return f"weight-{line.pk}"

    @property
    def rows(self):
        """[(numbered line, bound field)]."""
        return [(each, self[self.name_of(each.line)]) for each in self.numbered]

    def clean(self):
        foreign = {name for name in self.data if name.startswith("weight-")} - set(self.fields)
        if foreign:
            raise ValidationError(
                gettext("The page speaks of an indicator that isn't in this agreement (any more). Please look again; nothing was saved.")
            )
        return super().clean()

    def changed_weights(self):
        """[(line, weight)] of the lines whose weight was changed."""
        pairs = [(each.line, self.cleaned_data[self.name_of(each.line)] or Decimal(0)) for each in self.numbered]
        return [(line, weight) for line, weight in pairs if line.weight != weight]


class CodeForm(forms.Form):
    """The verification code printed on a document: 32 letters and digits, spaced or not."""

    code = TidyCharField(label=_("Verification code"), max_length=80)

    def clean_code(self):
        code = "".join(to_arabic(self.cleaned_data["code"]).split()).lower()
        if len(code) != 32 or set(code) - set("0123456789abcdef"):
            raise ValidationError(gettext("The code has 32 characters, 0–9 and a–f. Please look at it again."))
        return code
