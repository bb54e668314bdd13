"""The parts of an agreement's page: those that hold something for the person who looks."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from agreements.models import Snapshot
from results.models import Evaluation
from results.rules import current_report
from workflow.models import Offer


def tabs(agreement, standing, active):
    """{key, label, url, active, count} of each part that is there to be read."""
    return [
        {"key": key, "label": label, "url": url, "active": key == active, "count": count}
        for key, label, part in PARTS
        if (found := _reversed(part, agreement, standing)) is not None
        for url, count in [found]
    ]


def _reversed(part, agreement, standing):
    try:
        return part(agreement, standing)
    except NoReverseMatch:
        return None


def _at(route, *more):
    return lambda agreement, standing: (_url(agreement, route, *more), 0)


def _url(agreement, route, *more):
    return reverse(route, args=[agreement.code, *more])


def _indicators(agreement, standing):
    return _url(agreement, "desk:agreement"), agreement.lines.count()


def _negotiation(agreement, standing):
    if not standing.follows or not agreement.rounds.exists():
        return None
    return _url(agreement, "desk:negotiation"), Offer.objects.filter(line__agreement=agreement).count()


def _signing(agreement, standing):
    agreed = agreement.snapshots.filter(purpose=Snapshot.Purpose.TO_SIGN).exists()
    return (_url(agreement, "desk:signing"), 0) if agreed else None


def _report(agreement, standing):
    report = current_report(agreement) if standing.follows and agreement.is_in_force else None
    return (_url(agreement, "desk:report", report.round.position), 0) if report else None


def _evaluation(agreement, standing):
    """The evaluation is the superior's side's own until it is released."""
    evaluation = Evaluation.objects.filter(report__agreement=agreement).first() if standing.follows else None
    if evaluation is None or (standing.is_owners and evaluation.stage != Evaluation.Stage.RELEASED):
        return None
    return _url(agreement, "desk:evaluation"), 0


def _documents(agreement, standing):
    return (_url(agreement, "desk:documents"), 0) if agreement.snapshots.exists() else None


def _history(agreement, standing):
    return (_url(agreement, "desk:history"), 0) if standing.follows else None


PARTS = (
    ("plan", _("Action plan"), _at("desk:plan")),
    ("lines", _("Indicators"), _indicators),
    ("negotiation", _("Negotiation"), _negotiation),
    ("signing", _("Signing"), _signing),
    ("report", _("Report"), _report),
    ("evaluation", _("Evaluation"), _evaluation),
    ("documents", _("Documents"), _documents),
    ("history", _("History"), _history),
)
