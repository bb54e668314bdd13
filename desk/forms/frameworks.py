"""What the planning office types of a framework: its name, how it scores, and its dimensions as an outline of rows."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin
from agreements.forms import WeightField
from desk.years_page import level_names
from indicators.dimensions import DEEPEST, MOST, WAYS, Part, labels, moved, straight, sums
from indicators.frameworks import Content, ScoringRules
from indicators.models import Framework
from thai.dates import shown_year
from thai.fields import NumberField, TidyCharField
from thai.numbers import show_digits

ROWS_AT_FIRST = 4
# way (of indicators.dimensions.moved), what its button is called, its icon
ROW_BUTTONS = (
    ("up", _("Move up: row"), "arrow-up"),
    ("down", _("Move down: row"), "arrow-down"),
    ("in", _("Make it a part of the dimension above: row"), "arrow-right"),
    ("out", _("Move it out of its dimension: row"), "arrow-left"),
    ("below", _("Add a row below: row"), "plus"),
    ("away", _("Remove: row"), "x-mark"),
)
COLUMNS = ("dimension", "depth", "weight", "low", "high")


def _score(label, **more):
    return NumberField(label=label, max_digits=7, decimal_places=4, min_value=0, max_value=100, required=False, **more)


class FrameworkForm(IdempotencyMixin, forms.Form):
    """A framework. Each dimension is a row with its depth; a row without a name is left out."""

    use_required_attribute = False
    required_marks = False
    optional_marks = False
    RULES = ("scale", "floor", "cap", "fail_score", "places", "denominator")

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    name = TidyCharField(label=_("name of the framework"), max_length=200)
    scale = forms.ChoiceField(label=_("scale"), choices=Framework.ScaleName.choices, widget=forms.RadioSelect)
    floor = _score(
        _("score of a result below level 1"), help_text=_("Left blank: that of level 1. Some frameworks give 0.")
    )
    cap = _score(_("highest score"), help_text=_("Left blank: the top of the scale."))
    fail_score = _score(_("score of a fail"), help_text=_("Of pass/fail criteria. Left blank: that of level 1."))
    places = forms.TypedChoiceField(
        label=_("decimals of scores"),
        coerce=int,
        choices=[(4, _("4 (usual)")), (3, "3"), (2, "2")],
        widget=forms.RadioSelect,
        help_text=_("Rounded half up. The total is computed from the rounded scores and rounded once."),
    )
    denominator = forms.ChoiceField(
        label=_("what a total is divided by"), choices=Framework.OverWeights.choices, widget=forms.RadioSelect
    )

    def __init__(self, data=None, *, content=None, rows=None, initial=None, **more):
        values = framework_values(content) if content else framework_values(Content("", ()))
        super().__init__(data, initial=values | (initial or {}), **more)
        self.places_of_rows = range(1, (rows or rows_for(content)) + 1)
        for place in self.places_of_rows:
            self._add_row(place)

    def _add_row(self, place):
        words = {"number": place}
        self.fields[f"dimension_{place}"] = TidyCharField(
            label=gettext("name of dimension, row %(number)s") % words, max_length=200, required=False
        )
        self.fields[f"depth_{place}"] = forms.IntegerField(
            label=gettext("depth of row %(number)s") % words,
            min_value=0,
            max_value=DEEPEST,
            required=False,
            widget=forms.HiddenInput,
        )
        for column, label in (
            ("weight", gettext("fixed weight, row %(number)s")),
            ("low", gettext("from, row %(number)s")),
            ("high", gettext("to, row %(number)s")),
        ):
            self.fields[f"{column}_{place}"] = WeightField(label=label % words, required=False)

    @property
    def depth_fields(self):
        return [f"depth_{place}" for place in self.places_of_rows]

    def hidden_of_form(self):
        """The hidden fields that belong to no row."""
        return [self["idempotency"], self["version"]]

    def rows(self):
        """Each row as a dict: place, label (1.2; "" while it has no name), depth, and its bound fields by column."""
        named = dict(zip(self.named, self._labels, strict=True))
        return [
            {
                "place": place,
                "label": named.get(place, ""),
                "depth": self._depth(place),
                **{column: self[f"{column}_{place}"] for column in COLUMNS if column != "depth"},
                "depth_field": self[f"depth_{place}"],
                "ways": ROW_BUTTONS,
            }
            for place in self.places_of_rows
        ]

    def sums(self):
        """[(label of the dimension, "" of the framework; its Sum)] of what is typed, as far as it can be read."""
        return [("" if each.place is None else self._labels[each.place], each) for each in sums(self._parts)]

    @property
    def named(self):
        """The places of the rows that have a name."""
        return [place for place in self.places_of_rows if str(self[f"dimension_{place}"].value() or "").strip()]

    @property
    def _labels(self):
        return labels([part.depth for part in self._parts])

    @property
    def _parts(self):
        depths = straight([self._depth(place) for place in self.named])
        return tuple(
            Part(self._read("dimension", place), self._read("weight", place), depth, self._read("low", place),
                 self._read("high", place))
            for place, depth in zip(self.named, depths, strict=True)
        )  # fmt: skip

    def _depth(self, place):
        return self._read("depth", place) or 0

    def _read(self, column, place):
        """The value in a row, None where it can't be read."""
        bound = self[f"{column}_{place}"]
        try:
            return bound.field.clean(bound.value())
        except ValidationError:
            return None

    def clean(self):
        cleaned = super().clean()
        for place in self.places_of_rows:
            self._clean_row(cleaned, place)
        cleaned |= {name: cleaned.get(name) or 0 for name in self.depth_fields}
        if cleaned.get("floor") is None and "floor" not in self.errors and "scale" in cleaned:
            cleaned["floor"] = ScoringRules.usual_floor(cleaned["scale"])
        return cleaned

    def _clean_row(self, cleaned, place):
        weights = [cleaned.get(f"{column}_{place}") for column in ("weight", "low", "high")]
        if any(weight is not None for weight in weights) and not cleaned.get(f"dimension_{place}"):
            self.add_error(f"dimension_{place}", gettext("This dimension has a weight; please give its name too."))
        for column in ("weight", "high"):
            if cleaned.get(f"{column}_{place}") == 0:
                sentence = gettext("A weight must be more than 0; leave the field blank for none.")
                self.add_error(f"{column}_{place}", sentence)

    def content(self):
        """The Content that was typed; for a form that is valid."""
        given = self.cleaned_data
        return Content(given["name"], self._parts, ScoringRules(**{name: given[name] for name in self.RULES}))

    def refuse(self, refused):
        """Put the sentences of a Refused at the fields that mend them, so that nothing typed is lost."""
        for refusal in refused.refusals:
            name = self._field_of(refusal.where.removeprefix("#id_"))
            self.add_error(name if name in self.fields else None, str(refusal))

    def _field_of(self, where):
        """`where` counts the dimensions; here rows without a name stand between them."""
        column, _line, number = where.rpartition("_")
        if column not in COLUMNS:
            return where
        named = self.named or [1]
        return f"{column}_{named[min(int(number), len(named)) - 1]}"

    def rearranged(self, command):
        """The same as typed, unchecked, after a button of a row (up-3: row 3 one up; again: only summed up anew).

        The field to go on from holds the focus.
        """
        way, _line, number = command.partition("-")
        place = int(number) if number.isdecimal() and len(number) < 5 else 0
        if way not in WAYS or place not in self.places_of_rows:
            return self._as_typed([(at, self._depth(at)) for at in self.places_of_rows])
        order = moved([self._depth(at) for at in self.places_of_rows], place - 1, way)
        rows = [(None if at is None else at + 1, depth) for at, depth in order]
        return self._as_typed(rows, focus=self._focus(rows, place, way))

    def _focus(self, rows, place, way):
        """The place of the row that the button was about, wherever it stands now."""
        places = [at for at, _depth in rows]
        if way == "below":
            return places.index(None) + 1 if None in places else place
        return places.index(place) + 1 if place in places else max(place - 1, 1)

    def _as_typed(self, rows, focus=None):
        values = {name: self.data.get(name, "") for name in ("idempotency", "version", "name", *self.RULES)}
        for place, (old, depth) in enumerate(rows, 1):
            values |= {f"{column}_{place}": self.data.get(f"{column}_{old}", "") for column in COLUMNS}
            values[f"depth_{place}"] = depth
        form = type(self)(rows=max(len(rows), 1), initial=values)
        if focus:
            form.fields[f"dimension_{focus}"].widget.attrs["autofocus"] = True
        return form


