"""The form of the minutes of the formal negotiation: when, where, who, each indicator's decision, files."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.other_lines import refuse_texts_of_others, sent_of_others
from results.files_field import FilesField
from thai.fields import ThaiDateField, TidyCharField, TidyTextField
from workflow.models import Minutes
from workflow.people_field import PeopleField, table_rows

NOT_YET = "not_yet"
DAY_HINT = _("Day, month and year, such as 15 Dec 2026 or 15/12/2026.")


class MeetingFields(forms.Form):
    """What the record of any meeting has: the day, the place, the people, what was decided, files.

    `kept`: the files that are there already, of which some can be taken away.
    """

    use_required_attribute = False
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    held_on = ThaiDateField(label=_("held on"), help_text=DAY_HINT)
    place = TidyCharField(label=_("place"), max_length=300)
    people = PeopleField()
    decisions = TidyTextField(label=_("decisions"), widget=forms.Textarea({"rows": 6}))
    new_files = FilesField()

    def __init__(self, *args, today, kept=(), **more):
        super().__init__(*args, **more)
        self.today, self.kept = today, list(kept)
        if self.kept:
            self.fields["remove"] = forms.MultipleChoiceField(
                label=_("Files to take away"),
                required=False,
                choices=[(each["sha256"], each["name"]) for each in self.kept],
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def removable(self):
        """The field of the files that can be taken away, or None."""
        return self["remove"] if self.kept else None

    @property
    def people_rows(self):
        return table_rows(self["people"])

    def clean_held_on(self):
        held_on = self.cleaned_data["held_on"]
        if held_on > self.today:
            raise ValidationError(
                gettext("This day is still to come; minutes can only be of a meeting that has been held.")
            )
        return held_on

    def files_left(self):
        """Those of the kept files that stay."""
        return [each for each in self.kept if each["sha256"] not in self.cleaned_data.get("remove", ())]


class MinutesForm(MeetingFields):
    """The minutes. `lines`: the numbered lines to be decided on, each with a choice and a reason; `decided`: so far."""

    committee = TidyTextField(
        label=_("remarks on the committee and those present"), required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args, lines, decided, **more):
        super().__init__(*args, **more)
        self.lines = lines
        for each in lines:
            self._decide(each.line.pk, decided.get(str(each.line.pk), {}))

    def _decide(self, pk, decided):
        choices = [(NOT_YET, _("not decided yet")), *Minutes.Decision.choices]
        self.fields[f"decision-{pk}"] = forms.ChoiceField(
            label=_("decision"), choices=choices, initial=decided.get("kind", NOT_YET)
        )
        self.fields[f"reason-{pk}"] = TidyTextField(
            label=_("reason, where it is deferred"),
            required=False,
            max_length=2000,
            initial=decided.get("reason", ""),
            widget=forms.Textarea({"rows": 1}),
        )

    @property
    def line_rows(self):
        """[(numbered line, its decision, its reason)]"""
        return [(each, self[f"decision-{each.line.pk}"], self[f"reason-{each.line.pk}"]) for each in self.lines]

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("people") or cleaned.get("committee") or self.errors):
            self.add_error("people", gettext("Please name the people of the meeting."))
        for each in self.lines:
            pk = each.line.pk
            deferred = cleaned.get(f"decision-{pk}") == Minutes.Decision.DEFERRED
            if deferred and not cleaned.get(f"reason-{pk}") and f"reason-{pk}" not in self.errors:
                self.add_error(f"reason-{pk}", gettext("Please give the reason for deferring."))
        refuse_texts_of_others(self._of_others())
        return cleaned

    def _of_others(self):
        """Decisions and reasons that were sent of indicators not (any more) to be decided here, in words."""
        labels = {str(kind): str(label) for kind, label in Minutes.Decision.choices}
        decided = (labels[kind] for kind in sent_of_others(self, ["decision"]) if kind in labels)
        return [*decided, *sent_of_others(self, ["reason"])]

    def decided(self, *, rest_stands):
        """{id of a line, as text: {"kind", "reason"}}; `rest_stands`: what isn't decided yet is agreed as it stands."""
        found = {}
        for each in self.lines:
            kind = self.cleaned_data[f"decision-{each.line.pk}"]
            if kind == NOT_YET and rest_stands:
                kind = Minutes.Decision.STANDS.value
            if kind != NOT_YET:
                found[str(each.line.pk)] = {"kind": kind, "reason": self.cleaned_data[f"reason-{each.line.pk}"]}
        return found
