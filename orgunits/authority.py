"""Who holds a post on a day, and what a person's appointment to it is."""

from orgunits.models import Appointment, Post


def head_post(unit):
    """The head's post of a unit, or None (a grouping node has none)."""
    return Post.objects.filter(unit=unit, kind=Post.Kind.HEAD).select_related("unit").first()


def holder_of(post, on):
    """The appointment of the person whose own post it is on the day `on`, or None when it is vacant."""
    return Appointment.objects.own().in_force(on).filter(post=post).select_related("user", "post__unit").first()


def signatory_of(post, on):
    """The appointment of who can sign for the post on the day `on`: its holder, else who acts for it; None: nobody."""
    found = (
        Appointment.objects.in_force(on).filter(post=post, user__is_active=True).select_related("user", "post__unit")
    )
    return _first(found)


def appointment_for(user, post, on):
    """A person's appointment to the post on the day `on`, their own before acting before delegated; or None.

    An inactive person has none: whoever may no longer sign in, may no longer sign.
    """
    if not user.is_active:
        return None
    found = Appointment.objects.in_force(on).filter(post=post, user=user).select_related("user", "post__unit")
    return _first(found)


def _first(appointments):
    return min(appointments, key=lambda appointment: (PRECEDENCE[appointment.capacity], appointment.pk), default=None)


PRECEDENCE = {capacity: place for place, capacity in enumerate(Appointment.Capacity.values)}
