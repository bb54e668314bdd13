"""Signing: who, why you, what changed in the negotiation, the document, its hash, and the two answers."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.carried import take
from acts.engine import Refused, move, refusals
from agreements.stages import Pen, Stage
from agreements.standing import As
from desk.access import followed_agreement, once_then
from desk.frame import frame
from desk.signing_page import sitting
from workflow.certificate import assignment_of
from workflow.forms import ReasonForm, SignForm
from workflow.lifecycle import TABLE
from workflow.rules import countersigning, slot_due
from workflow.signing import CONSENT, appointment_to_sign

ROLES = {Pen.HEAD: As.HEAD, Pen.SUPERIOR: As.SUPERIOR}
REFUSING_MOVES = {Pen.HEAD: "refuse_to_make", Pen.SUPERIOR: "refuse_to_receive"}


@sensitive_post_parameters("password", "one_time_code")
@once_then
def signing(request, code):
    """The signing page; a POST signs, bound to the hash that was shown."""
    agreement = followed_agreement(request, code)
    if request.method == "POST":
        return _sign(request, agreement)
    return _page(request, agreement)


def _turn(agreement):
    """(move, slot) of the signature that is due, or None."""
    return _signature(agreement, ROLES[agreement.pen]) if agreement.stage == Stage.SIGNING else None


def _signature(agreement, role):
    """(move, slot) of the signature that a role gives."""
    name = "sign" if role == As.HEAD else countersigning(agreement)
    return name, slot_due(agreement, role)


def _sign(request, agreement):
    form = SignForm(request, request.POST)
    at = timezone.now()
    name, _slot = _turn(agreement) or _signature(agreement, As.HEAD)
    if not form.is_valid():
        return _not_signed(request, agreement, name, form)
    move(
        TABLE,
        agreement,
        name,
        actor=request.user,
        at=at,
        version=form.cleaned_data["version"],
        idempotency=form.cleaned_data["idempotency"],
        step_up=form.step_up(at=at, bound_to=form.cleaned_data["sha256"]),
        ip=request.META.get("REMOTE_ADDR"),
        user_agent=request.headers.get("User-Agent", ""),
    )
    messages.success(request, _("You have signed the agreement of %(unit)s.") % {"unit": agreement.unit.short_name})
    return redirect("desk:signing", agreement.code)


def _not_signed(request, agreement, name, form):
    """Nothing is signed: 403 for who can't sign at all, else the page again with what is wrong."""
    why_not = refusals(TABLE, agreement, name, actor=request.user, at=timezone.now())
    if why_not:
        raise Refused(why_not)
    return _page(request, agreement, form, status=422)


def _own_signature(agreement, standing):
    """(move, slot) of the signature that this person gives here, else of the one that is due; None: nothing to sign."""
    if agreement.stage != Stage.SIGNING:
        return None
    roles = [role for role in ROLES.values() if role in standing]
    due = ROLES[agreement.pen]
    return _signature(agreement, roles[0] if roles and due not in roles else due)


def _page(request, agreement, form=None, status=200):
    at, framed = timezone.now(), frame(request, agreement, "signing")
    laid_out = sitting(agreement, user=request.user, at=at)
    turn = _own_signature(agreement, framed["standing"])
    why_not = refusals(TABLE, agreement, turn[0], actor=request.user, at=at) if turn else []
    context = {
        **framed,
        **laid_out,
        "form": form or _form(request, agreement, laid_out["snapshot"]),
        "why_not": why_not,
        "may_sign": bool(turn) and not why_not,
        "appointment": turn and appointment_to_sign(agreement, turn[1], actor=request.user, at=at),
        "assignment": assignment_of(agreement, turn[1]) if turn else None,
        "consent": CONSENT,
    }
    return render(request, "desk/signing.html", context, status=status)


def _form(request, agreement, snapshot):
    """The form of a signature: for the text with this hash, on the page of this version."""
    return SignForm(request, initial={"sha256": snapshot.sha256, "version": agreement.version}) if snapshot else None


@once_then
def refuse_to_sign(request, code):
    """Decline to sign, with a reason that goes back to the negotiation and stays on record."""
    agreement = followed_agreement(request, code)
    name = REFUSING_MOVES.get(agreement.pen, REFUSING_MOVES[Pen.HEAD])
    form = ReasonForm(request.POST or take(request), initial={"version": agreement.version})
    if request.method == "POST" and form.is_valid():
        move(TABLE, agreement, name, actor=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Your refusal is on record; the agreement is back in formal negotiation."))
        return redirect("desk:agreement", code)
    why_not = refusals(TABLE, agreement, name, actor=request.user, at=timezone.now())
    if request.method == "POST" and why_not:
        raise Refused(why_not)
    context = {**frame(request, agreement, "signing"), "form": form, "why_not": why_not}
    return render(request, "desk/refuse_to_sign.html", context, status=422 if request.method == "POST" else 200)
