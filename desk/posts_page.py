"""The posts of a unit as pages show them: who is in them today, who comes, who was; and who may do something there."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from acts.refusals import Refusal
from agreements.authority import holds_by, last_day
from agreements.models import AppointmentAgreement
from desk.unit_page import may_know_people, path_to, unit_url
from orgunits.administration import units_of
from orgunits.authority import PRECEDENCE
from orgunits.holders import help_for, help_of_post
from orgunits.models import Appointment, Post
from orgunits.roles import Role
from thai.dates import shown_year, thai_date, until_words

Capacity, Scope = Appointment.Capacity, Appointment.Scope
SOON_DAYS = 30


@dataclass(frozen=True)
class Held:
    """An appointment in words. `may_end`: the person who looks may end it."""

    appointment: Appointment
    sentence: str
    scope: str
    ends_soon: str
    may_end: bool


@dataclass(frozen=True)
class PostCard:
    """A post with its appointments: today's, those to come, those that are over (empty for who may not see them)."""

    post: Post
    now: tuple[Held, ...]
    later: tuple[Held, ...]
    over: tuple[Held, ...]
    may_delegate: bool


def may_appoint(user, unit, at):
    """Refusal unless the person looks after the people of the unit: administrators alone appoint."""
    if units_of(user, at).filter(pk=unit.pk).exists():
        return None
    sentence = _("Only a system administrator of %(unit)s can appoint there.") % {"unit": unit.short_name}
    return _for_administrators(sentence, unit, at)


def _for_administrators(sentence, unit, at, *, but=None):
    rule = _("Appointments are entered and ended by administrators within their reach, and never their own.")
    return Refusal(sentence, rule=rule, help=help_for(Role.ADMINISTRATOR, [unit.pk], at, but=but))


def _for_who_holds(sentence, post, on):
    rule = _("Who holds a post, or acts for it, delegates its powers; what was delegated is not delegated on.")
    return Refusal(sentence, rule=rule, help=help_of_post(post, on))


def may_delegate(user, post, on):
    """Refusal unless the post is the person's own on that day, or they act for it."""
    held = Appointment.objects.in_force(on).filter(post=post, user=user)
    if any(each.capacity != Capacity.DELEGATED for each in held):
        return None
    if held:
        sentence = _("You have the powers of this post by delegation; what was delegated can't be delegated on.")
        return _for_who_holds(sentence, post, on)
    sentence = _("Only who holds the post %(post)s, or acts for it, can delegate.") % {"post": post.title}
    return _for_who_holds(sentence, post, on)


def may_end(user, appointment, at):
    """Refusal unless the person may end it: an administrator of the unit; a delegation also who holds the post."""
    if may_appoint(user, appointment.post.unit, at) is None:
        if appointment.user_id == user.pk:
            sentence = _("This is your own appointment. Another administrator has to do this for you.")
            return _for_administrators(sentence, appointment.post.unit, at, but=user)
        return None
    if appointment.capacity != Capacity.DELEGATED:
        sentence = _("Only a system administrator of %(unit)s can end this appointment.")
        sentence %= {"unit": appointment.post.unit.short_name}
        return _for_administrators(sentence, appointment.post.unit, at)
    if may_delegate(user, appointment.post, timezone.localdate(at)) is None:
        return None
    sentence = _("Only who holds the post %(post)s, or a system administrator of %(unit)s, can end this delegation.")
    sentence %= {"post": appointment.post.title, "unit": appointment.post.unit.short_name}
    return _for_administrators(sentence, appointment.post.unit, at)


def sees_past(user, unit, at):
    """May the person see who held the posts before, by which orders? Who may know the people of the unit."""
    return may_know_people(path_to(unit.code, user), user, at)


def breadcrumbs(unit, user):
    """The units from the top down to this one, each leading to its page."""
    return _steps(path_to(unit.code, user))


def _steps(path):
    return [{"label": each.short_name, "url": unit_url(each)} for each in path]


def posts_page(unit, user, at):
    """Context of desk/unit_posts.html."""
    on = timezone.localdate(at)
    path = path_to(unit.code, user)
    manages, past = may_appoint(user, unit, at) is None, may_know_people(path, user, at)
    ordered = Appointment.objects.select_related("user", "delegated_by", "fiscal_year", "post__unit").order_by(
        "-since", "pk"
    )
    if not past:
        ordered = ordered.in_force(on)
    named = AppointmentAgreement.objects.select_related("agreement__unit", "agreement__fiscal_year")
    with_names = ordered.prefetch_related(Prefetch("named_agreements", named))
    posts = unit.posts.select_related("unit").order_by("pk").prefetch_related(Prefetch("appointments", with_names))
    cards = [_card(post, user, on, manages=manages) for post in posts]
    return {
        "unit": unit,
        "breadcrumbs": _steps(path),
        "posts": cards,
        "may_appoint": manages,
        "sees_past": past,
        "on": on,
    }


def _card(post, user, on, *, manages):
    every = sorted(post.appointments.all(), key=lambda each: PRECEDENCE[each.capacity])
    holds = any(each.user_id == user.pk and each.holds_on(on) and each.capacity != Capacity.DELEGATED for each in every)

    def held(appointment):
        over = appointment.until is not None and appointment.until <= on
        ends = manages and appointment.user_id != user.pk or (holds and appointment.capacity == Capacity.DELEGATED)
        return Held(
            appointment, holds_by(appointment), scope_of(appointment), _ends_soon(appointment, on), ends and not over
        )

    now = tuple(held(each) for each in every if each.holds_on(on))
    later = tuple(held(each) for each in every if each.since > on)
    over = tuple(held(each) for each in every if not each.holds_on(on) and each.since <= on)
    return PostCard(post, now, later, over, holds)


def scope_of(appointment):
    """What the appointment is limited to, in words; "" where it is not."""
    if appointment.scope == Scope.YEAR:
        return _("Only agreements of fiscal year %(year)s") % {"year": shown_year(appointment.fiscal_year.year)}
    if appointment.scope == Scope.NAMED:
        named = ", ".join(str(each.agreement) for each in appointment.named_agreements.all())
        return _("Only the agreements of %(named)s") % {"named": named}
    return ""


def _ends_soon(appointment, on):
    if not appointment.holds_on(on) or appointment.until is None or (appointment.until - on).days > SOON_DAYS:
        return ""
    last = last_day(appointment)
    return _("ends on %(day)s (%(words)s)") % {"day": thai_date(last, "medium"), "words": until_words(last, on)}
