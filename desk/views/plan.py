"""The unit's action plan: one form while it may be written, an outline to read otherwise.

Whatever is pressed on the form, all that was typed in it is saved first: nothing waits unsaved in another field.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.carried import take_from_page
from acts.log import acting
from acts.versions import Stale
from agreements.forms import PlanForm, opening_name
from agreements.freeze import agreed_snapshot, plan_sections, thaw
from agreements.models import ActionPlan, PlanItem
from agreements.rules import may_write
from agreements.write import add_plan_item, remove_plan_item, save_plan, save_plan_item, shift_plan_item
from desk.access import once_back_to, readable_agreement, writable_agreement
from desk.frame import frame
from desk.plan_page import additions, rows
from desk.stale import stale_field, stale_page
from desk.versions import posted_page, posted_version

STEPS = {"up": -1, "down": 1}


@once_back_to("desk:plan")
def plan(request, code):
    """The unit's action plan: a form for those who may write now, an outline to read for everybody else."""
    if request.method == "POST":
        return _save(request, writable_agreement(request, code))
    agreement = readable_agreement(request, code)
    refusal = may_write(agreement, request.user, timezone.now())
    if refusal:
        context = {**frame(request, agreement, "plan"), "plan": _to_read(agreement), "refusal": refusal}
        return render(request, "desk/plan.html", context)
    typed = take_from_page(request)
    return _form_page(request, agreement, PlanForm(typed and typed.data(), plan=agreement.plan))


def _to_read(agreement):
    """The plan as it stands; once the agreement is in force, as it was signed."""
    return thaw(agreed_snapshot(agreement))["plan"] if agreement.is_in_force else plan_sections(agreement.plan)


def _form_page(request, agreement, form, status=200):
    form.autosave_to(lambda row: _own_address(agreement, row))
    context = {
        **frame(request, agreement, "plan"),
        "form": form,
        "version": form.version_shown(agreement.plan),
        "rows": rows(form),
        "new_issue": additions(form, None),
    }
    return render(request, "desk/plan_form.html", context, status=status)


def _own_address(agreement, row):
    if isinstance(row, ActionPlan):
        return reverse("desk:plan", args=[agreement.code])
    return reverse("desk:save_plan_item", args=[agreement.code, row.pk])


def _save(request, agreement, *, wanted="", then=None):
    """Save all that was typed, then what `then(added)` gives as an answer. `wanted`: a blank that must be filled."""
    form = PlanForm(request.POST, plan=agreement.plan)
    if request.htmx:
        return _save_field(request, agreement, form)
    if not (form.demand(wanted) if wanted else form.is_valid()):
        return _form_page(request, agreement, form, status=422)
    try:
        added = _write(request, agreement, form)
    except Stale as stale:
        return _stale(request, agreement, form, stale.theirs)
    return then(added) if then else _saved(request, agreement)


def _saved(request, agreement):
    messages.success(request, _("The plan is saved."))
    return redirect("desk:plan", agreement.code)


def _write(request, agreement, form):
    """All of it or nothing; gives {name of a blank: the item added}."""
    by = {"actor": request.user, "at": timezone.now()}
    with acting(**by, idempotency=request.POST.get("idempotency", "")):
        for row, changes in form.changes().items():
            _write_row(request, agreement, form, row, changes, by)
        return {
            name: add_plan_item(agreement, kind, parent=parent, **texts, **by)
            for name, (kind, parent, texts) in form.additions().items()
        }


def _write_row(request, agreement, form, row, changes, by):
    seen = {"version": posted_version(request, form.version_name(row)), "page": posted_page(request)}
    if isinstance(row, ActionPlan):
        return save_plan(agreement, changes, **seen, **by)
    return save_plan_item(agreement, row, changes, **seen, **by)


def _stale(request, agreement, form, theirs):
    fields = {name: column for name, column in form.fields_of(theirs).items() if name in form.changed_data}
    back = reverse("desk:plan", args=[agreement.code])
    return stale_page(
        request, agreement, form, theirs, fields=fields, version_field=form.version_name(theirs), back=back
    )


def _save_field(request, agreement, form):
    """Save the one text that was left. Answers with its row's version, or with what is wrong, at its place."""
    name = request.headers.get("HX-Trigger-Name", "")
    try:
        value = form.only(name)
        row, column = form.places[name]
        saved = _write_row(
            request, agreement, form, row, {column: value}, {"actor": request.user, "at": timezone.now()}
        )
    except ValidationError as wrong:
        return render(request, "desk/_field_saved.html", {"name": name, "errors": wrong.messages}, status=422)
    except Stale as stale:
        return stale_field(request, form, name, stale.theirs, column=column)
    context = {"name": name, "errors": [], "version_id": form.version_name(row), "version": saved.version}
    return render(request, "desk/_field_saved.html", context)


def _back_to(code, pk, what="item"):
    return redirect(reverse("desk:plan", args=[code]) + f"#{what}-{pk}")


@require_POST
@once_back_to("desk:plan")
def add_to_plan(request, code, kind, parent):
    """A new issue (parent 0), goal, strategy or indicator, typed into its blank."""
    agreement = writable_agreement(request, code)
    above = get_object_or_404(agreement.plan.items, pk=parent) if parent else None
    if kind not in PlanItem.kinds_under(above):
        raise Http404
    wanted = opening_name(PlanItem.Kind(kind), above)
    return _save(request, agreement, wanted=wanted, then=lambda added: _back_to(code, added[wanted].pk))


@require_POST
@once_back_to("desk:plan")
def save_in_plan(request, code, pk):
    """Save one item's text as it is left; without JavaScript, and all else with it."""
    agreement = writable_agreement(request, code)
    item = get_object_or_404(agreement.plan.items, pk=pk)
    return _save(request, agreement, then=lambda added: _back_to(code, item.pk))


@require_POST
@once_back_to("desk:plan")
def shift_in_plan(request, code, pk, way):
    """One place up or down among its like."""
    agreement = writable_agreement(request, code)
    item = get_object_or_404(agreement.plan.items, pk=pk)
    if way not in STEPS:
        raise Http404
    return _save(request, agreement, then=lambda added: _shift(request, agreement, item, way))


def _shift(request, agreement, item, way):
    """Lead back to the button that was pressed, wherever it now stands: it may be pressed again."""
    shift_plan_item(agreement, item, STEPS[way], actor=request.user, at=timezone.now())
    return _back_to(agreement.code, item.pk, way)


def remove_from_plan(request, code, pk):
    """Ask, saying what goes with it, then take the item out."""
    agreement = readable_agreement(request, code)
    item = get_object_or_404(agreement.plan.items, pk=pk)
    if request.method == "POST":
        remove_plan_item(agreement, item, actor=request.user, at=timezone.now())
        messages.success(request, _("It has been removed from the plan."))
        return redirect("desk:plan", code)
    below = PlanItem.objects.filter(parent=item) | PlanItem.objects.filter(parent__parent=item)
    context = {
        **frame(request, agreement, "plan"),
        "item": item,
        "below": below,
        "lines": agreement.lines.filter(Q(plan_item=item) | Q(plan_item__in=below)),
        "refusal": may_write(agreement, request.user, timezone.now()),
    }
    return render(request, "desk/plan_remove.html", context)
