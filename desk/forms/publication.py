"""What is typed about announcing to the public, and what the public looks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from acts.refusals import GIVE_A_REASON
from desk.forms.search import SearchForm
from thai.dates import shown_year
from thai.fields import TidyCharField, TidyTextField
from thai.numbers import show_digits
from workflow.forms import SignForm


class WithdrawForm(SignForm):
    """Why an announcement is withdrawn, and the password."""

    reason = TidyTextField(
        label=_("Reason"),
        help_text=_("The public reads it in place of the agreement."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": GIVE_A_REASON},
    )
    field_order = ("sha256", "version", "reason", "password", "one_time_code")


class PublicForm(SearchForm):
    """Year and words; sent with GET, changes nothing. `years`: those of which something is announced."""

    optional_marks = False

    q = TidyCharField(
        label=_("Unit or indicator"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    year = forms.TypedChoiceField(label=_("Fiscal year"), required=False, coerce=int, empty_value=None)

    def __init__(self, data=None, *, years, **more):
        super().__init__(data, **more)
        self.fields["year"].choices = [(year, show_digits(str(shown_year(year)))) for year in years]
