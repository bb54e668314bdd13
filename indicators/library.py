"""Writing the library's sheets: a draft is written, published as the next version, and a sheet retired at last."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from acts.engine import Conflict, Refusal, Refused
from acts.log import acting
from acts.versions import Stale, save_seen
from indicators.library_models import CONTENT, CRITERIA, FIELDS_OF, Sheet, SheetDraft, SheetVersion, UnitSets
from orgunits.holders import help_for
from orgunits.models import OrgUnit
from orgunits.reach import reach_of
from orgunits.roles import Role
from orgunits.tree import ancestor_ids, descendants

LOGGED = 200  # characters of a changed text that the log keeps; the versions keep it all
WRITTEN = (*CONTENT, "unit_sets")
REQUIRED = ("name", "unit_of_measure", "definition", "formula", "data_source")


def may_keep(owner, actor, at):
    """Refusal unless `actor` is of the planning office of the sheet's owner, or of a unit above."""
    if reach_of(actor, at).units(Role.PLANNER) & ancestor_ids(owner.pk):
        return None
    sentence = _("Only the planning office of %(unit)s, or of a unit above it, writes its sheets of the library.")
    rule = _("The planning office of its owner unit keeps a sheet of the library; everybody reads it.")
    return Refusal(sentence % {"unit": owner.short_name}, rule=rule, help=help_for(Role.PLANNER, [owner.pk], at))


def units_kept(actor, at):
    """The units whose sheets `actor` may write, as a queryset."""
    planning = reach_of(actor, at).units(Role.PLANNER)
    return OrgUnit.objects.filter(pk__in=descendants(planning)) if planning else OrgUnit.objects.none()


def _only_who_keeps(owner, actor, at):
    refusal = may_keep(owner, actor, at)
    if refusal:
        raise Refused([refusal])


def hold(sheet):
    """The sheet as it stands, its row held: nothing of it is published or retired until the act is over.

    Lines may still be made that refer to it: who begins a draft holds what a push waits for.
    """
    held = Sheet.objects.select_for_update(of=("self",), no_key=True).get(pk=sheet.pk)
    held.owner = sheet.owner
    return held


def add_sheet(code, owner, source, content, *, by, at, idempotency=""):
    """A new sheet with its first draft. Conflict where the code is taken. Raises Refused."""
    _only_who_keeps(owner, by, at)
    with acting(by, at=at, idempotency=idempotency) as record:
        try:
            with transaction.atomic():
                sheet = Sheet.objects.create(code=code, owner=owner, source=source)
        except IntegrityError as taken:
            raise Conflict(_("The code %(code)s is taken by another sheet.") % {"code": code}) from taken
        SheetDraft.objects.create(sheet=sheet, **content)
        record("library.add", sheet, text=content["name"][:LOGGED])
    return sheet


def draft_of(sheet):
    """The draft being written; where there is none, one that is not saved: the version in force, to begin from."""
    found = SheetDraft.objects.filter(sheet=sheet).first()
    return found or SheetDraft(sheet=sheet, version=0, **{name: getattr(sheet.current, name) for name in WRITTEN})


def save_draft(sheet, changes, *, version, by, at, page=""):
    """Set fields of the draft read at `version`; 0: there was none, and one is begun from the version in force.

    Raises Stale where somebody else has written meanwhile. Gives the draft as it stands after.
    """
    _only_who_keeps(sheet.owner, by, at)
    with acting(by, at=at) as record:
        draft = _draft_at(hold(sheet), version)
        before, after, changed = save_seen(draft, changes, version=version or draft.version, page=page)
        if changed:
            told = {name: [_short(getattr(before, name)), _short(value)] for name, value in changed.items()}
            record("library.write", sheet, change=told, text=after.name[:LOGGED])
    return after


def _draft_at(sheet, version):
    there = SheetDraft.objects.filter(sheet=sheet).first()
    if there and not version:
        raise Stale(there)
    if there:
        return there
    if version:
        raise Conflict(_("This draft has been published meanwhile. Please open the sheet again."))
    begun = draft_of(sheet)
    begun.version = 1
    begun.save(force_insert=True)
    return begun


def _short(value):
    return None if value is None else str(value)[:LOGGED]


