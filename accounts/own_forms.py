"""The forms of one's own account: password and second factor."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from accounts.code_field import OneTimeCodeField
from accounts.step_up import PasswordStepUpForm, confirm_password
from acts.forms import IdempotencyMixin

# How long a square with its secret may stand on somebody's screen.
SECRET_HOLDS_FOR = 30 * 60


class NewPasswordMixin(forms.Form):
    """A new password, typed twice. `person` is whose it becomes: it may not be like their name."""

    required_marks = False
    person = None

    password1 = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Please type a new password.")},
    )
    password2 = forms.CharField(
        label=_("New password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Please type the new password once more.")},
    )

    def clean_password1(self):
        validate_password(self.cleaned_data["password1"], self.person)
        return self.cleaned_data["password1"]

    def clean(self):
        cleaned = super().clean()
        if {"password1", "password2"} <= cleaned.keys() and cleaned["password1"] != cleaned["password2"]:
            self.add_error("password2", _("The two passwords are not the same. Please type both again."))
        return cleaned

    def rules(self):
        """What a password must be, in sentences."""
        return password_validators_help_texts()


class InvitedForm(NewPasswordMixin):
    """The first password, or another one for who has forgotten theirs."""

    def __init__(self, person, *args, **kwargs):
        self.person = person
        super().__init__(*args, **kwargs)


class ChangePasswordForm(NewPasswordMixin):
    """Another password, by the one that is in use: a wrong one counts as it does in signing in."""

    old_password = forms.CharField(
        label=_("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Please type your current password.")},
    )
    field_order = ("old_password", "password1", "password2")

    def __init__(self, request, *args, **kwargs):
        self.request, self.person = request, request.user
        super().__init__(*args, **kwargs)

    def clean_old_password(self):
        if not confirm_password(self.request, self.cleaned_data["old_password"]):
            raise ValidationError(_("The password is not correct. Nothing was changed; please type it again."))
        return ""


class EnrolForm(IdempotencyMixin, PasswordStepUpForm):
    """The first code from a telephone that has just been shown a secret, and the password."""

    required_marks = False

    secret = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, request, *args, **kwargs):
        super().__init__(request, *args, **kwargs)
        told = _("The 6 digits that the application shows for this system.")
        self.fields["one_time_code"] = OneTimeCodeField(help_text=told)
        self.initial["secret"] = signing.dumps([request.user.pk, second_factor.new_secret()], salt=type(self).__name__)
        self.order_fields(("one_time_code", "password"))

    def signed_secret(self):
        """What the page carries in its hidden field: the secret of the form sent in, as long as it holds."""
        sent = self["secret"].value()
        return sent if _secret_in(sent, self.request.user) else self.initial["secret"]

    def shown_secret(self):
        """The secret that the page shows as a square and in letters."""
        return _secret_in(self.signed_secret(), self.request.user)

    def clean_secret(self):
        secret = _secret_in(self.cleaned_data["secret"], self.request.user)
        if not secret:
            raise ValidationError(_("This page was open for too long. Please scan the new QR code."))
        return secret

    def clean(self):
        cleaned = super().clean()
        code = cleaned.get("one_time_code")
        if code and "secret" in cleaned and not second_factor.fits(cleaned["secret"], code, at=timezone.now()):
            self.add_error(
                "one_time_code", _("This code does not match the QR code shown here. Please check it again.")
            )
        return cleaned


def _secret_in(signed, user):
    """The secret that was signed for `user` not too long ago, or ""."""
    try:
        pk, secret = signing.loads(signed or "", salt=EnrolForm.__name__, max_age=SECRET_HOLDS_FOR)
    except signing.BadSignature:
        return ""
    return secret if pk == user.pk else ""


class SecondFactorForm(IdempotencyMixin, PasswordStepUpForm):
    """Password and code, before the second factor is removed or its recovery codes are made anew."""

    required_marks = False
