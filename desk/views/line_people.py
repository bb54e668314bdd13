"""What the people of an indicator do about its result: collectors report their figures, the overseer decides on it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from acts.refusals import Conflict, Refused
from acts.versions import Stale
from desk.line_people_page import figure_form
from desk.report_page import result_url
from desk.versions import posted_version
from desk.views.reports import forms_of, report_in, result_page, row_in
from results.forms import VerdictForm
from results.models import Collected
from results.oversee import give_verdict
from results.rules import may_collect, may_oversee, may_report
from results.scores import report_card
from results.write import save_figure, take_figure


def _found(request, code, position, key, may):
    """(report, card, row) of a line, to who may do this about its result now."""
    found = report_in(request, code, position)
    card = report_card(found)
    row = row_in(request, found, card, key)
    refusal = may(row.result, request.user, timezone.now())
    if refusal:
        raise Refused([refusal])
    return found, card, row


def _to_people(found, row):
    return redirect(result_url(found, row.line) + "#people")


@require_POST
def collect(request, code, position, key):
    """Keep a collector's own figure and note beside the result."""
    found, card, row = _found(request, code, position, key, may_collect)
    mine = Collected.objects.filter(result=row.result, user=request.user).first()
    form = figure_form(row, request.user, mine, request.POST)
    if not form.is_valid():
        return result_page(request, found, card, row, status=422, **forms_of(request, found, row), figure_form=form)
    save_figure(row.result, form.changes(), actor=request.user, at=timezone.now())
    messages.success(request, _("What you reported of indicator %(number)s is kept.") % {"number": row.line.number})
    return _to_people(found, row)


@require_POST
def take_collected(request, code, position, key, pk):
    """Staff make a collector's figure the result."""
    found, _card, row = _found(request, code, position, key, _may_take)
    collected = get_object_or_404(Collected.objects.select_related("user"), result=row.result, pk=pk)
    collected.result = row.result
    try:
        take_figure(collected, version=posted_version(request), actor=request.user, at=timezone.now())
    except Stale as stale:
        raise Conflict(_changed()) from stale
    told = {"who": collected.user.short_name_with_rank, "number": row.line.number}
    messages.success(request, _("The figure of %(who)s is the result of indicator %(number)s now.") % told)
    return _to_people(found, row)


def _may_take(result, user, at):
    return may_report(result.report, user, at)


def _changed():
    return _("The result was changed since you opened the page. Please read it again, then decide.")


def _once_more(request, found, card, row, form):
    return result_page(request, found, card, row, status=422, **forms_of(request, found, row), verdict_form=form)


@require_POST
def oversee(request, code, position, key):
    """The overseer approves the result, or refuses it with a reason."""
    found, card, row = _found(request, code, position, key, may_oversee)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return _once_more(request, found, card, row, form)
    told = form.cleaned_data
    try:
        give_verdict(
            row.result,
            approves=told["verdict"] == "approve",
            reason=told["reason"],
            version=told["version"],
            seen=told["seen"],
            actor=request.user,
            at=timezone.now(),
        )
    except Refused as why:
        form.add_error("reason", " ".join(each.sentence for each in why.refusals))
        return _once_more(request, found, card, row, form)
    messages.success(request, _("Your decision on indicator %(number)s is kept.") % {"number": row.line.number})
    return _to_people(found, row)
