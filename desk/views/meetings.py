"""Meetings before the negotiation, of a year or about an agreement, with what was handed over when."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.carried import take
from acts.refusals import AlreadyDone, Refused
from acts.versions import Stale
from desk.access import followed_agreement
from desk.frame import frame
from desk.stale import stale_page
from desk.views.talk import attached
from desk.views.years import overseen, the_year
from desk.years_page import title_of
from results.evidence import NotEvidence
from workflow.files import keep
from workflow.meeting_form import MeetingForm
from workflow.meetings import FIELDS, may_record_meeting, save_meeting, submissions
from workflow.models import Meeting

ASKING = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def meetings(request, code):
    """The meetings about an agreement, and what was submitted or handed over: who, when, which text."""
    agreement = followed_agreement(request, code)
    context = frame(request, agreement, "history") | _listed(request, agreement.fiscal_year, agreement)
    context["submissions"] = submissions(agreement)
    return render(request, "desk/meetings.html", context)


@require_safe
def year_meetings(request, number):
    """The meetings of a fiscal year."""
    overseen(request)
    year = the_year(number)
    context = _listed(request, year, None) | {"year": year, "title": title_of(number)}
    return render(request, "desk/year_meetings.html", context)


def _listed(request, year, agreement):
    refusal = may_record_meeting(year, agreement, request.user, timezone.now())
    return {"meetings": year.meetings.filter(agreement=agreement), "may_record": refusal is None}


@ASKING
def add_meeting(request, code):
    """Record a meeting about an agreement."""
    agreement = followed_agreement(request, code)
    return _edit(request, agreement.fiscal_year, agreement, None)


@ASKING
def add_year_meeting(request, number):
    """Record a meeting of a fiscal year."""
    overseen(request)
    return _edit(request, the_year(number), None, None)


@ASKING
def meeting(request, pk):
    """Change what is recorded of a meeting."""
    found = _found(request, pk)
    return _edit(request, found.fiscal_year, found.agreement, found)


@require_safe
def meeting_file(request, pk, place):
    """A file of a meeting, as attachment."""
    return attached(_found(request, pk).files, place)


def _found(request, pk):
    """The meeting, to who may follow its agreement, or look at its year."""
    found = get_object_or_404(Meeting.objects.select_related("fiscal_year", "agreement"), pk=pk)
    if found.agreement:
        found.agreement = followed_agreement(request, found.agreement.code)
    else:
        overseen(request)
    return found


def _edit(request, year, agreement, found):
    refusal = may_record_meeting(year, agreement, request.user, timezone.now())
    if refusal:
        raise Refused([refusal])
    form = _form(found, request.POST or take(request), request.FILES or None)
    if request.method != "POST":
        return _page(request, year, agreement, form)
    values = _values(form) if form.is_valid() else None
    if values is None:
        return _page(request, year, agreement, form, status=422)
    return _save(request, (year, agreement, found), form, values)


def _save(request, what, form, values):
    year, agreement, found = what
    given = {"version": form.cleaned_data["version"], "idempotency": form.cleaned_data["idempotency"]}
    try:
        save_meeting(year, agreement, values, meeting=found, **given, actor=request.user, at=timezone.now())
    except Stale as stale:
        fields = {name: name for name in FIELDS if name != "files"}
        return stale_page(request, agreement, form, stale.theirs, fields=fields)
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
    else:
        messages.success(request, _("The meeting is recorded."))
    return redirect(_list_url(year, agreement))


def _form(found, *sent):
    return MeetingForm(*sent, meeting=found, today=timezone.localdate())


def _values(form):
    """What is to be kept; None where a file can't be taken, which is then an error at its field."""
    try:
        return form.values() | {"files": form.files_left() + keep(form.cleaned_data["new_files"])}
    except NotEvidence as refused:
        form.add_error("new_files", str(refused))
        return None


def _list_url(year, agreement):
    if agreement:
        return reverse("desk:meetings", args=[agreement.code])
    return reverse("desk:year_meetings", args=[year.year])


def _page(request, year, agreement, form, status=200):
    context = {"form": form, "agreement": agreement, "back": _list_url(year, agreement), "title": title_of(year.year)}
    return render(request, "desk/meeting.html", context, status=status)
