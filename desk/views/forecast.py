"""Where an agreement is heading by the year's end."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.access import followed_agreement
from desk.forecast_page import forecast_page
from desk.frame import frame
from results.outlook import outlook
from results.rules import reports_of


@require_safe
def forecast(request, code):
    """The likely score of each line and of the whole, after the last report sent or another one (?round=)."""
    agreement = followed_agreement(request, code)
    if not reports_of(agreement):
        raise Http404
    typed = request.GET.get("round", "")
    found = outlook(agreement, int(typed) if typed.isdecimal() and len(typed) < 4 else None)
    page = forecast_page(agreement, found, on=timezone.localdate())
    return render(request, "desk/forecast.html", frame(request, agreement, "report") | page)
