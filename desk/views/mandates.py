"""Making a sheet of the library mandatory in a year, and taking that back: for the planning office of its owner."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.carried import take
from acts.engine import AlreadyDone, Conflict, Refusal, Refused
from agreements.mandates import push, units_below
from agreements.models import Source
from agreements.take_back import freed_by, take_back
from desk.forms.library import PushForm, TakeBackForm
from desk.library_page import dimension_choices, push_levels, whom_of
from desk.views.library import ASKING, kept_sheet
from fiscal.models import FiscalYear


@ASKING
def push_sheet(request, code):
    """Make a sheet mandatory in a year, for levels or for units named."""
    found = kept_sheet(request, code)
    years = list(FiscalYear.objects.filter(ends_on__gte=timezone.localdate()).order_by("year"))
    year = next((each for each in years if str(each.year) == request.GET.get("year")), years[0] if years else None)
    if year is None or found.current_id is None or found.retired_at:
        raise Refused([Refusal(_("Only a published sheet that has not been retired can be made mandatory."))])
    known = list(units_below(found))
    dimensions = dimension_choices(year, {unit.tier for unit in known})
    asked = {"levels": push_levels(found, year, dimensions), "dimensions": dimensions}
    form = PushForm(request.POST if request.method == "POST" else take(request), known=known, **asked)
    context = {"sheet": found, "form": form, "year": year, "years": years, "source": Source.MANDATORY}
    if request.method != "POST":
        return render(request, "desk/sheet_push.html", context)
    if not form.is_valid():
        return render(request, "desk/sheet_push.html", context, status=422)
    return _push(request, found, year, form, context)


def _push(request, found, year, form, context):
    try:
        pushed = push(found, year, by=request.user, at=timezone.now(), **form.pushed())
    except Refused as refused:
        for refusal in refused.refusals:
            name = refusal.where.removeprefix("#id_")
            form.add_error(name if name in form.fields else None, refusal.sentence)
        return render(request, "desk/sheet_push.html", context, status=422)
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
    else:
        messages.success(request, _pushed_words(pushed))
    return redirect("desk:sheet", found.code)


def _pushed_words(pushed):
    words = {"added": pushed.added, "taken": pushed.taken_over, "settled": pushed.settled}
    return (
        _(
            "The sheet is mandatory now: put into %(added)s agreements, made mandatory where it stood in %(taken)s; "
            "%(settled)s are settled already and stay as they are. Agreements drafted later hold it from the beginning."
        )
        % words
    )


@ASKING
def take_back_mandate(request, code, pk):
    """Say what becomes of the lines and ask for the reason, then take the mandate back."""
    found = kept_sheet(request, code)
    mandate = get_object_or_404(found.mandates.select_related("fiscal_year", "unit", "sheet__owner"), pk=pk)
    form = TakeBackForm(request.POST if request.method == "POST" else take(request))
    if request.method == "POST" and form.is_valid():
        return _take_back(request, found, mandate, form.cleaned_data)
    context = {"sheet": found, "form": form, "mandate": mandate, "whom": whom_of(mandate), "reach": freed_by(mandate)}
    return render(request, "desk/mandate_take_back.html", context, status=422 if request.method == "POST" else 200)


def _take_back(request, found, mandate, given):
    try:
        freed = take_back(mandate, **given, by=request.user, at=timezone.now())
    except (AlreadyDone, Conflict):
        messages.info(request, _("This has been done already. Nothing was done twice."))
    else:
        sentence = _(
            "The sheet is no longer mandatory there: in %(freed)s agreements the indicator is the unit's own now."
        )
        messages.success(request, sentence % {"freed": freed.freed})
    return redirect("desk:sheet", found.code)
