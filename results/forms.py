"""What people type about results: a line's result with its story, a piece of evidence, the evaluator's findings."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin
from agreements.forms import LONG, DraftForm
from agreements.models import Line
from indicators.criteria import Asks
from indicators.scale import FIVE
from indicators.scoring import CannotScore
from results.files_field import FilesField
from results.from_before import STORY
from results.inputs import account_of, asks
from results.inputs_form import cells, inputs_field
from results.models import Collected, Evidence, Result
from results.visits import FIELDS
from thai.fields import NumberField, ThaiDateField, TidyCharField, TidyTextField
from thai.numbers import show_digits

DAY_HINT = _("Day, month and year, such as 15 Dec 2026 or 15/12/2026.")
MOST_FILES = 10
EXPECTING = ("expected", "outlook")


def _story(name, rows=3, **more):
    label = Result._meta.get_field(name).verbose_name
    return TidyTextField(label=label, required=False, max_length=LONG, widget=forms.Textarea({"rows": rows}), **more)


def _scorable(line, value, scale=FIVE):
    """The value; ValidationError with the sentence why the line's criteria can't measure it."""
    if value is None:
        return None
    try:
        line.criteria.score(value, scale)
    except CannotScore as why:
        raise ValidationError(str(why)) from why
    return value


class ResultForm(DraftForm):
    """What one line came to, in a figure and in words. Blank is not reported, which is not zero.

    The figure is typed (`value`), or computed from what the line's criteria or formula ask for (`inputs`), or taken from
    the superior's report, for which there is no field.
    """

    value = NumberField(label=_("result"), required=False)
    narrative = _story("narrative", rows=4)
    factors = _story("factors")
    obstacles = _story("obstacles")
    remedies = _story("remedies")
    expected = NumberField(
        label=Result._meta.get_field("expected").verbose_name,
        required=False,
        help_text=_("What the unit itself expects on the last day of the year. It may stay blank, and scores nothing."),
    )
    outlook = _story("outlook", rows=2)

    def __init__(self, data=None, *, result, line, scale=FIVE, gives_figure=True, **more):
        initial = {name: getattr(result, name) for name in ("value", "inputs", *STORY, *EXPECTING)}
        super().__init__(data, initial=initial, auto_id="%s", **more)
        self.line, self.scale, self.asks = line, scale, asks(line)
        self.account, self.gives_figure = None, gives_figure
        if self.asks == Asks.NUMBER and gives_figure:
            self.fields["value"].help_text = _hint(line)
        else:
            del self.fields["value"]
        if gives_figure and self.asks not in (Asks.NUMBER, Asks.TAKEN):
            self.fields["inputs"] = inputs_field(line, self.asks)
        if result.report.round.is_final:  # the year is over: there is nothing left to expect
            self.expecting = ()
            for name in EXPECTING:
                del self.fields[name]

    expecting = EXPECTING

    def autosave_to(self, url):
        super().autosave_to(url)
        self.autosave_url = url

    @property
    def cells(self):
        """What the result is made of, a cell each; none where it is typed itself."""
        return cells(self["inputs"]) if "inputs" in self.fields else []

    @property
    def story(self):
        """The fields in words."""
        return [self[name] for name in (*STORY, *self.expecting)]

    def clean_expected(self):
        return _scorable(self.line, self.cleaned_data["expected"], self.scale)

    def clean_value(self):
        return _scorable(self.line, self.cleaned_data["value"], self.scale)

    def clean_inputs(self):
        inputs = self.cleaned_data["inputs"]
        self.account = account_of(self.line, inputs, self.scale)
        if self.account.problem and not self.account.is_unfinished:
            raise ValidationError(self.account.problem)
        _scorable(self.line, self.account.value, self.scale)
        return inputs

    def kept(self, name):
        """{column: value} of what saving the field `name` alone keeps. Raises as `only` does."""
        kept = {name: self.only(name)}
        return kept | {"value": self.account.value} if name == "inputs" else kept

    def changes(self):
        """Field name → value, for `results.write.save_result`."""
        made = {"value": self.account.value} if "inputs" in self.fields else {}
        return {**self.cleaned_data, **made}


class FigureForm(forms.Form):
    """What a collector reports of a line as their own: a figure, unless theirs is the result itself, and a note."""

    use_required_attribute = False
    required_marks = False
    figure = NumberField(label=Collected._meta.get_field("value").verbose_name, required=False)
    note = TidyTextField(
        label=Collected._meta.get_field("note").verbose_name,
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, data=None, *, line, mine=None, carries=False, scale=FIVE):
        initial = {"figure": mine.value, "note": mine.note} if mine else {}
        super().__init__(data, initial=initial, auto_id="mine_%s")
        self.line, self.scale = line, scale
        self.fields["figure"].help_text = gettext("In %(unit)s; blank while there is none.") % {
            "unit": line.unit_of_measure
        }
        if carries:
            del self.fields["figure"]

    def clean_figure(self):
        return _scorable(self.line, self.cleaned_data["figure"], self.scale)

    def changes(self):
        """Column → value, for `results.write.save_figure`."""
        columns = {"figure": "value", "note": "note"}
        return {columns[name]: value for name, value in self.cleaned_data.items()}


class VerdictForm(forms.Form):
    """The overseer's yes or no, with the reason that a no needs."""

    use_required_attribute = False
    required_marks = False
    verdict = forms.ChoiceField(choices=[("approve", ""), ("refuse", "")], widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, max_value=2**62, widget=forms.HiddenInput)
    reason = TidyTextField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        help_text=_("Needed to refuse, and for whoever decides in the overseer's place."),
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, data=None, **more):
        super().__init__(data, auto_id="verdict_%s", **more)


