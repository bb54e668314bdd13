"""งานของฉัน: the page that people begin with, and beginning a new agreement from it."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agreements.models import Agreement
from desk.access import landing
from desk.beginnings import beginnings
from desk.inbox import SHOWN_AT_MOST, escalated, inbox
from desk.library_page import changed_sheets
from desk.named_work import named_work
from desk.publication_page import to_announce
from desk.score_alarms import score_alarms
from desk.vacancies import vacancies
from fiscal.models import FiscalYear
from orgunits.models import OrgUnit
from results.carry import begin
from workflow.sitting import is_being_signed
from workflow.talk import waiting_mentions


@require_safe
def home(request):
    """What waits for the person, what they could begin, and what they wait for."""
    at = timezone.now()
    mine, theirs = inbox(request.user, at)
    to_begin = beginnings(request.user, at=at, on=timezone.localdate(at))
    context = {"mine": mine, "theirs": theirs, "beginnings": to_begin, "vacancies": vacancies(request.user, at)}
    context["to_sign"] = sum(is_being_signed(task.amendment or task.agreement) for task in mine)
    context["escalated"] = escalated(request.user, at)
    context["changed"] = changed_sheets(request.user, at)
    context["mentions"] = waiting_mentions(request.user, at)[:SHOWN_AT_MOST]
    context["score_alarms"] = score_alarms(request.user, at)
    context["named"] = named_work(request.user)
    context["to_announce"] = to_announce(request.user, at)
    return render(request, "desk/home.html", context)


@require_POST
def create(request, unit_code, year):
    """Begin the agreement of a unit for a year, empty or with last year's carried forward (`carry`).

    Pressed twice, it leads to the one that is there.
    """
    unit = get_object_or_404(OrgUnit, code=unit_code)
    fiscal_year = get_object_or_404(FiscalYear, year=year)
    made = Agreement.objects.visible_to(request.user).filter(unit=unit, fiscal_year=fiscal_year).first()
    carry = "carry" in request.POST
    made = made or begin(unit, fiscal_year, carry=carry, actor=request.user, at=timezone.now())
    return landing(request, made.code)
