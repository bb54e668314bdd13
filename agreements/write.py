"""Writing in a draft: making the agreement, its plan and its lines. Every verb refuses unless the actor may write.

A line has its own version, so two people write different lines in peace; a stale save raises `Stale` and changes
nothing. Each verb holds the agreement's row, so that no text changes between a move's checks and the move.
"""

from contextlib import contextmanager
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.deletion import ProtectedError
from django.utils.translation import gettext as _

from accounts.models import User
from acts.engine import Conflict, Refusal, Refused
from acts.log import acting
from acts.versions import save_seen, touch_seen
from agreements.carrying import refuse_strange, with_words
from agreements.line_tree import below
from agreements.locks import negotiated, refuse_locked, refuse_parts, refuse_removal
from agreements.mandates import put_into_new
from agreements.models import ActionPlan, Agreement, Line, LineCollector, PlanItem, SigningRule
from agreements.rules import may_begin, may_write
from agreements.signing_rule import NoRule, sides_of
from agreements.stages import Pen, Stage
from indicators.models import Framework

LOGGED = 200  # characters of a changed text that the log keeps; the snapshots keep it all


def create_agreement(unit, fiscal_year, *, actor, at):
    """The draft of `unit` for an opened year: an empty plan, the mandatory indicators, the sides by the signing rule.

    Raises Refused unless `actor` is of the unit's planning staff, or of the planning office above; Conflict when the
    unit has its agreement for that year already.
    """
    sides = _sides(unit, fiscal_year)
    refusal = may_begin(unit, sides.counterpart, actor, at)
    if refusal:
        raise Refused([refusal])
    framework = _framework(unit, fiscal_year)
    with acting(actor, at=at) as record:
        _hold(sides.rule)
        agreement = _insert_draft(unit, fiscal_year, sides, framework, at)
        record("create", agreement)
        put_into_new(agreement, record)
    return agreement


def _hold(rule):
    """The rule stays as it was read until the draft is there; Conflict where it has just been worded anew."""
    if not SigningRule.objects.select_for_update(no_key=True).filter(pk=rule.pk, version=rule.version):
        raise Conflict(_("The signing rule has just been changed. Please begin the agreement once more."))


def _sides(unit, fiscal_year):
    try:
        return sides_of(unit, year=fiscal_year.year, on=fiscal_year.starts_on)
    except NoRule as why:
        raise Refused([Refusal(str(why))]) from why


def _framework(unit, fiscal_year):
    framework = Framework.objects.filter(fiscal_year=fiscal_year, tier=unit.tier).first()
    if framework is None:
        sentence = _(
            "The planning office has not set the evaluation framework of this level for fiscal year %(year)s yet."
        )
        raise Refused([Refusal(sentence % {"year": fiscal_year.year})])
    return framework


def _insert_draft(unit, fiscal_year, sides, framework, at):
    plan, _made = ActionPlan.objects.get_or_create(unit=unit, fiscal_year=fiscal_year)
    try:
        with transaction.atomic():
            return Agreement.objects.create(
                code=f"{fiscal_year.year}-{unit.code}",
                unit=unit,
                fiscal_year=fiscal_year,
                framework=framework,
                plan=plan,
                rule=sides.rule,
                signs_with=sides.signs_with,
                counterpart=sides.counterpart,
                starts_on=fiscal_year.starts_on,
                ends_on=fiscal_year.ends_on,
                stage=Stage.DRAFT,
                stage_since=at,
                pen=Pen.STAFF,
                pen_since=at,
            )
    except IntegrityError as taken:
        raise Conflict(
            _("%(unit)s already has its agreement for this fiscal year.") % {"unit": unit.short_name}
        ) from taken


@contextmanager
def writing(agreement, *, actor, at):
    """Hold the agreement's row and refuse unless `actor` may write; gives the act's `record`."""
    with acting(actor, at=at) as record:
        held = Agreement.objects.select_for_update().get(pk=agreement.pk)
        refusal = may_write(held, actor, at)
        if refusal:
            raise Refused([refusal])
        yield record


def save_line(line, changes, *, version, actor, at, page=""):
    """Set the fields in `changes` (name → value) on a line read at `version`; gives the line as it stands after.

    `collectors`, where it is among them, are ids of users, of whom the first carries the score.
    """
    columns = with_words({name: value for name, value in changes.items() if name != "collectors"})
    refuse_strange(line.agreement, columns)
    seen = {"version": version, "page": page}
    with acting(actor, at=at):
        after = _save(line, columns, **seen, agreement=line.agreement, actor=actor, at=at)
        if "collectors" in changes:
            touched = after.version != line.version and bool(columns)
            after = _save_collectors(line, changes["collectors"], seen, touched=touched, actor=actor, at=at)
        if "dimension" in columns:
            _take_parts_along(after)
    return after


def _save_collectors(line, users, seen, *, touched, actor, at):
    with writing(line.agreement, actor=actor, at=at) as record:
        stand = list(line.collectors.values_list("user_id", flat=True))
        if stand != list(users):
            refuse_locked(line, ["collectors"])
            if not touched:
                touch_seen(line, **seen)
            line.collectors.all().delete()
            LineCollector.objects.bulk_create(
                LineCollector(line=line, user_id=user, position=place, carries_score=place == 1)
                for place, user in enumerate(users, 1)
            )
            change = {"collectors": [_names(stand), _names(users)]}
            record("write", line.agreement, change=change, text=line.name[:LOGGED])
    return Line.objects.get(pk=line.pk)