def _hint(line):
    if line.kind == Line.Kind.MILESTONE:
        return gettext("The step reached, a whole number from 0 to %(last)s.") % {"last": len(line.texts)}
    return gettext("In %(unit)s. Leave it blank as long as there is no result; 0 is a result.") % {
        "unit": line.unit_of_measure
    }


class EvidenceFacts(forms.Form):
    """What a file proves, of which level of the criteria, and which day the document itself bears."""

    use_required_attribute = False
    required_marks = False
    proves = TidyCharField(
        label=_("What it proves"),
        required=False,
        max_length=500,
        help_text=_("For example: summary of the year, page 3."),
    )
    level = forms.TypedChoiceField(
        label=Evidence._meta.get_field("level").verbose_name, required=False, coerce=int, empty_value=None
    )
    dated_on = ThaiDateField(
        label=Evidence._meta.get_field("dated_on").verbose_name,
        required=False,
        help_text=_("As it is written on the document, for example 31/3/2570."),
    )

    def __init__(self, *args, levels=FIVE.levels, **more):
        """`levels`: how many the criteria have."""
        super().__init__(*args, **more)
        named = [
            (str(level), gettext("Level %(level)s") % {"level": show_digits(str(level))})
            for level in range(1, levels + 1)
        ]
        self.fields["level"].choices = [("", gettext("(no single level)")), *named]

    def facts(self):
        """What is kept with a file besides its bytes."""
        return {name: self.cleaned_data[name] for name in FACTS}


FACTS = ("proves", "level", "dated_on")


class FilesForm(forms.Form):
    """One file or several at once. The verb that keeps them judges the content of each."""

    file = FilesField(
        label=_("Files"),
        required=True,
        help_text=_("One or more: pdf, png, jpg, docx or xlsx, up to 20 MB each, ten at most, without macros."),
        error_messages={"required": _("Please choose a file first."), "invalid": _("Please choose a file first.")},
    )

    def clean_file(self):
        files = self.cleaned_data["file"]
        if not files:
            raise ValidationError(self.fields["file"].error_messages["required"])
        if len(files) > MOST_FILES:
            raise ValidationError(gettext("At most %(count)s files at once, please.") % {"count": MOST_FILES})
        return files


class EvidenceForm(FilesForm, EvidenceFacts):
    """Files and what they prove."""

    field_order = ("file", *FACTS)

    def __init__(self, *args, **more):
        super().__init__(*args, auto_id="evidence_%s", **more)


class ChangeEvidenceForm(EvidenceFacts):
    """The facts of one file, as they stand in the page (`shown_…`) and as they are typed."""

    def __init__(self, data=None, *, evidence, **more):
        initial = {name: getattr(evidence, name) for name in FACTS}
        super().__init__(data, initial=initial, auto_id=f"file_{evidence.pk}_%s", **more)
        for name in FACTS:
            self.fields[name].show_hidden_initial = True

    def changes(self):
        """({column: value} of what was typed anew, {column: what stood there when the page was made})."""
        return (
            {name: self.cleaned_data[name] for name in self.changed_data},
            {name: self._shown(name) for name in self.changed_data},
        )

    def _shown(self, name):
        bound = self[name]
        return bound.field.clean(
            bound.field.hidden_widget().value_from_datadict(self.data, {}, bound.html_initial_name)
        )


