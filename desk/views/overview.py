"""A commander's overview of the units below one unit."""

from io import BytesIO

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from acts.refusals import Refusal, Refused
from desk.overview import overview_of, place_of, shown_year
from desk.overview_book import overview_xlsx
from desk.overview_page import overview_page
from desk.scope import overview_roots
from fiscal.models import FiscalYear
from orgunits.administration import others_for
from results.evidence import CONTENT_TYPES


@require_safe
def overview(request):
    """The overview of the highest unit that the person looks over; 403 for who looks over one unit alone, or none."""
    roots = overview_roots(request.user, timezone.now())
    if not roots:
        sentence = _("The overview is for those in charge of more than one unit.")
        rule = _("An overview begins at a unit that one's role or post is on, and that has units below.")
        raise Refused([Refusal(sentence, rule=rule, help=others_for(request.user, timezone.now()))])
    return _page(request, roots[0].code)


@require_safe
def unit_overview(request, unit_code):
    """The overview of one unit within the person's reach; 404 for any other."""
    return _page(request, unit_code)


@require_safe
def overview_file(request, unit_code):
    """The same as an Excel file; 404 as its page, and while no year is open."""
    user, at = request.user, timezone.now()
    place = place_of(user, unit_code, at)
    _opened, year = years_of(request, at)
    if year is None:
        raise Http404
    made = BytesIO(overview_xlsx(overview_of(user, place, year, at), timezone.localdate(at)))
    name = f"{year}-{place.unit.code}-overview.xlsx"
    return FileResponse(made, as_attachment=True, filename=name, content_type=CONTENT_TYPES["xlsx"])


def years_of(request, at):
    """(the years that are open, the one to show: that asked for, else today's; None while none is open)"""
    opened = list(FiscalYear.objects.values_list("year", flat=True))
    return opened, shown_year(opened, year_asked(request), timezone.localdate(at))


def _page(request, code):
    user, at = request.user, timezone.now()
    place = place_of(user, code, at)
    opened, year = years_of(request, at)
    if year is None:
        return render(request, "desk/overview_empty.html", {"place": place})
    shown = overview_of(user, place, year, at)
    context = overview_page(shown, user, years=opened, roots=overview_roots(user, at), at=at)
    return render(request, "desk/overview.html", context)


def year_asked(request):
    """The year asked for, in either digits; None where none is asked for, or what is can't be one."""
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and len(text) == len("2570") else None
