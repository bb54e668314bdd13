"""What the planning office types: a year's dates and call, and a framework."""

from decimal import Decimal

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin
from desk.years_page import level_names
from fiscal.models import LONGEST_PATIENCE, MOST_APPEAL_DAYS, USUAL_APPEAL_DAYS
from fiscal.years import Call, due_name
from results.models.round import MOST_PENALTY
from results.rounds import Dates, Preset, usual_rounds
from thai.dates import BE_MINUS_CE, FIRST_BE_YEAR
from thai.fields import NumberField, ThaiDateField, TidyCharField, TidyTextField
from thai.numbers import show_digits
from workflow.opening import DUE_STEPS, Setting, suggested

MOST_ROUNDS = 12
ROUND_COLUMNS = ("name", "opens_on", "due_on", "data_until", "grace_until", "penalty")
WHAT_A_ROUND_HAS = 3  # the first of them; the others may be left blank
DATE_HINT = _("Day, month and year, such as 15 Dec 2026 or 15/12/2026.")


class YearField(NumberField):
    """The number of a fiscal year in the Buddhist Era; one of the Common Era is understood too."""

    def __init__(self, **more):
        super().__init__(max_digits=4, decimal_places=0, min_value=0, **more)

    def prepare_value(self, value):
        return show_digits(str(value)) if isinstance(value, int) else value

    def clean(self, value):
        found = super().clean(value)
        return found if found is None else int(found) + (0 if found >= FIRST_BE_YEAR else BE_MINUS_CE)


class YearForm(IdempotencyMixin, forms.Form):
    """A year's call, period, due dates and reporting rounds. `setting()` is what it says, for `workflow.opening`."""

    use_required_attribute = False
    CALL = ("call_number", "call_date", "call_text")
    PERIOD = ("starts_on", "ends_on", "override_reason")
    REMINDING = ("moves_off_holidays", "escalate_after", "appeal_days")

    call_number = TidyCharField(label=_("number of the letter"), max_length=100, required=False)
    call_date = ThaiDateField(label=_("date of the letter"), required=False, help_text=DATE_HINT)
    call_text = TidyTextField(
        label=_("what is asked for"), max_length=5000, required=False, widget=forms.Textarea({"rows": 3})
    )
    starts_on = ThaiDateField(label=_("starts on"), required=False)
    ends_on = ThaiDateField(label=_("ends on"), required=False)
    override_reason = TidyTextField(
        label=_("reason for a period of its own"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2})
    )

    moves_off_holidays = forms.BooleanField(
        label=_("A due date on a Saturday, a Sunday or a public holiday moves to the next working day"), required=False
    )
    escalate_after = NumberField(
        label=_("days late until the superior is told"),
        help_text=_("Counted since it was due and lay in the same hand. Leave blank to tell nobody."),
        max_digits=3,
        decimal_places=0,
        min_value=1,
        max_value=LONGEST_PATIENCE,
        required=False,
    )
    appeal_days = NumberField(
        label=_("days to appeal"),
        help_text=_("From the day after the scores are released. What has been released keeps the days it was given."),
        max_digits=3,
        decimal_places=0,
        min_value=1,
        max_value=MOST_APPEAL_DAYS,
        initial=USUAL_APPEAL_DAYS,
    )

    def __init__(self, data=None, *, setting=None, positions=None, initial=None, **more):
        super().__init__(data, initial=(values_of(setting) if setting else {}) | (initial or {}), **more)
        for step in DUE_STEPS:
            self.fields[str(step)] = ThaiDateField(label=step.label)
        for (key, tier), label in level_due_labels():
            self.fields[due_name(key, tier)] = ThaiDateField(label=label, required=False)
        self.positions = positions or positions_for(setting.rounds if setting else ())
        for place in self.positions:
            self._add_round(place)

    def _add_round(self, place):
        words = {"number": place}
        self.fields[f"round_{place}_name"] = TidyCharField(
            label=gettext("name of round %(number)s") % words, max_length=100, required=False
        )
        self.fields[f"round_{place}_opens_on"] = ThaiDateField(
            label=gettext("round %(number)s opens on") % words, required=False
        )
        self.fields[f"round_{place}_due_on"] = ThaiDateField(
            label=gettext("report of round %(number)s due on") % words, required=False
        )
        self.fields[f"round_{place}_data_until"] = ThaiDateField(
            label=gettext("data of round %(number)s counts up to") % words, required=False
        )
        self.fields[f"round_{place}_grace_until"] = ThaiDateField(
            label=gettext("late report of round %(number)s taken until") % words, required=False
        )
        self.fields[f"round_{place}_penalty"] = NumberField(
            label=gettext("points off without a report of round %(number)s") % words,
            max_digits=5,
            decimal_places=4,
            min_value=0,
            max_value=MOST_PENALTY,
            required=False,
        )

    def due_fields(self):
        return [self[str(step)] for step in DUE_STEPS]

    def level_rows(self):
        """[(level in words, the bound fields of its own due dates)]"""
        return [(name, [self[due_name(str(step), tier)] for step in DUE_STEPS]) for tier, name in level_names().items()]

    @property
    def has_level_dues(self):
        """Is something in the fields of single levels, or wrong with them?"""
        return any(field.value() or field.errors for _level, fields in self.level_rows() for field in fields)

    def round_rows(self):
        """[(place, its three bound fields)]"""
        return [(place, [self[name] for name in round_names(place)]) for place in self.positions]

    @property
    def has_own_period(self):
        """Is something in the fields of a period of its own, or wrong with them?"""
        return any(self[name].value() or self[name].errors for name in self.PERIOD)

    def clean(self):
        cleaned = super().clean()
        self._clean_call(cleaned)
        for place in self.positions:
            self._clean_round(cleaned, place)
        return cleaned

    def _clean_call(self, cleaned):
        if not any(cleaned.get(name) for name in self.CALL):
            return
        for name in ("call_number", "call_date"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, gettext("A call has a number and a date; please give both."))

    def _clean_round(self, cleaned, place):
        names = round_names(place)
        cleaned[names[-1]] = cleaned.get(names[-1]) or None  # 0 points off are none
        if not any(cleaned.get(name) for name in names):
            return
        for name in names[:WHAT_A_ROUND_HAS]:
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, gettext("A reporting round has a name and both dates; please give all three."))

    def setting(self):
        """The Setting that was typed; for a form that is valid."""
        given = self.cleaned_data
        call = Call(*(given[name] for name in self.CALL)) if given["call_number"] else None
        return Setting(
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            reason=given["override_reason"],
            call=call,
            dues={str(step): given[str(step)] for step in DUE_STEPS},
            level_dues={each: given[due_name(*each)] for each, _label in level_due_labels() if given[due_name(*each)]},
            moves_off_holidays=given["moves_off_holidays"],
            escalate_after=None if given["escalate_after"] is None else int(given["escalate_after"]),
            appeal_days=int(given["appeal_days"]),
            rounds=[self._round(place) for place in self.positions if given[f"round_{place}_name"]],
        )

    def _round(self, place):
        *dates, penalty = (self.cleaned_data[name] for name in round_names(place))
        return Dates(place, *dates, penalty or Decimal(0))

    def with_rounds_of(self, preset, year):
        """The form as typed, with the rounds of a preset in that year in place of those it has."""
        rounds = usual_rounds(year, preset)
        typed = {name: values for name, values in self.data.lists() if not name.startswith("round_")}
        form = type(self)(positions=positions_for(rounds))
        shown = {name: form._as_shown(name, value) for name, value in values_of_rounds(rounds).items()}
        data = QueryDict(mutable=True)
        for name, values in (typed | {name: [value] for name, value in shown.items()}).items():
            data.setlist(name, values)
        return type(self)(data, positions=positions_for(rounds))

    def _as_shown(self, name, value):
        return str(self.fields[name].prepare_value(value)) if name in self.fields else str(value)

    def refuse(self, refused):
        """Put the sentences of a Refused at the fields that mend them, so that nothing typed is lost."""
        for refusal in refused.refusals:
            name = refusal.where.removeprefix("#id_")
            self.add_error(name if name in self.fields else None, str(refusal))


