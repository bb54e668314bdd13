"""The parts of an agreement's page: those that hold something for the person who looks."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from agreements.models import Agreement
from agreements.named import named_in
from agreements.stages import RELEASED, Stage
from agreements.standing import As, Standing
from results.rules import current_report, may_see_scores
from workflow.handover import heard_by
from workflow.models import Side


@dataclass
class Look:
    """An agreement, fetched `at_a_glance`, as one person looks at it."""

    agreement: Agreement
    standing: Standing
    user: User
    at: datetime

    def url(self, route, *more):
        return reverse(route, args=[self.agreement.code, *more])


def tabs(agreement, standing, active, *, user, at):
    """{key, label, url, active, count} of each part that is there to be read."""
    look = Look(agreement, standing, user, at)
    found = ((key, label, part(look)) for key, label, part in PARTS)
    return [
        {"key": key, "label": label, "url": there[0], "active": key == active, "count": there[1]}
        for key, label, there in found
        if there
    ]


def _plan(look):
    return look.url("desk:plan"), 0


def _indicators(look):
    return look.url("desk:agreement"), look.agreement.line_count


def _negotiation(look):
    if not (look.standing.follows and look.agreement.is_frozen):
        return None
    return look.url("desk:negotiation"), look.agreement.offer_count


def _signing(look):
    signs = look.standing.follows and look.agreement.is_frozen_to_sign
    return (look.url("desk:signing"), 0) if signs else None


def _report(look):
    if not look.agreement.is_in_force or not (look.standing.follows or named_in(look.user, look.agreement)):
        return None
    report = current_report(look.agreement, on=timezone.localdate(look.at))
    return (look.url("desk:report", report.round.position), 0) if report else None


def _evaluation(look):
    begun = look.agreement.stage in (Stage.EVALUATION, *RELEASED)
    if not begun or may_see_scores(look.agreement, look.user, look.at):
        return None
    return look.url("desk:evaluation"), 0


def _appeal(look):
    """From the release on."""
    if look.agreement.stage not in RELEASED or may_see_scores(look.agreement, look.user, look.at):
        return None
    return look.url("desk:appeal"), 0


def _amendments(look):
    """Those that the reader knows of; and where one may be asked for, the page to begin it."""
    agreement = look.agreement
    if not (look.standing.follows and agreement.is_in_force):
        return None
    hears_the_unit = Side.OWNER in heard_by(look.user, agreement, look.at)
    count = agreement.amendment_count if hears_the_unit else agreement.asked_amendment_count
    begins = agreement.stage == Stage.ASSESSMENT and look.standing.roles & {As.STAFF, As.OFFICE}
    return (look.url("desk:amendments"), count) if count or begins else None


def _documents(look):
    return (look.url("desk:documents"), 0) if look.agreement.is_frozen else None


def _history(look):
    return (look.url("desk:history"), 0) if look.standing.follows else None


PARTS = (
    ("plan", _("Action plan"), _plan),
    ("lines", _("Indicators"), _indicators),
    ("negotiation", _("Negotiation"), _negotiation),
    ("signing", _("Signing"), _signing),
    ("report", _("Report"), _report),
    ("evaluation", _("Evaluation"), _evaluation),
    ("appeal", _("Appeal"), _appeal),
    ("amendments", _("Amendments"), _amendments),
    ("documents", _("Documents"), _documents),
    ("history", _("History"), _history),
)
