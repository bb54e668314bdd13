"""Signing posts that nobody can sign for, or soon can't, for who can see to it: told on งานของฉัน, in time."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from agreements.authority import covers
from agreements.models import Agreement
from agreements.models.sight import any_of, own_side
from agreements.stages import Stage
from orgunits.models import Appointment, Post
from orgunits.reach import reach_of
from orgunits.roles import Role
from orgunits.tree import descendants

IN_TIME = timedelta(days=30)
# Whose post must be held: from the formal negotiation on there is soon something to sign, to certify, to release.
FROM_FORMAL = (Stage.FORMAL, Stage.SIGNING, Stage.ASSESSMENT, Stage.EVALUATION, Stage.APPEAL)
SHOWN_AT_MOST = 10


@dataclass(frozen=True)
class Vacancy:
    """A head's post, and the agreements that wait for it. `last`: the last day that is held, None: vacant today."""

    post: Post
    last: date | None
    agreements: tuple[Agreement, ...]


def vacancies(user, at):
    """Vacancies that the person can see to (head's office, planning office, administrator); at most a few, in four queries."""
    reach, on = reach_of(user, at), timezone.localdate(at)
    if not reach.units(Role.OFFICE, Role.PLANNER, Role.ADMINISTRATOR):
        return ()
    open_ones = Agreement.objects.exclude(stage=Stage.CLOSED).filter(_seen_to(reach))
    posts = _not_lasting(open_ones, on)
    if not posts:
        return ()
    waiting = _waiting(open_ones, posts)
    found = (_vacancy(post, waiting[post.pk], on) for post in posts)
    return tuple(each for each in found if each)


def _seen_to(reach):
    below = descendants(reach.units(Role.PLANNER, Role.ADMINISTRATOR))
    offices = any_of(own_side(unit_id) for unit_id in sorted(reach.units(Role.OFFICE)))
    return offices | Q(unit_id__in=below) | Q(signs_with_id__in=below)


def _not_lasting(open_ones, on):
    """The heads' posts of either side that no whole appointment holds for the next weeks."""
    lasting = Appointment.objects.filter(
        Q(until=None) | Q(until__gt=on + IN_TIME), post=OuterRef("pk"), since__lte=on, user__is_active=True,
        scope=Appointment.Scope.ALL,
    )  # fmt: skip
    signs = Q(Exists(open_ones.filter(unit=OuterRef("unit")))) | Q(
        Exists(open_ones.filter(signs_with=OuterRef("unit")))
    )
    held = Appointment.objects.filter(user__is_active=True).not_over(on).prefetch_related("named_agreements")
    posts = Post.objects.filter(signs, ~Exists(lasting), kind=Post.Kind.HEAD).select_related("unit")
    return list(
        posts.order_by("unit__tree_id", "unit__lft").prefetch_related(Prefetch("appointments", held))[:SHOWN_AT_MOST]
    )


def _waiting(open_ones, posts):
    """{post id: the agreements that it signs}; where another post was named to receive one, not that one."""
    units = {post.unit_id: post.pk for post in posts}
    waiting = {post.pk: [] for post in posts}
    concerned = (
        open_ones.filter(Q(unit__in=units) | Q(signs_with__in=units)).for_list().select_related("receiver_choice")
    )
    for agreement in concerned.order_by("fiscal_year__year", "unit__lft"):
        if agreement.unit_id in units:
            waiting[units[agreement.unit_id]].append(agreement)
        receiver = units.get(agreement.signs_with_id)
        choice = getattr(agreement, "receiver_choice", None)
        if receiver and (choice is None or choice.post_id == receiver):
            waiting[receiver].append(agreement)
    return waiting


def _vacancy(post, agreements, on):
    """The Vacancy of a post, as far as its agreements are not covered today, or soon no longer; None: all is well."""
    held = {agreement: _held_until(post, agreement, on) for agreement in agreements}
    vacant = [each for each, until in held.items() if until is None and each.stage in FROM_FORMAL]
    if vacant:
        return Vacancy(post, None, tuple(vacant))
    ending = {each: until for each, until in held.items() if until is not None and until <= on + IN_TIME}
    if not ending:
        return None
    return Vacancy(post, min(ending.values()) - timedelta(days=1), tuple(ending))


def _held_until(post, agreement, on):
    """The first day on which nobody holds the post for the agreement any more, as known today; None: it is so today."""
    found, until = None, on
    spans = sorted((each.since, each.until or date.max) for each in post.appointments.all() if covers(each, agreement))
    for since, end in spans:
        if since <= until < end:
            found = until = end
    return found
