"""Several files in one field of a form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from results.evidence import CONTENT_TYPES


class FilesInput(forms.FileInput):
    """A control in which several files can be chosen."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files, none needed; cleaned they are a list. The verb that keeps them judges their content."""

    def __init__(self, **more):
        accepted = ",".join(f".{kind}" for kind in (*CONTENT_TYPES, "jpeg"))
        hint = _("pdf, png, jpg, docx or xlsx, up to 20 MB each, five at most.")
        kinds = {"required": False, "allow_empty_file": True, "label": _("Files"), "help_text": hint}
        super().__init__(widget=FilesInput({"accept": accepted}), **(kinds | more))

    def clean(self, data, initial=None):
        sent = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in sent if each]
