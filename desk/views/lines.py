"""The sheet of an indicator, and the weights of all lines: forms while they may be written, pages to read otherwise."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.carried import take
from acts.log import acting
from acts.versions import Stale
from agreements.forms import LineForm, NewLineForm, WeightsForm
from agreements.rules import may_write, numbered_lines
from agreements.write import add_line, remove_line, save_line, shift_line
from desk.access import readable_agreement
from desk.frame import frame
from desk.stale import stale_field, stale_page
from desk.versions import posted_page, posted_version
from desk.weights import weight_bar

STEPS = {"up": -1, "down": 1}


def line(request, code, pk):
    """The sheet of one indicator: a form for those who may write now, and a page to read for everybody else."""
    agreement = readable_agreement(request, code)
    row = get_object_or_404(agreement.lines.select_related("agreement", "dimension", "plan_item"), pk=pk)
    refusal = may_write(agreement, request.user, timezone.now())
    if request.method == "POST":
        return _save_line(request, agreement, row)
    if refusal:
        return _show_line(request, agreement, row, refusal)
    return _line_page(request, agreement, row, LineForm(take(request), line=row))


def _save_line(request, agreement, row):
    form = LineForm(request.POST, line=row)
    if "fill" in request.POST:
        return _line_page(request, agreement, row, form.with_levels_filled())
    if not form.is_valid():
        return _line_page(request, agreement, row, form, status=422)
    try:
        save_line(row, form.changes(), version=posted_version(request), page=posted_page(request), actor=request.user, at=timezone.now())
    except Stale as stale:
        return stale_page(request, agreement, form, stale.theirs)
    messages.success(request, _("The indicator is saved."))
    if "stay" in request.POST:
        return redirect("desk:line", agreement.code, row.pk)
    return redirect("desk:agreement", agreement.code)


def _line_page(request, agreement, row, form, status=200):
    form.autosave_to(reverse("desk:line_field", args=[agreement.code, row.pk]))
    context = {
        **frame(request, agreement, "lines"),
        "line": row,
        "form": form,
        "numbered": next(each for each in numbered_lines(agreement) if each.line == row),
        "version": request.POST.get("version", row.version),
        "criteria": _criteria_now(row),
        "weights": weight_bar(agreement),
    }
    return render(request, "desk/line_form.html", context, status=status)


def _criteria_now(row):
    """What the saved criteria would give last year's result: (score, sentence); (None, why) while they are faulty."""
    problems = row.criteria.problems()
    if problems or row.past_1 is None:
        return {"problems": problems, "scored": None}
    return {"problems": [], "scored": row.criteria.score(row.past_1, floor=row.agreement.framework.floor)}


def _show_line(request, agreement, row, refusal):
    context = {
        **frame(request, agreement, "lines"),
        "line": row,
        "refusal": refusal,
        "numbered": next(each for each in numbered_lines(agreement) if each.line == row),
    }
    return render(request, "desk/line_sheet.html", context)


@require_POST
def line_field(request, code, pk):
    """Save one field as it is left. Answers with the new version, the saved mark, and what it changes elsewhere."""
    agreement = readable_agreement(request, code)
    row = get_object_or_404(agreement.lines.select_related("agreement", "dimension"), pk=pk)
    name = request.headers.get("HX-Trigger-Name", "")
    form = LineForm(request.POST, line=row)
    try:
        changes = {name: form.only(name)}
        saved = save_line(row, changes, version=posted_version(request), page=posted_page(request), actor=request.user, at=timezone.now())
    except ValidationError as wrong:
        return render(request, "desk/_autosave.html", {"name": name, "errors": wrong.messages, "row": row}, status=422)
    except Stale as stale:
        return stale_field(request, form, name, stale.theirs)
    context = {"name": name, "errors": [], "row": saved, "criteria": _criteria_now(saved), "weights": weight_bar(agreement)}
    return render(request, "desk/_autosave.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_line_to(request, code):
    """Ask for the dimension and the name of a new indicator; then its sheet opens for writing."""
    agreement = readable_agreement(request, code)
    form = NewLineForm(request.POST or take(request), framework=agreement.framework)
    if request.method == "POST" and form.is_valid():
        row = add_line(agreement, actor=request.user, at=timezone.now(), **form.cleaned_data)
        return redirect("desk:line", code, row.pk)
    refusal = may_write(agreement, request.user, timezone.now())
    context = {**frame(request, agreement, "lines"), "form": form, "refusal": refusal}
    return render(request, "desk/line_add.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def shift_line_in(request, code, pk, way):
    """One place up or down within its dimension."""
    agreement = readable_agreement(request, code)
    row = get_object_or_404(agreement.lines, pk=pk)
    if way not in STEPS:
        raise Http404
    shift_line(row, STEPS[way], actor=request.user, at=timezone.now())
    return redirect("desk:weights", code)


def remove_line_from(request, code, pk):
    """Ask, then take the line out."""
    agreement = readable_agreement(request, code)
    row = get_object_or_404(agreement.lines, pk=pk)
    if request.method == "POST":
        remove_line(row, actor=request.user, at=timezone.now())
        messages.success(request, _("The indicator is removed."))
        return redirect("desk:agreement", code)
    refusal = may_write(agreement, request.user, timezone.now())
    return render(request, "desk/line_remove.html", {**frame(request, agreement, "lines"), "line": row, "refusal": refusal})


def weights(request, code):
    """All weights in one form, with their order: what must come to 100, seen at once."""
    agreement = readable_agreement(request, code)
    numbered = numbered_lines(agreement)
    form = WeightsForm(request.POST or take(request), numbered=numbered)
    if request.method == "POST" and form.is_valid():
        return _save_weights(request, agreement, form)
    context = {
        **frame(request, agreement, "lines"),
        "form": form,
        "weights": weight_bar(agreement),
        "refusal": may_write(agreement, request.user, timezone.now()),
        "dimensions": agreement.framework.dimensions.all(),
    }
    return render(request, "desk/weights.html", context, status=422 if request.method == "POST" else 200)


def _save_weights(request, agreement, form):
    at, page = timezone.now(), posted_page(request)
    try:
        with acting(request.user, at=at):
            for row, weight in form.changed_weights():
                version = posted_version(request, f"version-{row.pk}")
                save_line(row, {"weight": weight}, version=version, page=page, actor=request.user, at=at)
    except Stale as stale:
        row = stale.theirs
        fields, version_field = {form.name_of(row): "weight"}, f"version-{row.pk}"
        return stale_page(request, agreement, form, row, fields=fields, version_field=version_field)
    messages.success(request, _("The weights are saved."))
    return redirect("desk:weights", agreement.code)
