"""What people type about results: a line's result with its story, a piece of evidence, the evaluator's findings."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.forms import LONG, DraftForm
from agreements.models import Line
from indicators.criteria import Asks
from indicators.scale import FIVE
from indicators.scoring import CannotScore
from results.evidence import CONTENT_TYPES
from results.inputs import account_of, asks
from results.inputs_form import cells, inputs_field
from results.models import Result
from thai.fields import NumberField, TidyCharField, TidyTextField

STORY = ("narrative", "factors", "obstacles", "remedies")


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

    def __init__(self, data=None, *, result, line, scale=FIVE, **more):
        initial = {name: getattr(result, name) for name in ("value", "inputs", *STORY)}
        super().__init__(data, initial=initial, auto_id="%s", **more)
        self.line, self.scale, self.asks = line, scale, asks(line)
        self.account = None
        if self.asks == Asks.NUMBER:
            self.fields["value"].help_text = _hint(line)
        else:
            del self.fields["value"]
        if self.asks not in (Asks.NUMBER, Asks.TAKEN):
            self.fields["inputs"] = inputs_field(line, self.asks)

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
        return [self[name] for name in STORY]

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


def _hint(line):
    if line.kind == Line.Kind.MILESTONE:
        return gettext("The step reached, a whole number from 0 to %(last)s.") % {"last": len(line.texts)}
    return gettext("In %(unit)s. Leave it blank as long as there is no result; 0 is a result.") % {
        "unit": line.unit_of_measure
    }


class EvidenceForm(forms.Form):
    """A file and what it proves. The verb that keeps it judges the content."""

    use_required_attribute = False
    required_marks = False
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("pdf, png, jpg, docx or xlsx, up to 20 MB, without macros."),
        widget=forms.FileInput({"accept": ",".join(f".{kind}" for kind in (*CONTENT_TYPES, "jpeg"))}),
        error_messages={"required": _("Please choose a file first."), "invalid": _("Please choose a file first.")},
    )
    proves = TidyCharField(
        label=_("What it proves"),
        required=False,
        max_length=500,
        help_text=_("For example: summary of the year, page 3."),
    )

    def __init__(self, *args, **more):
        super().__init__(*args, auto_id="evidence_%s", **more)


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
