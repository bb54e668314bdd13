"""The file that anybody sends to be verified."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.verification import LARGEST
from thai.numbers import show_digits

MEGABYTE = 1024 * 1024


class VerifyFileForm(forms.Form):
    """One PDF, whatever its name."""

    file = forms.FileField(
        label=_("The PDF file"),
        help_text=_("Up to 15 MB, as you received it. It is only looked at; nothing of it is kept."),
        error_messages={"required": _("Please choose the file that is to be verified.")},
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            sentence = gettext("The file is larger than %(limit)s MB. No document of this system is.")
            raise ValidationError(show_digits(sentence % {"limit": LARGEST // MEGABYTE}))
        return file