class EvaluationForm(DraftForm):
    """The evaluator's result and reason for every line of one evaluation.

    Its fields are made from the rows of that evaluation alone; a form that posts others, or leaves some out, is refused
    whole: it was made from another page.
    """

    def __init__(self, data=None, *, rows, **more):
        super().__init__(data, auto_id="%s", **more)
        self.rows_by_field = {}
        for row in rows:
            self._add(row, "value", _value_field(row))
            self._add(row, "reason", _reason_field(row))

    def _add(self, row, column, field):
        name = f"{column}-{row.finding.pk}"
        self.fields[name] = field
        self.rows_by_field[name] = (row, column)

    @property
    def rows(self):
        """[(row, field of the result, field of the reason)] in the order of the agreement."""
        found = [row for row, column in self.rows_by_field.values() if column == "value"]
        return [(row, self[f"value-{row.finding.pk}"], self[f"reason-{row.finding.pk}"]) for row in found]

    def column_of(self, name):
        """(row, column of the finding) that a field stands for; KeyError for a field of no row here."""
        return self.rows_by_field[name]

    def clean(self):
        cleaned = super().clean()
        posted = {name for name in self.data if name.startswith(("value-", "reason-"))}
        if posted != set(self.fields):
            raise ValidationError(
                gettext(
                    "The page does not contain the indicators of this evaluation. Nothing was saved; please open it "
                    "again."
                )
            )
        for name, (row, column) in self.rows_by_field.items():
            if column == "value" and name in cleaned:
                self._refuse_what_cannot_be_scored(name, row)
        return cleaned

    def _refuse_what_cannot_be_scored(self, name, row):
        try:
            _scorable(row.line, self.cleaned_data[name], row.line.scale)
        except ValidationError as wrong:
            self.add_error(name, wrong)

    def changes(self):
        """[(finding, {column: value})] of the rows that the typist changed; what stood there all along is left alone."""
        found = {}
        for name in self.changed_data:
            row, column = self.rows_by_field[name]
            found.setdefault(row.finding.pk, (row.finding, {}))[1][column] = self.cleaned_data[name]
        return list(found.values())


def _value_field(row):
    label = gettext("Evaluator's result of indicator %(number)s") % {"number": row.line.number}
    return NumberField(label=label, required=False, initial=row.finding.value, show_hidden_initial=True)


def _reason_field(row):
    label = gettext("Reason for the different score of indicator %(number)s") % {"number": row.line.number}
    placeholder = gettext("Why the evaluator's score differs")
    widget = forms.Textarea({"rows": 1, "placeholder": placeholder})
    return TidyTextField(
        label=label,
        required=False,
        max_length=2000,
        initial=row.finding.reason,
        show_hidden_initial=True,
        widget=widget,
    )


class AcceptForm(forms.Form):
    """Which lines the evaluator accepts as reported: those ticked. Lines of another evaluation are no choice of it."""

    take = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data=None, *, rows):
        super().__init__(data)
        self.fields["take"].choices = [(row.line.key, row.line.number) for row in rows]


class VisitForm(IdempotencyMixin, forms.Form):
    """A visit to the unit: when, where, with whom, what was seen, and the indicators that it is about."""

    use_required_attribute = False
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    visited_on = ThaiDateField(label=_("visited on"), help_text=DAY_HINT)
    place = TidyCharField(label=_("place visited"), max_length=300)
    people = TidyTextField(label=_("who went and whom they met"), max_length=LONG, widget=forms.Textarea({"rows": 3}))
    seen = TidyTextField(label=_("what was seen"), max_length=LONG, widget=forms.Textarea({"rows": 6}))
    lines = forms.TypedMultipleChoiceField(
        label=_("indicators that it is about"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, agreed, today, visit=None, **more):
        super().__init__(*args, initial=_told(visit), **more)
        self.today = today
        self.fields["lines"].choices = [(line.key, f"{line.number} {line.name}") for line in agreed]

    def clean_visited_on(self):
        visited_on = self.cleaned_data["visited_on"]
        if visited_on > self.today:
            raise ValidationError(gettext("This day is still to come; please record the visit once it has been made."))
        return visited_on

    def values(self):
        """{column: value} for `results.visits.save_visit`."""
        return {name: self.cleaned_data[name] for name in FIELDS}


def _told(visit):
    if visit is None:
        return {"version": 0}
    lines = [line.pk for line in visit.lines.all()]
    return {name: getattr(visit, name) for name in FIELDS} | {"version": visit.version, "lines": lines}
