"""The sheet of an indicator: a form while it may be written, a page to read otherwise; adding one, removing one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.carried import take
from acts.log import acting
from acts.versions import Stale
from agreements.forms import LineForm, NewLineForm
from agreements.items_form import typed_formula
from agreements.locks import removal_refusal
from agreements.rules import may_write
from agreements.write import add_line, remove_line, save_line
from desk.access import once_then, readable_agreement, writable_agreement
from desk.amended_lines import amended_line
from desk.criteria_builder import builder, trial_in
from desk.formula_page import preview
from desk.frame import frame
from desk.last_sheet import last_sheet, said_of, with_last_years
from desk.library_page import OF_LIBRARY, library_context
from desk.sheet_page import figures, parts_of, people_of_line, place_of
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
        context |= place_of(row) | figures(row) | parts_of(row) | people_of_line(row) | library_context(request, row)
        context["amended"] = amended_line(agreement, context["numbered"].number)
        return render(request, "desk/line_sheet.html", context)
    return _line_page(request, agreement, row, LineForm(take(request), line=row))


def _row(agreement, pk):
    lines = agreement.lines.select_related(
        "dimension", "plan_item", "carries_item", "carries_line", "overseer", *OF_LIBRARY
    )
    row = get_object_or_404(with_last_years(lines, agreement), pk=pk)
    row.agreement = agreement
    return row


def _save_line(request, agreement, row):
    form = LineForm(request.POST, line=row)
    if "fill" in request.POST and not form.has_parts:
        return _line_page(request, agreement, row, form.with_levels_filled())
    if "look" in request.POST:
        return _line_page(request, agreement, row, form)
    if "take" in request.POST:
        return _line_page(request, agreement, row, _with_last_years(form))
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
        theirs = form.with_people(stale.theirs)
        return stale_page(request, agreement, form, theirs, fields={name: name for name in form.changed_fields})
    messages.success(request, _("The indicator is saved."))
    if "stay" in request.POST:
        return redirect("desk:line", agreement.code, row.pk)
    return redirect("desk:agreement", agreement.code)


def _with_last_years(form):
    """The form with one text of last year's sheet in it, not saved."""
    last, name = last_sheet(form.line), form.data["take"]
    if last is None or name not in {each.name for each in last.texts} & form.fields.keys() - form.locked:
        return form
    data = form.data.copy()
    data[name] = last.text_of(name)
    return LineForm(data, line=form.line)


def _line_page(request, agreement, row, form, status=200):
    form.autosave_to(reverse("desk:line_field", args=[agreement.code, row.pk]))
    last = last_sheet(row)
    context = {
        **frame(request, agreement, "lines"),
        **place_of(row),
        **library_context(request, row),
        "line": row,
        "form": form,
        "version": form.version_shown,
        "weights": weight_bar(agreement),
        "last": last,
        "last_said": said_of(last) if last else "",
    }
    context |= parts_of(row) if form.has_parts else _measured(request, row, form)
    return render(request, "desk/line_form.html", context, status=status)


def _measured(request, row, form):
    """What stands beside the criteria and the formula of an indicator that is measured itself."""
    form.tries_at(reverse("desk:line", args=[row.agreement.code, row.pk]))
    typed = form.as_line()
    trial = form.trial_value if form.is_bound else trial_in(request.GET.get("trial", ""))
    return {
        "criteria": builder(typed, trial),
        "formula": preview(row, form["expression"].value() or "", form.item_names),
        "parts": [],
    }


@require_POST
def line_field(request, code, pk):
    """Save one field as it is left. Answers with the new version, the saved mark, and what it changes elsewhere."""
    agreement = writable_agreement(request, code)
    row = _row(agreement, pk)
    name = request.headers.get("HX-Trigger-Name", "")
    form = LineForm(request.POST, line=row)
    form.autosave_to(request.path)
    try:
        form.only(name)
        changes = form.kept([name])
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
        return stale_field(request, form, name, form.with_people(stale.theirs))
    context = {
        "name": name,
        "errors": [],
        "row": saved,
        "criteria": None if form.has_parts else builder(saved, form.trial_value),
        "form": form if name == "kind" else None,
        "weights": weight_bar(agreement),
        "rows": form if name == "items" and form.wants_rows else None,
    }
    return render(request, "desk/_autosave.html", context)


@require_safe
def line_formula(request, code, pk):
    """The formula as it is typed, set with fractions, and what last year's numbers would give; nothing is saved."""
    agreement = writable_agreement(request, code)
    expression, names = typed_formula(request.GET)
    context = {"formula": preview(_row(agreement, pk), expression, names)}
    return render(request, "desk/_formula_now.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once_then
def add_line_to(request, code):
    """Ask for the dimension and the name of a new indicator; then its sheet opens for writing."""
    if request.method == "POST":
        return _add_line(request, writable_agreement(request, code))
    agreement = readable_agreement(request, code)
    form = NewLineForm(take(request), agreement=agreement, initial={"parent": request.GET.get("part_of", "")})
    return _adding_page(request, agreement, form)


def _add_line(request, agreement):
    form, at = NewLineForm(request.POST, agreement=agreement), timezone.now()
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
    row = _row(agreement, pk)
    if request.method == "POST":
        remove_line(row, actor=request.user, at=timezone.now())
        messages.success(request, _("The indicator is removed."))
        return redirect("desk:agreement", code)
    refusal = may_write(agreement, request.user, timezone.now()) or removal_refusal(row)
    context = {**frame(request, agreement, "lines"), **parts_of(row), "line": row, "refusal": refusal}
    return render(request, "desk/line_remove.html", context)
