"""Groups of people who share roles, for system administrators: those alone that lie wholly within their reach."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from acts.engine import AlreadyDone, Refused
from desk import groups_page
from desk.forms.people import EndGrantForm, GrantForm
from desk.forms.rights import GroupNameForm, MemberForm, NewGroupForm
from desk.views.people import for_administrators
from orgunits import groups
from orgunits.administration import give, groups_of, people_of, take, units_of
from orgunits.models import UnitGroupGrant

ON_A_PAGE = 25


@require_safe
@for_administrators
def list_groups(request):
    """The groups that the administrator looks after, a page at a time."""
    at = timezone.now()
    found = groups_of(request.user, at).select_related("home__unit").annotate(members=Count("user")).order_by("name")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/groups.html", {"page": page, "rows": groups_page.rows(page.object_list, at=at)})


@require_http_methods(["GET", "POST"])
@for_administrators
def add_group(request):
    """A new group, empty; kept by one of the administrator's units."""
    at = timezone.now()
    form = NewGroupForm(request.POST if request.method == "POST" else None, units=units_of(request.user, at))
    if form.is_bound and form.is_valid():
        made = _done(form, lambda given: groups.add_group(**given, by=request.user, at=at), "name")
        if made:
            messages.success(request, _("The group is made. Now add members, and give it roles."))
            return redirect("desk:group", made.pk)
    return render(request, "desk/group_new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
@for_administrators
def group(request, pk):
    """A group: its members, its roles on units, and what can be changed."""
    return _page(request, _group(request, pk))


@require_POST
@for_administrators
def rename_group(request, pk):
    """Another name."""
    found, form = _group(request, pk), GroupNameForm(request.POST, prefix=None)
    return _answer(request, found, "name_form", form, _("Saved."), "name",
                   lambda given, at: groups.rename_group(found, given["name"], by=request.user, at=at))  # fmt: skip


@require_POST
@for_administrators
def add_member(request, pk):
    """Somebody within reach joins; never oneself."""
    found, form = _group(request, pk), MemberForm(request.POST)

    def act(given, at):
        person = people_of(request.user, at).filter(username__iexact=given["person"]).first()
        if person is None:
            form.add_error("person", _("You look after nobody of this user name."))
            return
        groups.join(found, person, by=request.user, at=at)

    return _answer(request, found, "member_form", form, _("The person is a member now."), "person", act)


@require_POST
@for_administrators
def remove_member(request, pk, person_pk):
    """A member leaves, and has the group's roles no longer from their next request on."""
    found = _group(request, pk)
    person = get_object_or_404(found.user_set, pk=person_pk)
    groups.leave(found, person, by=request.user, at=timezone.now())
    messages.success(request, _("The person is no longer a member."))
    return redirect("desk:group", pk)


@require_POST
@for_administrators
def give_group_role(request, pk):
    """A role on a unit within reach, for all members."""
    found, at = _group(request, pk), timezone.now()
    form = GrantForm(request.POST, units=units_of(request.user, at))
    today = timezone.localdate(at)
    return _answer(request, found, "grant_form", form, _("The role is given."), "last_day",
                   lambda given, at: give(found, **form.given(today=today), by=request.user, at=at))  # fmt: skip


@require_POST
@for_administrators
def take_group_role(request, pk, grant_pk):
    """A role of the group ends: at once, or after the last day that is given."""
    found = _group(request, pk)
    held = get_object_or_404(UnitGroupGrant.objects.for_list().select_related("group"), pk=grant_pk, group=found)
    form = EndGrantForm(request.POST, auto_id=f"end_{grant_pk}_%s")
    return _answer(request, found, "end_form", form, _("The end of the role is noted."), "last_day",
                   lambda given, at: take(held, until=form.until(), by=request.user, at=at), ending=held)  # fmt: skip


@require_POST
@for_administrators
def delete_group(request, pk):
    """A group without members and roles is deleted."""
    groups.delete_group(_group(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("The group is deleted."))
    return redirect("desk:groups")


def _group(request, pk):
    """A group that the administrator looks after; 404 beyond their reach."""
    return get_object_or_404(groups_of(request.user, timezone.now()).select_related("home__unit"), pk=pk)


def _answer(request, found, name, form, said, field, act, *, ending=None):
    """Do what a valid form asks for and lead back; else the group's page with the form as it was sent."""
    if form.is_valid():
        _done(form, lambda given: act(given, timezone.now()), field)
    if form.errors:
        return _page(request, found, status=422, ending=ending, **{name: form})
    messages.success(request, said)
    return redirect("desk:group", found.pk)


def _done(form, act, field):
    """What the act gives; what is missing for it becomes an error of the form's `field`."""
    try:
        return act(form.cleaned_data)
    except AlreadyDone:
        form.add_error(None, _("This has been done already. Nothing was done twice."))
    except Refused as refused:
        if not refused.incomplete:
            raise
        form.add_error(field, [str(refusal) for refusal in refused.refusals])
    return None


def _page(request, found, *, status=200, ending=None, end_form=None, **forms):
    at = timezone.now()
    context = groups_page.group_page(found, at=at, ending=ending, end_form=end_form) | {
        "name_form": GroupNameForm(initial={"name": found.name}),
        "member_form": MemberForm(),
        "grant_form": GrantForm(units=units_of(request.user, at), auto_id="grant_%s"),
    }
    return render(request, "desk/group.html", context | forms, status=status)
