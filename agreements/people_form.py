"""The people of an indicator in its sheet's form: the overseer, and the collectors one below the other."""

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from acts.reading import once
from agreements.line_people import known_people, persons
from agreements.models import Line
from thai.numbers import show_digits

LEAST, MOST = 2, 8  # fields for collectors: those there are, and a blank one


class PeopleFields(forms.Form):
    """`overseer` and `collector_1` …, of whom the first carries the score. For a form about `self.line`."""

    overseer = forms.ChoiceField(
        required=False,
        label=Line._meta.get_field("overseer").verbose_name,
        help_text=_("Who answers for the indicator and certifies its report. Those that the unit knows are listed."),
    )

    def add_people(self):
        """Make the fields; call in __init__ once the line stands."""
        self.collector_names = tuple(f"collector_{n}" for n in range(1, self._many() + 1))
        for place, name in enumerate(self.collector_names):
            self.fields[name] = forms.ChoiceField(required=False, label=_collector_label(place))
            self.initial[name] = self._stand[place] if place < len(self._stand) else ""
        self.initial["overseer"] = str(self.line.overseer_id or "")
        for name in ("overseer", *self.collector_names):
            self.fields[name].choices = self._people

    def _many(self):
        return min(max(LEAST, len(self._stand) + 1), MOST)

    @cached_property
    def _stand(self):
        """The ids of the collectors there are."""
        found = self.line.collectors.all() if self.line.pk else ()
        return [str(each.user_id) for each in found]

    @cached_property
    def _known(self):
        on, agreement = timezone.localdate(), self.line.agreement
        found = once(agreement, ("known people", on), lambda: known_people(agreement.unit, on))
        there = {str(person.user.pk) for person in found}
        named = {*self._stand, str(self.line.overseer_id or "")} - there - {""}
        left = {user.pk: user for user in User.objects.filter(pk__in=named)} if named else {}
        return [*found, *persons(left, on).values()]

    def _people(self):
        return [
            ("", gettext("(nobody yet)")),
            *((str(each.user.pk), show_digits(each.label)) for each in self._known),
        ]

    def clean_overseer(self):
        chosen = self.cleaned_data["overseer"]
        return next((each.user for each in self._known if str(each.user.pk) == chosen), None) if chosen else None

    def collectors(self):
        """The ids of the collectors as they are chosen, each once, in order; the first carries the score."""
        chosen = (self.cleaned_data.get(name, "") for name in self.collector_names)
        return [int(user) for user in dict.fromkeys(filter(None, chosen))]

    def with_people(self, line):
        """`line`, telling its collectors as the form's fields do; to compare what stands there with what is typed."""
        stand = [str(user) for user in line.collectors.values_list("user_id", flat=True)]
        for place, name in enumerate(self.collector_names):
            setattr(line, name, stand[place] if place < len(stand) else "")
        return line


def _collector_label(place):
    if not place:
        return _("collector of data, who carries the score")
    return gettext("collector of data, person %(number)s") % {"number": show_digits(str(place + 1))}
