"""Reporting rounds, the unit's reports with results and evidence, and the evaluation beside them (handbook 2.1, 10–11)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from acts.models import Walked
from acts.versions import Versioned
from agreements.models import Agreement, Line, Snapshot
from fiscal.models import FiscalYear


class ReportingRound(models.Model):
    """A round of self-assessment in a fiscal year, as data: 6, 9 and 12 months, or any other."""

    fiscal_year = models.ForeignKey(
        FiscalYear, models.PROTECT, related_name="reporting_rounds", verbose_name=_("fiscal year")
    )
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("order"))
    opens_on = models.DateField(_("opens on"))
    due_on = models.DateField(_("due on"))
    # The day that was set, where it is no working day and the round is due on the next one.
    moved_from = models.DateField(_("moved from"), null=True, blank=True)
    is_final = models.BooleanField(_("final round"), default=False)

    class Meta:
        verbose_name = _("reporting round")
        verbose_name_plural = _("reporting rounds")
        ordering = ["fiscal_year__year", "position"]
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "position"], name="one_round_per_place_in_year"),
            models.UniqueConstraint(
                fields=["fiscal_year"], condition=Q(is_final=True), name="one_final_round_per_year"
            ),
            models.CheckConstraint(condition=Q(opens_on__lte=models.F("due_on")), name="round_opens_before_it_is_due"),
            models.CheckConstraint(
                condition=Q(moved_from=None) | Q(moved_from__lt=models.F("due_on")), name="round_moves_to_a_later_day"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def set_for(self):
        """The last day as it was set, working day or not."""
        return self.moved_from or self.due_on


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


class Evaluation(Walked):
    """The superior's side's own results and scores beside the unit's final report; theirs until it is released."""

    class Stage(models.TextChoices):
        DRAFT = "draft", _("being evaluated")
        PROPOSED = "proposed", _("proposed by the evaluator")
        RELEASED = "released", _("released")

    report = models.OneToOneField(Report, models.PROTECT, related_name="evaluation")
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.DRAFT)

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["draft", "proposed", "released"]), name="evaluation_stage_is_known"
            ),
        ]

    def __str__(self):
        return str(self.report)


class Finding(Versioned):
    """The evaluator's result of one line, with a reason where its score differs from the unit's."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="findings")
    line = models.ForeignKey(Line, models.PROTECT, related_name="findings")
    value = models.DecimalField(_("evaluator's result"), max_digits=15, decimal_places=4, null=True, blank=True)
    reason = models.TextField(_("reason for the difference"), blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["line__dimension__number", "line__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "line"], name="one_finding_per_line")]

    def __str__(self):
        return self.line.name