def publish(sheet, *, version, note="", answer_by=None, by, at, idempotency=""):
    """Make the draft, as read at `version`, the next version of the sheet. Gives the SheetVersion.

    The first version needs no note and no date. Raises Refused; Conflict where somebody else was first.
    """
    _only_who_keeps(sheet.owner, by, at)
    with acting(by, at=at, idempotency=idempotency) as record:
        held = hold(sheet)
        draft = SheetDraft.objects.filter(sheet=held, version=version).first()
        if draft is None:
            raise Conflict(_("This draft has been changed or published meanwhile. Please open the sheet again."))
        first = held.current_id is None
        problems = publishing_problems(held, draft, note=note, answer_by=answer_by, at=at)
        if problems:
            raise Refused(problems, incomplete=True)
        published = SheetVersion.objects.create(
            sheet=held,
            number=(held.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
            published_at=at,
            published_by=str(by),
            note="" if first else note,
            answer_by=None if first else answer_by,
            **{name: getattr(draft, name) for name in WRITTEN},
        )
        Sheet.objects.filter(pk=held.pk).update(current=published)
        draft.delete()
        record("library.publish", held, change={"number": published.number}, text=published.note[:LOGGED])
    return published


def discard(sheet, *, version, by, at, idempotency=""):
    """Throw away the draft as read at `version`. A sheet that was never published goes with it, and its code is free.

    Gives whether the sheet is still there. Raises Refused; Conflict where somebody else was first.
    """
    _only_who_keeps(sheet.owner, by, at)
    with acting(by, at=at, idempotency=idempotency) as record:
        held = hold(sheet)
        draft = SheetDraft.objects.filter(sheet=held, version=version).first()
        if draft is None:
            raise Conflict(_("This draft has been changed or published meanwhile. Please open the sheet again."))
        record("library.discard", held, text=draft.name[:LOGGED])
        draft.delete()
        if held.current_id is None:
            held.delete()
    return held.current_id is not None


def publishing_problems(sheet, draft, *, note, answer_by, at):
    """What keeps the draft from being published: what it lacks, and for a later version the note and the date."""
    if sheet.retired_at:
        return [Refusal(_("This sheet has been retired; no more versions of it are published."))]
    found = [*draft_problems(draft)]
    if sheet.current_id is None:
        return found
    if all(getattr(draft, name) == getattr(sheet.current, name) for name in WRITTEN):
        found.append(Refusal(_("The draft says the same as the version in force; there is nothing to publish.")))
    if not note.strip():
        found.append(Refusal(_("Please say what has changed, and why: the units read it."), "#id_note"))
    if answer_by is None:
        found.append(Refusal(_("Please give the date by which the units answer."), "#id_answer_by"))
    elif answer_by < timezone.localdate(at):
        found.append(Refusal(_("The date by which the units answer is over already."), "#id_answer_by"))
    return found


def draft_problems(draft):
    """What a draft lacks to be a version, each with its field."""
    for name in REQUIRED:
        if not getattr(draft, name).strip() and name not in draft.set_by_units:
            label = draft._meta.get_field(name).verbose_name
            yield Refusal(_("The sheet has no %(field)s.") % {"field": label}, f"#id_{name}")
    for group in (UnitSets.WEIGHT, UnitSets.TARGET):
        if group not in draft.unit_sets and getattr(draft, FIELDS_OF[group][0]) is None:
            sentence = _("Please give the %(field)s, or let the units set it.")
            yield Refusal(sentence % {"field": group.label}, f"#id_{group.value}")
    if not set(CRITERIA) <= draft.set_by_units:
        for problem in draft.criteria.problems():
            yield Refusal(str(problem), "#id_kind")


def retire(sheet, why, *, by, at, idempotency=""):
    """The sheet goes into no more agreements; those that hold it keep it. Raises Refused."""
    _only_who_keeps(sheet.owner, by, at)
    with acting(by, at=at, idempotency=idempotency) as record:
        held = hold(sheet)
        if held.retired_at:
            raise Conflict(_("This sheet has been retired already."))
        if not why.strip():
            raise Refused(
                [Refusal(_("Please give the reason; it is shown with the sheet."), "#id_why")], incomplete=True
            )
        Sheet.objects.filter(pk=held.pk).update(retired_at=at, retired_why=why.strip())
        record("library.retire", held, text=why[:LOGGED])
