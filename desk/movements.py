"""What happened to an agreement, in sentences: one for each act on record."""

from datetime import date
from itertools import groupby

from django.db.models import CharField, DateField, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acts.models import Entry
from agreements.models import ActionPlan, Line, PlanItem, ReceiverChoice, ThreeAnswers
from agreements.stages import RELEASED, Stage
from results.appeal_rules import may_read_objections, sees_decisions
from results.models import AppealLine, AppealPanel, Collected, Evidence, Finding, PaperEntry, Result, TimeGiven
from results.rules import may_see_scores
from thai.dates import thai_date
from workflow.handover import SIDE_OF_PEN, heard_by
from workflow.models import Publication

NEGOTIATED = (Stage.INFORMAL, Stage.FORMAL)
SHOWN_AT_A_GLANCE = 6
LOOKED_THROUGH = 120
# An evaluator's figures are the superior's side's own until the scores are released.
BEFORE_RELEASE = ("evaluate", "evaluate_as_reported", "visit", "change_visit")
# The unit's objections are its own until they are lodged, and the panel's decisions until the agreement is closed.
BEFORE_LODGING = ("object", "attach_to_objection", "remove_from_objection")
BEFORE_CLOSING = ("name_panel", "decide_objection")

# What a side does in its turn of a negotiation is its own until it hands the pen over, by one of these moves.
IN_ONES_TURN = ("offer", "accept_offer", "decline_offer", "defer_offer", "withdraw_offer", "comment", "take_note")
HANDS_OVER = tuple(
    f"agreement.{name}"
    for name in (
        "submit", "send_back", "hand_back", "answer", "close_informal", "record_formal", "dispute_formal",
        "confirm_formal", "reopen_informal", "refuse_to_make", "refuse_to_receive",
    )
)  # fmt: skip

