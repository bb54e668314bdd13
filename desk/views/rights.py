"""Rights to read: one's own, a person's for who looks after them, and those on a unit."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from acts.refusals import Refusal, Refused
from desk import rights_page
from desk.forms.rights import InAgreementForm, OnUnitForm
from desk.unit_page import may_know_people, path_to, unit_url
from desk.views.people import for_administrators
from orgunits.administration import people_of
from orgunits.holders import help_for
from orgunits.roles import Role


@require_safe
def my_rights(request):
    """What can I do, and through what; and in an agreement: what now, and why not the rest."""
    return _page(request, request.user, "desk/my_rights.html")


@require_safe
@for_administrators
def persons_rights(request, pk):
    """The same of somebody whom the administrator looks after; 404 beyond their reach."""
    person = get_object_or_404(people_of(request.user, timezone.now()), pk=pk)
    return _page(request, person, "desk/persons_rights.html")


def _page(request, person, template):
    at, form = timezone.now(), InAgreementForm(request.GET or None)
    asked = form.cleaned_data["agreement"] if form.is_bound and form.is_valid() else ""
    in_force, to_come, ended = rights_page.rights_of(person, at)
    context = {
        "person": person,
        "in_force": in_force,
        "to_come": to_come,
        "ended": ended,
        "not_held": rights_page.not_held(in_force),
        "form": form,
        "asked": asked,
        "answer": rights_page.in_agreement(asked, person, reader=request.user, at=at) if asked else None,
        "suggestions": rights_page.suggestions(request.user, person, at),
    }
    return render(request, template, context)


@require_safe
def unit_rights(request, unit_code):
    """Who can do what on a unit, and through what; for who looks after it, audits or plans for it, and its own people."""
    at, user = timezone.now(), request.user
    path = path_to(unit_code, user)
    if not may_know_people(path, user, at):
        sentence = _("Who can do what on %(unit)s is shown to its own people, and to who looks after the unit.")
        rule = _("People and rights of a unit are shown to its own people, administrators, planners and auditors.")
        help = help_for(Role.ADMINISTRATOR, [path[-1].pk], at)
        raise Refused([Refusal(sentence % {"unit": path[-1].short_name}, rule=rule, help=help)])
    form = OnUnitForm(request.GET or None)
    valid = form.is_bound and form.is_valid()
    role, on = (form.cleaned_data["role"], form.cleaned_data["on"]) if valid else ("", None)
    on = on or timezone.localdate(at)
    filters = request.GET.copy()
    filters.pop("page", None)
    found = rights_page.on_unit(path, role=role, on=on)
    context = {
        "unit": path[-1],
        "breadcrumbs": [{"label": each.short_name, "url": unit_url(each)} for each in path],
        "form": form,
        "on": on,
        "page": rights_page.paged(found, request.GET.get("page")),
        "query": f"{filters.urlencode()}&" if filters else "",
    }
    return render(request, "desk/unit_rights.html", context)
