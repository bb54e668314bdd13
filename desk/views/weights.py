"""The table of indicators, the place to work: what is written fastest side by side, weights, order, parts, new lines."""

import re

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
from agreements.arrange import duplicate_line, indent_line, outdent_line, save_lines
from agreements.balance import CannotBalance, How, spread
from agreements.rules import dimensions_of, may_write, numbered_lines
from agreements.table_form import BALANCE_FAILED, TableForm
from agreements.write import add_line, shift_line
from desk.access import once_back_to, readable_agreement, writable_agreement
from desk.frame import frame
from desk.stale import stale_page
from desk.versions import posted_page, posted_version
from desk.weights import by_dimension, weight_bar

WAYS = {
    "up": lambda line, **by: shift_line(line, -1, **by),
    "down": lambda line, **by: shift_line(line, 1, **by),
    "in": indent_line,
    "out": outdent_line,
    "copy": duplicate_line,
}
# Where the typing goes on: a cell, a button or a blank of the table.
PLACE = re.compile(r"(name|unit_of_measure|target|weight|new|up|down|in|out|copy)-\d{1,18}")


@once_back_to("desk:weights")
def weights(request, code):
    """The table as a form; for who may not write now, a page to read."""
    if request.method == "POST":
        return _save(request, writable_agreement(request, code))
    agreement = readable_agreement(request, code)
    typed = take_from_page(request)
    return _page(request, agreement, _form(agreement, typed and typed.data()))


@require_POST
@once_back_to("desk:weights")
def shift_line_in(request, code, pk, way):
    """Move a line up or down, in or out, or copy it; what was typed in the same form is saved with it."""
    agreement = writable_agreement(request, code)
    row = get_object_or_404(agreement.lines, pk=pk)
    if way not in WAYS:
        raise Http404
    return _save(request, agreement, shift=(row, way))


def _form(agreement, data=None):
    return TableForm(data, numbered=numbered_lines(agreement), dimensions=dimensions_of(agreement))


def _page(request, agreement, form, status=200):
    context = {
        **frame(request, agreement, "lines"),
        "form": form,
        "weights": weight_bar(agreement),
        "dimensions": by_dimension(agreement),
        "refusal": may_write(agreement, request.user, timezone.now()),
    }
    return render(request, "desk/weights.html", context, status=status)


def _save(request, agreement, shift=None):
    form = _form(agreement, request.POST)
    if not form.is_valid():
        return _page(request, agreement, form, status=422)
    if request.POST.get("balance") in list(How):
        return _balanced(request, agreement, form)
    try:
        made = _write(request, agreement, form, shift)
    except Stale as stale:
        return _stale(request, agreement, form, stale.theirs)
    if not shift:
        messages.success(request, _("The table is saved."))
    return redirect(reverse("desk:weights", args=[agreement.code]) + _place(request, form, shift, made))


def _balanced(request, agreement, form):
    """The same page with the weights balanced, to be looked at: nothing is saved until that is asked for."""
    leaves = [each for each in form.numbered if each.is_leaf]
    how = How(request.POST["balance"])
    try:
        found = spread(leaves, form.dimensions, form.weights(), form.chosen(), how)
    except CannotBalance:
        form.add_error(None, str(BALANCE_FAILED))
        return _page(request, agreement, form, status=422)
    return _page(request, agreement, form.with_weights(found))


def _place(request, form, shift, made):
    """Where the person goes on: at the copy, where they were typing, at the button pressed, at the blank just used."""
    if made is not None:
        return f"#name-{made.pk}"
    typing = request.POST.get("place", "")
    if PLACE.fullmatch(typing):
        return f"#{typing}"
    if shift:
        return f"#{shift[1]}-{shift[0].pk}"
    used = [dimension for dimension, _values in form.new_lines()]
    return f"#new-{used[-1].pk}" if used else ""


def _write(request, agreement, form, shift):
    """Save what was typed, add what is new, and move or copy the line; gives the copy."""
    by = {"actor": request.user, "at": timezone.now()}
    with acting(**by, idempotency=request.POST.get("idempotency", "")):
        changed = [
            (line, changes, posted_version(request, form.version_name(line))) for line, changes in form.changed_lines()
        ]
        if changed:
            save_lines(agreement, changed, page=posted_page(request), **by)
        for dimension, values in form.new_lines():
            add_line(agreement, dimension, **values, **by)
        if shift:
            line, way = shift
            return WAYS[way](line, **by)
    return None


def _stale(request, agreement, form, theirs):
    changes = next(changes for line, changes in form.changed_lines() if line.pk == theirs.pk)
    fields, back = (
        {f"{column}-{theirs.pk}": column for column in changes},
        reverse("desk:weights", args=[agreement.code]),
    )
    return stale_page(
        request, agreement, form, theirs, fields=fields, version_field=form.version_name(theirs), back=back
    )
