"""What of a superior's goals and indicators the units below carry: the map of one unit and its gaps."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from acts.refusals import Refusal, Refused
from agreements.models.sight import units_of
from desk.cascade import cascade_of, cascade_place
from desk.cascade_page import cascade_page
from desk.overview import shown_year
from desk.scope import scope_of
from desk.views.overview import year_asked
from fiscal.models import FiscalYear
from orgunits.administration import others_for
from orgunits.reach import reach_of


@require_safe
def cascade(request):
    """The map of the highest unit that the person reads in and that makes agreements; 403 for who reads in none."""
    user, at = request.user, timezone.now()
    readable = units_of(reach_of(user, at))
    units = [unit for unit in scope_of(user, at).values() if unit.pk in readable and unit.signs_agreement]
    if not units:
        sentence = _("The map of what is carried is for those who read agreements of the organisation.")
        rule = _("The map begins at a unit that makes agreements and that one's role or post is on.")
        raise Refused([Refusal(sentence, rule=rule, help=others_for(user, at))])
    return _page(request, units[0].code)


@require_safe
def unit_cascade(request, unit_code):
    """The map of one unit; 404 where the person stands neither on it, nor above, nor below it."""
    return _page(request, unit_code)


def _page(request, code):
    user, at = request.user, timezone.now()
    place = cascade_place(user, code, at)
    opened = list(FiscalYear.objects.values_list("year", flat=True))
    year = shown_year(opened, year_asked(request), timezone.localdate(at))
    if year is None:
        return render(request, "desk/cascade_empty.html", {"place": place})
    shown = cascade_of(user, place, year, at)
    return render(request, "desk/cascade.html", cascade_page(shown, user, years=opened, at=at))
