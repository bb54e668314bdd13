"""The signing sitting: one agreement after another is read; then those read are signed under one password."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from acts.engine import Refused
from desk.access import followed_agreement, once_back_to, only_read
from desk.frame import title_of
from desk.signing_page import addresses, content_to_sign, short_title
from desk.sitting_page import sitting_of
from workflow.certificate import assignment_of
from workflow.models import Amendment
from workflow.rules import agreement_of
from workflow.signing import CONSENT, CONSENT_TO_AMEND, appointment_to_sign
from workflow.sitting import mark_read, sign_each, signature_due, why_not_sign
from workflow.sitting_form import ReadForm, SittingForm


@sensitive_post_parameters("password", "one_time_code")
@require_http_methods(["GET", "HEAD", "POST"])
def sitting(request):
    """What waits for one's signature; a POST signs those chosen, each bound to the hash that was shown of it."""
    form = SittingForm(request, request.POST) if request.method == "POST" else SittingForm(request)
    if not form.is_bound:
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, chosen=request.POST.getlist("chosen"), status=422)
    at = timezone.now()
    outcomes = sign_each(
        form.to_sign(),
        actor=request.user,
        at=at,
        step_up=form.step_up(at=at),
        idempotency=form.cleaned_data["idempotency"],
        ip=request.META.get("REMOTE_ADDR"),
        user_agent=request.headers.get("User-Agent", ""),
    )
    _tell(request, outcomes)
    return redirect("desk:sitting")


def _tell(request, outcomes):
    """How many are signed, and of each that is not, why."""
    signed = [_called(each.thing) for each in outcomes if each.is_signed]
    if signed:
        sentence = ngettext(
            "You have signed %(count)s agreement: %(units)s.",
            "You have signed %(count)s agreements: %(units)s.",
            len(signed),
        )
        messages.success(request, sentence % {"count": len(signed), "units": _(", ").join(signed)})
    for each in outcomes:
        if not each.is_signed:
            sentence = _("%(unit)s is not signed: %(why)s")
            messages.error(request, sentence % {"unit": _called(each.thing), "why": each.why_not})


def _called(thing):
    return short_title(thing) if isinstance(thing, Amendment) else thing.unit.short_name


def _page(request, form, chosen=None, status=200):
    found = sitting_of(request.user, timezone.now(), chosen)
    context = {"form": form, "sitting": found, "shown": found.shown, "consents": _consents(found)}
    return render(request, "desk/sitting.html", context, status=status)


def _consents(sitting):
    """[(of what, the words)] of what is declared by signing: of agreements, of amendments, as there are any to sign."""
    agreements = [(_("Agreements"), CONSENT)] if any(not each.amendment for each in sitting.ready) else []
    return [*agreements, *([(_("Amendments"), CONSENT_TO_AMEND)] if sitting.amends else [])]


@require_http_methods(["GET", "HEAD", "POST"])
@once_back_to("desk:read_to_sign")
def read_to_sign(request, code):
    """One of the sitting: what changed since one read it last, the document, the hash. A POST keeps that it is read."""
    return mark_or_show(request, followed_agreement(request, code))


def mark_or_show(request, thing):
    """An agreement, or an amendment, to be read in a sitting, and what is posted there."""
    form = ReadForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        return _mark(request, thing, form)
    if signature_due(thing) is None or why_not_sign(thing, actor=request.user, at=timezone.now()):
        return redirect(addresses(thing)["sign_url"])  # which says why, and shows what was signed
    return _page_to_read(request, thing, form)


def _mark(request, thing, form):
    at = timezone.now()
    why_not = why_not_sign(thing, actor=request.user, at=at)
    if why_not:
        raise Refused(why_not)
    if not form.is_valid():
        return _page_to_read(request, thing, form, status=422)
    mark_read(thing, actor=request.user, at=at, **form.cleaned_data)
    return redirect(sitting_of(request.user, at).after(thing))


def _page_to_read(request, thing, form, status=200):
    at, found = timezone.now(), sitting_of(request.user, timezone.now())
    agreement = only_read(agreement_of(thing))
    _name, slot = signature_due(only_read(thing))
    content = content_to_sign(thing, user=request.user, at=at)
    place = found.place_of(thing)
    context = {
        **content,
        "agreement": agreement,
        "amendment": thing if isinstance(thing, Amendment) else None,
        "title": short_title(thing) if isinstance(thing, Amendment) else title_of(agreement),
        "form": form if form.is_bound else ReadForm(initial={"sha256": content["snapshot"].sha256}),
        "sitting": found,
        "place": place,
        "read_at": found.all[place - 1].thing.read_at if place else None,
        "next_url": found.after(thing),
        "appointment": appointment_to_sign(thing, slot, actor=request.user, at=at),
        "assignment": assignment_of(agreement, slot),
        "queue_length": 0,
    }
    return render(request, "desk/read_to_sign.html", context, status=status)
