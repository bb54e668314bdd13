"""Indicators out of an evaluation's total by decision: read by both sides, decided by the planning office."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.carried import take
from acts.refusals import Refused
from desk.access import followed_agreement, once_back_to
from desk.forms.exclusions import ExcludeForm, RestoreForm
from desk.frame import frame
from desk.views.evaluation import evaluation_in
from results.exclude import exclude, may_exclude, restore
from results.scores import agreed_of


@require_http_methods(["GET", "HEAD", "POST"])
@once_back_to("desk:exclusions")
def exclusions(request, code):
    """All decisions on record; with a form to take another indicator out for who may decide now."""
    agreement = followed_agreement(request, code)
    found = evaluation_in(agreement)
    refusal = may_exclude(found, request.user, timezone.now())
    lines = agreed_of(found.report).lines
    if request.method == "POST":
        if refusal:
            raise Refused([refusal])
        return _take_out(request, agreement, found, ExcludeForm(request.POST, lines=lines))
    return _page(request, agreement, found, None if refusal else ExcludeForm(take(request), lines=lines))


def _take_out(request, agreement, found, form):
    if not form.is_valid():
        return _page(request, agreement, found, form, status=422)
    given = form.cleaned_data
    said = {"reason": given["reason"], "order_number": given["order_number"]}
    by = {"actor": request.user, "at": timezone.now(), "idempotency": given["idempotency"]}
    try:
        exclude(found, given["line"], to=given["moved_to"], **said, **by)
    except Refused as refused:
        if not refused.incomplete:
            raise
        for each in refused.refusals:
            form.add_error("line", str(each))
        return _page(request, agreement, found, form, status=422)
    messages.success(request, _("The indicator is out of the total."))
    return redirect("desk:exclusions", agreement.code)


@require_POST
@once_back_to("desk:exclusions")
def restore_line(request, code, pk):
    """Take a decision back, with its reason."""
    agreement = followed_agreement(request, code)
    found = evaluation_in(agreement)
    exclusion = get_object_or_404(found.exclusions.filter(withdrawn_at=None), pk=pk)
    form = RestoreForm(request.POST)
    if not form.is_valid():
        lines = agreed_of(found.report).lines
        return _page(request, agreement, found, ExcludeForm(lines=lines), status=422, wrong=(exclusion.pk, form))
    by = {"actor": request.user, "at": timezone.now(), "idempotency": form.cleaned_data["idempotency"]}
    restore(exclusion, reason=form.cleaned_data["reason"], **by)
    messages.success(request, _("The indicator counts in the total again."))
    return redirect("desk:exclusions", agreement.code)


def _page(request, agreement, found, form, status=200, wrong=(None, None)):
    numbers = {line.key: line.number for line in agreed_of(found.report).lines}
    rows = [_row(each, numbers, form, wrong) for each in found.exclusions.select_related("line")]
    context = frame(request, agreement, "evaluation", moves=False) | {"form": form, "rows": rows}
    return render(request, "desk/exclusions.html", context, status=status)


def _row(exclusion, numbers, form, wrong):
    """{exclusion, number, target, form}: the form to take it back, for who may."""
    back = None
    if form and exclusion.withdrawn_at is None:
        back = wrong[1] if wrong[0] == exclusion.pk else RestoreForm(auto_id=f"id_{exclusion.pk}_%s")
    return {
        "exclusion": exclusion,
        "number": numbers[exclusion.line_id],
        "target": numbers.get(exclusion.moved_to_id, ""),
        "form": back,
    }
