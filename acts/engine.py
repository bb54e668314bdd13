"""The engine: tables of moves, and `move()`, the only writer of a stage.

A table holds every legal move of one kind of thing. `refusals()` says why a move is not possible; `move()` makes it, in
one transaction, with the same sentences. The order inside: claim the row by compare-and-set, read it again under that
lock, judge, write, let follow what follows, record. Whoever edits what the checks judge (a line of an agreement) must
lock the row that moves first (`select_for_update`), so that nothing changes between judging and writing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import F, Model, Q, TextChoices
from django.utils.translation import gettext as _

from acts.log import acting
from acts.refusals import GIVE_A_REASON, AlreadyDone, Conflict, Refusal, Refused

__all__ = [
    "AlreadyDone", "Conflict", "Move", "Refusal", "Refused", "StepUp", "Table",
    "checks_missing", "move", "refusals",
]  # fmt: skip

Thing = TypeVar("Thing", bound=Model)
May = Callable[[Any, Any, datetime], Refusal | None]
Check = Callable[[Any, Any, datetime], Iterable[Refusal]]
Follow = Callable[[Any, Any, datetime, dict[str, Any]], None]
Sets = Callable[[Any, Any, datetime, dict[str, Any]], dict[str, Any]]

STEP_UP_HOLDS_FOR = timedelta(minutes=5)


@dataclass(frozen=True)
class StepUp:
    """Evidence that user `user_id` proved themselves anew at `at`, with the hash `bound_to` before their eyes.

    `method`: by what, in the word that is kept with what follows.
    """

    user_id: Any
    at: datetime
    bound_to: str = ""
    method: str = "password"


@dataclass(frozen=True)
class Move:
    """One legal move: a row of a table.

    `may(thing, actor, at)` answers a Refusal or None: the right person, on the right side, at this moment.
    `checks` answer what is still missing. `target` None keeps the stage. `sets(thing, actor, at, facts)` answers the
    other columns that change in the same UPDATE. `follows(thing, actor, at, facts)` run after it, in the transaction,
    with the thing as it is now; `facts` are those given to `move()` with "reason" and "came_from" (the stage left).
    `bound_to(thing)` is what a step-up must have been given for (the hash of the text that is signed).
    """

    name: str
    label: str
    sources: tuple[str, ...]
    target: str | None
    may: May
    checks: tuple[Check, ...] = ()
    asks_reason: bool = False
    step_up: bool = False
    bound_to: Callable[[Any], str] | None = None
    sets: Sets | None = None
    follows: tuple[Follow, ...] = ()


class Table:
    """All moves of one kind of thing. Refuses duplicates and stages that are not in `stages` when it is built.

    `rule` and `helps(thing, at)` go into the refusal of a move that is not possible at the thing's stage.
    """

    def __init__(
        self,
        name: str,
        moves: Iterable[Move],
        *,
        stages: type[TextChoices],
        rule: str = "",
        helps: Callable[[Any, datetime], Iterable[str]] | None = None,
    ) -> None:
        self.name = name
        self.rule = rule
        self.helps = helps
        self.stages = stages
        self.moves = tuple(moves)
        self._by_name = {step.name: step for step in self.moves}
        self._refuse_mistakes()

    def __iter__(self) -> Iterator[Move]:
        return iter(self.moves)

    def get(self, name: str) -> Move:
        """The move called so; KeyError if there is none."""
        return self._by_name[name]

    def from_stage(self, stage: str) -> tuple[Move, ...]:
        """The moves that lead on from a stage, in the table's order."""
        return tuple(step for step in self.moves if stage in step.sources)

    def label_of(self, stage: str) -> str:
        return str(self.stages(stage).label)

    def _refuse_mistakes(self) -> None:
        if len(self._by_name) != len(self.moves):
            raise ValueError(f"Table {self.name}: two moves bear the same name.")
        for step in self.moves:
            if not step.sources or len(set(step.sources)) != len(step.sources):
                raise ValueError(f"Table {self.name}, move {step.name}: sources are missing or repeated.")
            unknown = {*step.sources, step.target} - {None, *self.stages.values}
            if unknown:
                raise ValueError(f"Table {self.name}, move {step.name}: no such stage: {sorted(map(str, unknown))}.")


def refusals(table: Table, thing: Model, name: str, *, actor: Any, at: datetime) -> list[Refusal]:
    """Why the move is not possible now: wrong stage; else who may, then what is missing. Empty: it is possible."""
    step = table.get(name)
    if thing.stage not in step.sources:  # type: ignore[attr-defined]
        return [_wrong_stage(table, thing, step, at)]
    forbidden = step.may(thing, actor, at)
    return [*([forbidden] if forbidden else []), *_missing(step, thing, actor, at)]


def checks_missing(table: Table, thing: Model, name: str, *, actor: Any, at: datetime) -> list[Refusal]:
    """What is still missing for the move, whoever makes it and whatever the stage: the readiness list."""
    return _missing(table.get(name), thing, actor, at)


