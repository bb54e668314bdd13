"""The unit's action plan: a form while it may be written, an outline to read otherwise."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.carried import take
from acts.versions import Stale
from agreements.forms import PlanForm, PlanItemForm
from agreements.freeze import PlanOutline, plan_sections
from agreements.models import Line, PlanItem
from agreements.rules import may_write
from agreements.write import add_plan_item, remove_plan_item, save_plan, save_plan_item, shift_plan_item
from desk.access import readable_agreement
from desk.frame import frame
from desk.stale import stale_page
from desk.versions import posted_page, posted_version

STEPS = {"up": -1, "down": 1}


def plan(request, code):
    """The unit's action plan: a form for those who may write now, an outline to read for everybody else."""
    agreement = readable_agreement(request, code)
    refusal = may_write(agreement, request.user, timezone.now())
    if request.method == "POST":
        return _save_plan(request, agreement)
    if refusal:
        context = {**frame(request, agreement, "plan"), "plan": plan_sections(agreement.plan), "refusal": refusal}
        return render(request, "desk/plan.html", context)
    return _plan_page(request, agreement, PlanForm(take(request), initial=_plan_values(agreement), auto_id="%s"))


def _plan_values(agreement):
    return {"vision": agreement.plan.vision, "mission": agreement.plan.mission}


def _plan_page(request, agreement, form, status=200, faulty=None):
    """`faulty`: {key of an item's form: the bound form}, shown in place of the stored text."""
    context = {
        **frame(request, agreement, "plan"),
        "form": form,
        "version": request.POST.get("version", agreement.plan.version),
        "outline": _outline(agreement.plan, faulty or {}),
        "add_issue": (faulty or {}).get("issue-0") or PlanItemForm(kind=PlanItem.Kind.ISSUE, auto_id="new-issue-%s"),
    }
    return render(request, "desk/plan_form.html", context, status=status)


def _save_plan(request, agreement):
    form = PlanForm(request.POST, initial=_plan_values(agreement), auto_id="%s")
    if not form.is_valid():
        return _plan_page(request, agreement, form, status=422)
    try:
        save_plan(agreement, form.cleaned_data, version=posted_version(request), page=posted_page(request), actor=request.user, at=timezone.now())
    except Stale as stale:
        return stale_page(request, agreement, form, stale.theirs)
    messages.success(request, _("Vision and mission are saved."))
    return redirect("desk:plan", agreement.code)


def _outline(plan, faulty):
    """The plan as rows for the form: [{number, item, form, depth, adding_here}].

    What can be added to an issue or a goal stands behind the last thing in it: `adding_here` of that row.
    """
    outline, rows = PlanOutline(plan), []
    for number, issue in outline.numbered(None, PlanItem.Kind.ISSUE):
        rows.append(_row(number, issue, 0, faulty))
        for place, goal in outline.numbered(issue, PlanItem.Kind.GOAL, f"{number}."):
            rows.append(_row(place, goal, 1, faulty))
            rows += [_row(below, item, 2, faulty) for below, item in _under(outline, goal, place)]
            rows[-1]["adding_here"] += [_adding(kind, goal, faulty) for kind in UNDER_A_GOAL]
        rows[-1]["adding_here"].append(_adding(PlanItem.Kind.GOAL, issue, faulty))
    return rows


UNDER_A_GOAL = (PlanItem.Kind.STRATEGY, PlanItem.Kind.INDICATOR)


def _under(outline, goal, place):
    """[(number, item)] of a goal's strategies, then of its indicators, which bear no number."""
    indicators = outline.numbered(goal, PlanItem.Kind.INDICATOR)
    return [*outline.numbered(goal, PlanItem.Kind.STRATEGY, f"{place}."), *(("", item) for _n, item in indicators)]


def _row(number, item, depth, faulty):
    form = faulty.get(f"item-{item.pk}") or PlanItemForm(
        kind=item.kind, initial={"text": item.text, "target": item.target}, auto_id=f"item-{item.pk}-%s"
    )
    return {"number": number, "item": item, "form": form, "depth": depth, "adding_here": []}


def _adding(kind, parent, faulty):
    """(kind, empty form, label, parent's id, depth) of what can be added under `parent`."""
    form = faulty.get(f"{kind}-{parent.pk}") or PlanItemForm(kind=kind, auto_id=f"new-{kind}-{parent.pk}-%s")
    return kind.value, form, kind.label, parent.pk, 2 if kind in UNDER_A_GOAL else 1


def _back_to(code, pk):
    return redirect(reverse("desk:plan", args=[code]) + f"#item-{pk}")


@require_POST
def add_to_plan(request, code, kind, parent):
    """A new issue (parent 0), goal, strategy or indicator."""
    agreement = readable_agreement(request, code)
    above = get_object_or_404(agreement.plan.items, pk=parent) if parent else None
    if kind not in PlanItem.Kind.values or (above.kind if above else None) != PlanItem.PARENT_OF[kind]:
        raise Http404
    form = PlanItemForm(request.POST, kind=kind, auto_id=f"new-{kind}-{parent}-%s")
    if not form.is_valid():
        faulty = {f"{kind}-{parent}": form}
        return _plan_page(request, agreement, _untouched_plan_form(agreement), status=422, faulty=faulty)
    item = add_plan_item(agreement, kind, parent=above, actor=request.user, at=timezone.now(), **form.cleaned_data)
    return _back_to(code, item.pk)


def _untouched_plan_form(agreement):
    return PlanForm(initial=_plan_values(agreement), auto_id="%s")


@require_POST
def save_in_plan(request, code, pk):
    """Save one item's text."""
    agreement = readable_agreement(request, code)
    item = get_object_or_404(agreement.plan.items, pk=pk)
    form = PlanItemForm(request.POST, kind=item.kind, auto_id=f"item-{pk}-%s")
    if not form.is_valid():
        faulty = {f"item-{pk}": form}
        return _plan_page(request, agreement, _untouched_plan_form(agreement), status=422, faulty=faulty)
    try:
        save_plan_item(agreement, item, form.cleaned_data, version=posted_version(request), page=posted_page(request), actor=request.user, at=timezone.now())
    except Stale as stale:
        return stale_page(request, agreement, form, stale.theirs)
    return _back_to(code, pk)


@require_POST
def shift_in_plan(request, code, pk, way):
    """One place up or down among its like."""
    agreement = readable_agreement(request, code)
    item = get_object_or_404(agreement.plan.items, pk=pk)
    if way not in STEPS:
        raise Http404
    shift_plan_item(agreement, item, STEPS[way], actor=request.user, at=timezone.now())
    return _back_to(code, pk)


def remove_from_plan(request, code, pk):
    """Ask, saying what goes with it, then take the item out."""
    agreement = readable_agreement(request, code)
    item = get_object_or_404(agreement.plan.items, pk=pk)
    if request.method == "POST":
        remove_plan_item(agreement, item, actor=request.user, at=timezone.now())
        messages.success(request, _("It is taken out of the plan."))
        return redirect("desk:plan", code)
    context = {
        **frame(request, agreement, "plan"),
        "item": item,
        "below": PlanItem.objects.filter(parent=item) | PlanItem.objects.filter(parent__parent=item),
        "lines": Line.objects.filter(plan_item=item),
        "refusal": may_write(agreement, request.user, timezone.now()),
    }
    return render(request, "desk/plan_remove.html", context)