# act → what the person did. %(text)s: what was written about; %(line)s: the indicator; %(fields)s: what was changed.
SENTENCES = {
    "create": gettext_lazy("made the draft of the agreement"),
    "carry_forward": gettext_lazy("carried last year's plan and indicators forward into the draft"),
    "take_over_results": gettext_lazy("took over last year's released results of the indicators %(text)s"),
    "write": gettext_lazy("changed %(fields)s of “%(text)s”"),
    "add_line": gettext_lazy("added the indicator “%(text)s”"),
    "remove_line": gettext_lazy("removed the indicator “%(text)s”"),
    "order_lines": gettext_lazy("put the indicator “%(text)s” in another place"),
    "duplicate_line": gettext_lazy("made a copy of the indicator “%(text)s”"),
    "indent_line": gettext_lazy("made the indicator “%(text)s” a part of the one before it"),
    "outdent_line": gettext_lazy("made the indicator “%(text)s” stand by itself again"),
    "bring_in_excel": gettext_lazy("brought in the Excel file “%(text)s”"),
    "add_plan_item": gettext_lazy("added “%(text)s” to the action plan"),
    "remove_plan_item": gettext_lazy("removed “%(text)s” from the action plan"),
    "order_plan": gettext_lazy("put “%(text)s” of the action plan in another place"),
    "offer": gettext_lazy("offered to change %(fields)s of “%(line)s”"),
    "accept_offer": gettext_lazy("accepted the offer on %(fields)s of “%(line)s”"),
    "decline_offer": gettext_lazy("declined the offer on %(fields)s of “%(line)s”"),
    "defer_offer": gettext_lazy("left the offer on %(fields)s of “%(line)s” to the formal negotiation"),
    "withdraw_offer": gettext_lazy("withdrew the offer on %(fields)s of “%(line)s”"),
    "comment": gettext_lazy("commented"),
    "answer_questions": gettext_lazy("answered the three questions for “%(text)s”"),
    "take_note": gettext_lazy("took note of a comment that calls on them"),
    "escalate": gettext_lazy("told %(text)s that the agreement is late"),
    "remind": gettext_lazy("reminded %(text)s that the agreement is late"),
    "choose_receiver": gettext_lazy("named %(text)s as receiver of the agreement"),
    "mandate_line": gettext_lazy("made “%(text)s” mandatory, by the indicator library"),
    "move_mandated_line": gettext_lazy("put “%(text)s” into another dimension, by the indicator library"),
    "free_line": gettext_lazy("took back that “%(line)s” is mandatory; it is the unit's own now"),
    "accept_version": gettext_lazy("accepted version %(text)s of the library's sheet for “%(line)s”"),
    "object_to_version": gettext_lazy("objected to the library's new version for “%(line)s”"),
    "meeting": gettext_lazy("recorded the meeting “%(text)s”"),
    "change_meeting": gettext_lazy("changed the record of the meeting “%(text)s”"),
    "minutes": gettext_lazy("wrote the minutes of the formal negotiation"),
    "give_time": gettext_lazy("gave the unit time for the report of %(line)s"),
    "end_time": gettext_lazy("ended the time that the unit was given for the report of %(text)s"),
    "enter_from_paper": gettext_lazy("enters the unit's report of %(line)s from its document %(text)s"),
    "report_result": gettext_lazy("reported %(fields)s of “%(text)s”"),
    "collect": gettext_lazy("reported %(fields)s of “%(text)s” as its collector"),
    "take_figure": gettext_lazy("made a collector's figure the result of “%(text)s”"),
    "approve_result": gettext_lazy("approved the result of “%(line)s” as its overseer"),
    "refuse_result": gettext_lazy("refused the result of “%(line)s” as its overseer"),
    "add_evidence": gettext_lazy("added the evidence “%(text)s”"),
    "change_evidence": gettext_lazy("changed %(fields)s of the evidence “%(text)s”"),
    "remove_evidence": gettext_lazy("removed the evidence “%(text)s”"),
    "evaluate": gettext_lazy("evaluated %(fields)s of “%(text)s”"),
    "evaluate_as_reported": gettext_lazy("took over the unit's results of the indicators %(text)s"),
    "object": gettext_lazy("wrote %(fields)s of “%(text)s” in the appeal"),
    "attach_to_objection": gettext_lazy("attached “%(text)s” to the appeal"),
    "remove_from_objection": gettext_lazy("removed “%(text)s” from the appeal"),
    "name_panel": gettext_lazy("named the appeal panel: %(fields)s"),
    "decide_objection": gettext_lazy("wrote %(fields)s on “%(text)s” in the appeal"),
    "score_differs": gettext_lazy("found that a frozen score doesn't come out again"),
    "score_comes_out": gettext_lazy("found that the frozen score comes out again"),
    "exclude_line": gettext_lazy("took the indicator “%(line)s” out of the total"),
    "restore_line": gettext_lazy("put the indicator “%(line)s” back into the total"),
    "visit": gettext_lazy("recorded the visit to “%(text)s”"),
    "change_visit": gettext_lazy("changed the record of the visit to “%(text)s”"),
    "announce_draft": gettext_lazy("announced the negotiated draft to the public"),
    "announce_signed": gettext_lazy("announced the signed agreement to the public"),
    "announce_amended": gettext_lazy("announced the amended agreement to the public"),
    "withdraw_announcement_draft": gettext_lazy("withdrew the announcement of the negotiated draft"),
    "withdraw_announcement_signed": gettext_lazy("withdrew the announcement of the signed agreement"),
    "withdraw_announcement_amended": gettext_lazy("withdrew the announcement of the amended agreement"),
    "agreement.hand_to_office": gettext_lazy("handed the work to the head's office"),
    "agreement.return_to_staff": gettext_lazy("returned the work to the staff"),
    "agreement.submit": gettext_lazy("submitted the draft to the superior's unit"),
    "agreement.send_back": gettext_lazy("sent the agreement back to draft"),
    "agreement.hand_back": gettext_lazy("handed the pen back with offers"),
    "agreement.answer": gettext_lazy("sent the answers"),
    "agreement.close_informal": gettext_lazy("closed the informal negotiation"),
    "agreement.record_formal": gettext_lazy("sent the minutes for confirmation"),
    "agreement.dispute_formal": gettext_lazy("disputed the minutes"),
    "agreement.confirm_formal": gettext_lazy("confirmed what was agreed formally"),
    "agreement.reopen_informal": gettext_lazy("went back to informal negotiation"),
    "agreement.read_to_sign": gettext_lazy("read the agreement, ready to sign it"),
    "agreement.sign": gettext_lazy("signed as maker of the agreement"),
    "agreement.sign_along": gettext_lazy("signed as receiver; others are still to sign"),
    "agreement.countersign": gettext_lazy("signed as receiver; the agreement is in force"),
    "agreement.refuse_to_make": gettext_lazy("refused to sign as maker"),
    "agreement.refuse_to_receive": gettext_lazy("refused to sign as receiver"),
    "agreement.send_report": gettext_lazy("sent the self-assessment report"),
    "agreement.take_from_paper": gettext_lazy("took the self-assessment report in from paper"),
    "agreement.send_from_paper": gettext_lazy("sent the self-assessment report that was entered from paper"),
    "agreement.give_back_paper": gettext_lazy("gave the report back to the unit, which was being entered from paper"),
    "agreement.take_back_report": gettext_lazy("took the report back that an evaluator was entering from paper"),
    "agreement.accept_report": gettext_lazy("accepted the self-assessment report"),
    "agreement.return_report": gettext_lazy("returned the self-assessment report"),
    "agreement.return_certification": gettext_lazy("returned the report before certifying it"),
    "agreement.certify": gettext_lazy("certified the self-assessment report"),
    "agreement.propose": gettext_lazy("proposed the scores"),
    "agreement.return_scores": gettext_lazy("returned the proposed scores"),
    "agreement.release": gettext_lazy("released the scores"),
    "agreement.accept_scores": gettext_lazy("accepted the scores; the agreement is closed"),
    "agreement.lodge_appeal": gettext_lazy("lodged the appeal against the scores"),
    "agreement.withdraw_appeal": gettext_lazy("withdrew the appeal"),
    "agreement.decide_appeal": gettext_lazy("sent the panel's decision to the superior"),
    "agreement.return_decision": gettext_lazy("returned the panel's decision"),
    "agreement.close": gettext_lazy("closed the agreement; its scores are final"),
    "agreement.end_appeal_days": gettext_lazy("noted that the days to appeal are over"),
    "begin_amendment": gettext_lazy("began an amendment of the agreement"),
    "amendment.ask": gettext_lazy("asked for an amendment of the agreement"),
    "amendment.answer": gettext_lazy("sent the answer on the amendment"),
    "amendment.withdraw": gettext_lazy("withdrew the amendment"),
    "amendment.hand_back": gettext_lazy("handed the amendment back with other values"),
    "amendment.agree": gettext_lazy("agreed to the amendment"),
    "amendment.decline": gettext_lazy("declined the amendment"),
    "amendment.read_to_sign": gettext_lazy("read the amendment, ready to sign it"),
    "amendment.sign": gettext_lazy("signed the amendment as maker"),
    "amendment.sign_along": gettext_lazy("signed the amendment as receiver; others are still to sign"),
    "amendment.countersign": gettext_lazy("signed the amendment as receiver; it is in force"),
    "amendment.refuse_to_make": gettext_lazy("refused to sign the amendment as maker"),
    "amendment.refuse_to_receive": gettext_lazy("refused to sign the amendment as receiver"),
}
# Acts that come in long stretches, and what a stretch of them is called.
WRITING = {
    "draft": (
        "write", "answer_questions", "add_line", "remove_line", "order_lines", "duplicate_line", "indent_line", "outdent_line", "add_plan_item", "remove_plan_item", "order_plan",
    ),
    "report": ("report_result", "collect", "take_figure", "add_evidence", "change_evidence", "remove_evidence"),
    "evaluation": ("evaluate", "evaluate_as_reported"),
}  # fmt: skip
STRETCHES = {
    "draft": gettext_lazy("wrote in the plan and the indicators (%(count)s×)"),
    "report": gettext_lazy("wrote in the report (%(count)s×)"),
    "evaluation": gettext_lazy("wrote in the evaluation (%(count)s×)"),
}
ANNOUNCED = tuple(f"announce_{kind}" for kind in Publication.Kind)
WITHDRAWN = tuple(f"withdraw_announcement_{kind}" for kind in Publication.Kind)
ANNOUNCING = (*ANNOUNCED, *WITHDRAWN)
# The acts whose `text` is a reason or something said, not the name of what was written about.
SAID = (
    "begin_amendment",
    "offer",
    "decline_offer",
    "defer_offer",
    "comment",
    "minutes",
    "object_to_version",
    "free_line",
    "give_time",
    "exclude_line",
    "restore_line",
    "score_differs",
    "approve_result",
    "refuse_result",
    *WITHDRAWN,
)
# Columns of which the log keeps what a person can't read.
UNREADABLE = ("sha256", "stage")
COLUMNS_OF = {
    "report_result": (Result,),
    "collect": (Collected,),
    "take_figure": (Result,),
    "change_evidence": (Evidence,),
    "evaluate": (Finding,),
    "give_time": (TimeGiven,),
    "end_time": (TimeGiven,),
    "enter_from_paper": (PaperEntry,),
    "object": (AppealLine,),
    "name_panel": (AppealPanel,),
    "decide_objection": (AppealLine,),
    "choose_receiver": (ReceiverChoice,),
    "answer_questions": (ThreeAnswers,),
}
WRITTEN = (Line, ActionPlan, PlanItem)


