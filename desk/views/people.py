"""People and their accounts, for system administrators: within their reach, and never their own."""

from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import carried, invitations, people, qr, second_factor
from accounts.own_forms import SecondFactorForm
from acts.engine import AlreadyDone, Refused
from acts.log import acting
from desk import people_page
from desk.forms.people import ConfirmForm, EditPersonForm, EndGrantForm, GrantForm, NewPersonForm, PeopleForm
from desk.letters import mail_link
from orgunits.administration import (
    administers_all,
    belong,
    give,
    not_oneself,
    only_administrators,
    people_of,
    take,
    units_of,
)
from orgunits.models import UnitUserGrant

ON_A_PAGE = 25
GET_AND_POST = require_http_methods(["GET", "POST"])


def for_administrators(view):
    """Decorator: 403 with a sentence for who looks after nobody's account."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        refusal = only_administrators(request.user, timezone.now())
        if refusal:
            raise Refused([refusal])
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_administrators
def list_people(request):
    """The people whom the administrator looks after, a page at a time."""
    at = timezone.now()
    form = PeopleForm(request.GET)
    form.is_valid()
    found = people_page.found(people_of(request.user, at), form.cleaned_data, at=at)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    filters = request.GET.copy()
    filters.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "rows": people_page.rows(page.object_list, at=at),
        "query": f"{filters.urlencode()}&" if filters else "",
        "is_filtered": any(form.cleaned_data.values()),
    }
    return render(request, "desk/people.html", context)


@require_safe
@for_administrators
def person(request, pk):
    """A person: who they are, what they may do, the state of the account, and what can be done about it."""
    return _person_page(request, _person(request, pk))


@GET_AND_POST
@for_administrators
def add_person(request):
    """Somebody new; then the link by which they set their password."""
    at = timezone.now()
    whole = administers_all(request.user, at)
    form = NewPersonForm(
        request.POST or carried.take(request), units=units_of(request.user, at), unit_required=not whole
    )
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, "desk/person_new.html", form)
    with acting(request.user, at=at):
        added = _added(form, by=request.user, at=at)
    messages.success(
        request, _("%(person)s has been added. Now make the link with which they set a password.") % {"person": added}
    )
    return redirect("desk:person", added.pk)


def _added(form, *, by, at):
    given = {name: form.cleaned_data[name] for name in ("username", "idempotency")}
    added = people.add_person(**given, **form.told(), by=by, at=at)
    unit, role = form.cleaned_data["unit"], form.cleaned_data["role"]
    if unit:
        belong(added, unit, by=by, at=at)
    if role:
        give(added, role, unit, since=timezone.localdate(at), by=by, at=at)
    return added


@GET_AND_POST
@for_administrators
def edit_person(request, pk):
    """Another rank, name or unit: signed papers keep what they were signed with."""
    at, found = timezone.now(), _another(request, pk)
    initial = {name: getattr(found, name) for name in people.TOLD} | {"unit": people_page.belongs_to(found)}
    form = EditPersonForm(request.POST or carried.take(request), initial=initial, units=units_of(request.user, at))
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, "desk/person_edit.html", form, person=found)
    seen, new = form.differences()
    with acting(request.user, at=at):
        if new:
            people.change_person(found, seen=seen, new=new, by=request.user, at=at)
        belong(found, form.cleaned_data["unit"], by=request.user, at=at)
    messages.success(request, _("Saved."))
    return redirect("desk:person", pk)


@require_POST
@for_administrators
def invite_person(request, pk):
    """A link by which the person sets a password: shown this once, to be handed over."""
    at, found = timezone.now(), _another(request, pk)
    try:
        secret = invitations.invite(found, by=request.user, at=at, idempotency=request.POST.get("idempotency", ""))
    except AlreadyDone:
        messages.info(request, _("This link was made already and is shown only once. Lost it? Make a new one."))
        return redirect("desk:person", pk)
    link = invitations.address_of(secret)
    context = {
        "person": found,
        "link": link,
        "square": qr.svg_data_uri(link),
        "until": at + invitations.holds_for(),
        "mailed": mail_link(found, link),
    }
    return render(request, "desk/person_link.html", context)


@GET_AND_POST
@for_administrators
def close_account(request, pk):
    """GET: what closing the account means, and which posts it leaves without a signature. POST: closes it."""
    at, found = timezone.now(), _another(request, pk)
    if request.method == "POST":
        people.deactivate(found, by=request.user, at=at)
        messages.success(
            request, _("The account of %(person)s is closed; they are signed out everywhere.") % {"person": found}
        )
        return redirect("desk:person", pk)
    context = {"person": found, "vacant": people_page.posts_left_vacant(found)}
    return render(request, "desk/person_close.html", context)


@require_POST
@for_administrators
def reopen_account(request, pk):
    """The person can sign in again."""
    found = _another(request, pk)
    people.reactivate(found, by=request.user, at=timezone.now())
    messages.success(request, _("The account of %(person)s is open again.") % {"person": found})
    return redirect("desk:person", pk)


@require_POST
@for_administrators
def unlock_person(request, pk):
    """Passwords and codes are taken again at once."""
    found = _another(request, pk)
    people.unlock(found, by=request.user, at=timezone.now())
    messages.success(request, _("%(person)s can try again at once.") % {"person": found})
    return redirect("desk:person", pk)


@GET_AND_POST
@for_administrators
@sensitive_post_parameters()
def remove_persons_factor(request, pk):
    """A telephone is lost: the person signs in with the password alone. Asks for the administrator's own password."""
    found = _another(request, pk)
    if not found.has_second_factor:
        messages.info(request, _("%(person)s has no second factor.") % {"person": found})
        return redirect("desk:person", pk)
    form = SecondFactorForm(request, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, "desk/person_factor.html", form, person=found)
    second_factor.remove(found, by=request.user, at=timezone.now(), idempotency=form.cleaned_data["idempotency"])
    messages.success(request, _("The second factor of %(person)s is removed.") % {"person": found})
    return redirect("desk:person", pk)


