"""The sign-in form."""

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from accounts.carried import FIELD, unpacked


class SignInForm(AuthenticationForm):
    """User name and password, and what was typed before the session ran out. Its answer doesn't tell who exists."""

    error_messages = {
        "invalid_login": _("The user name or the password is not right. Please look at both and try again."),
        "inactive": _("The user name or the password is not right. Please look at both and try again."),
    }

    required_marks = False

    carried = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["username"].error_messages["required"] = _("Please type your user name.")
        self.fields["password"].label = _("Password")
        self.fields["password"].error_messages["required"] = _("Please type your password.")

    def clean_username(self):
        # Before authenticate: failures are counted by this name, and "Somchai" and "somchai" are one person.
        return get_user_model().normalize_username(self.cleaned_data["username"])

    def clean_carried(self):
        return unpacked(self.cleaned_data[FIELD])

    def held(self):
        """The form that waits in the hidden field, or None; also before the sign-in form is valid."""
        return unpacked(self[FIELD].value() or "")
