"""The small walks of a report and of an evaluation. The agreement's own walk (workflow) takes them along."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acts.engine import Move, Table
from agreements.standing import As, standing_of
from agreements.who_can_help import refused_for_role
from results.appeal_rules import appeal_is_complete, decision_is_complete
from results.models import Appeal, Evaluation, Report
from results.rules import evaluation_is_complete, report_is_complete

R, E, A = Report.Stage, Evaluation.Stage, Appeal.Stage


def agreement_of(thing):
    """The agreement that a report, an evaluation or an appeal belongs to."""
    if isinstance(thing, Report):
        return thing.agreement
    return (thing.evaluation if isinstance(thing, Appeal) else thing).report.agreement


def _only(role):
    """A guard: the actor must stand as `role` in the agreement that the thing belongs to."""

    def may(thing, actor, at):
        agreement = agreement_of(thing)
        if role in standing_of(actor, agreement, at):
            return None
        sentence = _("You have no right to do this in the agreement of %(unit)s.")
        return refused_for_role(sentence % {"unit": agreement.unit.short_name}, agreement, role, at)

    return may


def _either(*roles):
    guards = [_only(role) for role in roles]

    def may(thing, actor, at):
        answers = [guard(thing, actor, at) for guard in guards]
        return None if None in answers else answers[0]

    return may


REPORT = Table(
    "report",
    [
        Move(
            "send",
            gettext_lazy("Send the report"),
            (R.DRAFT,),
            R.SENT,
            _only(As.OFFICE),
            checks=(lambda report, actor, at: report_is_complete(report),),
            sets=lambda report, actor, at, facts: {"sent_at": report.sent_at or at},
        ),
        Move(
            "send_from_paper",
            gettext_lazy("Send the report entered from paper"),
            (R.DRAFT,),
            R.SENT,
            _only(As.EVALUATOR),
            checks=(lambda report, actor, at: report_is_complete(report),),
            sets=lambda report, actor, at, facts: {"sent_at": report.sent_at or at},
        ),
        Move("certify", gettext_lazy("Certify the report"), (R.SENT,), R.CERTIFIED, _only(As.HEAD)),
        Move("accept", gettext_lazy("Accept the report"), (R.SENT,), R.ACCEPTED, _only(As.EVALUATOR)),
        Move(
            "return",
            gettext_lazy("Return the report"),
            (R.SENT,),
            R.DRAFT,
            _either(As.HEAD, As.EVALUATOR),
            asks_reason=True,
        ),
    ],
    stages=R,
)

EVALUATION = Table(
    "evaluation",
    [
        Move(
            "propose",
            gettext_lazy("Propose the scores"),
            (E.DRAFT,),
            E.PROPOSED,
            _only(As.EVALUATOR),
            checks=(lambda evaluation, actor, at: evaluation_is_complete(evaluation),),
        ),
        Move("return", gettext_lazy("Return the scores"), (E.PROPOSED,), E.DRAFT, _only(As.SUPERIOR), asks_reason=True),
        Move("release", gettext_lazy("Release the scores"), (E.PROPOSED,), E.RELEASED, _only(As.SUPERIOR)),
    ],
    stages=E,
)

APPEAL = Table(
    "appeal",
    [
        Move(
            "lodge",
            gettext_lazy("Lodge the appeal"),
            (A.DRAFT,),
            A.LODGED,
            _only(As.HEAD),
            checks=(lambda appeal, actor, at: appeal_is_complete(appeal),),
            sets=lambda appeal, actor, at, facts: {"lodged_at": at, "lodged_by": str(actor)},
        ),
        Move(
            "withdraw",
            gettext_lazy("Withdraw the appeal"),
            (A.LODGED, A.DECIDED),
            A.DRAFT,
            _only(As.HEAD),
            asks_reason=True,
        ),
        Move(
            "decide",
            gettext_lazy("Send the panel's decision"),
            (A.LODGED,),
            A.DECIDED,
            _only(As.EVALUATOR),
            checks=(lambda appeal, actor, at: decision_is_complete(appeal),),
        ),
        Move(
            "return",
            gettext_lazy("Return the panel's decision"),
            (A.DECIDED,),
            A.LODGED,
            _only(As.SUPERIOR),
            asks_reason=True,
        ),
        Move(
            "settle",
            gettext_lazy("Close"),
            (A.DECIDED,),
            A.SETTLED,
            _only(As.SUPERIOR),
            checks=(lambda appeal, actor, at: decision_is_complete(appeal),),
        ),
    ],
    stages=A,
)
