"""The record of meetings before the negotiation, and of what was handed over when (handbook 2.1, 1–4)."""

from django.utils.translation import gettext as _

from acts.engine import Refused
from acts.log import acting
from acts.versions import save_seen
from agreements.models import Snapshot
from agreements.standing import As, standing_of
from agreements.who_can_help import refused_for_role
from workflow.models import Meeting
from workflow.opening import may_open_years

FIELDS = ("subject", "held_on", "place", "people", "decisions", "files")
HANDED_OVER = [each for each in Snapshot.Purpose if each != Snapshot.Purpose.SCORES]


def may_record_meeting(fiscal_year, agreement, actor, at):
    """Refusal unless `actor` may record: about an agreement its unit's staff or office, of a year the planning office."""
    if agreement is None:
        return may_open_years(actor, at)
    standing = standing_of(actor, agreement, at)
    if As.STAFF in standing or As.OFFICE in standing:
        return None
    sentence = _("Only the staff and the head's office of %(unit)s record meetings about this agreement.")
    return refused_for_role(sentence % {"unit": agreement.unit.short_name}, agreement, As.STAFF, at)


def save_meeting(fiscal_year, agreement, values, *, meeting=None, version=0, actor, at, idempotency=""):
    """Record a meeting, or change what is recorded of one that was read at `version`. Raises Stale."""
    refusal = may_record_meeting(fiscal_year, agreement, actor, at)
    if refusal:
        raise Refused([refusal])
    with acting(actor, at=at, idempotency=idempotency) as record:
        signed = {"recorded_by": str(actor), "recorded_at": at}
        if meeting is None:
            kept = Meeting.objects.create(fiscal_year=fiscal_year, agreement=agreement, **values, **signed)
            record("meeting", agreement or fiscal_year, text=kept.subject)
            return kept
        if all(getattr(meeting, name) == value for name, value in values.items()):
            return meeting  # sent twice: it says so already
        _before, kept, _changed = save_seen(meeting, {**values, **signed}, version=version)
        record("change_meeting", agreement or fiscal_year, text=kept.subject)
    return kept


def submissions(agreement):
    """The snapshots that were handed over, newest first, without their text."""
    return agreement.snapshots.filter(purpose__in=HANDED_OVER).defer("content").order_by("-sequence")
