"""Appointing with an eye to the agreements: what a scope names, and that nobody comes to sign for both sides."""

from django.db.models import Q
from django.utils.translation import gettext as _

from acts.log import acting
from acts.refusals import Refusal, Refused
from agreements.authority import covers
from agreements.models import Agreement, AppointmentAgreement
from agreements.signing_rule import slots_of
from agreements.stages import Stage
from orgunits.appoint import appoint
from orgunits.models import Appointment
from thai.dates import shown_year

Scope = Appointment.Scope


def appoint_over(post, user, *, named=(), by, at, idempotency="", **terms):
    """As `orgunits.appoint.appoint`, and with the agreements `named` where the scope says so. Returns the appointment.

    Refused besides: a scope that names nothing, or what the post doesn't sign or the giver has no powers over; and a
    person who would hold posts on both sides of one agreement.
    """
    with acting(by, at=at, idempotency=idempotency) as record:
        appointment = appoint(post, user, by=by, at=at, **terms)
        if appointment.scope == Scope.NAMED:
            AppointmentAgreement.objects.bulk_create(
                AppointmentAgreement(appointment=appointment, agreement=agreement) for agreement in named
            )
            record("orgunits.name_agreements", appointment, change={"named": ["", ", ".join(map(str, named))]})
        wrong = [*_scope_problems(appointment, named), *both_sides(appointment)]
        if wrong:
            raise Refused(wrong, incomplete=True)
        return appointment


def signed_by(post):
    """The agreements that are not closed yet and that the post may sign by their rule, or by a choice in it."""
    return Agreement.objects.filter(_touches(post.unit_id)).exclude(stage=Stage.CLOSED).for_list()


def both_sides(appointment):
    """A Refusal for each agreement that the person would hold a post on either side of, on one day."""
    found = Appointment.objects.overlapping(appointment.since, appointment.until).filter(user=appointment.user_id)
    for other in found.exclude(pk=appointment.pk).select_related("post__unit"):
        for agreement in _between(appointment, other):
            if (
                covers(appointment, agreement)
                and covers(other, agreement)
                and _are_across(agreement, appointment, other)
            ):
                yield _refusal(appointment, other, agreement)


def _scope_problems(appointment, named):
    if appointment.scope != Scope.NAMED:
        return
    if not named:
        yield Refusal(_("Please choose the agreements that the order names."), "#id_agreements")
    for agreement in named:
        if appointment.post not in {post for slot in slots_of(agreement) for post in slot.posts}:
            sentence = _("%(post)s does not sign the agreement of %(agreement)s.")
            yield Refusal(sentence % {"post": appointment.post, "agreement": agreement}, "#id_agreements")
        elif appointment.delegated_by and not _giver_covers(appointment, agreement):
            sentence = _("%(person)s has no powers over the agreement of %(agreement)s, and can't delegate them.")
            yield Refusal(sentence % {"person": appointment.delegated_by, "agreement": agreement}, "#id_agreements")


def _giver_covers(appointment, agreement):
    held = Appointment.objects.in_force(appointment.since).filter(post=appointment.post, user=appointment.delegated_by)
    return any(covers(each, agreement) for each in held.exclude(capacity=Appointment.Capacity.DELEGATED))


def _touches(unit_id):
    """A condition on agreements: the unit has a hand in the signing."""
    return Q(unit=unit_id) | Q(signs_with=unit_id)


def _between(one, other):
    """The agreements in which the units of both appointments have a hand."""
    return signed_by(one.post).filter(_touches(other.post.unit_id))


def _are_across(agreement, one, other):
    """Do the posts of the two appointments sign on different sides?"""
    sides = {post.pk: slot.side for slot in slots_of(agreement) for post in slot.posts}
    ours, theirs = sides.get(one.post_id), sides.get(other.post_id)
    return ours is not None and theirs is not None and ours != theirs


def _refusal(appointment, other, agreement):
    sentence = _(
        "%(person)s is in the post %(other)s, and would sign for both sides of the agreement of %(unit)s of fiscal year "
        "%(year)s. Please choose another person, or limit the order to other agreements."
    )
    said = {
        "person": appointment.user,
        "other": other.post,
        "unit": agreement.unit.short_name,
        "year": shown_year(agreement.fiscal_year.year),
    }
    return Refusal(sentence % said, "#id_user")
