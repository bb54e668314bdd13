"""Announced agreements, to everybody: a list by year, a page of each, and both as files. Names and posts only."""

from io import BytesIO

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from acts.vault import read
from desk.forms.publication import PublicForm
from desk.public_files import LIST_HEADINGS, as_csv, as_json, indicators_as_csv
from desk.public_page import Shown, address_of, announcements_of, path_of, years_announced
from orgunits.models import OrgUnit
from thai.language import in_thai
from workflow.models import Publication
from workflow.publication import published

ON_A_PAGE = 25
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@login_not_required
@require_safe
def public(request):
    """What is announced of a year (`?year=`, the latest by itself), filtered by words (`?q=`)."""
    form, year, text = _asked_for(request)
    page = Paginator(announcements_of(year, text), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(each, path_of(each)) for each in page]
    asked = request.GET.copy()
    asked.pop("page", None)
    query = f"{asked.urlencode()}&" if asked else ""
    context = {"form": form, "year": year, "text": text, "page": page, "rows": rows, "query": query}
    return render(request, "desk/public.html", context)


@login_not_required
@require_safe
def public_list_file(request, form):
    """The same list, whole, as CSV or JSON."""
    _typed, year, text = _asked_for(request)
    found = [_listed(each) for each in announcements_of(year, text)]
    body = as_json(found) if form == "json" else as_csv(LIST_HEADINGS, (each.values() for each in found))
    return _file(body, form, f"announcements-{year or 'none'}")


def _asked_for(request):
    """(the form, the year, the words) of what is looked for; what can't be understood is left out."""
    years = years_announced()
    form = PublicForm(request.GET or None, years=years, initial={"year": years[0] if years else None})
    form.is_valid()
    given = getattr(form, "cleaned_data", {})
    return form, given.get("year") or (years[0] if years else None), given.get("q", "")


def _listed(publication):
    agreement = publication.agreement
    with in_thai():
        kind = publication.get_kind_display()
    return {
        "unit_code": agreement.unit.code,
        "unit": agreement.unit.name_th,
        "fiscal_year": str(agreement.fiscal_year.year),
        "kind": kind,
        "announced_on": timezone.localdate(publication.published_at).isoformat(),
        "url": address_of(publication),
    }


@login_not_required
@require_safe
def public_agreement(request, number, unit_code):
    """An announced agreement in plain words (`?show=`: another text of it); 410 with the reason where it was withdrawn."""
    unit, found = _announced(number, unit_code)
    if not found:
        if found.withdrawn is None:
            raise Http404
        context = {"unit": unit, "year": number, "publication": found.withdrawn}
        return render(request, "desk/public_withdrawn.html", context, status=410)
    shown = _shown(request, found)
    context = {"unit": unit, "year": number, "shown": shown, "found": found, "here": path_of(shown.publication)}
    return render(request, "desk/public_agreement.html", context | shown.printed)


@login_not_required
@require_safe
def public_document(request, number, unit_code):
    """The PDF of the edition for the public."""
    paper = _to_read(request, number, unit_code).paper
    if not paper.is_rendered:
        raise Http404
    name = f"{number}-{unit_code}-{paper.snapshot.sequence}.pdf"
    return FileResponse(BytesIO(read(paper.sha256)), content_type="application/pdf", filename=name)


@login_not_required
@require_safe
def public_file(request, number, unit_code, form):
    """An announced agreement for programs: its indicators as CSV, all of it as JSON."""
    shown = _to_read(request, number, unit_code)
    if form == "csv":
        return _file(indicators_as_csv(shown.sections), form, f"{number}-{unit_code}")
    return _file(as_json({"announcement": shown.facts(), **shown.sections}), form, f"{number}-{unit_code}")


def _announced(number, unit_code):
    unit = get_object_or_404(OrgUnit, code=unit_code)
    return unit, published(unit, number)


def _to_read(request, number, unit_code):
    _unit, found = _announced(number, unit_code)
    if not found:
        raise Http404
    return _shown(request, found)


def _shown(request, found):
    asked = request.GET.get("show")
    wanted = getattr(found, asked) if asked in Publication.Kind.values else None
    return Shown(wanted or found.foremost)


def _file(body, form, name):
    if form not in CONTENT_TYPES:
        raise Http404
    disposition = f'attachment; filename="{name}.{form}"'
    return HttpResponse(body, content_type=CONTENT_TYPES[form], headers={"Content-Disposition": disposition})
