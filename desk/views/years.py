"""Opening fiscal years and looking after them: the pages of the planning office."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.carried import take
from acts.engine import AlreadyDone, Refusal, Refused
from acts.jobs import queue_again
from acts.models import Job
from acts.versions import Stale
from agreements.duties import role_rule
from desk.forms.years import (
    ChangeYearForm,
    OpenYearForm,
    posted_positions,
    preset_asked_for,
    values_of,
)
from desk.incentive_page import sees_incentives
from desk.stale import stale_page
from desk.years_page import (
    Stored,
    due_dates,
    levels,
    outlook_cases,
    outlook_facts,
    period_words,
    setting_of,
    title_of,
    year_context,
    year_rows,
)
from fiscal.models import FiscalYear
from fiscal.years import next_year
from orgunits.administration import others_for
from orgunits.roles import Role
from results.rounds import Preset
from workflow.drafting import drafting_job, open_for_all, outlook_of
from workflow.opening import (
    change_year,
    may_open_years,
    open_year,
    periods_kept,
    suggested,
    units_overseen,
)

ASKING = require_http_methods(["GET", "HEAD", "POST"])


def overseen(request):
    """The units whose years the person may look at; 403 with the sentence for everybody else."""
    units = units_overseen(request.user, timezone.now())
    if units is None:
        sentence = _("Only planning offices, auditors and system administrators look at fiscal years here.")
        help = others_for(request.user, timezone.now())
        raise Refused([Refusal(sentence, rule=role_rule(Role.PLANNER), help=help)])
    return units


def the_year(number, *with_its):
    return get_object_or_404(FiscalYear.objects.prefetch_related(*with_its), year=number)


def only_who_may_change(request):
    """403 with the sentence for those who may look only."""
    overseen(request)
    refusal = may_open_years(request.user, timezone.now())
    if refusal:
        raise Refused([refusal])


def refusal_to_change(request):
    return may_open_years(request.user, timezone.now())


@require_safe
def years(request):
    """All years: state, period, how many agreements stand where, how many are late."""
    units, at = overseen(request), timezone.now()
    context = {"rows": year_rows(units, on=timezone.localdate(at)), "may_open": refusal_to_change(request) is None}
    context["sees_incentives"] = sees_incentives(request.user, at)
    return render(request, "desk/years.html", context)


@require_safe
def year(request, number):
    """One year: what is set, how many units have their agreement, what isn't ready."""
    units, found = overseen(request), the_year(number, "deadlines")
    context = year_context(found, units, reader=request.user, on=timezone.localdate())
    may_open, idle = refusal_to_change(request) is None, _is_idle(context["job"])
    can_draft = may_open and idle and context["progress"].left > 0
    context |= {"year": found, "title": title_of(number), "may_open": may_open, "can_draft": can_draft}
    context["sees_incentives"] = sees_incentives(request.user, timezone.now())
    return render(request, "desk/year.html", context)


def _is_idle(job):
    """Is no drafting under way, nor one to be tried again?"""
    return job is None or job.state == Job.State.DONE


# Opening a year


@ASKING
def open_new(request):
    """Ask for everything a year begins with, show what would come of it, then open it."""
    only_who_may_change(request)
    if request.method == "POST":
        return _opening(request, OpenYearForm(request.POST, positions=posted_positions(request.POST)))
    data = take(request)
    if data is not None:
        return _opening_page(request, OpenYearForm(data, positions=posted_positions(data)))
    number = next_year(timezone.localdate())
    return _opening_page(request, OpenYearForm(setting=suggested(number), initial={"year": number}))


def _opening(request, form):
    if "fill" in request.POST:
        return _opening_page(request, form.moved_to_its_year())
    if preset := preset_asked_for(request.POST):
        return _opening_page(request, form.with_rounds_of(preset))
    if "edit" in request.POST or not form.is_valid():
        return _opening_page(request, form, status=200 if "edit" in request.POST else 422)
    try:
        return _open(request, form) if "confirm" in request.POST else _preview(request, form)
    except Refused as refused:
        form.refuse(refused)
        return _opening_page(request, form, status=422)


def _opening_page(request, form, status=200):
    context = {"form": form, "title": _("Open a fiscal year"), "year": None, "action": reverse("desk:open_year")}
    context["presets"] = list(Preset)
    return render(request, "desk/year_form.html", context, status=status)


def _open(request, form):
    number, key = form.cleaned_data["year"], form.cleaned_data["idempotency"]
    try:
        open_year(number, form.setting(), by=request.user, at=timezone.now(), idempotency=key)
        messages.success(request, _("%(year)s is open.") % {"year": title_of(number)})
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
    return redirect("desk:year", number)


