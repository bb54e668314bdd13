"""Putting a person into a post, and ending it. The rows stay: who held a post on a day can always be told."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from acts.log import acting
from orgunits.models import Appointment, Post


def appoint(post, user, *, capacity=Appointment.Capacity.OWN, since, until=None, order_number="", order_date=None,
            order_by="", by, at):  # fmt: skip
    """Appoint `user` to `post` from `since` up to, and not on, `until`. Recorded; returns the appointment.

    Refused: two people with the post as their own on one day; acting or delegated without an order; an inactive person.
    """
    with acting(by, at=at) as record:
        post = _locked(post)
        appointment = Appointment(
            post=post, user=user, capacity=capacity, since=since, until=until,
            order_number=order_number, order_date=order_date, order_by=order_by,
        )  # fmt: skip
        _checked(appointment).save()
        record("orgunits.appoint", appointment, change=_as_change(appointment))
        return appointment


def end_appointment(appointment, *, until, by, at):
    """The appointment holds up to, and not on, `until`. Recorded; returns it."""
    with acting(by, at=at) as record:
        _locked(appointment.post)
        appointment = Appointment.objects.select_related("user", "post").get(pk=appointment.pk)
        old, appointment.until = appointment.until, until
        _checked(appointment).save()
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


def _checked(row):
    sentences = list(_appointment_refusals(row)) if isinstance(row, Appointment) else []
    try:
        row.full_clean()
    except ValidationError as wrong:
        # The constraint on open-ended holders says the same as the check above, once is enough.
        sentences = sentences or wrong.messages
    if sentences:
        raise Refused([Refusal(sentence) for sentence in sentences], incomplete=True)
    return row


def _appointment_refusals(appointment):
    if not appointment.user.is_active:
        yield _("%(person)s can no longer sign in, and so cannot be appointed.") % {"person": appointment.user}
    if appointment.capacity != Appointment.Capacity.OWN:
        return
    others = Appointment.objects.own().filter(post=appointment.post).exclude(pk=appointment.pk)
    for other in others.overlapping(appointment.since, appointment.until).select_related("user"):
        yield _("%(person)s holds the post %(post)s in this period already; end that appointment first.") % {
            "person": other.user,
            "post": appointment.post,
        }


def _as_change(appointment):
    told = ("capacity", "since", "until", "order_number", "order_date", "order_by")
    return {name: ["", str(getattr(appointment, name))] for name in told if getattr(appointment, name)}
