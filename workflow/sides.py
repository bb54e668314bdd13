"""The people of both sides of an agreement: those who have a part in it, by right or by post, on a day."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from agreements.authority import covers
from agreements.signing_rule import maker_posts, superior_posts
from agreements.standing import COUNTERPART_ROLES, OWNER_ROLES, line_up
from orgunits.holders import held_on
from orgunits.models import Appointment
from workflow.models import Side


@dataclass(frozen=True)
class Participant:
    """A person with the side they are on, and what they do there (duty or post, and unit)."""

    user: User
    side: Side
    duty: str

    @property
    def label(self):
        return f"{self.user.short_name_with_rank} · {self.duty}"


def people_of_both_sides(agreement, at):
    """The Participants, those of the unit first; somebody with a part on both sides is the unit's."""
    on = timezone.localdate(at)
    owners, counterparts = ({unit.pk for unit in line} for line in line_up(agreement))
    own, across = owners - counterparts, {agreement.counterpart_id}
    duties = {Side.OWNER: (own, OWNER_ROLES), Side.COUNTERPART: (across, COUNTERPART_ROLES)}
    found = [
        Participant(held.user, side, f"{held.role.label} {held.unit.short_name}")
        for held in held_on(own | across, on, *OWNER_ROLES, *COUNTERPART_ROLES)
        for side, (units, roles) in duties.items()
        if held.unit.pk in units and held.role in roles
    ]
    found = sorted([*found, *_appointed(agreement, on)], key=lambda each: each.side != Side.OWNER)
    first = {}
    for each in found:
        first.setdefault(each.user.pk, each)
    return list(first.values())


def _appointed(agreement, on):
    """Who makes it, and who receives it, by post."""
    sides = dict.fromkeys(superior_posts(agreement), Side.COUNTERPART)
    sides |= dict.fromkeys(maker_posts(agreement), Side.OWNER)
    held = Appointment.objects.in_force(on).filter(post__in=sides, user__is_active=True)
    held = [each for each in held.select_related("user", "post__unit").order_by("pk") if covers(each, agreement)]
    return [Participant(each.user, sides[each.post], each.post.short_title) for each in held]
