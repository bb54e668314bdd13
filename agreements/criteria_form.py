"""The fields of an indicator's criteria, of every kind, as a part of the sheet's form."""

from copy import copy

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.models import Line
from agreements.models.agreement import LEVELS
from indicators.criteria import LISTING_KINDS, Kind, fill_bands, fill_levels
from thai.fields import NumberField, TidyTextField

LONGEST = 20_000
COLUMNS = ("level", "upper", "text")
# What each kind asks of the levels: (column, what stands above its fields).
VALUES = (("level", _("Value of each level")),)
ASKED = {
    Kind.QUANTITATIVE: VALUES,
    Kind.BANDS: (("level", _("The band begins at")), ("upper", _("The band ends at"))),
    Kind.MILESTONE: (("text", _("What each step asks for")),),
    Kind.CUMULATIVE: (("level", _("How many steps in a row each level needs")),),
    Kind.COUNT: (("level", _("How many each level needs")),),
    Kind.PROJECTS: (("level", _("Value of the mean of the projects at each level")),),
    Kind.UNITS: VALUES,
    Kind.SUPERIOR: (),
    Kind.PASS_FAIL: (("text", _("What passes")),),
    Kind.TARGETS: (("level", _("Below the standard (may stay blank), standard, advanced")),),
}
FILLED = frozenset(
    {Kind.QUANTITATIVE, Kind.BANDS, Kind.CUMULATIVE, Kind.COUNT, Kind.PROJECTS, Kind.UNITS, Kind.TARGETS}
)
GUIDES = {
    Kind.QUANTITATIVE: _("The score rises evenly between two levels. Falling values mean that lower is better."),
    Kind.BANDS: _(
        "Whole scores only; a result between two bands is in the one it has reached. Leave the outer end of the first and "
        "the last band blank where it is open, as in “below 75”."
    ),
    Kind.MILESTONE: _("Reach step n, score what level n is worth. Describe what each step asks for."),
    Kind.CUMULATIVE: _(
        "Steps 1+2 score level 1, 1+2+3 level 2: a step counts only with all those before it. List the steps in the table."
    ),
    Kind.COUNT: _(
        "n issues achieved reach level n, or as many as each level says. The issues may be listed in the table."
    ),
    Kind.PROJECTS: _(
        "Σ(W×SM) ÷ ΣW of the projects in the table, measured by these values. Without weights all count alike."
    ),
    Kind.UNITS: _("List the units in the table. The mean of their results and the mean of their scores may differ."),
    Kind.SUPERIOR: _("The score of the superior's indicator that this line names is taken as it is."),
    Kind.PASS_FAIL: _("A pass scores the top of the scale; what a fail scores is said by the framework."),
    Kind.TARGETS: _("Below the standard, standard and advanced score 50, 75 and 100; nothing in between."),
}


def asked_of(line):
    """The names of the fields that the line's kind of criteria asks for."""
    levels, kind = line.scale.levels, Kind(line.kind)
    asked = range(levels, levels + 1) if kind is Kind.PASS_FAIL else range(1, levels + 1)
    return [f"{column}_{n}" for column, _title in ASKED[kind] for n in asked]


