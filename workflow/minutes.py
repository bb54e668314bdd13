"""The minutes of the formal negotiation (handbook 2.1, 8): written by the negotiator while the pen is theirs."""

from django.utils.translation import gettext as _

from acts.engine import Refused
from acts.log import acting
from acts.versions import save_seen
from agreements.duties import STAGE_RULE
from agreements.models import Agreement
from agreements.stages import Pen, Stage
from agreements.standing import As, standing_of
from agreements.who_can_help import refused_for_role, refused_for_turn
from workflow.models import Minutes, Round
from workflow.rules import open_round

FIELDS = ("held_on", "place", "committee", "decisions")


def may_record(agreement, actor, at):
    """Refusal unless `actor` may write the minutes now."""
    if As.NEGOTIATOR not in standing_of(actor, agreement, at):
        sentence = _("Only negotiators of %(unit)s can write the minutes.")
        return refused_for_role(sentence % {"unit": agreement.counterpart.short_name}, agreement, As.NEGOTIATOR, at)
    if agreement.stage != Stage.FORMAL or agreement.pen != Pen.NEGOTIATOR:
        sentence = _("Minutes are written in the formal negotiation, while the pen is with the negotiator.")
        return refused_for_turn(sentence, agreement, at, rule=STAGE_RULE)
    return None


def save_minutes(agreement, values, *, version, actor, at):
    """Write the open formal round's minutes; `version` 0 where there are none yet. Raises Stale."""
    with acting(actor, at=at) as record:
        held = Agreement.objects.select_for_update().get(pk=agreement.pk)
        refusal = may_record(held, actor, at)
        if refusal:
            raise Refused([refusal])
        current = open_round(held)
        kept = Minutes.objects.filter(round=current).first()
        if kept and all(getattr(kept, name) == value for name, value in values.items()):
            return kept  # sent twice: they say so already
        minutes = _write(current, kept, values, version, actor, at)
        record("minutes", held, text=minutes.decisions[:200])
    return minutes


def _write(current, kept, values, version, actor, at):
    signed = {"recorded_by": str(actor), "recorded_at": at}
    if kept is None:
        return Minutes.objects.create(round=current, **values, **signed)
    _before, after, _changed = save_seen(kept, {**values, **signed}, version=version)
    return after


def minutes_of(agreement):
    """The minutes of the latest formal round that has any, or None."""
    return (
        Minutes.objects.filter(round__agreement=agreement, round__kind=Round.Kind.FORMAL)
        .select_related("round")
        .order_by("-round__pk")
        .first()
    )
