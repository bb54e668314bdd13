"""A line and the library: taking a sheet as a new line, and answering to a version that was published since."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acts.engine import Conflict, Refusal, Refused
from acts.log import acting
from acts.versions import Stale
from agreements.duties import STAGE_RULE
from agreements.locks import label_of
from agreements.mandates import another_scale, line_values, replaced_values
from agreements.models import Agreement, Line, SheetAnswer
from agreements.rules import may_write, numbered_lines
from agreements.stages import WRITTEN_IN
from agreements.standing import As, standing_of, those_where
from agreements.who_can_help import refused_for_role, refused_for_turn
from agreements.write import LOGGED, add_line, writing
from indicators.models import Sheet, SheetVersion
from thai.dates import thai_date


class Said(StrEnum):
    """What became of a changed version at a line."""

    WAITING = "waiting"
    LATE = "late"
    ACCEPTED = "accepted"
    OBJECTED = "objected"
    TOLD = "told"


@dataclass(frozen=True)
class Change:
    """One field that a version would change: as it stands in the line, and as the version has it."""

    name: str
    label: str
    was: object
    now: object


def take_sheet(agreement, sheet, dimension, *, actor, at, idempotency=""):
    """A new line from the sheet's version in force, as the unit's own choice. Raises Refused; Conflict if it is there."""
    with acting(actor, at=at, idempotency=idempotency), writing(agreement, actor=actor, at=at):
        found = Sheet.objects.in_use().select_related("current").filter(pk=sheet.pk).first()
        if found is None:
            raise Refused([Refusal(_("This sheet can't be taken: it is not published, or it has been retired."))])
        if agreement.lines.filter(sheet=found).exists():
            raise Conflict(_("This agreement holds the sheet %(code)s already.") % {"code": found.code})
        if not found.current.fits(agreement.framework.scoring_scale):
            raise Refused([Refusal(another_scale(found.current) % {"levels": agreement.unit.tier})])
        found.current.sheet = found
        return add_line(agreement, dimension, actor=actor, at=at, **line_values(found.current, mandated=False))


def changes_of(line, version):
    """What the version would change in the line: [Change].

    A mandatory line says what the version says. In one that the unit took by choice, only what is new in the version
    changes: elsewhere the unit may have words of its own.
    """
    held = line.sheet_version
    return [
        Change(name, label_of(name), getattr(line, name), value)
        for name, value in replaced_values(version).items()
        if getattr(line, name) != value and (line.mandated or getattr(held, name) != value)
    ]


def awaited_version(line):
    """The version in force of the line's sheet, where the line still holds another one; else None."""
    return line.sheet.current if _is_behind(line) else None


def said_of(line, version, answer, on):
    """What became of `version` at the line, from its answer (a SheetAnswer or None) on the day `on`."""
    if line.sheet_version_id == version.pk:
        return Said.ACCEPTED
    if answer:
        return Said.ACCEPTED if answer.accepted else Said.OBJECTED
    if line.agreement.stage not in WRITTEN_IN:
        return Said.TOLD
    return Said.LATE if is_late(version, on) else Said.WAITING


def is_late(version, on: date):
    """Is the date over by which the version was to be answered?"""
    return version.answer_by is not None and version.answer_by < on


def may_answer(agreement, actor, at):
    """Refusal unless `actor` may answer for the unit: its planning staff, while the text can still change."""
    if As.STAFF not in standing_of(actor, agreement, at):
        sentence = _("Only planning staff of %(unit)s answer to a changed sheet.")
        return refused_for_role(sentence % {"unit": agreement.unit.short_name}, agreement, As.STAFF, at)
    if agreement.stage not in WRITTEN_IN:
        sentence = _("This agreement is settled: you are told of the new version, and its text stays as it is.")
        return refused_for_turn(sentence, agreement, at, rule=STAGE_RULE)
    return None


def accept_version(line, version, *, seen, actor, at, idempotency=""):
    """Put the version's text into the line read at `seen`, and note that it was accepted: one act.

    Raises Refused unless the actor may write now; Stale where the line has changed since.
    """
    with acting(actor, at=at, idempotency=idempotency), writing(line.agreement, actor=actor, at=at) as record:
        held, version = _awaited(line, version)
        changes = changes_of(held, version)
        values = {change.name: change.now for change in changes}
        rows = Line.objects.filter(pk=held.pk, version=seen)
        if not rows.update(**values, sheet_version=version, version=F("version") + 1, written_from=""):
            raise Stale(held)
        _answer(held, version, actor, at, accepted=True, reason="")
        told = {change.name: [_short(change.was), _short(change.now)] for change in changes}
        record("accept_version", line.agreement, change=told | {"line": held.name[:LOGGED]}, text=str(version.number))
    return Line.objects.get(pk=line.pk)


