"""The part of a sheet's form that says what of the superior's the indicator carries."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.carrying import WORDS, carriable, carrying_advice, changed_since, choice_label
from agreements.models import Line

# The choice that stands for what was chosen, where the superior has changed it since: nothing that can be kept.
WAS = "was"


def _choice(name, **more):
    return forms.ChoiceField(required=False, label=Line._meta.get_field(name).verbose_name, **more)


class CarryingForm(forms.Form):
    """The fields `carries_item` and `carries_line`; call `offer_what_may_be_carried(line)` at the end of __init__."""

    carries_item = _choice("carries_item", help_text=_("A goal of the superior's that this indicator helps to reach."))
    carries_line = _choice(
        "carries_line", help_text=_("An indicator of the superior's that this one is the unit's share of.")
    )

    def offer_what_may_be_carried(self, line):
        """Fill both lists; where there is nothing to choose from, and nothing was chosen, the field is left out."""
        offered = carriable(line.agreement)
        self._rows = {name: {str(row.pk): row for _number, row in offered.of(name)} for name in WORDS}
        for name in WORDS:
            chosen, was = str(getattr(line, f"{name}_id") or ""), changed_since(line, name)
            self.initial[name] = WAS if was else chosen
            if not (self._rows[name] or chosen or was):
                del self.fields[name]
                continue
            rows = [(str(row.pk), choice_label(number, row)) for number, row in offered.of(name)]
            if chosen and chosen not in self._rows[name]:
                self._rows[name][chosen] = getattr(line, name)
                rows.append((chosen, str(getattr(line, name))))
            self.fields[name].help_text = carrying_advice(line, name) or self.fields[name].help_text
            was_said = gettext("(changed since) %(words)s") if self._rows[name] else gettext("(last year) %(words)s")
            words = was_said % {"words": getattr(line, WORDS[name])}
            self.fields[name].choices = [("", gettext("(none)")), *([(WAS, words)] if was else []), *rows]

    def clean_carries_item(self):
        return self._rows["carries_item"].get(self.cleaned_data["carries_item"])

    def clean_carries_line(self):
        return self._rows["carries_line"].get(self.cleaned_data["carries_line"])
