"""The wording of the agreement's clauses, one row a fiscal year: it holds until a later year has its own."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from acts.versions import Versioned
from agreements.clauses import LABELS
from fiscal.models import FiscalYear


class WordingQuerySet(models.QuerySet):
    def in_force(self, year):
        """The wording of the fiscal year of that number: its own, or that of the latest year before; None: the usual."""
        return self.filter(fiscal_year__year__lte=year).order_by("-fiscal_year__year").first()


class Wording(Versioned):
    """The clauses as the planning office words them; what is frozen keeps the words it was frozen with."""

    fiscal_year = models.OneToOneField(
        FiscalYear, models.PROTECT, related_name="wording", verbose_name=_("fiscal year")
    )
    period = models.TextField(LABELS["period"])
    details = models.TextField(LABELS["details"])
    receiver = models.TextField(LABELS["receiver"])
    maker = models.TextField(LABELS["maker"])
    closing = models.TextField(LABELS["closing"])
    with_minutes = models.BooleanField(
        _("the signed document holds the minutes of the formal negotiation"), default=False
    )

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording of the clauses")
        verbose_name_plural = _("wordings of the clauses")
        constraints = [
            models.CheckConstraint(
                condition=~Q(period="") & ~Q(details="") & ~Q(receiver="") & ~Q(maker="") & ~Q(closing=""),
                name="wording_has_every_clause",
            ),
        ]

    def __str__(self):
        return str(self.fiscal_year)

    @property
    def clauses(self):
        """{key: text} of its clauses."""
        return {key: getattr(self, key) for key in LABELS}
