"""Who signs, or will sign, as the document prints it: plain dicts for `agreements.documents.render`."""

from django.utils import timezone

from agreements.signing_rule import maker_posts, receiver_posts
from orgunits.authority import holder_of
from workflow.models import Signature, Slot

SLOT_SIDES = {Slot.MAKER: "maker", Slot.RECEIVER: "receiver"}


def draft_certificate(agreement, at, *, draft):
    """The certificate of an unsigned document: the people who hold the signing posts on that day."""
    on = timezone.localdate(at)
    people = [_holder(Slot.MAKER, post, on) for post in maker_posts(agreement)]
    people += [_holder(Slot.RECEIVER, post, on) for post in receiver_posts(agreement)]
    return {"draft": draft, "signatures": [], "people": [person for person in people if person]}


def _holder(slot, post, on):
    appointment = holder_of(post, on)
    if appointment is None:
        return None
    return {"side": SLOT_SIDES[slot], **signer(appointment, on)}


def signer(appointment, on):
    """A signatory in words: name with rank, own post, capacity, the post signed for, order number."""
    own = own_post(appointment, on)
    return {
        "name": appointment.user.full_name_with_rank,
        "own_post": own,
        "capacity": appointment.capacity,
        "acted_post": appointment.post.title_th,
        "order_number": appointment.order_number,
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
        "signed_at": signature.signed_at.isoformat(),
        "method": METHODS[signature.method],
    }


# The document is in Thai whatever the signer's screen said.
METHODS = {"password": "ยืนยันด้วยรหัสผ่านในขณะลงนาม"}