def _preview(request, form):
    """What opening would come to: the year is opened, looked at, and all of it undone."""
    number, at = form.cleaned_data["year"], timezone.now()
    with transaction.atomic():
        opened = open_year(number, form.setting(), by=request.user, at=at)
        found = outlook_of(opened, on=timezone.localdate(at))
        context = {
            **_outlook_context(found),
            "year": opened,
            "title": title_of(number),
            "period": period_words(opened.starts_on, opened.ends_on),
            "dues": due_dates(opened),
            "rounds": list(opened.reporting_rounds.all()),
            "levels": levels(opened, linked=False),
        }
        transaction.set_rollback(True)
    left_out = ("csrfmiddlewaretoken", "preview", "fill", "edit", "preset")
    kept = [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values]
    return render(request, "desk/year_preview.html", context | {"kept": kept})


# Changing it


@ASKING
def change(request, number):
    """The call, the period, due dates and rounds of a year that is open."""
    only_who_may_change(request)
    found = the_year(number, "deadlines")
    if request.method == "POST":
        return _change(request, found, ChangeYearForm(request.POST, positions=posted_positions(request.POST)))
    data = take(request)
    if data is not None:
        return _changing_page(request, found, ChangeYearForm(data, positions=posted_positions(data)))
    return _changing_page(request, found, ChangeYearForm(setting=setting_of(found), initial={"version": found.version}))


def _changing_page(request, found, form, status=200):
    context = {
        "form": form,
        "title": _("Change %(year)s") % {"year": title_of(found.year)},
        "year": found,
        "periods_kept": periods_kept(found),
        "presets": list(Preset),
        "action": reverse("desk:change_year", args=[found.year]),
    }
    return render(request, "desk/year_form.html", context, status=status)


def _change(request, found, form):
    if preset := preset_asked_for(request.POST):
        return _changing_page(request, found, form.with_rounds_of(preset, found.year))
    if not form.is_valid():
        return _changing_page(request, found, form, status=422)
    given, at = form.cleaned_data, timezone.now()
    by = {"version": given["version"], "by": request.user, "at": at, "idempotency": given["idempotency"]}
    try:
        change_year(found, form.setting(), **by)
    except Refused as refused:
        form.refuse(refused)
        return _changing_page(request, found, form, status=422)
    except Stale as stale:
        stored = Stored(form, stale.theirs, values_of(setting_of(stale.theirs)))
        back = reverse("desk:year", args=[found.year])
        return stale_page(request, None, form, stored, fields=stored.fields(), back=back)
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
    else:
        messages.success(request, _("The year is changed."))
    return redirect("desk:year", found.year)


# Drafts for all units


@ASKING
def draft_all(request, number):
    """What drafting for all units would come to, and asking for it."""
    overseen(request)
    found = the_year(number)
    if request.method == "POST":
        return _ask_for_drafts(request, found)
    seen, job = outlook_of(found, on=timezone.localdate()), drafting_job(found)
    context = _outlook_context(seen) | {"year": found, "title": title_of(number), "job": job}
    context |= {"refusal": refusal_to_change(request), "can_draft": seen.to_draft > 0 and _is_idle(job)}
    return render(request, "desk/year_drafts.html", context)


def _outlook_context(found):
    return {"outlook": found, "outlook_facts": outlook_facts(found), "outlook_cases": outlook_cases(found)}


def _ask_for_drafts(request, found):
    only_who_may_change(request)
    try:
        key = request.POST.get("idempotency", "")
        open_for_all(found, by=request.user, at=timezone.now(), idempotency=key)
        messages.success(request, _("The drafts are being made. You may leave this page; the work goes on."))
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
    return redirect("desk:draft_all", found.year)


@require_GET
def drafting(request, number):
    """How far the job is, as the part of the page that asks for itself again."""
    overseen(request)
    found = the_year(number)
    job = drafting_job(found)
    if job is None:
        raise Http404
    return render(request, "desk/_drafting.html", {"year": found, "job": job})


@require_http_methods(["POST"])
def draft_all_again(request, number):
    """Ask once more for drafts that could not be made."""
    only_who_may_change(request)
    job = drafting_job(the_year(number))
    if job is not None and job.state == Job.State.FAILED:
        queue_again(job)
        messages.success(request, _("The drafts are being made. You may leave this page; the work goes on."))
    return redirect("desk:draft_all", number)
