"""The sheet of an indicator: a form while it may be written, a page to read otherwise; adding one, removing one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.carried import take
from acts.log import acting
from acts.versions import Stale
from agreements.forms import LineForm, NewLineForm
from agreements.rules import may_write
from agreements.write import add_line, remove_line, save_line
from desk.access import once_then, readable_agreement, writable_agreement
from desk.frame import frame
from desk.sheet_page import criteria_now, figures, place_of
from desk.stale import stale_field, stale_page
from desk.versions import posted_page, posted_version
from desk.weights import weight_bar


def line(request, code, pk):
    """The sheet of one indicator: a form for those who may write now, and a page to read for everybody else."""
    if request.method == "POST":
        agreement = writable_agreement(request, code)
        return _save_line(request, agreement, _row(agreement, pk))
    agreement = readable_agreement(request, code)
    row, refusal = _row(agreement, pk), may_write(agreement, request.user, timezone.now())
    if refusal:
        context = {**frame(request, agreement, "lines"), "line": row, "refusal": refusal}
        context |= place_of(row) | figures(row)
        return render(request, "desk/line_sheet.html", context)
    return _line_page(request, agreement, row, LineForm(take(request), line=row))


def _row(agreement, pk):
    row = get_object_or_404(agreement.lines.select_related("dimension", "plan_item"), pk=pk)
    row.agreement = agreement
    return row


def _save_line(request, agreement, row):
    form = LineForm(request.POST, line=row)
    if "fill" in request.POST:
        return _line_page(request, agreement, row, form.with_levels_filled())
    if not form.is_valid():
        return _line_page(request, agreement, row, form, status=422)
    try:
        save_line(
            row,
            form.changes(),
            version=posted_version(request),
            page=posted_page(request),
            actor=request.user,
            at=timezone.now(),
        )
    except Stale as stale:
        return stale_page(request, agreement, form, stale.theirs, fields={name: name for name in form.changes()})
    messages.success(request, _("The indicator is saved."))
    if "stay" in request.POST:
        return redirect("desk:line", agreement.code, row.pk)
    return redirect("desk:agreement", agreement.code)


def _line_page(request, agreement, row, form, status=200):
    form.autosave_to(reverse("desk:line_field", args=[agreement.code, row.pk]))
    context = {
        **frame(request, agreement, "lines"),
        **place_of(row),
        "line": row,
        "form": form,
        "version": form.version_shown,
        "criteria": criteria_now(row),
        "weights": weight_bar(agreement),
    }
    return render(request, "desk/line_form.html", context, status=status)


@require_POST
def line_field(request, code, pk):
    """Save one field as it is left. Answers with the new version, the saved mark, and what it changes elsewhere."""
    agreement = writable_agreement(request, code)
    row = _row(agreement, pk)
    name = request.headers.get("HX-Trigger-Name", "")
    form = LineForm(request.POST, line=row)
    try:
        changes = {name: form.only(name)}
        saved = save_line(
            row,
            changes,
            version=posted_version(request),
            page=posted_page(request),
            actor=request.user,
            at=timezone.now(),
        )
    except ValidationError as wrong:
        return render(request, "desk/_autosave.html", {"name": name, "errors": wrong.messages, "row": row}, status=422)
    except Stale as stale:
        return stale_field(request, form, name, stale.theirs)
    context = {
        "name": name,
        "errors": [],
        "row": saved,
        "criteria": criteria_now(saved),
        "weights": weight_bar(agreement),
    }
    return render(request, "desk/_autosave.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once_then
def add_line_to(request, code):
    """Ask for the dimension and the name of a new indicator; then its sheet opens for writing."""
    if request.method == "POST":
        return _add_line(request, writable_agreement(request, code))
    agreement = readable_agreement(request, code)
    return _adding_page(request, agreement, NewLineForm(take(request), framework=agreement.framework))


def _add_line(request, agreement):
    form, at = NewLineForm(request.POST, framework=agreement.framework), timezone.now()
    if not form.is_valid():
        return _adding_page(request, agreement, form, status=422)
    with acting(request.user, at=at, idempotency=request.POST.get("idempotency", "")):
        row = add_line(agreement, actor=request.user, at=at, **form.cleaned_data)
    return redirect("desk:line", agreement.code, row.pk)


def _adding_page(request, agreement, form, status=200):
    refusal = may_write(agreement, request.user, timezone.now())
    context = {**frame(request, agreement, "lines"), "form": form, "refusal": refusal}
    return render(request, "desk/line_add.html", context, status=status)


def remove_line_from(request, code, pk):
    """Ask, then take the line out."""
    agreement = readable_agreement(request, code)
    row = get_object_or_404(agreement.lines, pk=pk)
    if request.method == "POST":
        remove_line(row, actor=request.user, at=timezone.now())
        messages.success(request, _("The indicator is removed."))
        return redirect("desk:agreement", code)
    refusal = may_write(agreement, request.user, timezone.now())
    return render(
        request, "desk/line_remove.html", {**frame(request, agreement, "lines"), "line": row, "refusal": refusal}
    )
