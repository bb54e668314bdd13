"""An agreement and the library: taking a sheet as a new line, answering to a changed one."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from acts.engine import Conflict
from acts.versions import Stale
from agreements.library import accept_version, awaited_version, object_to_version, take_sheet
from agreements.rules import may_write
from desk.access import once_then, readable_agreement, writable_agreement
from desk.forms.library import AcceptForm, LibraryForm, ObjectForm, TakeForm
from desk.frame import frame
from desk.library_page import find_sheets, library_of, sheet_rows
from desk.sheet_page import place_of
from desk.views.library import page_number
from indicators.models import Sheet
from orgunits.models import OrgUnit


@require_http_methods(["GET", "HEAD", "POST"])
@once_then
def take_from_library(request, code):
    """Look for a sheet of the library, and take it into the agreement as a new line."""
    if request.method != "POST":
        return _choosing(request, readable_agreement(request, code))
    agreement = writable_agreement(request, code)
    form = TakeForm(request.POST, framework=agreement.framework)
    if not form.is_valid():
        return _choosing(request, agreement, form, status=422)
    given = form.cleaned_data
    sheet = get_object_or_404(Sheet.objects.in_use(), code=given["sheet"])
    by = {"actor": request.user, "at": timezone.now(), "idempotency": given["idempotency"]}
    try:
        line = take_sheet(agreement, sheet, given["dimension"], **by)
    except Conflict as there:
        messages.info(request, there.sentence)
        return redirect("desk:take_sheet", code)
    messages.success(request, _("The indicator was taken from the library. Please add what is the unit's own."))
    return redirect("desk:line", code, line.pk)


def _choosing(request, agreement, form=None, status=200):
    asked = LibraryForm(request.GET)
    words = asked.cleaned_data["q"].split() if asked.is_valid() else []
    found = find_sheets(words, kept=OrgUnit.objects.none(), page=page_number(request))
    there = set(agreement.lines.exclude(sheet=None).values_list("sheet", flat=True))
    context = {
        **frame(request, agreement, "lines"),
        "refusal": may_write(agreement, request.user, timezone.now()),
        "asked": asked,
        "form": form or TakeForm(framework=agreement.framework),
        "rows": [row | {"is_there": row["sheet"].pk in there} for row in sheet_rows(found, words)],
        "found": found,
        "query": urlencode({"q": asked["q"].value() or ""}) + "&",
    }
    return render(request, "desk/take_sheet.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@once_then
def answer_version(request, code, pk):
    """What a new version of the library's sheet changes in a line; accept it, or object with a reason."""
    agreement = readable_agreement(request, code)
    lines = agreement.lines.select_related("dimension", "plan_item", "sheet__owner", "sheet__current", "sheet_version")
    line = get_object_or_404(lines.exclude(sheet=None), pk=pk)
    line.agreement = agreement
    if awaited_version(line) is None:
        return redirect("desk:line", code, pk)
    if request.method == "POST":
        return _answer(request, line)
    return _answer_page(request, line)


def _answer(request, line):
    accepts = "accept" in request.POST
    form = (AcceptForm if accepts else ObjectForm)(request.POST)
    if not form.is_valid():
        return _answer_page(request, line, None if accepts else form, status=422)
    given, version = form.cleaned_data, awaited_version(line)
    by = {"actor": request.user, "at": timezone.now(), "idempotency": given["idempotency"]}
    try:
        if accepts:
            accept_version(line, version, seen=given["seen"], **by)
            messages.success(request, _("The new version is accepted; the indicator says what it says."))
        else:
            object_to_version(line, version, given["reason"], **by)
            messages.success(request, _("The objection is on its way to the sheet's owner."))
    except Stale:
        messages.error(request, _("Somebody has saved this indicator meanwhile. Please look at it again, and answer."))
        return redirect("desk:answer_version", line.agreement.code, line.pk)
    return redirect("desk:line", line.agreement.code, line.pk)


def _answer_page(request, line, objecting=None, status=200):
    at = timezone.now()
    shown = library_of(line, request.user, at, timezone.localdate(at), objecting=objecting)
    context = {**frame(request, line.agreement, "lines"), **place_of(line), "line": line, "library": shown}
    return render(request, "desk/answer_version.html", context, status=status)
