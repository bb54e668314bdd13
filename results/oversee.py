"""The overseer of a line approves its result as they read it, or refuses it with a reason."""

from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.log import acting
from acts.refusals import Conflict
from agreements.models import Agreement
from agreements.named import named_in
from results.models import OverseerVerdict, Result
from results.rules import may_oversee

LOGGED = 200


def give_verdict(result, *, approves, reason, version, seen, actor, at):
    """Approve or refuse the result as it was read at `version`, with the verdict `seen` (its id; 0: none).

    Conflict where either is no longer so: of two who decide at once, one wins, and the other reads what was decided.

    A refusal has a reason, and so has whatever the head's office gives in the overseer's place.
    """
    agreement = result.report.agreement
    with acting(actor, at=at) as record:
        Agreement.objects.select_for_update().get(pk=agreement.pk)
        kept = Result.objects.select_related("line__overseer", "report__agreement", "report__round").get(pk=result.pk)
        in_place = result.line_id not in named_in(actor, agreement).oversees
        problem = may_oversee(kept, actor, at) or _unsaid(kept, approves, reason, in_place)
        if problem:
            raise Refused([problem])
        if kept.version != version:
            raise Conflict(_("The result was changed since you opened the page. Please read it again, then decide."))
        if _standing(kept) != seen:
            raise Conflict(_("Somebody else has decided on this result meanwhile. Please read it again."))
        no_longer_judged(kept)
        verdict = OverseerVerdict.objects.create(
            result=kept,
            user=actor,
            given_by=str(actor),
            approves=approves,
            reason=reason,
            in_place=in_place,
            given_at=at,
        )
        act = "approve_result" if approves else "refuse_result"
        record(act, agreement, change={"line": str(kept)[:LOGGED]}, text=reason[:LOGGED])
    return verdict


def _standing(result):
    """The id of the verdict that stands; 0 where there is none."""
    found = OverseerVerdict.objects.filter(result=result, stands=True).values_list("pk", flat=True).first()
    return found or 0


def _unsaid(result, approves, reason, in_place):
    if result.value is None:
        return Refusal(_("This indicator has no result yet, so there is nothing to approve or refuse."))
    if not reason and not approves:
        return Refusal(_("Please give the reason, so that it can be mended."), "#id_reason")
    if not reason and in_place:
        return Refusal(_("Please say why the overseer doesn't decide this themselves."), "#id_reason")
    return None


def no_longer_judged(result):
    """What a verdict spoke of has changed: it stands no longer, and stays on record."""
    OverseerVerdict.objects.filter(result=result, stands=True).update(stands=False)
