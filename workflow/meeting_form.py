"""The form of a meeting's record."""

from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin
from thai.fields import TidyCharField
from workflow.meetings import FIELDS
from workflow.minutes_form import MeetingFields
from workflow.people_field import PeopleField


class MeetingForm(IdempotencyMixin, MeetingFields):
    """What the meeting was about, when, where, who came, what was decided, files."""

    subject = TidyCharField(label=_("subject"), max_length=300)
    people = PeopleField(required=True)
    field_order = ("subject", "held_on", "place", "people", "decisions", "new_files")

    def __init__(self, *args, meeting=None, **more):
        texts = [name for name in FIELDS if name != "files"]
        initial = {name: getattr(meeting, name) for name in texts} if meeting else {}
        initial["version"] = meeting.version if meeting else 0
        super().__init__(*args, initial=initial, kept=meeting.files if meeting else (), **more)

    def values(self):
        """What `workflow.meetings.save_meeting` takes, without the files."""
        return {name: self.cleaned_data[name] for name in FIELDS if name != "files"}
