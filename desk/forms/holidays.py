"""What the planning office types of public holidays: one, or the year whose fixed ones are to be filled in."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from acts.forms import IdempotencyMixin
from desk.forms.years import DATE_HINT, YearField
from fiscal.models import FIRST_DATE, FIRST_YEAR, LAST_DATE, LAST_YEAR, Holiday
from thai.fields import ThaiDateField, TidyCharField


class HolidayForm(IdempotencyMixin, forms.Form):
    """One public holiday."""

    use_required_attribute = False
    required_marks = False

    day = ThaiDateField(label=_("day"), help_text=DATE_HINT)
    name = TidyCharField(label=_("name of the holiday"), max_length=200)

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not FIRST_DATE <= day <= LAST_DATE:
            raise ValidationError(_("Please check the year of this day."))
        there = Holiday.objects.filter(day=day).first()
        if there:
            raise ValidationError(_("This day is entered already: %(name)s."), params={"name": there.name})
        return day


class FixedHolidaysForm(IdempotencyMixin, forms.Form):
    """The calendar year whose holidays with a fixed date are to be filled in."""

    use_required_attribute = False
    required_marks = False

    year = YearField(label=_("calendar year"))

    def clean_year(self):
        year = self.cleaned_data["year"]
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValidationError(_("Please give the year in the Buddhist Era, for example 2570."))
        return year
