"""Giving one unit time for the report of one round, and ending it: the planning office's page."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.carried import take
from acts.engine import AlreadyDone, Refused
from desk.access import followed_agreement
from desk.forms.giving_time import EndTimeForm, GiveTimeForm
from desk.frame import frame
from results.giving_time import end_time, give_time, may_give_time, not_to_be_given, standing_time
from results.models import TimeGiven
from results.round_state import state_of
from results.rules import reports_of
from thai.dates import thai_date
from thai.numbers import show_digits


@require_http_methods(["GET", "HEAD", "POST"])
def extend_report(request, code, position):
    """Until when, why, by which order; what stands now can be ended."""
    report = _report(request, code, position)
    if request.method != "POST":
        return _page(request, report, GiveTimeForm(take(request)))
    form = GiveTimeForm(request.POST)
    if not form.is_valid():
        return _page(request, report, form, status=422)
    return _give(request, report, form)


def _give(request, report, form):
    try:
        give_time(report, **form.cleaned_data, actor=request.user, at=timezone.now())
    except Refused as refused:
        if not refused.incomplete:
            raise
        form.refuse(refused)
        return _page(request, report, form, status=422)
    except AlreadyDone:
        return _done_already(request, report)
    day = thai_date(form.cleaned_data["until"], "medium")
    said = _("%(unit)s has time until %(day)s.") % {"unit": report.agreement.unit.short_name, "day": day}
    messages.success(request, show_digits(said))
    return _back(report)


@require_POST
def end_report_time(request, code, position, pk):
    """End what was given before its day."""
    report = _report(request, code, position)
    given = get_object_or_404(TimeGiven, report=report, pk=pk)
    form = EndTimeForm(request.POST)
    if not form.is_valid():
        return _page(request, report, GiveTimeForm(), status=422)
    try:
        end_time(given, actor=request.user, at=timezone.now(), **form.cleaned_data)
    except AlreadyDone:
        return _done_already(request, report)
    messages.success(request, _("The time that was given is ended."))
    return _back(report)


def _report(request, code, position):
    """The report of an agreement that the person follows; 403 for who may not give time."""
    agreement, at = followed_agreement(request, code), timezone.now()
    refusal = may_give_time(agreement, request.user, at)
    if refusal:
        raise Refused([refusal])
    found = next((each for each in reports_of(agreement) if each.round.position == position), None)
    if found is None:
        raise Http404
    found.agreement = agreement
    return found


def _done_already(request, report):
    messages.info(request, _("This has been done already. Nothing was done twice."))
    return _back(report)


def _back(report):
    return redirect("desk:report", report.agreement.code, report.round.position)


def _page(request, report, form, status=200):
    at = timezone.now()
    barred = not_to_be_given(report, at)
    context = frame(request, report.agreement, "report", moves=False) | {
        "report": report,
        "state": state_of(report, timezone.localdate(at)),
        "barred": barred,
        "form": None if barred else form,
        "given": standing_time(report),
        "ending": EndTimeForm(auto_id="ending_%s"),
    }
    return render(request, "desk/extend_report.html", context, status=status)
