"""What people type in an appeal: the unit's objections, and the panel's decisions on them."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.forms import LONG, DraftForm
from indicators.scoring import CannotScore
from results.forms import EvidenceFacts, FilesForm
from results.models import AppealLine, AppealPanel
from thai.fields import NumberField, ThaiDateField, TidyCharField, TidyTextField

Decision = AppealLine.Decision
# The column of a field by what its name begins with.
COLUMNS = {
    "objection": "objection",
    "asked": "asked_value",
    "decision": "decision",
    "decided": "decided_value",
    "reason": "reason",
}


class LinesForm(DraftForm):
    """Fields for the lines of one appeal: `rows` are (results.scores.AgreedLine, AppealLine), and no others are taken."""

    makers = ()

    def __init__(self, data=None, *, rows, scale, **more):
        super().__init__(data, auto_id="%s", **more)
        self.lines, self.scale = rows, scale
        self.of_field = {}
        for line, appealed in rows:
            for start in self.makers:
                name = f"{start}-{appealed.pk}"
                self.fields[name] = FIELDS[start](line, appealed)
                self.of_field[name] = (line, appealed, COLUMNS[start])

    def bound(self, appealed):
        """{what a field's name begins with: the bound field} of one line."""
        return {start: self[f"{start}-{appealed.pk}"] for start in self.makers}

    def clean(self):
        cleaned = super().clean()
        posted = {name for name in self.data if name.partition("-")[0] in COLUMNS and "-" in name}
        if posted != set(self.of_field):
            raise ValidationError(
                gettext(
                    "The page does not contain the indicators of this appeal. Nothing was saved; please open it again."
                )
            )
        for name, (line, _appealed, column) in self.of_field.items():
            if column in ("asked_value", "decided_value") and cleaned.get(name) is not None:
                self._refuse_what_cannot_be_scored(name, line)
        return cleaned

    def _refuse_what_cannot_be_scored(self, name, line):
        problem = _problem(line, self.cleaned_data[name], self.scale)
        if problem:
            self.add_error(name, problem)

    def place_of(self, name):
        """(the row, its column) that a field stands for."""
        _line, appealed, column = self.of_field[name]
        return appealed, column

    def fields_of(self, row):
        """{field: column} of one row."""
        return {f"{start}-{row.pk}": COLUMNS[start] for start in self.makers}

    def version_of(self, row):
        """The name of the field with the version of one row."""
        return f"version-{row.pk}"

    def changes(self):
        """[(AppealLine, {column: value})] of the lines that the typist changed."""
        found = {}
        for name in self.changed_data:
            if name in self.of_field:
                _line, appealed, column = self.of_field[name]
                found.setdefault(appealed.pk, (appealed, {}))[1][column] = self.cleaned_data[name]
        return list(found.values())


class ObjectionFilesForm(FilesForm):
    """Files of one objection, and what they prove. It stands among the fields of the appeal, and is sent by itself."""

    use_required_attribute = False
    required_marks = False
    proves = EvidenceFacts.base_fields["proves"]

    def __init__(self, *args, appealed, **more):
        super().__init__(*args, auto_id=f"files_{appealed.pk}_%s", **more)
        for field in self.fields.values():
            field.widget.attrs["form"] = f"files-{appealed.pk}"


class ObjectionsForm(LinesForm):
    """What the unit objects to, and the result that it asks for instead; blank where it doesn't object."""

    makers = ("objection", "asked")


class DecisionsForm(LinesForm):
    """The panel, its order and meeting, and what it decided on each objection."""

    makers = ("decision", "decided", "reason")
    PANEL = ("people", "order_number", "met_on")
    people = TidyTextField(
        label=_("people of the panel"),
        required=False,
        max_length=LONG,
        help_text=_("One person a line: name with rank, post, duty in the panel."),
        widget=forms.Textarea({"rows": 3}),
    )
    order_number = TidyCharField(label=_("number of the panel's order"), required=False, max_length=100)
    met_on = ThaiDateField(label=_("date of the panel's meeting"), required=False)

    def __init__(self, data=None, *, panel, **more):
        super().__init__(data, initial={name: getattr(panel, name) for name in self.PANEL}, **more)

        self.kept_panel = panel

    def place_of(self, name):
        return (self.kept_panel, name) if name in self.PANEL else super().place_of(name)

    def fields_of(self, row):
        return {name: name for name in self.PANEL} if isinstance(row, AppealPanel) else super().fields_of(row)

    def version_of(self, row):
        return "version" if isinstance(row, AppealPanel) else super().version_of(row)

    def panel(self):
        """{column: value} of the panel."""
        return {name: self.cleaned_data[name] for name in self.PANEL}


def _problem(line, value, scale):
    try:
        line.criteria.score(value, scale)
    except CannotScore as why:
        return str(why)
    return ""


def _text(label, initial, **more):
    return TidyTextField(
        label=label, required=False, max_length=LONG, initial=initial, show_hidden_initial=True,
        widget=forms.Textarea({"rows": 2}), **more,
    )  # fmt: skip


def _number(label, initial):
    return NumberField(label=label, required=False, initial=initial, show_hidden_initial=True)


def _objection(line, appealed):
    return _text(
        gettext("Objection to the score of indicator %(number)s") % {"number": line.number}, appealed.objection
    )


def _asked(line, appealed):
    words = {"number": line.number, "unit": line.unit_of_measure}
    return _number(gettext("Result asked for, indicator %(number)s (%(unit)s)") % words, appealed.asked_value)


def _decision(line, appealed):
    return forms.ChoiceField(
        label=gettext("Decision on indicator %(number)s") % {"number": line.number},
        required=False,
        choices=[("", gettext("not decided yet")), *Decision.choices],
        initial=appealed.decision,
        show_hidden_initial=True,
    )


def _decided(line, appealed):
    words = {"number": line.number, "unit": line.unit_of_measure}
    return _number(gettext("Result as decided, indicator %(number)s (%(unit)s)") % words, appealed.decided_value)


def _reason(line, appealed):
    return _text(gettext("Reason of the decision on indicator %(number)s") % {"number": line.number}, appealed.reason)


FIELDS = {
    "objection": _objection,
    "asked": _asked,
    "decision": _decision,
    "decided": _decided,
    "reason": _reason,
}
