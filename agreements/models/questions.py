"""The three questions of the negotiation (handbook 2.1, 5), answered for each indicator."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from acts.versions import Versioned
from agreements.models.agreement import Line


class ThreeAnswers(Versioned):
    """What an indicator is to develop, by what it is measured, and where it is to get."""

    line = models.OneToOneField(Line, models.CASCADE, related_name="three_answers", verbose_name=_("indicator"))
    develops = models.TextField(_("What will be developed?"), blank=True)
    measures = models.TextField(_("Which indicator measures the work?"), blank=True)
    target_is = models.TextField(_("What is the target?"), blank=True)

    class Meta:
        verbose_name = _("answers to the three questions")
        verbose_name_plural = _("answers to the three questions")

    def __str__(self):
        return str(self.line)

    @property
    def is_complete(self):
        return all((self.develops, self.measures, self.target_is))
