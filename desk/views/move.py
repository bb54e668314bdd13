"""Making a move: what will happen is said first, then it is confirmed."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.carried import take
from acts.engine import Refused
from agreements.standing import standing_of
from desk.access import landing, once_then, readable_agreement
from desk.frame import breadcrumbs, title_of
from desk.moves import ELSEWHERE
from desk.moving import (
    consequence,
    form_of,
    make,
    missing_next,
    report_to_certify,
    scores_to_release,
    version_advice_before,
    why_not,
)
from workflow.lifecycle import TABLE


@require_http_methods(["GET", "POST"])
@once_then
def move(request, code, name):
    """GET: what the move does, or why it can't be made now. POST: makes it."""
    step = _step(name)
    agreement = readable_agreement(request, code)
    if name in ELSEWHERE:
        return redirect(ELSEWHERE[name], code)
    return (_confirmed if request.method == "POST" else _asked)(request, agreement, step)


def _asked(request, agreement, step):
    refusals = _refusals(request, agreement, step)
    form = None if refusals else form_of(request, agreement, step, data=take(request))
    return _page(request, agreement, step, form=form, refusals=refusals)


def _confirmed(request, agreement, step):
    refusals = _refusals(request, agreement, step)
    if refusals and step.step_up:
        raise Refused(refusals)  # there is nothing whole to be shown, nor to be confirmed
    form = form_of(request, agreement, step, data=request.POST)
    if not form.is_valid():
        return _page(request, agreement, step, form=form, refusals=refusals, status=422)
    make(agreement, step, form, actor=request.user, at=timezone.now())
    messages.success(request, _("Done: %(move)s.") % {"move": step.label})
    return landing(request, agreement.code)


def _refusals(request, agreement, step):
    """Why the person can't make the move now; 403 if they never can."""
    at = timezone.now()
    refusals = why_not(agreement, step.name, actor=request.user, at=at)
    if step.may.role not in standing_of(request.user, agreement, at):
        raise Refused([step.may(agreement, request.user, at)])
    return refusals


def _step(name):
    try:
        return TABLE.get(name)
    except KeyError:
        raise Http404 from None


def _page(request, agreement, step, *, form, refusals, status=200):
    context = {
        "agreement": agreement,
        "breadcrumbs": breadcrumbs(agreement),
        "title": title_of(agreement),
        "label": step.label,
        "consequence": consequence(agreement, step.name),
        "form": form,
        "refusals": refusals,
        "missing_next": missing_next(agreement, step.name, actor=request.user, at=timezone.now()) if form else [],
        "version_advice": version_advice_before(agreement, step.name, at=timezone.now()) if form else [],
        "card": scores_to_release(agreement) if step.name in ("release", "close") and form else None,
        "report": report_to_certify(agreement, at=timezone.now()) if step.name == "certify" and form else None,
    }
    return render(request, "desk/move.html", context, status=status)