def entries(agreement, *, reader, at):
    """The log of the agreement, newest first, as far as this person may know of it now."""
    found = Entry.objects.about(agreement)
    if agreement.stage in NEGOTIATED and SIDE_OF_PEN.get(agreement.pen) not in heard_by(reader, agreement, at):
        handed_over = found.filter(act__in=HANDS_OVER).values("sequence")[:1]
        found = found.exclude(Q(act__in=IN_ONES_TURN) & Q(sequence__gt=handed_over))
    return found.exclude(act__in=_not_yet(agreement, reader, at))


def _not_yet(agreement, reader, at):
    """The acts in an evaluation and an appeal that this person may not know of yet."""
    if may_see_scores(agreement, reader, at):
        return BEFORE_RELEASE + BEFORE_LODGING + BEFORE_CLOSING
    if agreement.stage not in RELEASED:
        return ()
    objections = BEFORE_LODGING if may_read_objections(agreement, reader, at) else ()
    return objections if sees_decisions(agreement, reader, at) else objections + BEFORE_CLOSING


def latest(agreement, *, reader, at):
    """The last movements, as templates/parts/timeline.html wants them; a stretch of writing by one person is one."""
    found = entries(agreement, reader=reader, at=at)[:LOOKED_THROUGH]
    stretches = [list(stretch) for _key, stretch in groupby(found, key=_stretch)]
    return [_at_a_glance(stretch, reader) for stretch in stretches[:SHOWN_AT_A_GLANCE]]


