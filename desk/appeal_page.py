"""The appeal of an agreement as its page shows it: the clock, each line with the first score and what became of it."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.freeze import thaw
from agreements.models import Snapshot
from agreements.stages import Pen, Stage
from agreements.standing import As
from desk.evaluation_page import Side
from desk.score_panel import Panel, frozen_panel, panel
from results.appeal_files import files_of
from results.appeal_forms import ObjectionFilesForm, ObjectionsForm
from results.appeal_rules import lodged, may_read_objections, objections, sees_decisions
from results.models import AppealLine
from results.scores import AgreedLine, agreed_of, decided_card
from thai.dates import thai_date, until_words


@dataclass(frozen=True)
class Item:
    """One line: both sides' scores as released, the objection, and what the panel decided of it (None: not to be seen)."""

    line: AgreedLine
    appealed: AppealLine
    unit: Side
    first: Side
    second: Side | None
    decision: str
    first_panel: Panel
    second_panel: Panel | None
    fields: dict
    files: list
    files_form: ObjectionFilesForm | None

    @property
    def is_open(self):
        """Is something in the fields of this line, or wrong with them, so that they stand open?"""
        typed = any(field.value() or field.errors for field in self.fields.values())
        return (
            typed or bool(self.files) or bool(self.files_form and (self.files_form.errors or self.files_form.initial))
        )


def page(agreement, appeal, form, *, user, at, file_forms=None):
    """Context of desk/appeal.html; `form` None: to be read. `file_forms`: {line's id: form} that were refused."""
    decided = sees_decisions(agreement, user, at)
    first = thaw(agreement.snapshots.filter(purpose=Snapshot.Purpose.SCORES).first())
    second = _second(agreement, appeal) if decided and lodged(appeal) else {}
    hidden = may_read_objections(agreement, user, at)
    rows = form.lines if form else () if hidden else objections(appeal)
    frozen = {line["key"]: line for line in first["lines"]}
    files = _files_forms(form, file_forms or {})
    return {
        "appeal": appeal,
        "is_lodged": lodged(appeal),
        "clock": clock(agreement, appeal, at),
        "items": [
            _item(line, appealed, frozen[line.key], second.get(line.key), form, decided, files.get(appealed.pk))
            for line, appealed in rows
        ],
        "shows_panel": decided and lodged(appeal),
        "first_total": Decimal(first["total"]["score"]),
        "second_total": second.get("total"),
    }


def clock(agreement, appeal, at):
    """{headline, detail, late} of how long the unit can appeal, and where its appeal stands."""
    until, today = appeal.evaluation.appeal_until, timezone.localdate(at)
    day = {"day": thai_date(until, "long"), "words": until_words(until, today)}
    if agreement.stage == Stage.CLOSED:
        return _clock(_("The agreement is closed; its scores are final."), "")
    if lodged(appeal):
        sentence = _("Lodged by %(who)s on %(day)s. The panel decides it.")
        words = {"who": appeal.lodged_by, "day": thai_date(timezone.localdate(appeal.lodged_at), "long")}
        return _clock(_("The appeal has been lodged."), sentence % words)
    if today > until or agreement.pen != Pen.HEAD:
        return _clock(_("The days to appeal are over."), _("The last one was %(day)s.") % day, over=True)
    detail = _("Its people write the objections; its head lodges the appeal, or accepts the scores.")
    return _clock(_("The unit can appeal until %(day)s (%(words)s).") % day, detail)


def _clock(headline, detail, *, over=False):
    return {"headline": headline, "detail": detail, "over": over}


def may_withdraw(agreement, appeal, standing):
    """Is withdrawing for this person now? It isn't their turn, so no button of the frame says so."""
    return lodged(appeal) and agreement.stage == Stage.APPEAL and As.HEAD in standing


def _second(agreement, appeal):
    """{line's key: (Side, Panel), "total": score} as the panel has decided: frozen once closed, before that computed."""
    if agreement.stage == Stage.CLOSED:
        last = thaw(agreement.snapshots.filter(purpose=Snapshot.Purpose.SCORES).last())
        agreed = agreed_of(appeal.evaluation.report)
        found = {each["key"]: _frozen_side(agreed.line(each["key"]), each["evaluator"]) for each in last["lines"]}
        return found | {"total": Decimal(last["total"]["score"])}
    card = decided_card(appeal.evaluation, appeal)
    found = {row.line.key: (Side(row.value, row.score), panel(row)) for row in card.rows}
    return found | {"total": card.total.score}


def _files_forms(form, refused):
    """{line's id: the form of its files} where objections are written."""
    rows = form.lines if isinstance(form, ObjectionsForm) else ()
    return {each.pk: refused.get(each.pk) or ObjectionFilesForm(appealed=each) for _line, each in rows}


def _item(line, appealed, frozen, second, form, decided, files_form):
    first, first_panel = _frozen_side(line, frozen["evaluator"])
    side, second_panel = second or (None, None)
    return Item(
        line=line,
        appealed=appealed,
        unit=_frozen_side(line, frozen["unit"])[0],
        first=first,
        second=side,
        decision=str(appealed.get_decision_display()) if decided else "",
        first_panel=first_panel,
        second_panel=second_panel,
        fields=form.bound(appealed) if form else {},
        files=files_of(appealed),
        files_form=files_form,
    )


def _frozen_side(line, frozen):
    return Side(Decimal(frozen["value"]), Decimal(frozen["score"])), frozen_panel(line, frozen)
