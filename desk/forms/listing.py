"""What the list of agreements is filtered by: a form sent with GET, which changes nothing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.stages import Stage
from fiscal.models import FiscalYear
from thai.dates import shown_year
from thai.fields import TidyCharField
from thai.numbers import show_digits

ANY = ("", _("all"))
TURNS = (ANY, ("mine", _("my turn")), ("theirs", _("others' turn, I am waiting")))
LATENESS = (ANY, ("late", _("past the due date")))


class ListingForm(forms.Form):
    """Filters; what can't be understood is left out, and said at its field."""

    optional_marks = False

    q = TidyCharField(
        label=_("Unit or indicator"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    year = forms.ChoiceField(label=_("Fiscal year"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[ANY, *Stage.choices])
    turn = forms.ChoiceField(label=_("Whose turn"), required=False, choices=TURNS)
    late = forms.ChoiceField(label=_("Due date"), required=False, choices=LATENESS)
    unit = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, data):
        super().__init__(data)
        years = FiscalYear.objects.values_list("year", flat=True)
        self.fields["year"].choices = [ANY, *((str(year), show_digits(str(shown_year(year)))) for year in years)]
