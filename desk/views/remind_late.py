"""Reminding those who are late, from a commander's overview: who would get what is shown first."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from acts.refusals import AlreadyDone, Refused
from desk.forms.remind_late import RemindForm
from desk.overview import place_of
from desk.overview_page import unit_url
from desk.turn import holder
from desk.views.overview import years_of
from thai.numbers import show_digits
from workflow.remind_late import MOST, RULE, late_ones, may_remind_at_all, remind
from workflow.reminders import in_whose_hand


@require_http_methods(["GET", "HEAD", "POST"])
def remind_late(request, unit_code):
    """Who is late below the unit and would be reminded; a POST reminds those that were ticked."""
    user, at = request.user, timezone.now()
    unit = place_of(user, unit_code, at).unit
    _opened, year = years_of(request, at)
    if year is None:
        raise Http404
    refusal = may_remind_at_all(user, at)
    if refusal:
        raise Refused([refusal])
    if request.method != "POST":
        return _page(request, unit, year, RemindForm(), at)
    form = RemindForm(request.POST)
    if not form.is_valid():
        return _page(request, unit, year, form, at, status=422)
    return _remind(request, unit, year, form.cleaned_data, at)


def _remind(request, unit, year, given, at):
    try:
        made = remind(unit, year, given["chosen"], actor=request.user, at=at, idempotency=given["idempotency"])
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
        return redirect(unit_url(unit, year))
    count = made.reminders.count()
    said = ngettext("Reminded of %(count)s agreement.", "Reminded of %(count)s agreements.", count)
    messages.success(request, show_digits(said % {"count": count}))
    return redirect(unit_url(unit, year))


def _page(request, unit, year, form, at, status=200):
    on = timezone.localdate(at)
    late = late_ones(request.user, unit, year, at)
    rows = [_row(each, on, at) for each in late[:MOST]]
    context = {
        "unit": unit,
        "year": year,
        "back": unit_url(unit, year),
        "rows": rows,
        "sends": any(row["sends"] for row in rows),
        "more": max(late.count() - MOST, 0),
        "rule": RULE,
        "form": form,
    }
    return render(request, "desk/remind_late.html", context, status=status)


def _row(agreement, on, at):
    """One late agreement: how late, in whose hand; `sends`: can its holders be reminded today?"""
    people, today = in_whose_hand(agreement, at), agreement.reminded_on == on
    return {
        "agreement": agreement,
        "days": (on - agreement.day_due).days,
        "holder": holder(agreement),
        "people": [{"name": each.short_name_with_rank, "has_address": bool(each.email)} for each in people],
        "today": today,
        "sends": bool(people) and not today,
    }
