"""Signing: who, why you, what changed in the negotiation, the document, its hash, and the two answers.

An agreement is signed here, and an amendment by the same functions: its addresses are in desk.views.amendment_signing.
"""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.carried import take
from acts.engine import Refused
from agreements.stages import Pen
from agreements.standing import As, standing_of
from desk.access import followed_agreement, once_then
from desk.amendment_signing_page import amendment_frame
from desk.frame import frame
from desk.signing_page import addresses, content_to_sign, others_waiting, short_title
from workflow.certificate import assignment_of
from workflow.forms import ReasonForm, SignForm
from workflow.models import Amendment
from workflow.rules import agreement_of
from workflow.signing import appointment_to_sign, consent_to
from workflow.sitting import ROLES, is_being_signed, make, signature_due, signature_of, why_not

REFUSING_MOVES = {Pen.HEAD: "refuse_to_make", Pen.SUPERIOR: "refuse_to_receive"}


@sensitive_post_parameters("password", "one_time_code")
@once_then
def signing(request, code):
    """The signing page; a POST signs, bound to the hash that was shown."""
    return sign_or_show(request, followed_agreement(request, code))


@once_then
def refuse_to_sign(request, code):
    """Decline to sign, with a reason that goes back to the negotiation and stays on record."""
    return refuse_or_ask(request, followed_agreement(request, code))


def sign_or_show(request, thing):
    """The signing page of an agreement or an amendment, and what is posted there."""
    return _sign(request, thing) if request.method == "POST" else _page(request, thing)


def _sign(request, thing):
    form = SignForm(request, request.POST)
    at = timezone.now()
    name, _slot = signature_due(thing) or signature_of(thing, As.HEAD)
    if not form.is_valid():
        return _not_signed(request, thing, name, form)
    make(
        thing,
        name,
        actor=request.user,
        at=at,
        version=form.cleaned_data["version"],
        idempotency=form.cleaned_data["idempotency"],
        step_up=form.step_up(at=at, bound_to=form.cleaned_data["sha256"]),
        ip=request.META.get("REMOTE_ADDR"),
        user_agent=request.headers.get("User-Agent", ""),
    )
    messages.success(request, _signed(thing))
    return redirect(addresses(thing)["sign_url"])


def _signed(thing):
    if isinstance(thing, Amendment):
        return _("You have signed %(title)s.") % {"title": short_title(thing)}
    return _("You have signed the agreement of %(unit)s.") % {"unit": thing.unit.short_name}


def _not_signed(request, thing, name, form):
    """Nothing is signed: 403 for who can't sign at all, else the page again with what is wrong."""
    against = why_not(thing, name, actor=request.user, at=timezone.now())
    if against:
        raise Refused(against)
    return _page(request, thing, form, status=422)


def _own_signature(request, thing, at):
    """(move, slot) of the signature that this person gives here, else of the one that is due; None: nothing to sign."""
    if not is_being_signed(thing):
        return None
    standing = standing_of(request.user, agreement_of(thing), at)
    roles = [role for role in ROLES.values() if role in standing]
    due = ROLES[thing.pen]
    return signature_of(thing, roles[0] if roles and due not in roles else due)


def _framed(request, thing, against):
    """The frame of the page; `against`: why the person can't sign, or refuse."""
    if isinstance(thing, Amendment):
        return amendment_frame(request, thing, mine=not against if is_being_signed(thing) else None)
    return frame(request, thing, "signing")


def _page(request, thing, form=None, status=200):
    at = timezone.now()
    turn = _own_signature(request, thing, at)
    against = why_not(thing, turn[0], actor=request.user, at=at) if turn else []
    laid_out = content_to_sign(thing, user=request.user, at=at)
    context = {
        **laid_out,
        **_framed(request, thing, against),
        **others_waiting(thing, user=request.user, at=at),
        "form": form or _form(request, thing, laid_out["snapshot"]),
        "why_not": against,
        "may_sign": bool(turn) and not against,
        "appointment": turn and appointment_to_sign(thing, turn[1], actor=request.user, at=at),
        "assignment": assignment_of(agreement_of(thing), turn[1]) if turn else None,
        "consent": consent_to(thing),
    }
    template = "desk/sign_amendment.html" if isinstance(thing, Amendment) else "desk/signing.html"
    return render(request, template, context, status=status)


def _form(request, thing, snapshot):
    """The form of a signature: for the text with this hash, on the page of this version."""
    return SignForm(request, initial={"sha256": snapshot.sha256, "version": thing.version}) if snapshot else None


def refuse_or_ask(request, thing):
    """The page on which one declines to sign an agreement or an amendment, and what is posted there."""
    at, name = timezone.now(), REFUSING_MOVES.get(thing.pen, REFUSING_MOVES[Pen.HEAD])
    form = ReasonForm(request.POST or take(request), initial={"version": thing.version})
    if request.method == "POST" and form.is_valid():
        make(thing, name, actor=request.user, at=at, **form.cleaned_data)
        return _refused(request, thing)
    against = why_not(thing, name, actor=request.user, at=at)
    if request.method == "POST" and against:
        raise Refused(against)
    context = {**addresses(thing), **_framed(request, thing, against), "form": form, "why_not": against}
    template = "desk/refuse_amendment.html" if isinstance(thing, Amendment) else "desk/refuse_to_sign.html"
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _refused(request, thing):
    """From a sitting, back to the others that wait."""
    if isinstance(thing, Amendment):
        messages.success(request, _("Your refusal is on record; the amendment is back in negotiation."))
        answer = redirect("desk:amendment", thing.agreement.code, thing.number)
    else:
        messages.success(request, _("Your refusal is on record; the agreement is back in formal negotiation."))
        answer = redirect("desk:agreement", thing.code)
    return redirect("desk:sitting") if "sitting" in request.GET else answer
