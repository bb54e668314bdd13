"""What is searched for: a form sent with GET, which changes nothing."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from thai.fields import TidyCharField

# A single letter is in nearly every name.
SHORTEST = 2


class SearchForm(forms.Form):
    """One or more words; all of them must be found."""

    required_marks = False

    q = TidyCharField(
        label=_("Words to search for"),
        max_length=200,
        required=False,
        help_text=_("Unit by name, abbreviation or code; indicator by name or definition. Several words: all of them."),
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def clean_q(self):
        text = self.cleaned_data["q"]
        if text and len(text.replace(" ", "")) < SHORTEST:
            raise ValidationError(_("Please type at least two letters; one letter is found nearly everywhere."))
        return text