def rows_for(content):
    """How many rows a form offers: those there are, with one more to fill."""
    return min(max(len(content.dimensions) + 1 if content else 0, ROWS_AT_FIRST), MOST)


def posted_rows(data):
    """How many rows a form was sent with."""
    sent = [place for place in range(1, MOST + 1) if f"dimension_{place}" in data]
    return sent[-1] if sent else 1


def framework_values(content):
    """{field's name: value} of a Content, as a form shows it and a stale page compares it."""
    values = {"name": content.name} | {name: getattr(content.rules, name) for name in FrameworkForm.RULES}
    for place, part in enumerate(content.dimensions, 1):
        values |= {
            f"dimension_{place}": part.name,
            f"depth_{place}": part.depth,
            f"weight_{place}": part.weight,
            f"low_{place}": part.low,
            f"high_{place}": part.high,
        }
    return values


class OtherFrameworkForm(forms.Form):
    """Which framework to compare with, or to begin from: all but the one of this year and level, in one query.

    The last of the same level before it stands first of all.
    """

    required_marks = False

    other = forms.TypedChoiceField(
        label=_("another framework"),
        coerce=int,
        error_messages={"invalid_choice": _("This framework isn't there, or no longer. Please choose another.")},
    )

    def __init__(self, data=None, *, fiscal_year, tier, **more):
        others = Framework.objects.select_related("fiscal_year").exclude(fiscal_year=fiscal_year, tier=tier)
        self.others = {other.pk: other for other in others}
        like = [pk for pk, it in self.others.items() if it.tier == tier and it.fiscal_year.year < fiscal_year.year]
        super().__init__(data, initial={"other": like[0] if like else None}, **more)
        self.fields["other"].choices = [(pk, _in_words(other)) for pk, other in self.others.items()]

    def chosen(self):
        """The framework, or None where none was asked for or it isn't there."""
        return self.others[self.cleaned_data["other"]] if self.is_bound and self.is_valid() else None


def _in_words(framework):
    level = level_names().get(framework.tier, framework.tier)
    return show_digits(f"{shown_year(framework.fiscal_year.year)} · {level}")
