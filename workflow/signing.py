"""Signing: the record of who signed what, in which capacity; and of who refused, and why."""

from django.utils import timezone
from django.utils.translation import gettext as _

from acts.engine import Refusal, Refused
from agreements.freeze import agreed_snapshot
from workflow.certificate import assignment_of, signer
from workflow.models import Signature, SigningRefusal
from workflow.rules import authority_to_sign

# What the signer agrees to; kept with each signature, so that a later wording changes nothing.
CONSENT = (
    "ข้าพเจ้าได้อ่านคำรับรองการปฏิบัติราชการฉบับนี้พร้อมเอกสารแนบแล้ว และตกลงลงลายมือชื่อทางอิเล็กทรอนิกส์ "
    "โดยให้มีผลเช่นเดียวกับการลงลายมือชื่อด้วยตนเอง"
)


def appointment_to_sign(agreement, slot, *, actor, at):
    """The appointment by which `actor` signs in `slot` at `at`, or None."""
    candidate = authority_to_sign(agreement, slot, at).of(actor)
    return candidate.appointment if candidate and candidate.may else None


def _appointment(agreement, slot, actor, at):
    appointment = appointment_to_sign(agreement, slot, actor=actor, at=at)
    if appointment is None:
        raise Refused([Refusal(_("You hold no post today that entitles you to sign this."))])
    return appointment


def record_signature(agreement, *, slot, actor, at, facts):
    """Bind the actor's signature to the snapshot before their eyes. Runs inside the move."""
    appointment = _appointment(agreement, slot, actor, at)
    snapshot = agreed_snapshot(agreement)
    who = signer(appointment, timezone.localdate(at), assignment=assignment_of(agreement, slot))
    Signature.objects.create(
        snapshot=snapshot,
        slot=slot,
        snapshot_sha256=snapshot.sha256,
        user_id=actor.pk,
        on_behalf_of=appointment.post.unit.name_th,
        method=facts["step_up"].method,
        consent=CONSENT,
        signed_at=at,
        ip=facts.get("ip"),
        user_agent=facts.get("user_agent", "")[:300],
        **who,
    )


def refusals_of(agreement):
    """Every refusal to sign the agreement, the last one first."""
    return SigningRefusal.objects.filter(snapshot__agreement=agreement).order_by("-pk")


def record_refusal(agreement, *, slot, actor, at, reason):
    """Keep that a signatory refused this snapshot. Runs inside the move."""
    appointment = _appointment(agreement, slot, actor, at)
    SigningRefusal.objects.create(
        snapshot=agreed_snapshot(agreement),
        slot=slot,
        user_id=actor.pk,
        name=actor.full_name_with_rank,
        post=appointment.post.title_th,
        reason=reason,
        refused_at=at,
    )
