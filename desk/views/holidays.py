"""Public holidays, off which due dates move: read by who looks at fiscal years, kept by the planning office."""

from itertools import groupby

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.carried import take
from acts.engine import AlreadyDone
from desk.forms.holidays import FixedHolidaysForm, HolidayForm
from desk.views.years import only_who_may_change, overseen, refusal_to_change
from fiscal.holidays import fixed_holidays
from fiscal.models import Holiday
from thai.dates import be_year
from workflow.opening import drop_holiday, enter_holidays


@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request):
    """All holidays by calendar year, the latest first; one to add, or a year's fixed ones to fill in."""
    overseen(request)
    if request.method == "POST":
        return _entering(request)
    data = take(request)
    return _page(request, HolidayForm(data) if data is not None and "fill" not in data else HolidayForm())


def _page(request, form=None, fill=None, status=200):
    found = Holiday.objects.order_by("-day")
    years = [(year, list(rows)[::-1]) for year, rows in groupby(found, key=lambda each: be_year(each.day))]
    following = max([be_year(timezone.localdate()), *(year + 1 for year, _rows in years)])
    context = {
        "years": years,
        "form": form or HolidayForm(),
        "fill": fill or FixedHolidaysForm(initial={"year": following}),
        "may_change": refusal_to_change(request) is None,
    }
    return render(request, "desk/holidays.html", context, status=status)


def _entering(request):
    only_who_may_change(request)
    filling = "fill" in request.POST
    form = (FixedHolidaysForm if filling else HolidayForm)(request.POST)
    if not form.is_valid():
        return _page(request, **{"fill" if filling else "form": form}, status=422)
    given = form.cleaned_data
    days = fixed_holidays(given["year"]) if filling else [(given["day"], given["name"])]
    try:
        by = {"by": request.user, "at": timezone.now(), "idempotency": given["idempotency"]}
        new, moved = enter_holidays(days, **by)
        messages.success(request, _entered(len(new)))
        _tell_moved(request, moved)
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
    return redirect("desk:holidays")


def _entered(count):
    if not count:
        return _("Every one of these days was entered already.")
    words = ngettext("%(count)s holiday was entered.", "%(count)s holidays were entered.", count)
    return words % {"count": count}


def _tell_moved(request, moved):
    if moved:
        words = ngettext("%(count)s due date has moved.", "%(count)s due dates have moved.", moved)
        messages.info(request, words % {"count": moved})


@require_POST
def remove_holiday(request, pk):
    """A day that is a working day after all."""
    only_who_may_change(request)
    found = get_object_or_404(Holiday, pk=pk)
    moved = drop_holiday(found, by=request.user, at=timezone.now())
    messages.success(request, _("“%(name)s” was taken out.") % {"name": found.name})
    _tell_moved(request, moved)
    return redirect("desk:holidays")
