"""The state of a report on a day, in words, with the day that matters: pure, from what the report and its round say.

Nothing of it is kept: a report is missed because its last day is over, not because somebody marked it so.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from results.models import Report
from thai.dates import thai_date

SOON = timedelta(days=7)


class State(StrEnum):
    """Where the report of a round stands."""

    WAITING = "waiting"
    OPEN = "open"
    SOON = "soon"
    OVERDUE = "overdue"
    MISSED = "missed"
    CLOSED = "closed"  # the final report, which is never lost: its last day is over, and it can still be sent
    SENT = "sent"
    RETURNED = "returned"
    CERTIFIED = "certified"
    ACCEPTED = "accepted"


# The kinds of templates/parts/badge.html.
KINDS = {
    State.WAITING: "",
    State.OPEN: "draft",
    State.SOON: "warn",
    State.OVERDUE: "bad",
    State.MISSED: "bad",
    State.CLOSED: "bad",
    State.SENT: "info",
    State.RETURNED: "warn",
    State.CERTIFIED: "ok",
    State.ACCEPTED: "ok",
}
WRITTEN = (State.WAITING, State.OPEN, State.SOON, State.OVERDUE, State.CLOSED, State.RETURNED)
HANDED_ON = {
    Report.Stage.SENT: State.SENT,
    Report.Stage.CERTIFIED: State.CERTIFIED,
    Report.Stage.ACCEPTED: State.ACCEPTED,
}


@dataclass(frozen=True)
class RoundState:
    """`day`: the one that matters in this state. `is_given`: it is that until which the unit was given time.

    `is_over`: what is returned should have been sent again by now.
    """

    state: State
    day: date
    is_given: bool = False
    is_over: bool = False

    @property
    def label(self):
        """The state in a word or two."""
        return _labels()[self.state]

    @property
    def until(self):
        """What the day means, in a few words: ส่งได้ถึง 15 พ.ค. 2570."""
        words = _untils()[self.state]
        if self.is_given:
            words = _("time given: it can be sent until %(day)s")
        elif self.is_over:
            words = _("returned on %(day)s")
        return words % {"day": thai_date(self.day, "medium")}

    @property
    def kind(self):
        return KINDS[self.state]

    @property
    def is_written(self):
        """Is the report the unit's to write, or would it be if its time had come?"""
        return self.state in WRITTEN


def _labels():
    return {
        State.WAITING: _("not due yet"),
        State.OPEN: _("open"),
        State.SOON: _("due soon"),
        State.OVERDUE: _("overdue"),
        State.MISSED: _("missed"),
        State.CLOSED: _("overdue, round closed"),
        State.SENT: _("sent"),
        State.RETURNED: _("returned"),
        State.CERTIFIED: _("certified"),
        State.ACCEPTED: _("accepted"),
    }


def _untils():
    return {
        State.WAITING: _("opens on %(day)s"),
        State.OPEN: _("can be sent until %(day)s"),
        State.SOON: _("can be sent until %(day)s"),
        State.OVERDUE: _("still taken until %(day)s"),
        State.MISSED: _("closed on %(day)s without a report"),
        State.CLOSED: _("closed on %(day)s; it can still be sent"),
        State.SENT: _("sent on %(day)s"),
        State.RETURNED: _("can be sent again until %(day)s"),
        State.CERTIFIED: _("certified on %(day)s"),
        State.ACCEPTED: _("accepted on %(day)s"),
    }


def state_of(report, on):
    """The RoundState of a report (with its `round`) on the day `on`."""
    if report.stage in HANDED_ON:
        return RoundState(HANDED_ON[report.stage], timezone.localdate(report.stage_since))
    if report.sent_at:
        is_over = on > report.due_on
        day = timezone.localdate(report.stage_since) if is_over else report.due_on
        return RoundState(State.RETURNED, day, is_over=is_over)
    if on > report.closes_on:
        return RoundState(State.CLOSED if report.round.is_final else State.MISSED, report.closes_on)
    if on > report.due_on:
        return RoundState(State.OVERDUE, report.closes_on)
    if on < report.round.opens_on:
        return RoundState(State.WAITING, report.round.opens_on)
    return RoundState(_nearing(report.due_on, on), report.due_on, is_given=bool(report.given_until))


def _nearing(last, on):
    return State.SOON if last - on <= SOON else State.OPEN


def is_missed(report, on):
    """Is the last day over without a report? A final one is never lost, one that came and was returned not either."""
    never_sent = report.stage == Report.Stage.DRAFT and report.sent_at is None
    return never_sent and not report.round.is_final and on > report.closes_on


def missed_on(on):
    """The same as a condition on reports, for lists of many."""
    never_sent = Q(stage=Report.Stage.DRAFT, sent_at=None, round__is_final=False)
    return never_sent & Q(round__closes_on__lt=on) & (Q(given_until=None) | Q(given_until__lt=on))


def is_late(report):
    """Was it sent after its last day?"""
    return report.sent_at is not None and timezone.localdate(report.sent_at) > report.closes_on


def day_due():
    """The last day by which a report isn't late yet, as an expression on reports; see Report.due_on."""
    return Coalesce("given_until", F("round__due_on"))


def day_closes():
    """The last day on which it counts as handed in, as an expression on reports; see Report.closes_on."""
    return Greatest(F("round__closes_on"), Coalesce("given_until", "round__closes_on"))
