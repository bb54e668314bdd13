"""Who could sign an agreement on a day, and why: asked by the pages that explain it, and by the act itself.

Nothing here knows the clock. What has been signed already is known further up, and is handed in.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from acts.reading import once
from agreements.models import Agreement
from agreements.models.sight import covers
from agreements.signing_rule import SlotOf, receiver_choice, signing_posts, slot_of, slots_of
from orgunits.authority import PRECEDENCE
from orgunits.models import Appointment, Post
from orgunits.orders import order_words
from thai.dates import shown_year, thai_date

Capacity, Scope = Appointment.Capacity, Appointment.Scope
# An appointment that ended, or begins, further away than this tells nobody anything about the day.
NEAR = timedelta(days=400)


@dataclass(frozen=True)
class Candidate:
    """An appointment to a post that signs: may the person sign by it on the day, and every sentence why (not)."""

    appointment: Appointment
    may: bool
    why: tuple[str, ...]


@dataclass(frozen=True)
class Authority:
    """The answer for one slot on one day; candidates in force first, and among them own, acting, delegated."""

    agreement: Agreement
    slot: SlotOf
    on: date
    candidates: tuple[Candidate, ...]

    @property
    def able(self) -> tuple[Candidate, ...]:
        """Those who may sign."""
        return tuple(each for each in self.candidates if each.may)

    def of(self, user) -> Candidate | None:
        """What the person could sign by, else the appointment that comes nearest to it; None: they have none."""
        theirs = [each for each in self.candidates if each.appointment.user_id == user.pk]
        return next((each for each in theirs if each.may), theirs[0] if theirs else None)


def who_could_sign(agreement, slot_key: str, on: date, *, signed: Mapping[int, str] | None = None) -> Authority:
    """Everybody with an appointment near the day `on` to a post of the slot, with the verdict on each.

    `signed`: {user id: key of the slot} of the signatures that stand on the text already.
    """
    slot, held = slot_of(agreement, slot_key), _appointments(agreement)
    found = [each for post in slot.posts for each in held[post.pk] if _is_near(each, on)]
    found.sort(key=lambda each: (not each.holds_on(on), PRECEDENCE[each.capacity], -each.since.toordinal(), each.pk))
    judged = (_judged(agreement, slot, each, held, on, signed or {}) for each in found)
    return Authority(agreement, slot, on, tuple(judged))


def _appointments(agreement):
    """{post id: all appointments to it} of every post that signs on either side, in two queries at most."""
    return once(agreement, "appointments", lambda: _load({post for slot in slots_of(agreement) for post in slot.posts}))


def _load(posts):
    found = Appointment.objects.filter(post__in=[post.pk for post in posts])
    found = list(found.select_related("user", "post__unit", "fiscal_year", "delegated_by").order_by("pk"))
    prefetch_related_objects([each for each in found if each.scope == Scope.NAMED], "named_agreements")
    held = defaultdict(list)
    for each in found:
        held[each.post_id].append(each)
    return held


def _is_near(appointment, on):
    begins_soon = appointment.since <= on + NEAR
    return begins_soon and (appointment.until is None or appointment.until > on - NEAR)


def _judged(agreement, slot, appointment, held, on, signed):
    against = (
        *_not_in_force(appointment, on),
        *_not_covered(appointment, agreement),
        *_not_delegated(appointment, agreement, held),
        *_not_the_receiver(agreement, slot, appointment.post, on),
        *_on_both_sides(agreement, slot, appointment, held, on, signed),
    )
    return Candidate(appointment, not against, against or tuple(_grounds(agreement, slot, appointment)))


def _not_in_force(appointment, on) -> Iterator[str]:
    if not appointment.user.is_active:
        yield _("The account is closed: who can't sign in can't sign.")
    if appointment.until == appointment.since:
        yield _("The appointment was revoked on its first day, %(day)s.") % {"day": thai_date(appointment.since)}
    elif appointment.since > on:
        yield _("The appointment begins only on %(day)s.") % {"day": thai_date(appointment.since)}
    elif not appointment.holds_on(on):
        yield _("The appointment has ended: %(day)s was its last day.") % {"day": thai_date(last_day(appointment))}


def last_day(appointment):
    """The last day on which an appointment with an end holds."""
    return appointment.until - timedelta(days=1)


def _not_covered(appointment, agreement) -> Iterator[str]:
    if covers(appointment, agreement):
        return
    if appointment.scope == Scope.YEAR:
        only, this = shown_year(appointment.fiscal_year.year), shown_year(agreement.fiscal_year.year)
        sentence = _("The order covers fiscal year %(only)s only; this agreement is of fiscal year %(this)s.")
        yield sentence % {"only": only, "this": this}
    else:
        yield _("The order names the agreements that it covers, and this one is not among them.")


def _not_delegated(appointment, agreement, held) -> Iterator[str]:
    """A delegation needs a giver who held the post, not by delegation, on its first day, and for this agreement.

    It is given by the post: that the giver has left it since ends nothing (the successor can).
    """
    giver = appointment.delegated_by
    if appointment.capacity != Capacity.DELEGATED or giver is None:
        return
    theirs = [
        each for each in held[appointment.post_id] if each.user_id == giver.pk and each.holds_on(appointment.since)
    ]
    sources = [each for each in theirs if each.capacity != Capacity.DELEGATED]
    if not theirs:
        sentence = _("%(person)s, who delegated, did not hold the post when the delegation began.")
        yield sentence % {"person": giver}
    elif not sources:
        yield _("%(person)s had these powers by delegation; what was delegated can't be delegated on.") % {
            "person": giver
        }
    elif not any(covers(source, agreement) for source in sources):
        yield _("%(person)s, who delegated, had no powers over this agreement.") % {"person": giver}


def _not_the_receiver(agreement, slot, post, on) -> Iterator[str]:
    """Where the rule leaves a choice: whom the unit has named, a deputy only when so assigned."""
    if not slot.leaves_choice:
        return
    choice = receiver_choice(agreement)
    if choice is None and post.kind == Post.Kind.HEAD:
        yield _("The receiver of the agreement has not been named yet.")
    elif choice is None:
        yield _("%(post)s signs only when so assigned, and no order that assigns it is on record.") % {
            "post": post.title
        }
    elif choice.post_id != post.pk:
        yield _("%(post)s has been named as the receiver of this agreement.") % {"post": choice.post.title}
    elif choice.order_date and choice.order_date > on:
        sentence = _("The assignment is by an order of %(day)s, and holds from that day on.")
        yield sentence % {"day": thai_date(choice.order_date)}


def _on_both_sides(agreement, slot, appointment, held, on, signed) -> Iterator[str]:
    others = [each for post in _across(agreement, slot) for each in held[post.pk]]
    theirs = [each for each in others if each.user_id == appointment.user_id and each.holds_on(on)]
    given = slot_of(agreement, signed.get(appointment.user_id, slot.key))
    if given.key != slot.key and given.side == slot.side:
        yield _("Has signed this agreement already, in another place of the same side.")
    elif given.side != slot.side:
        yield _("Has signed this agreement already, for the other side.")
    elif appointment.holds_on(on) and any(covers(each, agreement) for each in theirs):
        yield _("Holds posts on both sides; one person can't sign for both.")


def _across(agreement, slot):
    """The posts whose holders sign on the other side; all alternatives where nobody has been named."""
    others = [each for each in slots_of(agreement) if each.side != slot.side]
    return {post for each in others for post in signing_posts(agreement, each) or each.posts}


def _grounds(agreement, slot, appointment) -> Iterator[str]:
    yield holds_by(appointment)
    if appointment.scope == Scope.YEAR:
        yield _("The order covers fiscal year %(year)s.") % {"year": shown_year(appointment.fiscal_year.year)}
    elif appointment.scope == Scope.NAMED:
        yield _("The order names this agreement.")
    choice = receiver_choice(agreement) if slot.leaves_choice else None
    if choice and choice.is_by_order:
        said = {"by": choice.order_by, "order": choice.order, "day": thai_date(choice.order_date)}
        yield _("Assigned to receive this agreement by %(by)s, %(order)s of %(day)s.") % said


def holds_by(appointment) -> str:
    """In one sentence: the capacity, the post, by whose order, and for how long."""
    said = {"post": appointment.post.title, "order": order_of(appointment), "term": term_of(appointment)}
    if appointment.capacity == Capacity.ACTING:
        return _("Acts for %(post)s (รักษาราชการแทน) by %(order)s, %(term)s.") % said
    if appointment.capacity == Capacity.DELEGATED and appointment.delegated_by:
        said["giver"] = appointment.delegated_by
        return _("Acts on behalf of %(post)s (ปฏิบัติราชการแทน), delegated by %(giver)s by %(order)s, %(term)s.") % said
    if appointment.capacity == Capacity.DELEGATED:
        return _("Acts on behalf of %(post)s (ปฏิบัติราชการแทน) by %(order)s, %(term)s.") % said
    return _("Holds the post %(post)s, %(term)s.") % said


def order_of(appointment) -> str:
    """The order in words with its date; "" where none is known."""
    if not appointment.order_number:
        return ""
    number = order_words(appointment.order_number)
    if appointment.order_date is None:
        return number
    return _("%(order)s of %(day)s") % {"order": number, "day": thai_date(appointment.order_date)}


def term_of(appointment) -> str:
    """From when, and until when inclusive."""
    since = thai_date(appointment.since)
    if appointment.until is None:
        return _("since %(first)s") % {"first": since}
    return _("from %(first)s to %(last)s") % {"first": since, "last": thai_date(last_day(appointment))}
