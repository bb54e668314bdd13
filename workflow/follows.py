"""What follows a move, in its transaction: snapshots frozen, rounds opened and closed, signatures, reports, documents."""

from django.conf import settings
from django.utils import timezone

from acts.engine import Refused, move
from acts.log import acting
from agreements.freeze import agreed_snapshot, freeze
from agreements.issue import order
from agreements.mandates import put_missing
from agreements.models import Document, Snapshot
from agreements.rules import missing
from agreements.stages import Stage
from results import from_paper
from results.appeal_rules import appeal_of, lodged
from results.from_before import begin_next_from
from results.lifecycle import APPEAL, EVALUATION, REPORT
from results.models import PaperEntry
from results.open_reports import open_appeal, open_evaluation, open_reports
from results.rules import current_report
from results.scores import final_scores
from workflow.certificate import draft_certificate, signed_certificate
from workflow.handover import hand_over
from workflow.models import Offer, Round, Side
from workflow.offers import apply
from workflow.reminders import ask_taken, ask_urgent
from workflow.rules import next_slot, open_offers, open_round
from workflow.signing import record_refusal, record_signature

Purpose, Kind = Snapshot.Purpose, Round.Kind


def _freeze(agreement, purpose, actor, at, facts, *, draft=True):
    """Freeze what is handed over, and ask for its PDF so that the other side can read it on paper."""
    snapshot = freeze(agreement, purpose=purpose, actor=actor, at=at)
    _order(snapshot, Document.Kind.PROOF, draft_certificate(agreement, at, draft=draft), at, facts)
    return snapshot


def _order(snapshot, kind, certificate, at, facts):
    """Nobody waits for the documents of what is entered as history: they are made when somebody asks for them."""
    order(snapshot, kind=kind, certificate=certificate, at=at, when_asked=facts.get("as_history", False))


def _open(agreement, kind, snapshot, at):
    number = agreement.rounds.filter(kind=kind).count() + 1
    return Round.objects.create(agreement=agreement, kind=kind, number=number, opened_with=snapshot, opened_at=at)


def _close(agreement, at):
    agreement.rounds.filter(closed_at=None).update(closed_at=at)


def _withdraw_open_offers(agreement, actor, at):
    """Everybody learns of it at once; what was not handed over yet stays its side's own."""
    withdrawn = {"state": Offer.State.WITHDRAWN, "answered_by": str(actor), "answered_at": at}
    open_offers(agreement).update(**withdrawn, answer_handed_over_at=at)


def told_at_once(agreement, actor, at, facts):
    """Whoever the pen came to is written to at once, if it is urgent; nobody is of what is entered as history."""
    if settings.MAILS_GO_OUT and agreement.stage != Stage.CLOSED and not facts.get("as_history"):
        ask_urgent(agreement, came_back=bool(facts["reason"]) and "paper" not in facts)


def submitted(agreement, actor, at, facts):
    _open(agreement, Kind.INFORMAL, _freeze(agreement, Purpose.SUBMITTED, actor, at, facts), at)


def sent_back(agreement, actor, at, facts):
    _withdraw_open_offers(agreement, actor, at)
    hand_over(agreement, Side.COUNTERPART, at)
    _close(agreement, at)


def handed_back(agreement, actor, at, facts):
    hand_over(agreement, Side.COUNTERPART, at)
    freeze(agreement, purpose=Purpose.OFFERED, actor=actor, at=at)


def answered(agreement, actor, at, facts):
    hand_over(agreement, Side.OWNER, at)
    snapshot = _freeze(agreement, Purpose.ANSWERED, actor, at, facts)
    _close(agreement, at)
    _open(agreement, Kind.INFORMAL, snapshot, at)


def closed_informal(agreement, actor, at, facts):
    """Plan and lines are frozen together (step 7), and the formal round opens with them."""
    hand_over(agreement, Side.COUNTERPART, at)
    snapshot = _freeze(agreement, Purpose.INFORMALLY_AGREED, actor, at, facts)
    _close(agreement, at)
    _open(agreement, Kind.FORMAL, snapshot, at)


def minutes_sent(agreement, actor, at, facts):
    hand_over(agreement, Side.COUNTERPART, at)


def agreed_formally(agreement, actor, at, facts):
    """The committee's decisions become the text; what must hold is asked again of the text that will be signed."""
    for offer in open_offers(agreement).select_related("line"):
        apply(offer, actor=actor, at=at)
    hand_over(agreement, Side.OWNER, at)
    unmet = missing(agreement, actor, at)
    if unmet:
        raise Refused(unmet, incomplete=True)
    _freeze(agreement, Purpose.TO_SIGN, actor, at, facts, draft=False)
    _close(agreement, at)


