"""The page of an agreement's announcements: what is before the public, what could be, and who did what."""

from dataclasses import dataclass

from django.urls import reverse

from acts.engine import Refusal
from acts.models import Entry
from agreements.models import Agreement
from desk.movements import ANNOUNCING, movement
from workflow.models import Publication
from workflow.publication import announced, kind_to_announce, may_announce, waiting_to_be_announced, why_not

# On งานของฉัน; the others come once these are announced.
SHOWN_AT_MOST = 10


@dataclass(frozen=True)
class ToAnnounce:
    """What waits for the planning office to announce: (agreement, the kind in words) of a few, and how many more."""

    shown: tuple[tuple[Agreement, str], ...]
    more: int


def to_announce(user, at):
    """The ToAnnounce of a person, the longest waiting first. Two queries; none for who isn't of a planning office."""
    waiting = waiting_to_be_announced(user, at)
    shown = tuple((each, kind_to_announce(each).label) for each in waiting[:SHOWN_AT_MOST])
    return ToAnnounce(shown, more=waiting.count() - SHOWN_AT_MOST if len(shown) == SHOWN_AT_MOST else 0)


@dataclass(frozen=True)
class Card:
    """One kind of announcement, as the person who looks may use it."""

    publication: Publication
    public_url: str
    announce_url: str
    withdraw_url: str
    refusals: tuple[Refusal, ...]


def cards(agreement, *, user, at):
    """A Card for each kind, that of amended texts once there is one; no ways to act for who isn't of the planning office."""
    acts = may_announce(user, agreement, at) is None
    kinds = [kind for kind in Publication.Kind if kind != Publication.Kind.AMENDED or agreement.amended_to_id]
    return [_card(agreement, kind, user, at, acts) for kind in kinds]


def _card(agreement, kind, user, at, acts):
    publication = announced(agreement, kind)
    refusals = tuple(why_not(publication, "announce", actor=user, at=at)) if acts else ()
    shown = publication.is_published
    return Card(
        publication,
        public_url=public_url(agreement, kind) if shown else "",
        announce_url=reverse("desk:announce", args=[agreement.code, kind]) if acts and not refusals else "",
        withdraw_url=reverse("desk:withdraw_announcement", args=[agreement.code, kind]) if acts and shown else "",
        refusals=() if shown else refusals,
    )


def public_url(agreement, kind=""):
    """Where the public reads an agreement; `kind`: that one of its announcements."""
    address = reverse("desk:public_agreement", args=[agreement.fiscal_year.year, agreement.unit.code])
    return f"{address}?show={kind}" if kind else address


def what_happened(agreement, *, reader):
    """Every announcement and withdrawal on record, the newest first."""
    found = Entry.objects.about(agreement).filter(act__in=ANNOUNCING)
    return [movement(entry, reader=reader) for entry in found]
