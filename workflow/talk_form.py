"""What people type to each other in a negotiation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin
from results.files_field import FilesField
from thai.fields import TidyTextField


class CommentForm(IdempotencyMixin, forms.Form):
    """Something to say or to ask about a line (or about the whole agreement: no line), or in reply to a comment.

    `people`: the Participants that it may call on.
    """

    use_required_attribute = False
    optional_marks = False
    line = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reply_to = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = TidyTextField(
        label=_("Comment or question"),
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Please write the comment.")},
    )
    people = forms.TypedMultipleChoiceField(
        label=_("Call on"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It will stand on their work list; on that of the other side once the pen is handed over."),
        error_messages={"invalid_choice": _("Please choose among the people of the two sides.")},
    )
    files = FilesField()

    def __init__(self, *args, people, **more):
        super().__init__(*args, **more)
        self.known = {each.user.pk: each.user for each in people}
        self.fields["people"].choices = [(each.user.pk, f"@ {each.label}") for each in people]

    def called_on(self):
        """The users that were chosen."""
        return [self.known[pk] for pk in self.cleaned_data["people"]]
