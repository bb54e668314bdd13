"""The roles that are granted on a unit, and hold there and below.

Head and superior are not roles: they follow from an appointment to a post. Acting roles act only for the side that
the unit is on: a negotiator of a command negotiates the agreements whose counterpart is that command, never its own.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may be on a unit. The value is the codename of the permission on OrgUnit.

    staff          owner's side: writes plan, lines, sheets, answers, results; never submits or signs
    office         owner's side: submits, hands the pen over, returns work, sends reports; never signs unless appointed
    negotiator     counterpart: offers, comments, hands back, closes rounds, records the formal round
    evaluator      counterpart: enters results beside the unit's, scores, records visits; never a unit they serve in
    planner        subtree: opens years and rounds, frameworks, library, signing rules, publishes; never scores or signs
    auditor        subtree: reads everything with the log; changes nothing
    administrator  runs the system: people, grants, settings, jobs; never signs, scores or edits an agreement
    """

    STAFF = "staff", _("Planning staff")
    OFFICE = "office", _("Head's office")
    NEGOTIATOR = "negotiator", _("Negotiator")
    EVALUATOR = "evaluator", _("Evaluator")
    PLANNER = "planner", _("Planning office")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("System administrator")
