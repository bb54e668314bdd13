"""The pages about groups: the list with each one's roles, and a group's own with its members."""

from collections import defaultdict

from django.utils import timezone

from desk.forms.people import EndGrantForm
from desk.people_page import term
from orgunits.groups import is_empty
from orgunits.models import UnitGroupGrant


def rows(groups, *, at):
    """The groups of a page as the list shows them: in two queries, however many."""
    roles = defaultdict(list)
    held = UnitGroupGrant.objects.in_force(timezone.localdate(at)).for_list().filter(group__in=groups)
    for each in held.order_by("pk"):
        roles[each.group_id].append(f"{each.role.label} {each.content_object.short_name}")
    return [{"group": group, "unit": kept_by(group), "roles": roles[group.pk]} for group in groups]


def kept_by(group):
    """The unit that keeps the group, or None."""
    return group.home.unit if hasattr(group, "home") else None


def group_page(group, *, at, ending, end_form):
    """What a group's page shows; `ending`: the grant whose form `end_form` was sent and has faults."""
    on = timezone.localdate(at)
    held = UnitGroupGrant.objects.not_over(on).for_list().filter(group=group).order_by("pk")
    return {
        "group": group,
        "unit": kept_by(group),
        "members": group.user_set.order_by("first_name", "last_name", "pk"),
        "roles": [
            {
                "grant": each,
                "label": each.role.label,
                "unit": each.content_object,
                "note": term(each),
                "end_form": end_form if each == ending else EndGrantForm(auto_id=f"end_{each.pk}_%s"),
            }
            for each in held
        ],
        "is_empty": is_empty(group, at),
    }
