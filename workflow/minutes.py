"""The minutes of the formal negotiation (handbook 2.1, 8): written by the negotiator while the pen is theirs."""

from collections import defaultdict

from django.utils import translation
from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.log import acting
from acts.versions import save_seen
from agreements.duties import STAGE_RULE
from agreements.models import Agreement, Line
from agreements.rules import numbered_lines
from agreements.stages import Pen, Stage
from agreements.standing import As, standing_of
from agreements.who_can_help import refused_for_role, refused_for_turn
from workflow.models import Minutes, Offer, Round
from workflow.people_field import in_words
from workflow.rules import open_round

FIELDS = ("held_on", "place", "people", "committee", "decided", "decisions", "files")


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
    """Write the open formal round's minutes: `values` of FIELDS; `version` 0 where there are none yet. Raises Stale.

    What is decided of no line of the agreement, and what is deferred without a reason, is refused.
    """
    with acting(actor, at=at) as record:
        held = Agreement.objects.select_for_update().get(pk=agreement.pk)
        refusal = may_record(held, actor, at)
        if refusal:
            raise Refused([refusal])
        _refuse_undecidable(held, values.get("decided", {}))
        current = open_round(held)
        kept = Minutes.objects.filter(round=current).first()
        if kept and all(getattr(kept, name) == value for name, value in values.items()):
            return kept  # sent twice: they say so already
        minutes = _write(current, kept, values, version, actor, at)
        record("minutes", held, text=minutes.decisions[:200])
    return minutes


def _refuse_undecidable(agreement, decided):
    lines = {str(pk) for pk in agreement.lines.values_list("pk", flat=True)}
    if not decided.keys() <= lines:
        raise Refused([Refusal(_("The minutes decide on an indicator that isn't in this agreement."))])
    if any(each["kind"] == Minutes.Decision.DEFERRED and not each["reason"] for each in decided.values()):
        raise Refused([Refusal(_("Please give the reason for deferring."))], incomplete=True)


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


def all_minutes(agreement):
    """The minutes of every formal round, in order."""
    return Minutes.objects.filter(round__agreement=agreement).select_related("round").order_by("round__pk")


def as_printed(minutes):
    """The minutes as the documents print them: plain texts, in Thai. The lines bear the numbers they have now."""
    agreement = minutes.round.agreement
    with translation.override("th"):
        return {
            "number": minutes.round.number,
            "held_on": minutes.held_on.isoformat(),
            "place": minutes.place,
            "committee": "\n".join(filter(None, (in_words(minutes.people), minutes.committee))),
            "decisions": minutes.decisions,
            "lines": list(_decisions(minutes, numbered_lines(agreement), _changes(minutes))),
        }


def _changes(minutes):
    """{line id: what was decided to change, in words}"""
    found = defaultdict(list)
    for offer in minutes.round.offers.exclude(state__in=(Offer.State.WITHDRAWN, Offer.State.DECLINED)):
        label = Line._meta.get_field(offer.field).verbose_name
        found[offer.line_id].append(f"{label}: {offer.from_value or '–'} → {offer.to_value}")
    return found


def _decisions(minutes, lines, changes):
    for each in lines:
        decided = minutes.decided.get(str(each.line.pk))
        if each.line.pk in changes:
            words = "\n".join((_("changed to"), *changes[each.line.pk]))
        elif decided:
            words = "\n".join(filter(None, (str(Minutes.Decision(decided["kind"]).label), decided["reason"])))
        else:
            continue
        yield {"number": each.number, "name": each.line.name, "decision": words}