@require_POST
@for_administrators
def give_role(request, pk):
    """A role on a unit within reach, from the person's next request on or from a day, for a term or not."""
    at, found = timezone.now(), _another(request, pk)
    form = GrantForm(request.POST, units=units_of(request.user, at))
    if not form.is_valid():
        return _person_page(request, found, grant_form=form)
    try:
        give(found, **form.given(today=timezone.localdate(at)), by=request.user, at=at)
    except Refused as refused:
        if not refused.incomplete:
            raise
        form.add_error("last_day", [str(refusal) for refusal in refused.refusals])
        return _person_page(request, found, grant_form=form)
    messages.success(request, _("The role is given."))
    return redirect("desk:person", pk)


@require_POST
@for_administrators
def take_role(request, pk, grant_pk):
    """A role ends: at once, for the person's next request, or after the last day that is given."""
    at, found = timezone.now(), _another(request, pk)
    held = get_object_or_404(UnitUserGrant.objects.for_list().select_related("user"), pk=grant_pk, user=found)
    form = EndGrantForm(request.POST, auto_id=f"end_{grant_pk}_%s")
    if not form.is_valid():
        return _person_page(request, found, end_form=form, ending=held)
    try:
        take(held, until=form.until(), by=request.user, at=at)
    except Refused as refused:
        if not refused.incomplete:
            raise
        form.add_error("last_day", [str(refusal) for refusal in refused.refusals])
        return _person_page(request, found, end_form=form, ending=held)
    messages.success(
        request, _("The day on which the role ends is noted.") if form.until() else _("The role is taken away.")
    )
    return redirect("desk:person", pk)


def _person_page(request, found, *, grant_form=None, end_form=None, ending=None):
    """The person's page; with a form that was sent and has faults, as it was sent."""
    at = timezone.now()
    context = people_page.person_page(found, at=at) | {
        "is_oneself": found.pk == request.user.pk,
        "grant_form": grant_form
        or GrantForm(units=units_of(request.user, at), initial={"unit": people_page.unit_of(found)}),
        "key": ConfirmForm(),
    }
    for duty in context["duties"]:
        duty["end_form"] = end_form_of(duty["grant"], end_form, ending)
    return render(request, "desk/person.html", context, status=422 if grant_form or end_form else 200)


def end_form_of(held, form, ending):
    """The form that ends a grant: the one that was sent for it and has faults, else a new one; None without a grant."""
    if held is None:
        return None
    return form if held == ending else EndGrantForm(auto_id=f"end_{held.pk}_%s")


def _person(request, pk):
    """Somebody whom the administrator looks after, ready to be shown; 404 beyond their reach."""
    at = timezone.now()
    return get_object_or_404(people_page.found(people_of(request.user, at), {}, at=at), pk=pk)


def _another(request, pk):
    """Somebody whom the administrator may do something to: 403 for themselves."""
    found = _person(request, pk)
    not_oneself(request.user, found)
    return found


def _form_page(request, template, form, **more):
    return render(request, template, {"form": form, **more}, status=422 if request.method == "POST" else 200)