def reopened_informal(agreement, actor, at, facts):
    _withdraw_open_offers(agreement, actor, at)
    hand_over(agreement, Side.COUNTERPART, at)
    snapshot = open_round(agreement).opened_with
    _close(agreement, at)
    _open(agreement, Kind.INFORMAL, snapshot, at)
    put_missing(agreement, actor=actor, at=at)


def signed(agreement, actor, at, facts):
    record_signature(agreement, slot=next_slot(agreement).key, actor=actor, at=at, facts=facts)


def signed_by_all(agreement, actor, at, facts):
    """The last signature puts the agreement in force: its document is made, its reports open."""
    signed(agreement, actor, at, facts)
    snapshot = agreed_snapshot(agreement)
    _order(snapshot, Document.Kind.SIGNED, signed_certificate(snapshot), at, facts)
    open_reports(agreement, at=at)


def refused(agreement, actor, at, facts):
    """A refusal, whoever of the signatories makes it, voids every signature already given."""
    slot = next_slot(agreement).key
    record_refusal(agreement, slot=slot, actor=actor, at=at, reason=facts["reason"])
    _open(agreement, Kind.FORMAL, agreed_snapshot(agreement), at)


def _move_report(agreement, name, actor, at, reason=""):
    report = current_report(agreement, on=timezone.localdate(at))
    return move(REPORT, report, name, actor=actor, at=at, version=report.version, reason=reason)


def report_sent(agreement, actor, at, facts):
    _move_report(agreement, "send", actor, at)


def taken_from_paper(agreement, actor, at, facts):
    """By which paper is on record from the beginning; the unit's staff are written to, whose report it is."""
    report = current_report(agreement, on=timezone.localdate(at))
    entry = from_paper.begin(report, facts.get("paper", {}), reason=facts["reason"], actor=actor, at=at)
    change = {
        "line": report.round.name,
        "document_number": ["", entry.document_number],
        "document_date": [None, entry.document_date.isoformat()],
    }
    with acting(actor, at=at) as record:
        record("enter_from_paper", agreement, change=change, text=entry.document_number)
    if settings.MAILS_GO_OUT and not facts.get("as_history"):
        ask_taken(agreement)


def sent_from_paper(agreement, actor, at, facts):
    _move_report(agreement, "send_from_paper", actor, at)
    from_paper.end(agreement, PaperEntry.Ending.SENT, actor=actor, at=at)


def paper_given_back(agreement, actor, at, facts):
    from_paper.end(agreement, PaperEntry.Ending.GIVEN_BACK, actor=actor, at=at)


def paper_taken_back(agreement, actor, at, facts):
    from_paper.end(agreement, PaperEntry.Ending.TAKEN_BACK, actor=actor, at=at)


def report_accepted(agreement, actor, at, facts):
    """The next round begins with the words of this one."""
    begin_next_from(_move_report(agreement, "accept", actor, at))


def report_returned(agreement, actor, at, facts):
    _move_report(agreement, "return", actor, at, facts["reason"])


def report_certified(agreement, actor, at, facts):
    open_evaluation(_move_report(agreement, "certify", actor, at), at=at)


def _move_evaluation(agreement, name, actor, at, reason=""):
    evaluation = current_report(agreement, on=timezone.localdate(at)).evaluation
    return move(EVALUATION, evaluation, name, actor=actor, at=at, version=evaluation.version, reason=reason)


def scores_proposed(agreement, actor, at, facts):
    _move_evaluation(agreement, "propose", actor, at)


def scores_returned(agreement, actor, at, facts):
    _move_evaluation(agreement, "return", actor, at, facts["reason"])


def scores_released(agreement, actor, at, facts):
    """The scores are frozen with their workings: from now on they are read, never computed again."""
    evaluation = _move_evaluation(agreement, "release", actor, at)
    freeze(agreement, purpose=Purpose.SCORES, actor=actor, at=at, content=final_scores(evaluation))
    open_appeal(evaluation, at=at)


def _move_appeal(agreement, name, actor, at, reason=""):
    appeal = appeal_of(agreement)
    return move(APPEAL, appeal, name, actor=actor, at=at, version=appeal.version, reason=reason)


def appeal_lodged(agreement, actor, at, facts):
    _move_appeal(agreement, "lodge", actor, at)


def appeal_withdrawn(agreement, actor, at, facts):
    _move_appeal(agreement, "withdraw", actor, at, facts["reason"])


def appeal_decided(agreement, actor, at, facts):
    _move_appeal(agreement, "decide", actor, at)


def decision_returned(agreement, actor, at, facts):
    _move_appeal(agreement, "return", actor, at, facts["reason"])


def scores_final(agreement, actor, at, facts):
    """What the panel has decided is frozen anew, beside what was released; without an appeal that stands."""
    if lodged(appeal_of(agreement)):
        appeal = _move_appeal(agreement, "settle", actor, at)
        content = final_scores(appeal.evaluation, appeal)
        freeze(agreement, purpose=Purpose.SCORES, actor=actor, at=at, content=content)
