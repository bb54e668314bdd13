"""The walk of an agreement as steps with their dates: what is done and when, what is now, what is to come by when."""

from django.utils import timezone
from django.utils.translation import gettext as _

from acts.models import Entry
from agreements.stages import Stage
from thai.dates import thai_date
from workflow.due import due_of_stage, due_on
from workflow.lifecycle import TABLE
from workflow.rules import open_round

STEPS = (Stage.DRAFT, Stage.INFORMAL, Stage.FORMAL, Stage.SIGNING, Stage.ASSESSMENT, Stage.EVALUATION, Stage.APPEAL)
ON_FROM_A_STAGE = [f"{TABLE.name}.{move.name}" for move in TABLE if move.target is not None]


def steps(agreement, *, on):
    """The seven stages in order: label, note, and whether done, now or to do."""
    here = list(Stage).index(agreement.stage)
    left = _left_on(agreement)
    return [_step(agreement, stage, place - here, left.get(stage), on) for place, stage in enumerate(STEPS)]


def _step(agreement, stage, ahead, left_on, on):
    if ahead < 0:
        return {"label": stage.label, "note": thai_date(left_on, "short") if left_on else "", "state": "done"}
    if ahead == 0:
        return {"label": stage.label, "note": _note_now(agreement, on), "state": "now"}
    return {"label": stage.label, "note": _by(_last_day(agreement, stage)), "state": "todo"}


def _note_now(agreement, on):
    current = open_round(agreement) if agreement.stage in (Stage.INFORMAL, Stage.FORMAL) else None
    number = _("round %(number)s") % {"number": current.number} if current else ""
    return " · ".join(part for part in (number, _by(due_on(agreement, on=on))) if part)


def _by(day):
    return _("by %(day)s") % {"day": thai_date(day, "short")} if day else ""


def _last_day(agreement, stage):
    return agreement.assessed_by if stage == Stage.ASSESSMENT else due_of_stage(agreement, stage)


def _left_on(agreement):
    """The day on which each stage was last left, by the log."""
    entries = Entry.objects.about(agreement).filter(act__in=ON_FROM_A_STAGE).order_by("sequence")
    return {entry.changes["stage"][0]: timezone.localdate(entry.at) for entry in entries if entry.changes}
