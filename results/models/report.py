"""The unit's reports with their results and evidence (handbook 2.1, 10)."""

from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext_lazy as _

from acts.models import Walked
from acts.versions import Versioned
from agreements.models import Agreement, Line, Snapshot
from results.models.round import ReportingRound

# What of an overseer's verdict is read along with a result.
VERDICT = ("id", "approves", "reason", "in_place", "given_by", "given_at")


class Report(Walked):
    """A unit's self-assessment (รายงานการประเมินผลตนเอง) of one round."""

    class Stage(models.TextChoices):
        DRAFT = "draft", _("being written")
        SENT = "sent", _("sent by the head's office")
        CERTIFIED = "certified", _("certified by the head")
        ACCEPTED = "accepted", _("accepted by the evaluator")

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="reports")
    round = models.ForeignKey(ReportingRound, models.PROTECT, related_name="reports")
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.DRAFT)
    # The text whose criteria it is scored by, where the agreement was amended after it was sent; none: that in force.
    scored_by = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("scored by the text")
    )

    # When it was sent first: being returned and sent again doesn't make it late.
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    # Until when it may be sent, where the unit was given time (results.models.TimeGiven); as that says, no longer.
    given_until = models.DateField(_("time given until"), null=True, blank=True)

    class Meta:
        verbose_name = _("self-assessment report")
        verbose_name_plural = _("self-assessment reports")
        ordering = ["agreement_id", "round__position"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "round"], name="one_report_per_agreement_and_round"),
            models.CheckConstraint(
                condition=Q(stage__in=["draft", "sent", "certified", "accepted"]), name="report_stage_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.agreement} {self.round}"

    @property
    def due_on(self):
        """The last day by which it isn't late yet: that of its round, or the one the unit was given."""
        return self.given_until or self.round.due_on

    @property
    def closes_on(self):
        """The last day on which it counts as handed in."""
        return max(self.round.closes_on, self.given_until or self.round.closes_on)


class ResultQuerySet(models.QuerySet):
    """Questions about many results."""

    def with_verdicts(self):
        """Each with its line and overseer, and of the overseer's standing verdict `verdict_…`; None without one."""
        standing = FilteredRelation("verdicts", condition=Q(verdicts__stands=True))
        columns = {f"verdict_{name}": F(f"standing__{name}") for name in VERDICT}
        return self.select_related("line__overseer").annotate(standing=standing, **columns)


class Result(Versioned):
    """What one line came to in a report. `value` None is “not reported”, never zero. Versioned like a line."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="results")
    line = models.ForeignKey(Line, models.PROTECT, related_name="results")
    value = models.DecimalField(_("result"), max_digits=15, decimal_places=4, null=True, blank=True)
    # What the result was computed from, as typed, by the name of each item of the line; empty where it was typed itself.
    inputs = models.JSONField(_("what the result is made of"), default=dict, blank=True)
    narrative = models.TextField(_("what was done"), blank=True)
    factors = models.TextField(_("supporting factors"), blank=True)
    obstacles = models.TextField(_("obstacles"), blank=True)
    remedies = models.TextField(_("remedies"), blank=True)
    # In a round before the last: what the unit itself expects at the end of the year.
    expected = models.DecimalField(
        _("result expected at the end of the year"), max_digits=15, decimal_places=4, null=True, blank=True
    )
    outlook = models.TextField(_("outlook"), blank=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ["line__dimension__number", "line__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["report", "line"], name="one_result_per_report_and_line")]

    def __str__(self):
        return self.line.name


class Evidence(models.Model):
    """A file that proves a result. Its bytes lie in the vault by their SHA-256."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="evidence")
    name = models.CharField(_("file name"), max_length=255)
    proves = models.CharField(_("what it proves"), max_length=500, blank=True)
    # Of the criteria of its line; none: it belongs to no level alone.
    level = models.PositiveSmallIntegerField(_("level that it proves"), null=True, blank=True)
    dated_on = models.DateField(_("date of the document"), null=True, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    kind = models.CharField(_("kind of file"), max_length=10)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    added_at = models.DateTimeField(_("added at"))
    added_by = models.CharField(_("added by"), max_length=200)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["result", "sha256"], name="one_evidence_per_content_and_result"),
        ]

    def __str__(self):
        return self.name
