"""The wording of the agreement's clauses: typed, looked at on paper, saved."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.carried import take
from acts.engine import AlreadyDone
from acts.versions import Stale
from agreements.clauses import FILLED, LABELS, PERIOD, braced
from agreements.issue import example_page
from desk.forms.wording import WordingForm
from desk.stale import stale_page
from desk.views.years import only_who_may_change, the_year
from desk.years_page import title_of
from workflow.clause_wording import word_clauses, worded_for


@require_http_methods(["GET", "HEAD", "POST"])
def clause_wording(request, number):
    """The clauses of a year as a form; `preview`: the first page with what was typed, as a PDF, and nothing is saved."""
    only_who_may_change(request)
    year = the_year(number)
    if request.method != "POST":
        return _page(request, year, _form(request, year))
    form = WordingForm(request.POST)
    if not form.is_valid():
        return _page(request, year, form, status=422)
    return _preview(year, form) if "preview" in request.POST else _save(request, year, form)


def _form(request, year):
    data = take(request)
    if data is not None:
        return WordingForm(data)
    values, version = worded_for(year)
    return WordingForm(initial={**values, "version": version})


def _preview(year, form):
    pdf = example_page(year, {key: form.cleaned_data[key] for key in LABELS})
    disposition = f'inline; filename="wording-{year.year}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": disposition})


def _save(request, year, form):
    given = form.cleaned_data
    seen = {"version": given["version"], "idempotency": given["idempotency"]}
    try:
        word_clauses(year, form.values(), **seen, by=request.user, at=timezone.now())
        messages.success(request, _("The wording is saved. It holds for what is handed over from now on."))
    except Stale as stale:
        fields = {name: name for name in form.values()}
        return stale_page(request, None, form, stale.theirs, fields=fields, back=_address(year))
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
    return redirect(_address(year))


def _address(year):
    return reverse("desk:clause_wording", args=[year.year])


def _page(request, year, form, status=200):
    names = [braced(name) for name in (PERIOD, *FILLED)]
    context = {"year": year, "title": title_of(year.year), "form": form, "names": names}
    return render(request, "desk/year_wording.html", context, status=status)
