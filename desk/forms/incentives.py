"""What the planning office types about incentives: for which year and unit, by which terms, what was decided."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin
from acts.refusals import GIVE_A_REASON
from agreements.stages import Stage
from desk.forms.years import DATE_HINT
from orgunits.models import OrgUnit
from results.incentive_terms import FIELDS
from results.models import Scheme
from thai.dates import shown_year
from thai.fields import NumberField, ThaiDateField, TidyCharField, TidyTextField
from thai.numbers import plain_number, show_digits
from workflow.forms import SignForm

MOST_BANDS, BLANK_BANDS = 8, 1
BAND = ("name", "from", "share")
MOST_HEADS = 99_999


class BeginForm(IdempotencyMixin, forms.Form):
    """Of which fiscal year, and for which unit, incentives are decided."""

    use_required_attribute = False
    year = forms.TypedChoiceField(label=_("Fiscal year"), coerce=int)
    unit = forms.ModelChoiceField(OrgUnit.objects.none(), label=_("Deciding unit"), empty_label=None)

    def __init__(self, data=None, *, years, units, **more):
        super().__init__(data, **more)
        self.fields["year"].choices = [(year, show_digits(str(shown_year(year)))) for year in years]
        self.fields["unit"].queryset = units
        self.fields["unit"].label_from_instance = lambda unit: show_digits(unit.short_name)

    def refuse(self, refused):
        """Put the sentences of a Refused at their fields."""
        for refusal in refused.refusals:
            self.add_error(refusal.where.removeprefix("#id_") or None, str(refusal))


class IncentiveTermsForm(IdempotencyMixin, forms.Form):
    """The terms of a draft: who takes part, gate, tiers, pool, rule; heads and who is left out, by unit.

    `values()` is what `results.incentive_terms` takes; `bands` are its rows that were filled.
    """

    use_required_attribute = False
    optional_marks = False
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    level = forms.TypedChoiceField(
        label=Scheme._meta.get_field("level").verbose_name, choices=Scheme.Level.choices, coerce=int
    )
    gate = NumberField(label=_("gate (total score)"), max_digits=7, min_value=0)
    gate_rule = forms.ChoiceField(
        label=Scheme._meta.get_field("gate_rule").verbose_name,
        choices=Scheme.GateRule.choices,
        widget=forms.RadioSelect,
        help_text=_("Decides what happens to a total that is exactly the gate."),
    )
    pool = NumberField(
        label=Scheme._meta.get_field("pool").verbose_name,
        decimal_places=2,
        min_value=0,
        help_text=_("0: tiers are awarded, and no money."),
    )
    rule = forms.ChoiceField(
        label=Scheme._meta.get_field("rule").verbose_name,
        choices=Scheme.Rule.choices,
        help_text=_("Each unit's part is the share of its tier × what is counted here."),
    )
    coin = forms.ChoiceField(label=Scheme._meta.get_field("coin").verbose_name, choices=Scheme.Coin.choices)
    shows_amounts = forms.BooleanField(
        label=_("Announce the amounts, too, not only score, tier and who gets an incentive"), required=False
    )

    def __init__(self, data=None, *, scheme, agreements, **more):
        self.agreements, self.places = agreements, _places(data, scheme)
        values = {name: getattr(scheme, name) for name in FIELDS}
        super().__init__(data, initial=self.initial_of(values) | {"version": scheme.version}, **more)
        for place in self.places:
            self._add_band(place)
        for each in agreements:
            self._add_unit(each)

    def _add_band(self, place):
        words = {"number": place}
        self.fields[f"band_{place}_name"] = TidyCharField(
            label=gettext("tier %(number)s: name") % words, max_length=100, required=False
        )
        self.fields[f"band_{place}_from"] = NumberField(
            label=gettext("tier %(number)s: from score") % words, max_digits=7, min_value=0, required=False
        )
        self.fields[f"band_{place}_share"] = NumberField(
            label=gettext("tier %(number)s: share") % words, max_digits=9, decimal_places=2, min_value=0, required=False
        )

    def _add_unit(self, agreement):
        words = {"unit": agreement.unit.short_name}
        self.fields[f"heads_{agreement.pk}"] = NumberField(
            label=gettext("heads of %(unit)s") % words,
            max_digits=5,
            decimal_places=0,
            min_value=1,
            max_value=MOST_HEADS,
            required=False,
        )
        if agreement.stage != Stage.CLOSED:
            self.fields[f"left_out_{agreement.pk}"] = TidyCharField(
                label=gettext("why %(unit)s is left out") % words, max_length=500, required=False
            )

    def initial_of(self, values):
        """{field's name: value} of terms, as the form shows them and a stale page compares them."""
        found = {name: values[name] for name in FIELDS if name not in ("bands", "heads", "left_out")}
        for place, band in enumerate(values["bands"], 1):
            texts = {"from": Decimal(band["from"]), "name": band["name"], "share": Decimal(band["share"])}
            found |= {f"band_{place}_{column}": texts[column] for column in BAND}
        for each in self.agreements:
            found[f"heads_{each.pk}"] = values["heads"].get(each.code)
            found[f"left_out_{each.pk}"] = values["left_out"].get(each.code, "")
        return found

    def band_rows(self):
        """[(place, bound fields of its name, first score and share)]"""
        return [(place, *(self[f"band_{place}_{column}"] for column in BAND)) for place in self.places]

    def unit_rows(self):
        """[(agreement, bound field of its heads, bound field of the reason why it is left out or None)]"""
        return [(each, self[f"heads_{each.pk}"], self._left_out(each)) for each in self.agreements]

    def _left_out(self, agreement):
        name = f"left_out_{agreement.pk}"
        return self[name] if name in self.fields else None

    def clean(self):
        cleaned = super().clean()
        for place in self.places:
            given = {column: cleaned.get(f"band_{place}_{column}") for column in BAND}
            if all(value in (None, "") for value in given.values()):
                continue
            for column, value in given.items():
                if value in (None, "") and f"band_{place}_{column}" not in self.errors:
                    sentence = gettext("A tier has a first score, a name and a share; please give all three.")
                    self.add_error(f"band_{place}_{column}", sentence)
        return cleaned

    def filled_places(self):
        """The places of the tiers that were typed, in their order."""
        return [place for place in self.places if self.cleaned_data.get(f"band_{place}_name")]

    def values(self):
        """The terms that were typed; for a form that is valid."""
        given = self.cleaned_data
        bands = [
            {
                "from": plain_number(given[f"band_{place}_from"]),
                "name": given[f"band_{place}_name"],
                "share": plain_number(given[f"band_{place}_share"]),
            }
            for place in self.filled_places()
        ]
        simple = {name: given[name] for name in FIELDS if name not in ("bands", "heads", "left_out")}
        heads = {each.code: given[f"heads_{each.pk}"] for each in self.agreements}
        left_out = {each.code: given.get(f"left_out_{each.pk}") for each in self.agreements}
        return simple | {
            "bands": bands,
            "heads": {code: int(count) for code, count in heads.items() if count is not None},
            "left_out": {code: reason for code, reason in left_out.items() if reason},
        }

    def refuse(self, refused):
        """Put the sentences of a Refused at the fields that mend them, so that nothing typed is lost."""
        filled = dict(enumerate(self.filled_places(), 1))
        for refusal in refused.refusals:
            name = refusal.where.removeprefix("#id_")
            if name.startswith("band_"):
                _band, place, column = name.split("_")
                name = f"band_{filled.get(int(place), self.places[0])}_{column}"
            self.add_error(name if name in self.fields else None, str(refusal))


def _places(data, scheme):
    """The places of tiers that a form offers: those sent, or those there are with a blank one after them."""
    if data is not None:
        sent = [place for place in range(1, MOST_BANDS + 1) if f"band_{place}_name" in data]
        return range(1, (sent[-1] if sent else 1) + 1)
    return range(1, min(len(scheme.bands) + BLANK_BANDS, MOST_BANDS) + 1)


class DecideForm(SignForm):
    """The order by which it was decided, and the password."""

    order_number = TidyCharField(label=_("number of the order"), max_length=100)
    decided_on = ThaiDateField(label=_("decided on"), help_text=DATE_HINT)
    decided_by = TidyCharField(
        label=_("decided by"), max_length=300, help_text=_("Name and post, or the committee. The public reads it.")
    )
    text = TidyTextField(
        label=_("what was decided"), max_length=5000, required=False, widget=forms.Textarea({"rows": 4})
    )
    required_marks = True
    field_order = ("sha256", "version", "order_number", "decided_on", "decided_by", "text", "password", "one_time_code")
    DECISION = ("order_number", "decided_on", "decided_by", "text")

    def clean_decided_on(self):
        day = self.cleaned_data["decided_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(gettext("This day is still to come. Please check the date of the decision."))
        return day

    def decision(self):
        """What `results.incentive_walk.decide` takes."""
        return {name: self.cleaned_data[name] for name in self.DECISION}


class ReasonToSignForm(SignForm):
    """A reason, and the password."""

    reason = TidyTextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": GIVE_A_REASON},
    )
    field_order = ("sha256", "version", "reason", "password", "one_time_code")
