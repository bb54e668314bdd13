"""Printing the agreements of a unit and of those below it, as one file."""

from io import BytesIO

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from acts.engine import AlreadyDone, Refused
from acts.forms import IdempotencyMixin
from acts.vault import read
from agreements.models import PrintRun
from agreements.print_runs import ask_for_run, printable, progress_of, still_open_to, try_again
from desk.years_page import title_of
from fiscal.models import FiscalYear
from orgunits.models import OrgUnit


class PrintForm(IdempotencyMixin, forms.Form):
    """Nothing is typed: pressing is all."""


@require_http_methods(["GET", "HEAD", "POST"])
def print_agreements(request, unit_code, number):
    """How many documents there are to print, and one's latest run of them; with `?run=` that run's progress alone."""
    unit, year = get_object_or_404(OrgUnit, code=unit_code), get_object_or_404(FiscalYear, year=number)
    if request.method == "POST":
        return _ask(request, unit, year)
    return _page(request, unit, year)


def _page(request, unit, year, status=200):
    run = PrintRun.objects.filter(unit=unit, fiscal_year=year, asked_by=request.user).first()
    context = {"unit": unit, "year": year, "title": title_of(year.year), "run": run}
    context["job"] = progress_of(run) if run else None
    if "run" in request.GET:
        return render(request, "desk/_print_run.html", context)
    count = len(printable(request.user, unit, year, timezone.now()))
    return render(request, "desk/print_agreements.html", context | {"count": count, "form": PrintForm()}, status=status)


def _ask(request, unit, year):
    form = PrintForm(request.POST)
    key = form.cleaned_data["idempotency"] if form.is_valid() else ""
    try:
        ask_for_run(unit, year, by=request.user, at=timezone.now(), idempotency=key)
        messages.success(request, _("The documents are being made. You may leave this page; the work goes on."))
    except Refused:
        return _page(request, unit, year, status=422)  # which says why
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
    return redirect("desk:print_agreements", unit.code, year.year)


def _own_run(request, pk):
    run = get_object_or_404(PrintRun, pk=pk, asked_by=request.user)
    if not still_open_to(run, request.user, timezone.now()):
        raise Http404
    return run


@require_safe
def print_run_file(request, pk):
    """The bound file, to the person who asked for it, as long as they may read all that is in it."""
    run = _own_run(request, pk)
    if not run.is_bound:
        raise Http404
    name = f"agreements-{run.unit.code}-{run.fiscal_year.year}.pdf"
    return FileResponse(BytesIO(read(run.sha256)), content_type="application/pdf", filename=name)


@require_POST
def print_run_again(request, pk):
    """Ask once more for what of one's run could not be made."""
    run = _own_run(request, pk)
    try_again(run)
    return redirect("desk:print_agreements", run.unit.code, run.fiscal_year.year)