def object_to_version(line, version, reason, *, actor, at, idempotency=""):
    """Note that the unit objects to the version, and why; the line stays as it is. Raises Refused."""
    refusal = may_answer(line.agreement, actor, at)
    if refusal:
        raise Refused([refusal])
    if not reason.strip():
        raise Refused([Refusal(_("Please give the reason of the objection."), "#id_reason")], incomplete=True)
    with acting(actor, at=at, idempotency=idempotency) as record:
        agreement = Agreement.objects.select_for_update().get(pk=line.agreement_id)
        if refusal := may_answer(agreement, actor, at):
            raise Refused([refusal])
        held, version = _awaited(line, version)
        _answer(held, version, actor, at, accepted=False, reason=reason.strip())
        record("object_to_version", line.agreement, change={"line": held.name[:LOGGED]}, text=reason.strip()[:LOGGED])


def _awaited(line, version):
    """The line as it stands and the version; Conflict where that is no longer what is asked."""
    held = Line.objects.select_related("sheet__current", "sheet_version").get(pk=line.pk)
    awaited = awaited_version(held)
    if awaited is None or awaited != version:
        raise Conflict(_("This version has been answered already, or another one has been published since."))
    return held, awaited


def _answer(line, version, actor, at, *, accepted, reason):
    said = {"accepted": accepted, "reason": reason, "answered_by": str(actor), "answered_at": at}
    SheetAnswer.objects.update_or_create(line=line, version=version, defaults=said)


def _short(value):
    return None if value is None else str(value)[:LOGGED]


def waiting_answers(user, at):
    """The lines whose changed sheet `user` is to answer to, the most urgent first, with agreement and version."""
    answered = SheetAnswer.objects.filter(version=F("line__sheet__current")).values("line")
    found = Line.objects.exclude(sheet=None).exclude(sheet__current=F("sheet_version")).exclude(pk__in=answered)
    mine = Agreement.objects.filter(those_where(user, As.STAFF, at), stage__in=WRITTEN_IN)
    ordered = found.filter(agreement__in=mine).order_by("sheet__current__answer_by", "agreement__code", "pk")
    return ordered.select_related("agreement__unit", "agreement__fiscal_year", "sheet__current")


def version_advice(agreement, on):
    """What is said, on the day `on`, of changed sheets whose new version a line doesn't hold; it keeps nobody from going on."""
    behind = [each for each in numbered_lines(agreement) if _is_behind(each.line)]
    if not behind:
        return
    versions = SheetVersion.objects.in_bulk({each.line.sheet.current_id for each in behind})
    answered = SheetAnswer.objects.filter(line__in=[each.line for each in behind], version__in=versions)
    objected = set(answered.filter(accepted=False).values_list("line", "version"))
    for each in behind:
        line, version = each.line, versions[each.line.sheet.current_id]
        if (line.pk, version.pk) in objected:
            sentence = OBJECTED
        else:
            sentence = OVER if is_late(version, on) else WAITS
        words = {
            "number": each.number,
            "code": line.sheet.code,
            "new": version.number,
            "old": line.sheet_version.number,
            "day": thai_date(version.answer_by, "medium"),
        }
        yield Refusal(sentence % words, f"version/{line.pk}")


def _is_behind(line):
    return line.sheet_id is not None and line.sheet.current_id != line.sheet_version_id


WAITS = gettext_lazy(
    "Indicator %(number)s: version %(new)s of %(code)s waits for an answer until %(day)s. "
    "Version %(old)s holds unless the new one is accepted."
)
OVER = gettext_lazy(
    "Indicator %(number)s: version %(new)s of %(code)s was to be answered by %(day)s. "
    "Version %(old)s goes on to hold; the new one can still be accepted, or objected to."
)
OBJECTED = gettext_lazy(
    "Indicator %(number)s: the unit has objected to version %(new)s of %(code)s; version %(old)s holds."
)


def lines_of_sheet(sheet):
    """The lines taken from the sheet, each with its agreement, by unit, the latest year first."""
    lines = sheet.lines.select_related("agreement__unit", "agreement__fiscal_year", "sheet_version")
    return lines.order_by("-agreement__fiscal_year__year", "agreement__unit__tree_id", "agreement__unit__lft")


def may_accept(agreement, actor, at):
    """Refusal unless `actor` may put a version's text into the agreement now."""
    return may_answer(agreement, actor, at) or may_write(agreement, actor, at)
