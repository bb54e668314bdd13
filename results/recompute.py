"""Every frozen score worked out again, from what was frozen with it and from the signed text: a difference is an alarm.

Nothing is changed by it but the alarms.
"""

from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from acts.log import THE_SYSTEM, acting
from agreements.freeze import digest, thaw
from agreements.models import Snapshot
from indicators.scoring import CannotScore, score_total
from results.models import ScoreAlarm
from results.scores import as_agreed, exclusions_in, penalties_in
from thai.language import in_thai

SIDES = ("unit", "evaluator")
TOTALS = {"evaluator": "total", "unit": "unit_total"}


def check_scores(*, at):
    """Check every frozen score and keep the alarms; gives (how many were checked, the ScoreAlarms that stand)."""
    count, standing = 0, []
    frozen = Snapshot.objects.filter(purpose=Snapshot.Purpose.SCORES).select_related("agreement__unit")
    for snapshot in frozen.order_by("pk").iterator(chunk_size=200):
        count += 1
        with in_thai():
            alarm = _keep(snapshot, check(snapshot), at)
        standing += [alarm] if alarm else []
    return count, standing


def check(snapshot):
    """What doesn't come out again of one frozen score, a sentence each; empty when all does."""
    if digest(snapshot.content) != snapshot.sha256:
        return [_("The frozen text is not the one that its hash was made of.")]
    try:
        scores = thaw(snapshot)
        signed = _signed(snapshot, scores["signed_sha256"])
        if signed is None:
            return [_("The signed text that it was scored by is not there.")]
        return differences(scores, thaw(signed))
    except (ValueError, KeyError, TypeError, InvalidOperation) as why:
        return [_("It can't be read: %(problem)s") % {"problem": f"{type(why).__name__}: {why}"}]


def _signed(snapshot, sha256):
    """The text with this hash, if it is still what it was."""
    found = Snapshot.objects.filter(agreement=snapshot.agreement_id, sha256=sha256).first()
    return found if found and digest(found.content) == sha256 else None


def differences(scores, signed):
    """The same of the contents: `scores` of results.scores.final_scores, `signed` the text that was scored by. No database."""
    agreed = as_agreed(signed).without(exclusions_in(scores))
    lines = {line.key: line for line in agreed.lines}
    frozen = {line["key"]: line for line in scores["lines"]}
    found = [
        _("Indicator %(number)s is not in the signed text.") % {"number": line["number"]}
        for key, line in frozen.items()
        if key not in lines
    ]
    off = {"unit": (), "evaluator": penalties_in(scores)}
    for key, line in frozen.items():
        if key in lines:
            found += _of_line(agreed, lines[key], line, off)
    return [*found, *_of_totals(agreed, scores)]


def _of_line(agreed, line, frozen, off):
    """`off`: the penalties of either side."""
    if Decimal(frozen["weight"]) != line.weight:
        words = {"number": line.number, "frozen": frozen["weight"], "again": line.weight}
        yield _("Indicator %(number)s: weight frozen %(frozen)s, signed %(again)s.") % words
    for side in SIDES:
        value, score = frozen[side]["value"], frozen[side]["score"]
        scored, why = agreed.score(line, None if value is None else Decimal(value), off[side])
        again = scored.score if scored else None
        if again != (None if score is None else Decimal(score)):
            words = {"number": line.number, "side": _name(side), "frozen": score, "again": why or again}
            yield _("Indicator %(number)s (%(side)s): frozen %(frozen)s, worked out again %(again)s.") % words


def _of_totals(agreed, scores):
    """Each total, from the weights that were signed and the scores that were frozen."""
    counting = {line.key: line.weight for line in agreed.lines if line.counts}
    for side, name in TOTALS.items():
        total = scores[name]
        sides = {line["key"]: line[side]["score"] for line in scores["lines"]}
        pairs = [(weight, Decimal(sides[key])) for key, weight in counting.items() if sides.get(key) is not None]
        left = sum((weight for key, weight in counting.items() if sides.get(key) is None), Decimal(0))
        again = _total(agreed, pairs, left)
        yield from _of_total(side, total, again)


def _total(agreed, pairs, unreported):
    try:
        return score_total(pairs, unreported=unreported, over=agreed.denominator, places=agreed.scale.places)
    except CannotScore:
        return None


def _of_total(side, frozen, again):
    was = (Decimal(frozen["score"]), Decimal(frozen["denominator"])) if frozen else (None, None)
    now = (again.score, again.denominator) if again else (None, None)
    if was[0] != now[0]:
        words = {"side": _name(side), "frozen": was[0], "again": now[0]}
        yield _("Total (%(side)s): frozen %(frozen)s, worked out again %(again)s.") % words
    if was[1] != now[1]:
        words = {"side": _name(side), "frozen": was[1], "again": now[1]}
        yield _("Denominator (%(side)s): frozen %(frozen)s, worked out again %(again)s.") % words


def _name(side):
    return _("the unit") if side == "unit" else _("the evaluator")


def _keep(snapshot, found, at):
    """The alarm of a snapshot where something differs, made and logged once; None where all comes out again."""
    alarm = ScoreAlarm.objects.filter(snapshot=snapshot).first()
    if alarm is None and not found:
        return None
    if alarm and alarm.differences == found and (alarm.settled_at is None) == bool(found):
        return alarm if found else None
    with transaction.atomic(), acting(THE_SYSTEM, at=at) as record:
        columns = {"differences": found, "settled_at": None} if found else {"settled_at": at}
        is_news = alarm is None or (alarm.settled_at is None) != bool(found)
        alarm, _new = ScoreAlarm.objects.update_or_create(
            snapshot=snapshot, defaults=columns, create_defaults=columns | {"found_at": at}
        )
        if is_news:
            act = "score_differs" if found else "score_comes_out"
            record(act, snapshot.agreement, change={"sequence": snapshot.sequence}, text=" ".join(found))
    return alarm if found else None
