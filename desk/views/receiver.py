"""Who receives the agreement: the Prime Minister, or the Deputy Prime Minister so assigned."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.carried import take
from acts.refusals import Refused
from acts.versions import Stale
from agreements.receiver import FIELDS, choose_receiver, may_choose
from agreements.signing_rule import has_alternatives, receiver_choice
from desk.access import followed_agreement
from desk.frame import frame
from desk.receiver_page import receiver_card
from desk.stale import stale_page
from orgunits.authority import signatory_of
from workflow.forms import ReceiverForm


@require_http_methods(["GET", "HEAD", "POST"])
def receiver(request, code):
    """A form for who may say it now, a page to read for everybody else; not found where the rule leaves no choice."""
    agreement = followed_agreement(request, code)
    if not has_alternatives(agreement):
        raise Http404
    refusal = may_choose(agreement, request.user, timezone.now())
    if request.method == "POST":
        if refusal:
            raise Refused([refusal])
        return _save(request, agreement, _form(agreement, request.POST))
    return _page(request, agreement, None if refusal else _form(agreement, take(request)), refusal)


def _form(agreement, data=None):
    choice = receiver_choice(agreement)
    initial = {name: getattr(choice, name) for name in FIELDS} if choice else {}
    initial["version"] = choice.version if choice else 0
    return ReceiverForm(data, agreement=agreement, today=timezone.localdate(), initial=initial)


def _save(request, agreement, form):
    if not form.is_valid():
        return _page(request, agreement, form, status=422)
    at, version = timezone.now(), form.cleaned_data["version"]
    try:
        choice = choose_receiver(agreement, **form.choice(), actor=request.user, at=at, version=version)
    except Stale as stale:
        back = reverse("desk:receiver", args=[agreement.code])
        return stale_page(request, agreement, form, stale.theirs, fields={name: name for name in FIELDS}, back=back)
    messages.success(request, _("The receiver is named: %(post)s.") % {"post": choice.post})
    if signatory_of(choice.post, timezone.localdate(at)) is None:
        messages.warning(request, _("Nobody holds this post today; without a holder the agreement can't be signed."))
    return redirect("desk:negotiation", agreement.code)


def _page(request, agreement, form, refusal=None, status=200):
    at = timezone.now()
    context = {
        **frame(request, agreement, "negotiation"),
        "form": form,
        "refusal": refusal,
        "receiver": receiver_card(agreement, request.user, at),
    }
    return render(request, "desk/receiver.html", context, status=status)