def _stretch(entry):
    """What makes neighbouring entries one stretch: the same person writing; anything else stands alone."""
    kind = next((kind for kind, acts in WRITING.items() if entry.act in acts), None)
    return (entry.actor_id, kind) if kind else entry.pk


def _at_a_glance(stretch, reader):
    newest = movement(stretch[0], reader=reader)
    if len(stretch) == 1:
        return newest
    kind = _stretch(stretch[0])[1]
    return newest | {"text": STRETCHES[kind] % {"count": len(stretch)}, "reason": ""}


def movement(entry, *, reader):
    """One entry as {who, text, at, reason, changes, amendment}; `changes` is [{label, before, after}].

    `amendment`: the number of the one that an entry of the agreement is about, or None.
    """
    columns = COLUMNS_OF.get(entry.act, WRITTEN)
    changes = [_change(columns, name, *pair) for name, pair in _readable(entry)]
    said = entry.act in SAID or "." in entry.act
    words = {
        "text": entry.text,
        "line": entry.changes.get("line", ""),
        "fields": _(", ").join(change["label"] for change in changes),
    }
    return {
        "who": _("You") if entry.actor_id == reader.pk else entry.actor_text,
        "text": SENTENCES[entry.act] % words,
        "at": entry.at,
        "reason": entry.text if said else "",
        "changes": changes,
        "amendment": entry.changes.get("number") if entry.act.startswith("amendment.") else None,
    }


def _readable(entry):
    return [(name, pair) for name, pair in entry.changes.items() if isinstance(pair, list) and name not in UNREADABLE]


def _change(columns, name, before, after):
    column = _column(columns, name)
    # Of rows that are kept beside the thing itself, such as an indicator's collectors: what they are called together.
    label = column.related_model._meta.verbose_name_plural if column.one_to_many else column.verbose_name
    return {"label": str(label), "before": _value(column, before), "after": _value(column, after)}


def _column(columns, name):
    """The column of that name, of the first model that has one."""
    models = (model for model in columns if name in {field.name for field in model._meta.get_fields()})
    return next(models)._meta.get_field(name)


def _value(column, text):
    """A logged value as people read it: the label of a choice, a number without padding zeros."""
    if text is None or text == "":
        return "–"
    if isinstance(column, CharField) and column.choices:
        return str(dict(column.choices).get(text, text))
    if isinstance(column, DateField):
        return thai_date(date.fromisoformat(text), "medium")
    return _number(text) if column.get_internal_type() == "DecimalField" else text


def _number(text):
    return text.rstrip("0").rstrip(".") if "." in text else text
