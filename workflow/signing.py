"""Signing: the record of who signed what, in which capacity; and of who refused, and why."""

from django.utils import timezone
from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from agreements.models import Snapshot
from workflow.certificate import assignment_of, signer
from workflow.models import Amendment, Signature, SigningRefusal
from workflow.rules import agreement_of, authority_to_sign, text_to_sign

# What the signer agrees to; kept with each signature, so that a later wording changes nothing.
CONSENT = (
    "ข้าพเจ้าได้อ่านคำรับรองการปฏิบัติราชการฉบับนี้พร้อมเอกสารแนบแล้ว และตกลงลงลายมือชื่อทางอิเล็กทรอนิกส์ "
    "โดยให้มีผลเช่นเดียวกับการลงลายมือชื่อด้วยตนเอง"
)
CONSENT_TO_AMEND = (
    "ข้าพเจ้าได้อ่านการแก้ไขเพิ่มเติมคำรับรองการปฏิบัติราชการครั้งนี้แล้ว และตกลงลงลายมือชื่อทางอิเล็กทรอนิกส์"
    "ให้ใช้ข้อความที่แก้ไขแทนข้อความเดิม ส่วนที่ไม่ได้แก้ไขคงเป็นไปตามที่ได้ลงนามไว้แล้ว "
    "โดยให้มีผลเช่นเดียวกับการลงลายมือชื่อด้วยตนเอง"
)


def consent_to(thing):
    """The words that are agreed to by signing an agreement, or an amendment of one."""
    return CONSENT_TO_AMEND if isinstance(thing, Amendment) else CONSENT


def appointment_to_sign(thing, slot, *, actor, at):
    """The appointment by which `actor` signs in `slot` at `at`, or None."""
    candidate = authority_to_sign(thing, slot, at).of(actor)
    return candidate.appointment if candidate and candidate.may else None


def _appointment(thing, slot, actor, at):
    appointment = appointment_to_sign(thing, slot, actor=actor, at=at)
    if appointment is None:
        raise Refused([Refusal(_("You hold no post today that entitles you to sign this."))])
    return appointment


def record_signature(thing, *, slot, actor, at, facts):
    """Bind the actor's signature to the snapshot before their eyes. Runs inside the move."""
    appointment = _appointment(thing, slot, actor, at)
    snapshot = text_to_sign(thing)
    who = signer(appointment, timezone.localdate(at), assignment=assignment_of(agreement_of(thing), slot))
    Signature.objects.create(
        snapshot=snapshot,
        slot=slot,
        snapshot_sha256=snapshot.sha256,
        user_id=actor.pk,
        on_behalf_of=appointment.post.unit.name_th,
        method=facts["step_up"].method,
        consent=consent_to(thing),
        signed_at=at,
        ip=facts.get("ip"),
        user_agent=facts.get("user_agent", "")[:300],
        **who,
    )


def refusals_of(thing):
    """Every refusal to sign the agreement, the last one first; those of its amendments are their own."""
    purpose = Snapshot.Purpose.AMENDED if isinstance(thing, Amendment) else Snapshot.Purpose.TO_SIGN
    found = SigningRefusal.objects.filter(snapshot__agreement=agreement_of(thing), snapshot__purpose=purpose)
    if isinstance(thing, Amendment):  # one at a time is open
        found = found.filter(snapshot__taken_at__gte=thing.begun_at)
        found = found if thing.is_open else found.filter(snapshot__taken_at__lte=thing.stage_since)
    return found.order_by("-pk")


def record_refusal(thing, *, slot, actor, at, reason):
    """Keep that a signatory refused this snapshot. Runs inside the move."""
    appointment = _appointment(thing, slot, actor, at)
    SigningRefusal.objects.create(
        snapshot=text_to_sign(thing),
        slot=slot,
        user_id=actor.pk,
        name=actor.full_name_with_rank,
        post=appointment.post.title_th,
        reason=reason,
        refused_at=at,
    )
