"""Who can help whoever was refused: the people who hold a role of an agreement now, as lines of text.

Found once a page shows them, in a few queries; only the two sides' own office-holders are named.
"""

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from acts.refusals import Refusal
from agreements.authority import covers
from agreements.duties import PEN_RULE, role_rule
from agreements.signing_rule import maker_posts, superior_posts
from agreements.stages import Pen
from agreements.standing import COUNTERPART_ROLES, OWNER_ROLES, As, line_up
from orgunits.holders import NAMED, held_on, help_for, in_post, lines_of
from orgunits.models import Appointment
from orgunits.roles import Role

_ROLES = {meaning.value: role for role, meaning in (OWNER_ROLES | COUNTERPART_ROLES).items()}
_POSTS = {As.HEAD.value: maker_posts, As.SUPERIOR.value: superior_posts}


def who_can_help(agreement, role, at):
    """Those who stand as `role` (an As or a Pen) in the agreement on that day; else the administrators, who can see to it."""
    return SimpleLazyObject(lambda: _lines(agreement, str(role), timezone.localdate(at), at))


def who_has_the_pen(agreement, at, *, pen=None):
    """Those whose turn it is; once nobody's, the head's office, which knows how it ended. `pen`: of an amendment of it."""
    hand = pen or agreement.pen
    return who_can_help(agreement, As.OFFICE if hand == Pen.NOBODY else hand, at)


def _lines(agreement, role, on, at):
    found = _appointed(agreement, role, on) if role in _POSTS else _granted(agreement, role, on)
    unit_id = agreement.unit_id if role in (As.STAFF, As.OFFICE, As.HEAD) else agreement.counterpart_id
    return found or tuple(help_for(Role.ADMINISTRATOR, [unit_id], at))


def _granted(agreement, role, on):
    owners, counterparts = ({unit.pk for unit in line} for line in line_up(agreement))
    own = owners - counterparts
    if role in (As.STAFF, As.OFFICE):
        return lines_of(held_on(own, on, _ROLES[role]))
    serving = {held.user.pk for held in held_on(own, on)}
    found = held_on({agreement.counterpart_id}, on, _ROLES[role])
    return lines_of(held for held in found if held.user.pk not in serving)


def _appointed(agreement, role, on):
    held = Appointment.objects.in_force(on).filter(post__in=_POSTS[role](agreement), user__is_active=True)
    found = [each for each in held.select_related("user", "post").order_by("pk") if covers(each, agreement)]
    return tuple(in_post(each) for each in found)[:NAMED]


def refused_for_role(sentence, agreement, role, at, *, rule=""):
    """The refusal of whoever doesn't stand as `role`; the rule is what that role does, unless another is given."""
    return Refusal(sentence, rule=rule or role_rule(role), help=who_can_help(agreement, role, at))


def refused_for_turn(sentence, agreement, at, *, rule=PEN_RULE, pen=None):
    """The refusal while it is somebody else's turn, or another step; those whose turn it is can help."""
    return Refusal(sentence, rule=rule, help=who_has_the_pen(agreement, at, pen=pen))