class OpenYearForm(YearForm):
    """The same for a year that is not open yet: its number comes first."""

    year = YearField(label=_("fiscal year"))
    field_order = ("year",)

    def moved_to_its_year(self):
        """The form as typed, with the dates that a year of this number would begin with."""
        self.is_valid()
        number = self.cleaned_data.get("year")
        if number is None:
            return self
        dates = {name: value for name, value in values_of(suggested(number)).items() if value is not None}
        kept = {
            name: self.data.get(name, "") for name in ("idempotency", "year", *self.CALL, *self.PERIOD, *self.REMINDING)
        }
        shown = {name: self._as_shown(name, value) for name, value in dates.items() if name not in kept}
        return type(self)(kept | shown, positions=positions_for(suggested(number).rounds))

    def with_rounds_of(self, preset, year=None):
        """The same, in the year whose number was typed; as it is where that is none."""
        self.is_valid()
        number = self.cleaned_data.get("year")
        return super().with_rounds_of(preset, number) if number else self


class ChangeYearForm(YearForm):
    """The same for a year that is open, on the page of this version."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


def level_due_labels():
    """[((step, level), its label in words)] of the due dates that single levels may have."""
    words = gettext("%(step)s: %(level)s")
    return [
        ((str(step), tier), words % {"step": step.label, "level": name})
        for tier, name in level_names().items()
        for step in DUE_STEPS
    ]


def round_names(place):
    return [f"round_{place}_{column}" for column in ROUND_COLUMNS]


def preset_asked_for(data):
    """The Preset whose button was pressed; None: another one was."""
    return Preset(data["preset"]) if data.get("preset") in list(Preset) else None


def positions_for(rounds):
    """The places of rounds that a form offers: those there are, with one more to fill."""
    last = max((each.position for each in rounds), default=2)
    return range(1, min(last + 1, MOST_ROUNDS) + 1)


def posted_positions(data):
    """The places of rounds that a form was sent with."""
    sent = [place for place in range(1, MOST_ROUNDS + 1) if f"round_{place}_name" in data]
    return range(1, (sent[-1] if sent else 1) + 1)


def values_of(setting):
    """{field's name: value} of a Setting, as a form shows it and a stale page compares it."""
    call = setting.call
    values = {
        "call_number": call.number if call else "",
        "call_date": call.date if call else None,
        "call_text": call.text if call else "",
        "starts_on": setting.starts_on,
        "ends_on": setting.ends_on,
        "override_reason": setting.reason,
    }
    values |= {"moves_off_holidays": setting.moves_off_holidays, "escalate_after": setting.escalate_after}
    values["appeal_days"] = setting.appeal_days
    values |= {str(step): setting.dues.get(step) for step in DUE_STEPS}
    values |= {due_name(*each): setting.level_dues.get(each) for each, _label in level_due_labels()}
    return values | values_of_rounds(setting.rounds)


def values_of_rounds(rounds):
    """The same of rounds; what isn't said of one is left out."""
    values = {}
    for each in rounds:
        said = (getattr(each, column) or None for column in ROUND_COLUMNS)
        values |= dict(zip(round_names(each.position), said, strict=True))
    return {name: value for name, value in values.items() if value is not None}