def _names(users):
    found = User.objects.in_bulk(users)
    return ", ".join(str(found[pk]) for pk in users)[:LOGGED]


def _take_parts_along(line):
    """The parts of a line stand in its dimension. Refused where the library holds one of them in the other."""
    lines = Line.objects.filter(agreement=line.agreement_id).select_related("sheet", "sheet_version")
    moved = [part for part in below(lines, line) if part.dimension_id != line.dimension_id]
    for part in moved:
        refuse_locked(part, ["dimension"])
    Line.objects.filter(pk__in=[part.pk for part in moved]).update(dimension=line.dimension_id)


def save_plan(agreement, changes, *, version, actor, at, page=""):
    """Set fields of the agreement's plan read at `version`."""
    return _save(agreement.plan, changes, version=version, page=page, agreement=agreement, actor=actor, at=at)


def save_plan_item(agreement, item, changes, *, version, actor, at, page=""):
    """Set fields of one item of the agreement's plan, read at `version`."""
    return _save(item, changes, version=version, page=page, agreement=agreement, actor=actor, at=at)


def _save(row, changes, *, version, page, agreement, actor, at):
    with writing(agreement, actor=actor, at=at) as record:
        before, after, changed = save_seen(row, changes, version=version, page=page)
        if isinstance(row, Line):
            refuse_locked(before, changed)
        if changed:
            record("write", agreement, change=difference(before, changed), text=str(before)[:LOGGED])
    return after


def difference(before, changed):
    """What a save changed, for the log: {name: [short text before, short text after]}."""
    return {name: [_short(getattr(before, name)), _short(value)] for name, value in changed.items()}


def _short(value):
    return None if value is None else str(value)[:LOGGED]


def add_line(agreement, dimension, *, actor, at, parent=None, **values):
    """A new line at the end of `dimension`, or of the parts of `parent`, in whose dimension it then stands.

    The first part of a line weighs what that line did, so that the sum stays.
    """
    values = with_words(values)
    refuse_strange(agreement, values)
    with writing(agreement, actor=actor, at=at) as record:
        siblings = agreement.lines.filter(dimension=dimension, parent=parent)
        if parent is not None:
            parent = _standing(parent)
            refuse_parts(parent)
            dimension, siblings = parent.dimension, parent.children.all()
            values = {"weight": Decimal(0) if siblings.exists() else parent.weight} | values
        position = _next_position(siblings)
        line = Line.objects.create(agreement=agreement, dimension=dimension, parent=parent, position=position, **values)
        record("add_line", agreement, text=line.name)
    return line


def _standing(line):
    """The line as it stands; Conflict where somebody has removed it."""
    rows = Line.objects.select_related("agreement", "dimension", "parent", "sheet", "sheet_version")
    found = rows.filter(pk=line.pk).first()
    if found is None:
        raise Conflict(_("Somebody has removed this indicator meanwhile."))
    return found


def remove_line(line, *, actor, at):
    """Take a line and its parts out of the draft; what it said stays in the snapshots and, in short, in the log."""
    with writing(line.agreement, actor=actor, at=at) as record:
        line = _standing(line)
        parts = below(line.agreement.lines.select_related("sheet"), line)
        refuse_removal([line, *parts])
        record("remove_line", line.agreement, text=line.name)
        rows = Line.objects.filter(pk__in=[line.pk, *(part.pk for part in parts)])
        rows.update(parent=None)  # all at one level: a deletion that goes down part by part ends at some depth
        try:
            rows.delete()
        except ProtectedError as refers:
            raise negotiated() from refers


def shift_line(line, step, *, actor, at):
    """Move a line one place up (step −1) or down (+1) among its like (same dimension, part of the same line)."""
    with writing(line.agreement, actor=actor, at=at) as record:
        line = _standing(line)
        _shift(list(line.agreement.lines.filter(dimension=line.dimension_id, parent=line.parent_id)), line, step)
        record("order_lines", line.agreement, text=line.name)


def add_plan_item(agreement, kind, *, parent, text, actor, at, target=""):
    """A new issue, goal, strategy or indicator at the end of its parent (None for an issue)."""
    with writing(agreement, actor=actor, at=at) as record:
        siblings = agreement.plan.items.filter(parent=parent, kind=kind)
        item = PlanItem.objects.create(
            plan=agreement.plan, kind=kind, parent=parent, text=text, target=target, position=_next_position(siblings)
        )
        record("add_plan_item", agreement, text=text[:LOGGED])
    return item


def remove_plan_item(agreement, item, *, actor, at):
    """Take an item, and all under it, out of the plan; lines that referred to it then refer to nothing."""
    with writing(agreement, actor=actor, at=at) as record:
        record("remove_plan_item", agreement, text=item.text[:LOGGED])
        item.delete()


def shift_plan_item(agreement, item, step, *, actor, at):
    """Move an item one place up (−1) or down (+1) among its like."""
    with writing(agreement, actor=actor, at=at) as record:
        _shift(list(agreement.plan.items.filter(parent=item.parent_id, kind=item.kind)), item, step)
        record("order_plan", agreement, text=item.text[:LOGGED])


def _next_position(rows):
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1


def _shift(rows, row, step):
    place = rows.index(row)
    target = place + step
    if 0 <= target < len(rows):
        rows[place], rows[target] = rows[target], rows[place]
    for position, each in enumerate(rows, start=1):
        if each.position != position:
            type(each).objects.filter(pk=each.pk).update(position=position)
