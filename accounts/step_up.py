"""Asking for the password again, in the request of an act that weighs more than others (signing, publishing).

Who signs in with a second factor gives that as well, in the same request.
"""

from datetime import datetime

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from accounts.code_field import OneTimeCodeField, wrong_code
from accounts.lockout import forget_failures
from acts.engine import StepUp

BY_PASSWORD = "password"


def confirm_password(request: HttpRequest, password: str) -> bool:
    """Is it the password of the person signed in? Asked through `authenticate`, so wrong ones count for lock-out.

    Call it outside a transaction that may be rolled back, or the count is lost with it.
    """
    if not _is_password(request, password):
        return False
    forget_failures(request, request.user.get_username())
    return True


def confirm_code(request: HttpRequest, code: str) -> str:
    """How the code proves the person signed in, whose password was right: see second_factor. "" counts as a failure."""
    credentials = {"username": request.user.get_username(), "one_time_code": code, "after_password": request.user}
    return request.second_factor if authenticate(request, **credentials) else ""


def _is_password(request: HttpRequest, password: str) -> bool:
    user = authenticate(request, username=request.user.get_username(), password=password)
    return user is not None and user.pk == request.user.pk


class PasswordStepUpForm(forms.Form):
    """A form that is valid only with the password of the person signed in; also a mixin for forms with more fields.

    `PasswordStepUpForm(request, request.POST)`; then `form.step_up(at=…, bound_to=hash_shown)` is the evidence for
    `acts.engine.move`. The field `one_time_code` is there for who has a second factor, and is asked last: a code works
    once, and isn't spent on a form that is wrong elsewhere.
    """

    password = forms.CharField(
        label=_("Your password"),
        help_text=_("Asked once more, so that nobody else acts in your name."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Please type your password.")},
    )
    one_time_code = OneTimeCodeField()

    def __init__(self, request, *args, **kwargs):
        self.request = request
        self.method = ""
        super().__init__(*args, **kwargs)
        self.asks_code = second_factor.is_enrolled(request.user)
        if not self.asks_code:
            del self.fields["one_time_code"]

    def clean_password(self):
        if not _is_password(self.request, self.cleaned_data["password"]):
            raise ValidationError(
                _("The password is not correct. Nothing was done; please type it again."), code="wrong"
            )
        return ""  # nobody below needs it

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            self._confirm()
        return cleaned

    def _confirm(self):
        self.method = BY_PASSWORD
        if self.asks_code:
            proved = confirm_code(self.request, self.cleaned_data["one_time_code"])
            self.method = f"{BY_PASSWORD}+{proved}" if proved else ""
        if self.method:
            forget_failures(self.request, self.request.user.get_username())
        else:
            self.add_error("one_time_code", wrong_code(self.request.user, at=timezone.now()))

    def step_up(self, *, at: datetime, bound_to: str = "") -> StepUp:
        """Evidence that the person gave what was asked at `at`, before the text with the hash `bound_to`."""
        if not self.is_valid():
            raise ValueError("No step-up without a valid password.")
        return StepUp(user_id=self.request.user.pk, at=at, bound_to=bound_to, method=self.method)
