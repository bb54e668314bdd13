"""Putting a person into a post, and ending it. The rows stay: who held a post on a day can always be told."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.log import acting
from orgunits.models import Appointment, Post

Capacity, Scope = Appointment.Capacity, Appointment.Scope


def appoint(post, user, *, capacity=Appointment.Capacity.OWN, since, until=None, order_number="", order_date=None,
            order_by="", order_file="", order_file_name="", scope=Appointment.Scope.ALL, fiscal_year=None,
            delegated_by=None, by, at):  # fmt: skip
    """Appoint `user` to `post` from `since` up to, and not on, `until`. Recorded; returns the appointment.

    `order_file` is a hash in the vault; `delegated_by` who gives their powers. Which agreements a scope of "named"
    names is written by `agreements.appointing`. Raises Refused with every sentence of `appointment_problems`.
    """
    appointment = Appointment(
        post=post, user=user, capacity=capacity, since=since, until=until, order_number=order_number,
        order_date=order_date, order_by=order_by, order_file=order_file, order_file_name=order_file_name,
        scope=scope, fiscal_year=fiscal_year, delegated_by=delegated_by,
    )  # fmt: skip
    with acting(by, at=at) as record:
        appointment.post = _locked(post)
        _checked(appointment, appointment_problems(appointment)).save()
        record("orgunits.appoint", appointment, change=_as_change(appointment))
        return appointment


def end_appointment(appointment, *, until, by, at):
    """The appointment holds up to, and not on, `until`: on its first day, it never held. Recorded; returns it."""
    with acting(by, at=at) as record:
        _locked(appointment.post)
        appointment = Appointment.objects.select_related("user", "post").get(pk=appointment.pk)
        old, appointment.until = appointment.until, until
        _checked(appointment, _two_holders(appointment)).save()
        record("orgunits.end_appointment", appointment, change={"until": [str(old or ""), str(until)]})
        return appointment


def rename_post(post, *, title_th, abbr_th="", title_en="", by, at):
    """Another title for a post; agreements signed before keep the one they were signed with. Recorded."""
    with acting(by, at=at) as record:
        post = _locked(post)
        old = {"title_th": post.title_th, "abbr_th": post.abbr_th, "title_en": post.title_en}
        post.title_th, post.abbr_th, post.title_en = title_th, abbr_th, title_en
        _checked(post).save()
        change = {name: [was, getattr(post, name)] for name, was in old.items() if was != getattr(post, name)}
        record("orgunits.rename_post", post, change=change)
        return post


def _locked(post):
    """The post's row, so that two appointments to it wait for each other (SQLite: the transaction is IMMEDIATE)."""
    return Post.objects.select_for_update().get(pk=post.pk)


def _checked(row, problems=()):
    """The row, if nothing is wrong with it; else Refused with a sentence for each problem."""
    refusals = list(problems)
    try:
        row.full_clean()
    except ValidationError as wrong:
        # What a constraint says was said above already where the checks say it better.
        refusals = refusals or [Refusal(sentence) for sentence in wrong.messages]
    if refusals:
        raise Refused(refusals, incomplete=True)
    return row


def appointment_problems(appointment):
    """What is wrong with an appointment that is not saved yet: each a sentence, with the field that mends it."""
    if not appointment.user.is_active:
        sentence = _("%(person)s can no longer sign in, and so cannot be appointed.")
        yield Refusal(sentence % {"person": appointment.user}, "#id_user")
    if appointment.until is not None and appointment.until <= appointment.since:
        sentence = _("The appointment would end before it begins. Please check both days.")
        yield Refusal(sentence, "#id_until")
    yield from _order_problems(appointment)
    if appointment.capacity == Capacity.OWN:
        yield from _two_holders(appointment)
    else:
        yield from _oneself(appointment)
    if appointment.capacity == Capacity.DELEGATED:
        yield from _delegation_problems(appointment)


def _order_problems(appointment):
    by_order = appointment.capacity != Capacity.OWN
    told = appointment.order_date or appointment.order_by or appointment.order_file
    if (by_order or told) and not appointment.order_number.strip():
        yield Refusal(_("There is no order without a number. Please give the number of the order."), "#id_order_number")
    if by_order and appointment.order_date is None:
        yield Refusal(_("Please give the date of the order."), "#id_order_date")


def _two_holders(appointment):
    """Two people with one post as their own on one day."""
    if appointment.capacity != Capacity.OWN or appointment.until == appointment.since:
        return
    others = Appointment.objects.own().filter(post=appointment.post).exclude(pk=appointment.pk)
    for other in others.overlapping(appointment.since, appointment.until).select_related("user"):
        if other.until == other.since:
            continue
        sentence = _("%(person)s holds the post %(post)s in this period already; end that appointment first.")
        yield Refusal(sentence % {"person": other.user, "post": appointment.post}, "#id_since")


def _oneself(appointment):
    held = _held(appointment.post, appointment.user, appointment.since)
    if any(each.capacity == Capacity.OWN for each in held):
        sentence = _("%(person)s holds this post as their own; nobody acts for themselves.")
        yield Refusal(sentence % {"person": appointment.user}, "#id_user")


def _delegation_problems(appointment):
    giver = appointment.delegated_by
    if giver is None:
        yield Refusal(_("Please say who delegates: the holder of the post, or who acts for it."), "#id_delegated_by")
        return
    if giver.pk == appointment.user_id:
        yield Refusal(_("Nobody delegates to themselves. Please choose another person."), "#id_user")
        return
    held = _held(appointment.post, giver, appointment.since)
    sources = [each for each in held if each.capacity != Capacity.DELEGATED]
    said = {"person": giver, "post": appointment.post}
    if not held:
        sentence = _("%(person)s does not hold the post %(post)s on the day on which the delegation begins.")
        yield Refusal(sentence % said, "#id_delegated_by")
    elif not sources:
        sentence = _("%(person)s has the powers of %(post)s by delegation; what was delegated can't be delegated on.")
        yield Refusal(sentence % said, "#id_delegated_by")
    elif not any(_reaches(source, appointment) for source in sources):
        sentence = _("%(person)s does not hold the post %(post)s for all of that; nobody gives more than they have.")
        yield Refusal(sentence % said, "#id_scope")


def _reaches(source, appointment):
    """Does the giver's own appointment hold as widely? One for named agreements is judged agreement by agreement."""
    if source.scope == Scope.ALL or appointment.scope == Scope.NAMED:
        return True
    return source.scope == appointment.scope and source.fiscal_year_id == appointment.fiscal_year_id


def _held(post, user, on):
    return list(Appointment.objects.in_force(on).filter(post=post, user=user))


def _as_change(appointment):
    told = (
        "capacity", "since", "until", "order_number", "order_date", "order_by", "order_file", "scope", "fiscal_year",
        "delegated_by",
    )  # fmt: skip
    return {name: ["", str(getattr(appointment, name))] for name in told if getattr(appointment, name)}
