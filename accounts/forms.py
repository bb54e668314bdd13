"""The forms of the door: signing in with password and code, and the switch of languages."""

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.forms import AuthenticationForm
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts import half_in
from accounts.carried import FIELD, unpacked
from accounts.code_field import OneTimeCodeField, wrong_code


class SignInForm(AuthenticationForm):
    """User name and password, and what was typed before the session ran out. Its answer doesn't tell who exists."""

    error_messages = {
        "invalid_login": _("The user name or the password is not correct. Please check both and try again."),
        "inactive": _("The user name or the password is not correct. Please check both and try again."),
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


class CodeForm(forms.Form):
    """The code of who gave the right password moments ago, and what the sign-in page held."""

    required_marks = False

    one_time_code = OneTimeCodeField()
    carried = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, request, *args, **kwargs):
        self.request = request
        self.person = half_in.person(request)
        super().__init__(*args, **kwargs)

    def clean_carried(self):
        return unpacked(self.cleaned_data[FIELD])

    def clean_one_time_code(self):
        credentials = {"username": self.person.get_username(), "one_time_code": self.cleaned_data["one_time_code"]}
        if authenticate(self.request, **credentials, after_password=self.person) is None:
            raise wrong_code(self.person, at=timezone.now())
        return ""  # used up

    def get_user(self):
        return self.person

    def held(self):
        """As SignInForm.held."""
        return unpacked(self[FIELD].value() or "")


class LanguageForm(forms.Form):
    """The language chosen, and the page that it was chosen on: one of this site, else the start page."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)
    next = forms.CharField(required=False)

    def clean_next(self):
        page = self.cleaned_data["next"]
        ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
        return page if ours else resolve_url(settings.LOGIN_REDIRECT_URL)

    @property
    def page(self):
        """Where to go on; the start page where no address can be read (it holds a null character)."""
        return self.cleaned_data.get("next") or resolve_url(settings.LOGIN_REDIRECT_URL)
