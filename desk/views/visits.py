"""Visits of the evaluators to the unit: recorded and changed while they evaluate."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.carried import take
from acts.refusals import AlreadyDone, Refused
from acts.versions import Stale
from desk.stale import stale_page
from desk.views.evaluation import evaluation_in, scored_agreement
from results.forms import VisitForm
from results.rules import may_evaluate
from results.scores import agreed_of
from results.visits import FIELDS, save_visit

ASKING = require_http_methods(["GET", "HEAD", "POST"])


@ASKING
def add_visit(request, code):
    """Record a visit to the unit."""
    return _edit(request, _evaluated(request, code), None)


@ASKING
def visit(request, code, pk):
    """Change what is recorded of a visit."""
    evaluation = _evaluated(request, code)
    return _edit(request, evaluation, get_object_or_404(evaluation.visits.prefetch_related("lines"), pk=pk))


def _evaluated(request, code):
    """The evaluation, to who may write in it now; 403 with the sentence for others."""
    evaluation = evaluation_in(scored_agreement(request, code))
    refusal = may_evaluate(evaluation, request.user, timezone.now())
    if refusal:
        raise Refused([refusal])
    return evaluation


def _edit(request, evaluation, found):
    agreed, today = agreed_of(evaluation.report), timezone.localdate()
    form = VisitForm(request.POST or take(request), agreed=agreed.lines, today=today, visit=found)
    if request.method != "POST":
        return _page(request, evaluation, form)
    if not form.is_valid():
        return _page(request, evaluation, form, status=422)
    return _save(request, evaluation, found, form)


def _save(request, evaluation, found, form):
    lines = form.cleaned_data["lines"]
    given = {"version": form.cleaned_data["version"], "idempotency": form.cleaned_data["idempotency"]}
    try:
        save_visit(evaluation, form.values(), lines, visit=found, **given, actor=request.user, at=timezone.now())
    except Stale as stale:
        fields = {name: name for name in FIELDS}
        return stale_page(request, evaluation.report.agreement, form, stale.theirs, fields=fields)
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
    else:
        messages.success(request, _("The visit is recorded."))
    return redirect(_back(evaluation))


def _back(evaluation):
    return f"{reverse('desk:evaluation', args=[evaluation.report.agreement.code])}#visits"


def _page(request, evaluation, form, status=200):
    context = {"form": form, "agreement": evaluation.report.agreement, "back": _back(evaluation)}
    return render(request, "desk/visit.html", context, status=status)
