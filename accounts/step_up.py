"""Asking for the password again, in the request of an act that weighs more than others (signing, publishing)."""

from datetime import datetime

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.lockout import forget_failures
from acts.engine import StepUp


def confirm_password(request: HttpRequest, password: str) -> bool:
    """Is it the password of the person signed in? Asked through `authenticate`, so wrong ones count for lock-out.

    Call it outside a transaction that may be rolled back, or the count is lost with it.
    """
    username = request.user.get_username()
    user = authenticate(request, username=username, password=password)
    if user is None or user.pk != request.user.pk:
        return False
    forget_failures(request, username)
    return True


class PasswordStepUpForm(forms.Form):
    """A form that is valid only with the password of the person signed in; also a mixin for forms with more fields.

    `PasswordStepUpForm(request, request.POST)`; then `form.step_up(at=…, bound_to=hash_shown)` is the evidence for
    `acts.engine.move`.
    """

    password = forms.CharField(
        label=_("Your password"),
        help_text=_("Asked once more, so that nobody else acts in your name."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Please type your password.")},
    )

    def __init__(self, request, *args, **kwargs):
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_password(self):
        if not confirm_password(self.request, self.cleaned_data["password"]):
            raise ValidationError(_("The password is not right. Nothing was done; please type it again."), code="wrong")
        return ""  # nobody below needs it

    def step_up(self, *, at: datetime, bound_to: str = "") -> StepUp:
        """Evidence that the person gave their password at `at`, before the text with the hash `bound_to`."""
        if not self.is_valid():
            raise ValueError("No step-up without a valid password.")
        return StepUp(user_id=self.request.user.pk, at=at, bound_to=bound_to)
