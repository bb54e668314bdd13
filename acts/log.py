"""The log of acts: who did what to which thing, when, chained by hashes, written in the transaction of the act.

Acts nest. The outermost one buffers all entries and writes them last, under the lock of the chain: written at once, the
chain forks without a lock, and with the lock taken inside nested acts two of them deadlock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _

from acts import idempotency as forms_sent
from acts.models import Entry, IdempotencyKey, PublishedHead
from acts.refusals import Conflict
from thai.language import in_thai

GENESIS = "0" * 64
# The number of PostgreSQL's advisory lock of the chain: "acts" in ASCII.
CHAIN_LOCK = 0x61637473
HASHED = ("sequence", "at", "actor_id", "actor_text", "act", "object_kind", "object_id", "object_text", "change",
          "text", "previous_hash")  # fmt: skip


class Record(Protocol):
    """What `acting` hands out: puts one act on record, as part of the open block."""

    def __call__(
        self, act: str, thing: models.Model | None, *, change: dict[str, Any] | None = None, text: str = ""
    ) -> None: ...


class TheSystem:
    """The actor of what nobody does: deadlines, imports, set-up."""

    pk = None

    def __str__(self) -> str:
        return _("The system")


THE_SYSTEM = TheSystem()


@dataclass
class _Buffer:
    """The entries of one outermost act, and the first thing's address."""

    entries: list[Entry] = field(default_factory=list)
    url: str = ""


_open_act: ContextVar[_Buffer | None] = ContextVar("open_act", default=None)


@contextmanager
def acting(actor: Any, *, at: datetime, idempotency: str = "") -> Iterator[Record]:
    """One act of `actor` at `at`, in one transaction with its records: `with acting(user, at=now) as record:`.

    The block commits with its entries or leaves nothing. Nested blocks join the outermost. With `idempotency` (the
    key of a form) a repeat raises AlreadyDone. Conflict where something referred to was deleted at the same moment.
    Inside a transaction of the caller the chain stays locked until that one ends, so let `acting` be the outermost
    where it can be.
    """
    if is_naive(at):
        raise ValueError("An act needs a time with its zone.")
    outer = _open_act.get()
    buffer = _Buffer() if outer is None else outer
    token = _open_act.set(buffer)
    start = len(buffer.entries)
    try:
        with transaction.atomic():
            sent = forms_sent.spend(idempotency, actor=actor, at=at) if idempotency else None
            with _recorder(buffer, actor, at) as record:
                yield record
            if sent:
                _remember_where(sent, buffer)
            if outer is None:
                _write(buffer.entries)
    except IntegrityError as error:
        del buffer.entries[start:]
        if _refers_to_nothing(error):
            raise Conflict(
                _(
                    "Something that this refers to was removed at the same moment. Nothing was saved; please open the "
                    "page again."
                )
            ) from error
        raise
    except BaseException:
        del buffer.entries[start:]
        raise
    finally:
        _open_act.reset(token)


def _refers_to_nothing(error: IntegrityError) -> bool:
    """Is it a foreign key whose row somebody else has deleted? Both databases tell at the end of the transaction."""
    code = getattr(error.__cause__, "pgcode", None) or getattr(error.__cause__, "sqlite_errorname", "")
    return code in ("23503", "SQLITE_CONSTRAINT_FOREIGNKEY")


@contextmanager
def _recorder(buffer: _Buffer, actor: Any, at: datetime) -> Iterator[Record]:
    still_open = True

    def record(act: str, thing: models.Model | None, *, change: dict[str, Any] | None = None, text: str = "") -> None:
        if not still_open:
            raise RuntimeError(f"“{act}” is recorded outside its act: it would be forgotten.")
        buffer.entries.append(_entry(act, thing, actor, at, change or {}, text))
        buffer.url = buffer.url or _address(thing)

    try:
        yield record
    finally:
        still_open = False


def _entry(act: str, thing: models.Model | None, actor: Any, at: datetime, change: dict[str, Any], text: str) -> Entry:
    if thing is not None and thing.pk is None:
        raise ValueError(f"“{act}” is recorded about something that isn't saved, or has gone.")
    with in_thai():
        return Entry(
            at=at.astimezone(UTC),
            actor_id=actor.pk,
            actor_text=str(actor),
            act=act,
            object_kind=thing._meta.label_lower if thing is not None else "",
            object_id=str(thing.pk) if thing is not None else "",
            object_text=str(thing) if thing is not None else "",
            change=canonical(change),
            text=str(text),
        )


def _address(thing: models.Model | None) -> str:
    address = getattr(thing, "get_absolute_url", None)
    return address() if address else ""


def _remember_where(sent: IdempotencyKey, buffer: _Buffer) -> None:
    IdempotencyKey.objects.filter(pk=sent.pk).update(url=buffer.url)


def _write(entries: list[Entry]) -> None:
    """Chain the entries to the last one on record, under the lock that is held until the transaction ends."""
    if not entries:
        return
    lock_chain()
    last = Entry.objects.order_by("-sequence").first()
    sequence, last_hash = (last.sequence, last.own_hash) if last else (0, GENESIS)
    for entry in entries:
        entry.sequence, entry.previous_hash = sequence + 1, last_hash
        entry.own_hash = hash_of(entry)
        sequence, last_hash = entry.sequence, entry.own_hash
    Entry.objects.bulk_create(entries)


def lock_chain() -> None:
    """Let one writer at the chain at a time, until the open transaction ends.

    SQLite needs nothing: with IMMEDIATE every transaction is the only writer from its beginning. PostgreSQL's READ
    COMMITTED then sees, in the statement after the lock, what the writer before has committed.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def canonical(value: Any) -> str:
    """JSON with one spelling: sorted keys, no spaces, Thai as it is, decimals as text, dates as ISO."""
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(entry: Entry) -> str:
    """SHA-256 of everything the entry says, the previous hash included."""
    said = {name: getattr(entry, name) for name in HASHED}
    # Not by the encoder: it cuts microseconds.
    said["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(canonical(said).encode()).hexdigest()


@dataclass(frozen=True)
class Fault:
    """The first entry that is not as it was written."""

    sequence: int
    sentence: str


def first_fault(entries: Iterable[Entry]) -> Fault | None:
    """Walk the chain from its beginning; the first row that is missing, misplaced, altered or forged."""
    expected, last_hash = 1, GENESIS
    for entry in entries:
        if entry.sequence != expected:
            return Fault(expected, _("Entry %(number)s is missing.") % {"number": expected})
        if entry.previous_hash != last_hash:
            return Fault(expected, _("Entry %(number)s does not continue the one before it.") % {"number": expected})
        if entry.own_hash != hash_of(entry):
            return Fault(expected, _("Entry %(number)s was altered after it was written.") % {"number": expected})
        expected, last_hash = expected + 1, entry.own_hash
    return None


def broken_promise() -> PublishedHead | None:
    """The first published head that the log doesn't hold any more: its end was cut off, or all of it rewritten."""
    kept = Entry.objects.filter(sequence=OuterRef("sequence"), own_hash=OuterRef("own_hash"))
    return PublishedHead.objects.exclude(Exists(kept)).order_by("day").first()