class CriteriaFields(forms.Form):
    """The kind, its levels, and what helps with filling and trying them. For a form about `self.line`.

    All fields of all kinds are there; those of the chosen kind are shown: `tracks`.
    """

    LEVEL_FIELDS = tuple(f"{column}_{n}" for column in COLUMNS for n in LEVELS)
    KEPT_OF_CRITERIA = ("kind", "averages", *LEVEL_FIELDS)
    # Not kept: they fill the levels, and try a result.
    HELPING = frozenset({"start", "step", "trial"})

    kind = forms.ChoiceField(choices=Line.Kind.choices, label=_("kind of criteria"), widget=forms.RadioSelect)
    averages = forms.ChoiceField(
        choices=Line.Averages.choices,
        label=Line._meta.get_field("averages").verbose_name,
        required=False,
        widget=forms.RadioSelect,
    )
    start = NumberField(label=_("level 1 begins at"), required=False, widget=forms.TextInput({"data-level-start": ""}))
    step = NumberField(label=_("step per level (+/−)"), required=False, widget=forms.TextInput({"data-level-step": ""}))
    trial = NumberField(label=_("try a result"), required=False)

    def add_level_fields(self):
        for name in self.LEVEL_FIELDS:
            self.fields[name] = _level_field(name)
        if self.line.scale.levels != 3 and self.line.kind != Kind.TARGETS:
            self.fields["kind"].choices = [each for each in Line.Kind.choices if each[0] != Kind.TARGETS]
        if self.is_bound:
            self._keep_what_other_kinds_ask()

    def _keep_what_other_kinds_ask(self):
        """What the page had no fields for stays as it is, and stands there when another kind is chosen."""
        self.data = self.data.copy()
        for name in ("averages", *self.LEVEL_FIELDS):
            if name not in self.data:
                kept = self.fields[name].prepare_value(getattr(self.line, name))
                self.data[name] = self.data[self.add_initial_prefix(name)] = "" if kept is None else str(kept)

    @property
    def shown_kind(self):
        """The kind chosen, as far as it is one."""
        chosen = self["kind"].value()
        return Kind(chosen if chosen in set(Kind) else self.line.kind)

    @property
    def kinds(self):
        """[(radio button, its guide)] of the kinds to choose from, and what the page remembers of the choice."""
        guides = [GUIDES[Kind(value)] for value, _label in self.fields["kind"].choices]
        return list(zip(self["kind"], guides, strict=True))

    @property
    def kind_remembered(self):
        return self["kind"].as_hidden(only_initial=True)

    @property
    def tracks(self):
        """[(column, heading, fields of the levels)] that the chosen kind asks for."""
        shown = copy(self.line)
        shown.kind = self.shown_kind
        names = asked_of(shown)
        return [
            (column, title, [self[name] for name in names if name.startswith(column)])
            for column, title in ASKED[self.shown_kind]
        ]

    @property
    def fills(self):
        """Can the levels be filled from a start and a step?"""
        return self.shown_kind in FILLED

    @property
    def fills_here(self):
        """Can the browser fill them itself? The ends of bands are reckoned by the server."""
        return self.fills and self.shown_kind is not Kind.BANDS

    @property
    def takes_cells(self):
        """Are there several fields in a row, which cells copied from Excel can fill?"""
        return self.shown_kind not in (Kind.SUPERIOR, Kind.PASS_FAIL)

    @property
    def shows_averages(self):
        return self.shown_kind is Kind.UNITS

    @property
    def lists_items(self):
        """Does the kind ask for a list of steps, issues, projects or units?"""
        return self.shown_kind in LISTING_KINDS

    def clean(self):
        cleaned = super().clean()
        if "kind" in self.fields:  # an indicator with parts has no criteria
            self._tell_at_the_kind_what_it_does_not_show()
        return cleaned

    def _tell_at_the_kind_what_it_does_not_show(self):
        """What is wrong with fields that the chosen kind doesn't ask for can't be told at them: they aren't there."""
        shown = {field.name for _column, _title, fields in self.tracks for field in fields}
        shown |= {"averages"} if self.shows_averages else set()
        shown |= {"start", "step"} if self.fills else set()
        hidden = {*self.LEVEL_FIELDS, "averages", "start", "step"} - shown
        wrong = [name for name in self.fields if name in hidden and self.errors.pop(name, None)]
        if wrong:
            sentence = gettext("This kind of criteria does not ask for %(fields)s, and what was sent can't be read.")
            self.add_error("kind", sentence % {"fields": ", ".join(str(self.fields[name].label) for name in wrong)})

    def clean_averages(self):
        return self.cleaned_data["averages"] or self.line.averages

    def as_line(self):
        """The line with what is typed into the form, as far as it is valid; nothing is saved."""
        line = copy(self.line)
        if not self.is_bound:
            return line
        self.is_valid()  # cleans it, if that hasn't been done
        typed = (*self.KEPT_OF_CRITERIA, "target", "past_1", "weight", "low_target_reason", "data_source", "items")
        for name in typed:
            if name in self.cleaned_data and name in self.changed_data:
                setattr(line, name, self.cleaned_data[name])
        return line

    @property
    def trial_value(self):
        """The result to try; None if there is none."""
        return self.cleaned_data.get("trial") if self.is_bound else None

    def tries_at(self, url):
        """Let a trial show what it scores as it is typed (htmx); it reads the saved sheet, and saves nothing."""
        self.fields["trial"].widget.attrs |= {
            "hx-get": url,
            "hx-trigger": "input changed delay:350ms",
            "hx-target": "#criteria-now",
            "hx-select": "#criteria-now",
            "hx-swap": "outerHTML",
            "data-unkept": "",
        }

    def with_levels_filled(self):
        """This form with the levels made from start and step; itself, with an error, where that can't be."""
        self.full_clean()
        start, step = self.cleaned_data.get("start"), self.cleaned_data.get("step")
        if start is None or not step:
            self.add_error(
                "step", gettext("Give the value of level 1 and a step other than 0, and the levels are filled.")
            )
            return self
        data = self.data.copy()
        for name, value in self._filled(start, step).items():
            data[name] = "" if value is None else self.fields[name].prepare_value(value)
        return self.again(data)

    def again(self, data):
        """The same form with other data."""
        return type(self)(data, line=self.line)

    def _filled(self, start, step):
        """{field: value} of the levels, made from start and step."""
        levels = self.line.scale.levels
        if self.shown_kind is Kind.BANDS:
            columns = dict(zip(("level", "upper"), fill_bands(start, step, levels), strict=True))
        else:
            columns = {"level": fill_levels(start, step, levels)}
        return {f"{column}_{n}": value for column, values in columns.items() for n, value in enumerate(values, 1)}


def _level_field(name):
    column, _between, number = name.partition("_")
    label = Line._meta.get_field(name).verbose_name
    if column == "text":
        widget = forms.Textarea({"rows": 1, "data-cell": f"text-{number}"})
        return TidyTextField(label=label, required=False, max_length=LONGEST, widget=widget)
    if column == "upper":
        label = format_lazy(_("to, level {number}"), number=number)
    attrs = {"data-cell": f"{column}-{number}"} | ({"data-level": number} if column == "level" else {})
    return NumberField(label=label, required=False, widget=forms.TextInput(attrs))
