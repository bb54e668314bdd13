"""The stages of an agreement's walk, and who can hold the pen. Plain words; the moves are the workflow's."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Diagram 2-1 of the handbook, from draft to closed; between evaluation and incentives the days to appeal."""

    DRAFT = "draft", _("Draft")
    INFORMAL = "informal", _("Informal negotiation")
    FORMAL = "formal", _("Formal negotiation")
    SIGNING = "signing", _("Signing")
    ASSESSMENT = "assessment", _("Self-assessment")
    EVALUATION = "evaluation", _("Evaluation")
    APPEAL = "appeal", _("Appeal")
    CLOSED = "closed", _("Closed")


class Pen(models.TextChoices):
    """Whose turn it is: exactly one hand holds the pen until the agreement is closed."""

    STAFF = "staff", _("planning staff")
    OFFICE = "office", _("head's office")
    HEAD = "head", _("head of the unit")
    NEGOTIATOR = "negotiator", _("negotiator")
    SUPERIOR = "superior", _("superior")
    EVALUATOR = "evaluator", _("evaluator")
    NOBODY = "nobody", _("nobody")


OWNER_PENS = frozenset({Pen.STAFF, Pen.OFFICE, Pen.HEAD})
COUNTERPART_PENS = frozenset({Pen.NEGOTIATOR, Pen.SUPERIOR, Pen.EVALUATOR})

# From the last signature on, the agreement is in force and read from its signed snapshot.
IN_FORCE = (Stage.ASSESSMENT, Stage.EVALUATION, Stage.APPEAL, Stage.CLOSED)
# From the release on, the unit sees its scores; they are read from what was frozen.
RELEASED = (Stage.APPEAL, Stage.CLOSED)
# The stages in which the owner's text can still change, and then only while its staff hold the pen.
WRITTEN_IN = (Stage.DRAFT, Stage.INFORMAL)
