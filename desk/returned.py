"""Why the work came back: who returned it, and with which reason, for whoever holds the pen since."""

from django.db.models import CharField, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from acts.models import Entry
from agreements.models import Agreement
from workflow.lifecycle import TABLE

REASON_SHOWN = 600  # characters: the history has the rest
# The moves that give work back with a reason. A refusal to sign is told by itself, see desk.turn.
BACK = (
    "return_to_staff", "send_back", "dispute_formal", "reopen_informal", "return_report", "return_certification",
    "return_scores", "return_decision",
)  # fmt: skip
RETURNS = tuple(f"{TABLE.name}.{TABLE.get(name).name}" for name in BACK)


def return_facts():
    """What `returned` reads of an agreement, to be annotated by the query that fetches it."""
    return {"returned_by": _of_the_return("actor_text"), "returned_why": _of_the_return("text")}


def _of_the_return(column):
    """Of the record of the move by which the pen came to its holder, if that move gives a reason; else ""."""
    about = {"object_kind": Agreement._meta.label_lower, "object_id": Cast(OuterRef("pk"), CharField())}
    rows = Entry.objects.filter(**about, at=OuterRef("pen_since"), act__in=RETURNS).order_by("-sequence")
    return Coalesce(Subquery(rows.values(column)[:1]), Value(""), output_field=TextField())


def returned(agreement):
    """That the work came back, from whom and why, in a sentence; "" if it didn't. Of an agreement with `return_facts`."""
    if not agreement.returned_why:
        return ""
    words = {"who": agreement.returned_by, "reason": Truncator(agreement.returned_why).chars(REASON_SHOWN)}
    return _("%(who)s returned it: “%(reason)s”") % words
