"""Who signs, or will sign, as the document prints it: plain dicts for `agreements.documents.render`."""

from django.utils import timezone

from agreements.freeze import thaw
from agreements.models import Snapshot
from agreements.signing_rule import receiver_choice, signing_posts, slot_of, slots_of
from orgunits.authority import holder_of
from workflow.minutes import as_printed
from workflow.models import Minutes, Signature


def draft_certificate(agreement, at, *, draft):
    """The certificate of an unsigned document: the people who hold the signing posts on that day."""
    on = timezone.localdate(at)
    people = [_holder(agreement, slot, on) for slot in slots_of(agreement)]
    return {"draft": draft, "signatures": [], "people": [person for person in people if person]}


def proof_of_amendment(amendment, at):
    """The certificate of an amended text that is to be signed, with the texts that it takes the place of."""
    return draft_certificate(amendment.agreement, at, draft=False) | _earlier_texts(amendment.snapshot)


def _earlier_texts(snapshot):
    """{"earlier": [those that the snapshot takes the place of, the last one first]}; {} where it amends nothing."""
    found = list(_those_before(snapshot))
    return {"earlier": found} if found else {}


def _those_before(snapshot):
    amends = thaw(snapshot).get("amendment", {}).get("amends")
    if amends is None:
        return
    before = Snapshot.objects.get(agreement=snapshot.agreement_id, sequence=amends["sequence"])
    yield {
        "number": thaw(before).get("amendment", {}).get("number", 0),
        "hash": before.sha256,
        "signatures": [_signature(signature) for signature in Signature.objects.filter(snapshot=before)],
    }
    yield from _those_before(before)


def _holder(agreement, slot, on):
    """Who would sign in the place: the holder of the post, of several posts the first that is held."""
    holders = (holder_of(post, on) for post in signing_posts(agreement, slot))
    appointment = next(filter(None, holders), None)
    if appointment is None:
        return None
    who = signer(appointment, on, assignment=assignment_of(agreement, slot.key))
    return {**who, "side": str(slot.side), "slot": slot.key, "order_date": _iso(who["order_date"])}


def assignment_of(agreement, slot):
    """The choice by whose order the receiver signs in the place of that key, or None: the post signs of its own right."""
    chosen = slot_of(agreement, slot)
    choice = receiver_choice(agreement) if chosen and chosen.leaves_choice else None
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
    """The certificate of a signed document, from its signatures alone; with the minutes, if its wording wants them."""
    signatures = [_signature(signature) for signature in Signature.objects.filter(snapshot=snapshot)]
    wants_minutes = thaw(snapshot).get("wording", {}).get("with_minutes", False)
    minutes = {"minutes": _minutes(snapshot)} if wants_minutes else {}
    return {"draft": False, "signatures": signatures, "people": signatures, **minutes, **_earlier_texts(snapshot)}


def _minutes(snapshot):
    """The minutes of every formal round that came before the snapshot, as they stand: it is closed with it."""
    held = Minutes.objects.filter(round__agreement=snapshot.agreement_id, round__opened_at__lte=snapshot.taken_at)
    return [as_printed(minutes) for minutes in held.select_related("round__agreement").order_by("pk")]


def _signature(signature):
    return {
        "side": signature.slot.partition("-")[0],
        "slot": signature.slot,
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
