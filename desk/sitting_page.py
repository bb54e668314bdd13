"""The sitting as its pages show it: what waits for one's signature, what of it is read, and which one comes next."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from agreements.models import Agreement
from agreements.models.rule import SLOT_LABELS
from desk.amendment_page import title_of
from desk.inbox import Task, amendment_tasks, amendments_with_turns, as_tasks, with_turns
from desk.signing_page import addresses
from workflow.amending_turns import amendments_to_sign
from workflow.models import Amendment
from workflow.rules import slot_due
from workflow.sitting import ROLES, Shown, name_of, waiting
from workflow.sitting_form import seal

# So many are signed in one sitting; who has more signs, and comes back for the others.
AT_MOST = 50


@dataclass(frozen=True)
class Waiting:
    """One that waits: with its turn, in which place the person signs, and whether they would sign it now."""

    thing: Agreement | Amendment
    task: Task
    place: str
    is_chosen: bool

    @property
    def name(self):
        return name_of(self.thing)

    @property
    def agreement(self):
        return self.task.agreement

    @property
    def amendment(self):
        """What the amendment is called; "" where it is the agreement itself."""
        return title_of(self.task.amendment) if self.task.amendment else ""

    @property
    def read_url(self):
        return addresses(self.thing)["read_url"]


@dataclass(frozen=True)
class Sitting:
    """What waits for a person's signature, in the order in which it came; `has_more`: than are signed in one sitting."""

    user: object
    all: tuple
    has_more: bool

    @property
    def ready(self):
        """Those read, that can be signed."""
        return [each for each in self.all if each.thing.read_at]

    @property
    def unread(self):
        return [each for each in self.all if not each.thing.read_at]

    @property
    def amends(self):
        """Is there an amendment among those that can be signed?"""
        return any(each.amendment for each in self.ready)

    @property
    def shown(self):
        """What the page shows of those that can be signed, sealed for the form."""
        found = [Shown(each.name, each.thing.version, each.thing.sha256) for each in self.ready]
        return seal(found, self.user)

    def place_of(self, thing):
        """At which place, from 1, an agreement or amendment stands; 0: it doesn't wait."""
        names = [each.name for each in self.all]
        return names.index(name_of(thing)) + 1 if name_of(thing) in names else 0

    def after(self, thing):
        """The address of the next one to read after this one, round the end; of the list once all others are read."""
        place = self.place_of(thing)
        in_turn = [*self.all[place:], *self.all[: max(place - 1, 0)]]
        following = next((each for each in in_turn if not each.thing.read_at), None)
        return following.read_url if following else reverse("desk:sitting")


def sitting_of(user, at, chosen=None):
    """The Sitting of a person; `chosen`: the names ticked on the page that came back, else all that are read."""
    agreements = with_turns(waiting(user, at), user, at)[: AT_MOST + 1]
    amendments = amendments_with_turns(amendments_to_sign(user, at), user, at)[: AT_MOST + 1]
    tasks = [*as_tasks(agreements, on=timezone.localdate(at)), *amendment_tasks(amendments)]
    tasks.sort(key=lambda task: task.turn.since)
    return Sitting(user, tuple(_waiting(task, chosen) for task in tasks[:AT_MOST]), len(tasks) > AT_MOST)


def _waiting(task, chosen):
    thing = task.amendment or task.agreement
    place = SLOT_LABELS[slot_due(thing, ROLES[thing.pen])]
    return Waiting(thing, task, str(place), chosen is None or name_of(thing) in chosen)
