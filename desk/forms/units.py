"""What the tree of units is asked: words to search for, or a unit to open; forms sent with GET, which change nothing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.forms.search import SearchForm
from thai.fields import TidyCharField


class UnitSearchForm(SearchForm):
    """One or more words of a unit's names; all of them must be found."""

    q = TidyCharField(
        label=_("Find a unit"),
        max_length=200,
        required=False,
        help_text=_("Name, abbreviation, code or English name. Several words: all of them."),
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class BranchForm(forms.Form):
    """Which unit is to be open (`at`), and how far; what can't be understood is left out."""

    MOST_PAGES = 1000

    at = forms.CharField(required=False, max_length=40)
    page = forms.IntegerField(required=False, min_value=1, max_value=MOST_PAGES)

    def wanted(self):
        """{"code": …, "page": …}, whatever was sent."""
        self.is_valid()
        return {"code": self.cleaned_data.get("at", ""), "page": self.cleaned_data.get("page") or 1}
