"""Who signs, or will sign, as the document prints it: plain dicts for `agreements.documents.render`."""

from django.utils import timezone

from agreements.signing_rule import maker_posts, receiver_choice, receiver_posts
from orgunits.authority import holder_of
from workflow.models import Signature, Slot

SLOT_SIDES = {Slot.MAKER: "maker", Slot.RECEIVER: "receiver"}


def draft_certificate(agreement, at, *, draft):
    """The certificate of an unsigned document: the people who hold the signing posts on that day."""
    on = timezone.localdate(at)
    posts = [(Slot.MAKER, post) for post in maker_posts(agreement)]
    posts += [(Slot.RECEIVER, post) for post in receiver_posts(agreement)]
    people = [_holder(agreement, slot, post, on) for slot, post in posts]
    return {"draft": draft, "signatures": [], "people": [person for person in people if person]}


def _holder(agreement, slot, post, on):
    appointment = holder_of(post, on)
    if appointment is None:
        return None
    who = signer(appointment, on, assignment=assignment_of(agreement, slot))
    return {**who, "side": SLOT_SIDES[slot], "order_date": _iso(who["order_date"])}


def assignment_of(agreement, slot):
    """The choice by whose order the receiver signs, or None: the post signs of its own right."""
    choice = receiver_choice(agreement) if slot == Slot.RECEIVER else None
    return choice if choice and choice.is_by_order else None


def signer(appointment, on, *, assignment=None):
    """A signatory in words: name with rank, own post, capacity, the post signed for, the order signed by.

    The order is that of the appointment; of a deputy in a post of their own, the one that assigns it (`assignment`).
    """
    order = assignment if assignment and appointment.capacity == appointment.Capacity.OWN else appointment
    return {
        "name": appointment.user.full_name_with_rank,
        "own_post": own_post(appointment, on),
        "capacity": appointment.capacity,
        "acted_post": appointment.post.title_th,
        "order_number": order.order_number,
        "order_date": order.order_date,
    }


def own_post(appointment, on):
    """The title of the signatory's own post on that day; "" if they hold none."""
    if appointment.capacity == appointment.Capacity.OWN:
        return appointment.post.title_th
    own = appointment.user.appointments.in_force(on).own().select_related("post").first()
    return own.post.title_th if own else ""


def signed_certificate(snapshot):
    """The certificate of a signed document, from its signatures alone."""
    signatures = [_signature(signature) for signature in Signature.objects.filter(snapshot=snapshot)]
    return {"draft": False, "signatures": signatures, "people": signatures}


def _signature(signature):
    return {
        "side": SLOT_SIDES[signature.slot],
        "name": signature.name,
        "own_post": signature.own_post,
        "capacity": signature.capacity,
        "acted_post": signature.acted_post,
        "order_number": signature.order_number,
        "order_date": _iso(signature.order_date),
        "signed_at": signature.signed_at.isoformat(),
        "method": METHODS[signature.method],
    }


def _iso(day):
    return day.isoformat() if day else None


# The document is in Thai whatever the signer's screen said.
METHODS = {
    "password": "ยืนยันด้วยรหัสผ่านในขณะลงนาม",
    "password+totp": "ยืนยันด้วยรหัสผ่านและรหัสครั้งเดียวจากโทรศัพท์ในขณะลงนาม",
    "password+recovery_code": "ยืนยันด้วยรหัสผ่านและรหัสกู้คืนในขณะลงนาม",
}
