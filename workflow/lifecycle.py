"""The walk of an agreement: every legal move is a row of TABLE (diagram 2-1 of the handbook; roles.md's walk).

Who holds the pen decides whose turn it is; every row says whose pen it takes and into whose hand it puts it.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from acts.engine import Move, Table
from agreements.duties import STAGE_RULE
from agreements.models.rule import SignerSide
from agreements.questions import three_questions_are_answered
from agreements.rules import (
    holds_required_source,
    lines_are_complete,
    plan_is_complete,
    superior_plan_is_there,
    weights_total_100,
)
from agreements.stages import Pen, Stage
from agreements.standing import As
from agreements.who_can_help import who_has_the_pen
from results.appeal_rules import window_is_open, window_is_over
from workflow import follows as then
from workflow import rules

S, P = Stage, Pen
READY = (plan_is_complete, superior_plan_is_there, lines_are_complete, weights_total_100, holds_required_source)
OWNERS_DESK = (P.STAFF, P.OFFICE)


def _row(name, label, sources, target, role, pens, pen, signer=None, guard=rules.OnlyWithThePen, **more):
    """A move of `role`, while the pen is in one of `pens`; afterwards it is in the hand `pen` (or what it returns).

    `signer`: gives the position of whose signature is due then on that side; without it, the first.
    """

    def sets(agreement, actor, at, facts):
        hand = pen(agreement, at) if callable(pen) else pen
        return {"pen": hand, "pen_since": at, "signer": signer(agreement) if signer else 1}

    more["follows"] = (*more.get("follows", ()), then.told_at_once)
    return Move(name, label, sources, target, guard(role, pens), sets=sets, **more)


def _after_making(agreement, at):
    """The pen stays with the makers until each of them has signed."""
    after = rules.slot_after(agreement)
    return P.HEAD if after and after.side == SignerSide.MAKER else P.SUPERIOR


def _next_signer(agreement):
    after = rules.slot_after(agreement)
    return after.position if after else 1


def _after_sending(agreement, at):
    return P.HEAD if rules.current_report(agreement, on=timezone.localdate(at)).round.is_final else P.EVALUATOR


TABLE = Table(
    "agreement",
    [
        # Draft (steps 2–4)
        _row(
            "hand_to_office",
            _("Hand to the head's office"),
            (S.DRAFT, S.INFORMAL, S.ASSESSMENT),
            None,
            As.STAFF,
            (P.STAFF,),
            P.OFFICE,
        ),
        _row(
            "return_to_staff",
            _("Return to staff"),
            (S.DRAFT, S.INFORMAL, S.ASSESSMENT),
            None,
            As.OFFICE,
            (P.OFFICE,),
            P.STAFF,
            asks_reason=True,
        ),
        _row(
            "submit",
            _("Submit to the superior's unit"),
            (S.DRAFT,),
            S.INFORMAL,
            As.OFFICE,
            OWNERS_DESK,
            P.NEGOTIATOR,
            checks=READY,
            follows=(then.submitted,),
        ),
        # Informal negotiation (step 5)
        _row(
            "send_back",
            _("Send back to draft"),
            (S.INFORMAL,),
            S.DRAFT,
            As.NEGOTIATOR,
            (P.NEGOTIATOR,),
            P.STAFF,
            asks_reason=True,
            follows=(then.sent_back,),
        ),
        _row(
            "hand_back",
            _("Hand back with offers"),
            (S.INFORMAL,),
            None,
            As.NEGOTIATOR,
            (P.NEGOTIATOR,),
            P.STAFF,
            checks=(rules.something_was_said, rules.nothing_waits_for_counterpart),
            follows=(then.handed_back,),
        ),
        _row(
            "answer",
            _("Send the answers"),
            (S.INFORMAL,),
            None,
            As.OFFICE,
            OWNERS_DESK,
            P.NEGOTIATOR,
            checks=(rules.nothing_waits_for_owner, *READY),
            follows=(then.answered,),
        ),
        _row(
            "close_informal",
            _("Close the informal negotiation"),
            (S.INFORMAL,),
            S.FORMAL,
            As.NEGOTIATOR,
            (P.NEGOTIATOR,),
            P.NEGOTIATOR,
            checks=(rules.nothing_is_unresolved, three_questions_are_answered, *READY),
            follows=(then.closed_informal,),
        ),
        # Formal negotiation (steps 7–8)
        _row(
            "record_formal",
            _("Send the minutes for confirmation"),
            (S.FORMAL,),
            None,
            As.NEGOTIATOR,
            (P.NEGOTIATOR,),
            P.OFFICE,
            checks=(rules.minutes_are_written, rules.every_line_is_decided),
            follows=(then.minutes_sent,),
        ),
        _row(
            "dispute_formal",
            _("Dispute the minutes"),
            (S.FORMAL,),
            None,
            As.OFFICE,
            (P.OFFICE,),
            P.NEGOTIATOR,
            asks_reason=True,
        ),
        _row(
            "confirm_formal",
            _("Confirm what was agreed"),
            (S.FORMAL,),
            S.SIGNING,
            As.OFFICE,
            (P.OFFICE,),
            P.HEAD,
            checks=(rules.minutes_are_written, rules.every_line_is_decided, rules.receiver_is_said, *READY),
            follows=(then.agreed_formally,),
        ),
        _row(
            "reopen_informal",
            _("Go back to informal negotiation"),
            (S.FORMAL,),
            S.INFORMAL,
            As.NEGOTIATOR,
            (P.NEGOTIATOR,),
            P.STAFF,
            asks_reason=True,
            follows=(then.reopened_informal,),
        ),
        # Signing (step 9): the head first, then the superior
        _row(
            "sign",
            _("Sign as maker"),
            (S.SIGNING,),
            None,
            As.HEAD,
            (P.HEAD,),
            _after_making,
            _next_signer,
            step_up=True,
            bound_to=rules.hash_to_sign,
            checks=(rules.HasAuthority(As.HEAD),),
            follows=(then.signed,),
        ),
        # Where the rule asks several to receive it, all but the last of them
        _row(
            "sign_along",
            _("Sign as receiver, before the last"),
            (S.SIGNING,),
            None,
            As.SUPERIOR,
            (P.SUPERIOR,),
            P.SUPERIOR,
            _next_signer,
            step_up=True,
            bound_to=rules.hash_to_sign,
            checks=(rules.maker_has_signed, rules.another_signs_after, rules.HasAuthority(As.SUPERIOR)),
            follows=(then.signed,),
        ),
        _row(
            "countersign",
            _("Sign as receiver"),
            (S.SIGNING,),
            S.ASSESSMENT,
            As.SUPERIOR,
            (P.SUPERIOR,),
            P.STAFF,
            step_up=True,
            bound_to=rules.hash_to_sign,
            checks=(rules.maker_has_signed, rules.signs_last, rules.HasAuthority(As.SUPERIOR)),
            follows=(then.signed_by_all,),
        ),
        _row(
            "refuse_to_make",
            _("Refuse to sign"),
            (S.SIGNING,),
            S.FORMAL,
            As.HEAD,
            (P.HEAD,),
            P.NEGOTIATOR,
            asks_reason=True,
            checks=(rules.HasAuthority(As.HEAD),),
            follows=(then.refused,),
        ),
        _row(
            "refuse_to_receive",
            _("Refuse to sign"),
            (S.SIGNING,),
            S.FORMAL,
            As.SUPERIOR,
            (P.SUPERIOR,),
            P.NEGOTIATOR,
            asks_reason=True,
            checks=(rules.HasAuthority(As.SUPERIOR),),
            follows=(then.refused,),
        ),
        # Self-assessment (step 10)
        _row(
            "send_report",
            _("Send the report"),
            (S.ASSESSMENT,),
            None,
            As.OFFICE,
            OWNERS_DESK,
            _after_sending,
            checks=(rules.report_is_ready,),
            follows=(then.report_sent,),
        ),
        # A unit that reports on paper: taken in while the staff have the report, and not what the office checks already
        _row(
            "take_from_paper",
            _("Take the report in from paper"),
            (S.ASSESSMENT,),
            None,
            As.EVALUATOR,
            (P.STAFF,),
            P.EVALUATOR,
            guard=rules.OnlyOfAnotherUnit,
            asks_reason=True,
            follows=(then.taken_from_paper,),
        ),
        _row(
            "send_from_paper",
            _("Send the report entered from paper"),
            (S.ASSESSMENT,),
            None,
            As.EVALUATOR,
            (P.EVALUATOR,),
            _after_sending,
            guard=rules.OnlyOfAnotherUnit,
            checks=(rules.is_taken_from_paper, rules.paper_is_of_this_round, rules.report_is_ready),
            follows=(then.sent_from_paper,),
        ),
        _row(
            "give_back_paper",
            _("Give the report back to the unit"),
            (S.ASSESSMENT,),
            None,
            As.EVALUATOR,
            (P.EVALUATOR,),
            P.STAFF,
            guard=rules.OnlyOfAnotherUnit,
            checks=(rules.is_taken_from_paper,),
            follows=(then.paper_given_back,),
        ),
        _row(
            "take_back_report",
            _("Take the report back"),
            (S.ASSESSMENT,),
            None,
            As.STAFF,
            (P.EVALUATOR,),
            P.STAFF,
            checks=(rules.is_taken_from_paper,),
            follows=(then.paper_taken_back,),
        ),
        _row(
            "accept_report",
            _("Accept the report"),
            (S.ASSESSMENT,),
            None,
            As.EVALUATOR,
            (P.EVALUATOR,),
            P.STAFF,
            checks=(rules.report_was_sent,),
            follows=(then.report_accepted,),
        ),
        _row(
            "return_report",
            _("Return the report"),
            (S.ASSESSMENT,),
            None,
            As.EVALUATOR,
            (P.EVALUATOR,),
            P.STAFF,
            asks_reason=True,
            checks=(rules.report_was_sent,),
            follows=(then.report_returned,),
        ),
        _row(
            "return_certification",
            _("Return the report to staff"),
            (S.ASSESSMENT,),
            None,
            As.HEAD,
            (P.HEAD,),
            P.STAFF,
            asks_reason=True,
            follows=(then.report_returned,),
        ),
        _row(
            "certify",
            _("Certify the report"),
            (S.ASSESSMENT,),
            S.EVALUATION,
            As.HEAD,
            (P.HEAD,),
            P.EVALUATOR,
            follows=(then.report_certified,),
        ),
        # Evaluation (steps 11–12)
        _row(
            "propose",
            _("Propose the scores"),
            (S.EVALUATION,),
            None,
            As.EVALUATOR,
            (P.EVALUATOR,),
            P.SUPERIOR,
            checks=(rules.evaluation_is_ready,),
            follows=(then.scores_proposed,),
        ),
        _row(
            "return_scores",
            _("Return the scores"),
            (S.EVALUATION,),
            None,
            As.SUPERIOR,
            (P.SUPERIOR,),
            P.EVALUATOR,
            asks_reason=True,
            follows=(then.scores_returned,),
        ),
        _row(
            "release",
            _("Release the scores"),
            (S.EVALUATION,),
            S.APPEAL,
            As.SUPERIOR,
            (P.SUPERIOR,),
            P.HEAD,
            step_up=True,
            bound_to=rules.hash_of_scores,
            checks=(rules.evaluation_is_ready,),
            follows=(then.scores_released,),
        ),
        # The days to appeal: the head accepts, or appeals; else they pass
        _row(
            "accept_scores",
            _("Accept the scores and close"),
            (S.APPEAL,),
            S.CLOSED,
            As.HEAD,
            (P.HEAD,),
            P.NOBODY,
        ),
        _row(
            "lodge_appeal",
            _("Lodge the appeal"),
            (S.APPEAL,),
            None,
            As.HEAD,
            (P.HEAD,),
            P.EVALUATOR,
            checks=(window_is_open, rules.appeal_is_ready),
            follows=(then.appeal_lodged,),
        ),
        _row(
            "withdraw_appeal",
            _("Withdraw the appeal"),
            (S.APPEAL,),
            None,
            As.HEAD,
            (P.EVALUATOR, P.SUPERIOR),
            P.HEAD,
            asks_reason=True,
            checks=(rules.appeal_is_lodged,),
            follows=(then.appeal_withdrawn,),
        ),
        _row(
            "decide_appeal",
            _("Send the panel's decision"),
            (S.APPEAL,),
            None,
            As.EVALUATOR,
            (P.EVALUATOR,),
            P.SUPERIOR,
            checks=(rules.decision_is_ready,),
            follows=(then.appeal_decided,),
        ),
        _row(
            "return_decision",
            _("Return the panel's decision"),
            (S.APPEAL,),
            None,
            As.SUPERIOR,
            (P.SUPERIOR,),
            P.EVALUATOR,
            asks_reason=True,
            checks=(rules.appeal_is_lodged,),
            follows=(then.decision_returned,),
        ),
        # Whoever looks after the days may be down: once they are over the superior can close without having been told
        _row(
            "close",
            _("Close"),
            (S.APPEAL,),
            S.CLOSED,
            As.SUPERIOR,
            (P.SUPERIOR, P.HEAD),
            P.NOBODY,
            step_up=True,
            bound_to=rules.hash_of_final_scores,
            checks=(window_is_over, rules.decision_is_ready),
            follows=(then.scores_final,),
        ),
        Move(
            "end_appeal_days",
            _("The days to appeal are over"),
            (S.APPEAL,),
            None,
            rules.OnlyTheSystem(),
            sets=lambda agreement, actor, at, facts: {"pen": P.SUPERIOR, "pen_since": at},
            checks=(rules.is_the_heads_turn, window_is_over),
            follows=(then.told_at_once,),
        ),
    ],
    stages=Stage,
    rule=STAGE_RULE,
    helps=who_has_the_pen,
)
