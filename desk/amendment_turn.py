"""The turn that an open amendment is at, as the lists of work show it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from desk.amendment_page import task_of, title_of, url_of
from desk.turn import Turn, holder, refused
from workflow.models import Amendment


def amendment_turn(amendment):
    """The Turn at an open amendment that was fetched `amending_turns.with_last_refusal`. No day is set for it."""
    task = _("%(title)s: %(task)s") % {"title": title_of(amendment), "task": task_of(amendment)}
    negotiated = amendment.stage == Amendment.Stage.NEGOTIATION
    note = refused(amendment.refused_by, amendment.refused_why) if negotiated else ""
    return Turn(task, _where(amendment), holder(amendment), amendment.pen_since, None, False, note)


def _where(amendment):
    if amendment.stage == Amendment.Stage.SIGNING:
        return reverse("desk:sign_amendment", args=[amendment.agreement.code, amendment.number])
    return url_of(amendment)
