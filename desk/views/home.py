"""งานของฉัน: the page that people begin with, and beginning a new agreement from it."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agreements.models import Agreement
from agreements.write import create_agreement
from desk.access import landing
from desk.beginnings import beginnings
from desk.inbox import inbox
from fiscal.models import FiscalYear
from orgunits.models import OrgUnit


@require_safe
def home(request):
    """What waits for the person, what they could begin, and what they wait for."""
    at = timezone.now()
    mine, theirs = inbox(request.user, at)
    begin = beginnings(request.user, at=at, on=timezone.localdate(at))
    return render(request, "desk/home.html", {"mine": mine, "theirs": theirs, "beginnings": begin})


@require_POST
def create(request, unit_code, year):
    """Begin the agreement of a unit for a year; pressed twice, it leads to the one that is there."""
    unit = get_object_or_404(OrgUnit, code=unit_code)
    fiscal_year = get_object_or_404(FiscalYear, year=year)
    made = Agreement.objects.visible_to(request.user).filter(unit=unit, fiscal_year=fiscal_year).first()
    made = made or create_agreement(unit, fiscal_year, actor=request.user, at=timezone.now())
    return landing(request, made.code)
