"""Which text of an agreement took the place of which: what is said of a document once there are amendments."""

from dataclasses import dataclass

from agreements.models import Document, Snapshot
from workflow.models import Amendment


@dataclass(frozen=True)
class Place:
    """Where a signed text stands among those that were in force: the amendment that led to it, and that which ended it.

    `led_to`: None of what was signed first. `ended_by`: None of the text in force. `in_force`: the signed document of the
    text in force, `before`: that of the text it amends; each None where there is no other than this.
    """

    led_to: Amendment | None
    ended_by: Amendment | None
    in_force: Document | None
    before: Document | None

    @property
    def is_superseded(self):
        return self.ended_by is not None


def place_of(snapshot):
    """The Place of a signed snapshot. One query; one more where there are amendments."""
    made = amendments_made(snapshot.agreement_id)
    led_to, ended_by = made.led_to.get(snapshot.pk), made.ended_by.get(snapshot.pk)
    if not (led_to or ended_by):
        return Place(None, None, None, None)
    texts = {made.last.snapshot_id if ended_by else None, led_to.amends_id if led_to else None} - {None}
    found = Document.objects.filter(kind=Document.Kind.SIGNED, snapshot__in=texts).defer("certificate")
    papers = {document.snapshot_id: document for document in found}
    in_force = papers.get(made.last.snapshot_id) if ended_by else None
    return Place(led_to, ended_by, in_force, papers.get(led_to.amends_id) if led_to else None)


@dataclass(frozen=True)
class Made:
    """The amendments of an agreement that are in force: by the id of the text each led to, and of that it ended."""

    led_to: dict[int, Amendment]
    ended_by: dict[int, Amendment]

    @property
    def last(self):
        return list(self.led_to.values())[-1]


def amendments_made(agreement_id):
    """What was Made of the agreement. One query."""
    found = list(Amendment.objects.in_force().filter(agreement=agreement_id).order_by("number"))
    return Made({each.snapshot_id: each for each in found}, {each.amends_id: each for each in found})


# Texts that belong to an amendment, whatever became of it.
OF_AMENDMENTS = (Snapshot.Purpose.AMENDING, Snapshot.Purpose.AMENDED)


def amendments_begun(agreement_id):
    """Every amendment of an agreement, whatever became of it, as they were begun. One query."""
    return list(Amendment.objects.filter(agreement=agreement_id).order_by("number"))


def amendment_of(snapshot, begun):
    """Which of the amendments `begun` a frozen text belongs to; None of what no amendment was about.

    An agreement has one open amendment at most: a text belongs to that which was begun last before it was frozen.
    """
    if snapshot.purpose not in OF_AMENDMENTS:
        return None
    return next((each for each in reversed(begun) if each.begun_at <= snapshot.taken_at), None)
