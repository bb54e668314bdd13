"""The tree of units, and the page of one unit. For everybody signed in; a unit's page shows what the reader may know."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from desk.forms.units import BranchForm, UnitSearchForm
from desk.unit_page import unit_page
from desk.units import below, find, tree
from orgunits.models import OrgUnit


@require_safe
def units(request):
    """The tree, open at the person's own units and at `?at=`; with `?q=` the units found instead, a page at a time."""
    at, wanted = timezone.now(), BranchForm(request.GET).wanted()
    form = UnitSearchForm(request.GET if "q" in request.GET else None)
    words = form.cleaned_data["q"].split() if form.is_bound and form.is_valid() else []
    text = " ".join(words)
    inside, outside = (None, None) if words else tree(request.user, at, **wanted)
    context = {
        "form": form,
        "text": text,
        "code": wanted["code"],
        "inside": inside,
        "outside": outside,
        "found": find(words, at, page=wanted["page"]) if words else None,
        "query": f"{urlencode({'q': text})}&",
    }
    return render(request, "desk/units.html", context)


@require_safe
def units_below(request, unit_code):
    """What is below one unit, to be put into the tree; opened as a page, it is the tree with the unit open."""
    unit, wanted = get_object_or_404(OrgUnit, code=unit_code), BranchForm(request.GET).wanted()
    if not request.htmx:
        return redirect(f"{reverse('desk:units')}?{urlencode({'at': unit.code, 'page': wanted['page']})}")
    branch = below(unit, request.user, timezone.now(), page=wanted["page"], but=request.GET.getlist("but"))
    return render(request, "desk/_units_branch.html", {"branch": branch})


@require_safe
def unit(request, unit_code):
    """One unit, as far as the reader may know of it."""
    page = BranchForm(request.GET).wanted()["page"]
    return render(request, "desk/unit.html", unit_page(unit_code, request.user, timezone.now(), page=page))
