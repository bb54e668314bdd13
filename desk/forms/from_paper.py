"""What an evaluator types when they take a unit's report in from paper."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from desk.forms.years import DATE_HINT
from results.from_paper import date_problem
from thai.fields import ThaiDateField, TidyCharField
from workflow.forms import ReasonForm


class FromPaperForm(ReasonForm):
    """By which paper of the unit its report is entered for it, and why."""

    use_required_attribute = False

    document_number = TidyCharField(
        label=_("number of the unit's document"), max_length=100, help_text=_("As it stands on the letter.")
    )
    document_date = ThaiDateField(label=_("date of the unit's document"), help_text=DATE_HINT)
    field_order = ("version", "document_number", "document_date", "reason")

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.fields["reason"].label = _("Why the unit reports on paper")

    def clean_document_date(self):
        day = self.cleaned_data["document_date"]
        if wrong := date_problem(day, timezone.localdate()):
            raise ValidationError(wrong)
        return day

    @property
    def paper(self):
        """{document_number, document_date}"""
        return {name: self.cleaned_data[name] for name in ("document_number", "document_date")}
