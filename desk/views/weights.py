"""The weights of all lines in one form, with their order: what must come to 100, seen at once."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.carried import take_from_page
from acts.log import acting
from acts.versions import Stale
from agreements.forms import WeightsForm
from agreements.rules import may_write, numbered_lines
from agreements.write import save_line, shift_line
from desk.access import readable_agreement, writable_agreement
from desk.frame import frame
from desk.stale import stale_page
from desk.versions import posted_page, posted_version
from desk.weights import by_dimension, weight_bar

STEPS = {"up": -1, "down": 1}


def weights(request, code):
    """All weights in one form; for who may not write now, a page to read."""
    if request.method == "POST":
        return _save(request, writable_agreement(request, code))
    agreement = readable_agreement(request, code)
    typed = take_from_page(request)
    return _page(request, agreement, WeightsForm(typed and typed.data(), numbered=numbered_lines(agreement)))


@require_POST
def shift_line_in(request, code, pk, way):
    """One place up or down within its dimension; weights typed in the same form are saved with it."""
    agreement = writable_agreement(request, code)
    row = get_object_or_404(agreement.lines, pk=pk)
    if way not in STEPS:
        raise Http404
    return _save(request, agreement, shift=(row, way))


def _page(request, agreement, form, status=200):
    context = {
        **frame(request, agreement, "lines"),
        "form": form,
        "weights": weight_bar(agreement),
        "dimensions": by_dimension(agreement, form.numbered),
        "refusal": may_write(agreement, request.user, timezone.now()),
    }
    return render(request, "desk/weights.html", context, status=status)


def _save(request, agreement, shift=None):
    form = WeightsForm(request.POST, numbered=numbered_lines(agreement))
    if not form.is_valid():
        return _page(request, agreement, form, status=422)
    try:
        _write(request, form, shift)
    except Stale as stale:
        return _stale(request, agreement, form, stale.theirs)
    if shift:
        return _to_button(agreement, *shift)
    messages.success(request, _("The weights are saved."))
    return redirect("desk:weights", agreement.code)


def _to_button(agreement, row, way):
    """Back to the button that was pressed, wherever it now stands: it may be pressed again."""
    return redirect(reverse("desk:weights", args=[agreement.code]) + f"#{way}-{row.pk}")


def _write(request, form, shift):
    by = {"actor": request.user, "at": timezone.now()}
    with acting(**by):
        for row, weight in form.changed_weights():
            version = posted_version(request, form.version_name(row))
            save_line(row, {"weight": weight}, version=version, page=posted_page(request), **by)
        if shift:
            row, way = shift
            shift_line(row, STEPS[way], **by)


def _stale(request, agreement, form, theirs):
    fields, back = {form.name_of(theirs): "weight"}, reverse("desk:weights", args=[agreement.code])
    return stale_page(
        request, agreement, form, theirs, fields=fields, version_field=form.version_name(theirs), back=back
    )
