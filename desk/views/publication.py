"""Announcing an agreement to the public, and withdrawing it: the planning office's acts, with the password."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.carried import take
from acts.engine import Refused
from desk.access import once_back_to, readable_agreement
from desk.forms.publication import WithdrawForm
from desk.frame import frame
from desk.publication_page import cards, public_url, what_happened
from workflow.forms import SignForm
from workflow.models import Publication
from workflow.publication import announce, announced, may_announce, paper_to_announce, why_not, withdraw

BACK = "desk:announcements"


@require_safe
def announcements(request, code):
    """What of the agreement is before the public, what could be, and what was."""
    agreement, at = readable_agreement(request, code), timezone.now()
    context = frame(request, agreement, "documents")
    happened = what_happened(agreement, reader=request.user) if context["standing"].follows else []
    context |= {"cards": cards(agreement, user=request.user, at=at), "happened": happened}
    return render(request, "desk/announcements.html", context)


@sensitive_post_parameters("password", "one_time_code")
@require_http_methods(["GET", "HEAD", "POST"])
@once_back_to(BACK)
def announce_to_public(request, code, kind):
    """What is going to be announced; a POST announces it, bound to the hash that was shown."""
    agreement, publication = _asked_for(request, code, kind, "announce")
    paper = paper_to_announce(agreement, kind)
    shown = {"sha256": paper.snapshot.sha256, "version": publication.version}
    form = SignForm(request, request.POST or take(request), initial=shown)
    if request.method == "POST" and form.is_valid():
        announce(agreement, kind, actor=request.user, **_given(form))
        messages.success(request, _("It has been announced. Anybody can read it now."))
        return redirect(BACK, code)
    return _page(request, agreement, "desk/announce.html", {"form": form, "publication": publication, "paper": paper})


@sensitive_post_parameters("password", "one_time_code")
@require_http_methods(["GET", "HEAD", "POST"])
@once_back_to(BACK)
def withdraw_from_public(request, code, kind):
    """Taking back what is announced, with a reason that the public reads."""
    agreement, publication = _asked_for(request, code, kind, "withdraw")
    shown = {"sha256": publication.snapshot.sha256, "version": publication.version}
    form = WithdrawForm(request, request.POST or take(request), initial=shown)
    if request.method == "POST" and form.is_valid():
        withdraw(publication, form.cleaned_data["reason"], actor=request.user, **_given(form))
        messages.success(request, _("The announcement has been withdrawn; the reason stands in its place."))
        return redirect(BACK, code)
    context = {"form": form, "publication": publication, "public_url": public_url(agreement, kind)}
    return _page(request, agreement, "desk/withdraw_announcement.html", context)


def _asked_for(request, code, kind, name):
    """(agreement, its Publication of the kind); 403 with the sentences for who can't make the move now."""
    agreement, at = readable_agreement(request, code), timezone.now()
    if kind not in Publication.Kind.values:
        raise Http404
    publication = announced(agreement, kind)
    barred = may_announce(request.user, agreement, at)
    refusals = [barred] if barred else why_not(publication, name, actor=request.user, at=at)
    if refusals:
        raise Refused(refusals)
    return agreement, publication


def _given(form):
    """What the act takes of a valid form."""
    at, given = timezone.now(), form.cleaned_data
    names = ("version", "idempotency")
    return {name: given[name] for name in names} | {"at": at, "step_up": form.step_up(at=at, bound_to=given["sha256"])}


def _page(request, agreement, template, context):
    status = 422 if request.method == "POST" else 200
    return render(request, template, frame(request, agreement, "documents") | context, status=status)
