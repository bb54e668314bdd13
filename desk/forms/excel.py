"""The Excel file of an agreement: sending it in, and taking over what its dry run showed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin


class UploadForm(forms.Form):
    """The file. What is in it is judged where it is read."""

    use_required_attribute = False
    required_marks = False
    file = forms.FileField(
        label=_("Excel file"),
        allow_empty_file=True,
        help_text=_("The file that was downloaded here, filled in and saved as .xlsx; up to 8 MB, without macros."),
        widget=forms.FileInput({"accept": ".xlsx"}),
        error_messages={"required": _("Please choose a file first."), "invalid": _("Please choose a file first.")},
    )


class TakeForm(IdempotencyMixin, forms.Form):
    """The dry run that is agreed to (signed), and the lines that are to be removed with it."""

    dry_run = forms.CharField(widget=forms.HiddenInput)
    remove = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, lines=(), **more):
        """`lines`: the ids of those that there are."""
        super().__init__(*args, **more)
        self.fields["remove"].choices = [(pk, pk) for pk in lines]