def move(
    table: Table,
    thing: Thing,
    name: str,
    *,
    actor: Any,
    at: datetime,
    version: int,
    reason: str = "",
    idempotency: str = "",
    **facts: Any,
) -> Thing:
    """Make the move and return the thing as it is now. All or nothing.

    `version` is that of the page the actor saw. Raises Refused (wrong stage, not allowed, something missing),
    Conflict (stale version, lost race) or AlreadyDone (this form was sent before); then nothing has changed.
    A move with `step_up` wants the fact `step_up`, a StepUp of this actor.
    """
    step = table.get(name)
    reason = reason.strip()
    with acting(actor, at=at, idempotency=idempotency) as record:
        _claim(table, thing, step, version, at)
        before, actor = fresh(thing), _fresh_actor(actor)
        facts = {**facts, "reason": reason, "came_from": before.stage}  # type: ignore[attr-defined]
        _judge(step, before, actor, at, facts)
        _write(step, before, actor, at, facts)
        after = fresh(thing)
        record(f"{table.name}.{name}", after, change=_stage_change(before, after), text=reason)
        for follow in step.follows:
            follow(after, actor, at, facts)
        return fresh(thing)


def unmoved(step: Move, version: int) -> Q:
    """What must still be so for the move to win: the one predicate that decides a race."""
    return Q(stage__in=step.sources, version=version)


def fresh(thing: Thing) -> Thing:
    """The thing as the database has it, past any manager that hides rows."""
    # __class__, not type(): a lazy object (request.user) answers with the class that it stands for.
    return thing.__class__._base_manager.get(pk=thing.pk)


def _rows(thing: Model) -> Any:
    return thing.__class__._base_manager.filter(pk=thing.pk)


def _claim(table: Table, thing: Model, step: Move, version: int, at: datetime) -> None:
    """Take the row and its lock if it is still as the actor saw it; else say who is wrong.

    Claiming first and judging afterwards: the judgement then sees everything committed before the claim, and nobody
    can commit anything under it. A refusal rolls the claim back.
    """
    if not _rows(thing).filter(unmoved(step, version)).update(version=F("version") + 1):
        raise _why_lost(table, thing, step, version, at)


def _why_lost(table: Table, thing: Model, step: Move, version: int, at: datetime) -> Exception:
    now = _rows(thing).first()
    if now is None:
        return Conflict(_("This no longer exists. Nothing was changed."))
    if now.version != version:
        return Conflict(
            _(
                "Someone has changed this since you opened the page; it is now at the stage “%(stage)s”. You have "
                "changed nothing. Please open the page again, check it, and decide again."
            )
            % {"stage": table.label_of(now.stage)}
        )
    return Refused([_wrong_stage(table, now, step, at)])


def _wrong_stage(table: Table, thing: Any, step: Move, at: datetime) -> Refusal:
    sentence = _("This is at the stage “%(stage)s”, where “%(move)s” is not possible.")
    sentence %= {"stage": table.label_of(thing.stage), "move": step.label}
    return Refusal(sentence, rule=table.rule, help=table.helps(thing, at) if table.helps else ())


def _fresh_actor(actor: Any) -> Any:
    """The actor as the database has them now; refused if the account is gone or closed. The system acts as itself."""
    if not isinstance(actor, Model):
        return actor
    now = _rows(actor).first()
    if now is None or not getattr(now, "is_active", True):
        raise Refused([Refusal(_("Your account has been closed. Please ask the administrator of your unit."))])
    return now


def _judge(step: Move, thing: Any, actor: Any, at: datetime, facts: dict[str, Any]) -> None:
    forbidden = step.may(thing, actor, at)
    if forbidden:
        raise Refused([forbidden])
    if step.step_up:
        _demand_step_up(step, thing, actor, at, facts.get("step_up"))
    missing = _missing(step, thing, actor, at)
    if step.asks_reason and not facts["reason"]:
        missing.append(Refusal(str(GIVE_A_REASON), "#id_reason"))
    if missing:
        raise Refused(missing, incomplete=True)


def _demand_step_up(step: Move, thing: Any, actor: Any, at: datetime, evidence: StepUp | None) -> None:
    ours = evidence is not None and evidence.user_id == actor.pk
    if not ours or not timedelta() <= at - evidence.at <= STEP_UP_HOLDS_FOR:  # type: ignore[union-attr]
        raise Refused([Refusal(_("Please confirm with your password; it is asked for each time."), "#id_password")])
    if step.bound_to and evidence.bound_to != step.bound_to(thing):  # type: ignore[union-attr]
        raise Conflict(
            _("The text has changed since it was shown to you. Nothing was done. Please read it again and decide.")
        )


def _missing(step: Move, thing: Any, actor: Any, at: datetime) -> list[Refusal]:
    return [refusal for check in step.checks for refusal in check(thing, actor, at)]


def _write(step: Move, thing: Any, actor: Any, at: datetime, facts: dict[str, Any]) -> None:
    columns = dict(step.sets(thing, actor, at, facts)) if step.sets else {}
    if step.target is not None:
        columns |= {"stage": str(step.target), "stage_since": at}
    if columns:
        _rows(thing).update(**columns)


def _stage_change(before: Any, after: Any) -> dict[str, Sequence[str]]:
    return {"stage": [before.stage, after.stage]} if before.stage != after.stage else {}
