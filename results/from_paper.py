"""A unit's report that an evaluator of the counterpart enters for it from paper: whose it is now, and what is said of it.

The moves are the agreement's own (workflow.lifecycle): while the pen is the evaluator's and the report not sent, the
evaluator writes it. What was entered so says it on every page and paper of the report, whatever became of it.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.reading import once
from agreements.stages import Pen, Stage
from results.models import PaperEntry
from thai.dates import thai_date, thai_datetime


def in_hand(agreement):
    """The PaperEntry by which an evaluator has the agreement's report now, or None; asked only while it can be so."""
    if agreement.stage != Stage.ASSESSMENT or agreement.pen != Pen.EVALUATOR:
        return None
    return once(agreement, "paper in hand", lambda: _standing(agreement).select_related("report__round").first())


def _standing(agreement):
    return PaperEntry.objects.filter(report__agreement=agreement, ended_at=None)


def date_problem(day, on):
    """What forbids this date of the unit's document; "" where nothing does."""
    return _("The document can't be of a day that is still to come.") if day > on else ""


def begin(report, paper, *, reason, actor, at):
    """Put on record by which paper an evaluator takes the report in: {document_number, document_date}. Raises Refused."""
    number, day = paper.get("document_number", "").strip(), paper.get("document_date")
    problems = []
    if not number:
        problems.append(Refusal(_("Please give the number of the unit's document."), "#id_document_number"))
    if day is None:
        problems.append(Refusal(_("Please give the date of the unit's document."), "#id_document_date"))
    elif wrong := date_problem(day, timezone.localdate(at)):
        problems.append(Refusal(wrong, "#id_document_date"))
    if problems:
        raise Refused(problems, incomplete=True)
    said = {"document_number": number, "document_date": day, "reason": reason}
    return PaperEntry.objects.create(report=report, begun_by=str(actor), begun_at=at, **said)


def end(agreement, ending, *, actor, at):
    """What was being entered from paper is so no longer: sent, taken back or given back."""
    _standing(agreement).update(ending=ending, ended_by=str(actor), ended_at=at)


def entries_of(report):
    """Every PaperEntry of a report, the first first; none is looked for where the report's own query saw that there is none."""
    return list(report.paper_entries.all()) if getattr(report, "has_paper", True) else []


def said_of(entry):
    """Who entered the report, from which paper: the one sentence of every page and paper."""
    sentence = _("Entered by the evaluator %(who)s from the unit's document %(number)s of %(day)s")
    day = thai_date(entry.document_date, "medium")
    return sentence % {"who": entry.begun_by, "number": entry.document_number, "day": day}


def ending_of(entry):
    """How it ended, by whom and when; until then that it is under way."""
    if entry.ended_at is None:
        return _("still being entered")
    said = {"how": entry.get_ending_display(), "who": entry.ended_by, "time": thai_datetime(entry.ended_at, "medium")}
    return _("%(how)s: %(who)s, %(time)s") % said


def sentences_of(report):
    """What a paper or a file of the report says of it, a sentence for each time; [] for a report of the unit's own."""
    return [f"{said_of(entry)} ({ending_of(entry)})" for entry in entries_of(report)]
