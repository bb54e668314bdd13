"""What a sitting asks: that a text was read; then which of those shown are signed, and the password for them."""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.step_up import PasswordStepUpForm
from acts.forms import IdempotencyMixin
from workflow.sitting import Shown

SALT = "workflow.sitting"
SHOWN_FOR = 24 * 60 * 60  # seconds; a page left open longer is opened again


def seal(shown, user):
    """What was shown to the person, so that the page can bring it back, and nothing else."""
    return signing.dumps([user.pk, [[one.name, one.version, one.sha256] for one in shown]], salt=SALT)


def unseal(text, user):
    """{name: Shown} of what a page of this person brings back; empty where it isn't theirs, or too old."""
    try:
        owner, shown = signing.loads(text, salt=SALT, max_age=SHOWN_FOR)
    except signing.BadSignature:
        return {}
    return {name: Shown(name, version, sha256) for name, version, sha256 in shown} if owner == user.pk else {}


class ReadForm(IdempotencyMixin, forms.Form):
    """That the text with this hash has been read."""

    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)


class Ticked(forms.TextInput):
    """Boxes of one name, which the page writes itself."""

    def value_from_datadict(self, data, files, name):
        return list(dict.fromkeys(data.getlist(name)))


class SittingForm(IdempotencyMixin, PasswordStepUpForm):
    """The password once, for those chosen of the texts that the page has shown to this person (`shown`, sealed)."""

    required_marks = False
    shown = forms.CharField(widget=forms.HiddenInput)
    chosen = forms.Field(
        label=_("Agreements to sign"),
        widget=Ticked,
        error_messages={"required": _("Please choose at least one agreement to sign.")},
    )

    def clean_chosen(self):
        self.of_the_page = unseal(self.data.get("shown", ""), self.request.user)
        chosen = self.cleaned_data["chosen"]
        if not set(chosen) <= set(self.of_the_page):
            raise ValidationError(_("This page is out of date. Please look at the list again and choose."))
        return chosen

    def to_sign(self):
        """The chosen ones, as they were shown."""
        return [self.of_the_page[name] for name in self.cleaned_data["chosen"]]
