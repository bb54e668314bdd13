"""A person's due dates as a calendar: every open agreement that they take part in, on the day its present step is due."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.models import Agreement
from agreements.stages import Stage
from agreements.standing import awaiting, taking_part
from desk.turn import holder
from thai.dates import thai_date
from thai.language import in_thai
from thai.numbers import show_digits
from workflow.due import day_closes, day_due
from workflow.icalendar import Event, calendar

AT_MOST = 500


def feed(user, at):
    """The calendar file, in Thai as all that leaves the system; in a few queries however much there is."""
    taken_part = Agreement.objects.exclude(stage=Stage.CLOSED).filter(taking_part(user, at))
    dated = taken_part.for_list().with_reading(user, at).annotate(**_days(timezone.localdate(at))).exclude(day_due=None)
    mine = set(taken_part.filter(awaiting(user, at)).values_list("pk", flat=True))
    rows = dated.order_by("day_due", "pk")[:AT_MOST]
    with in_thai():
        events = [_event(each, each.pk in mine) for each in rows]
        return calendar(_("Performance agreements"), events, at=at)


def _days(on):
    return {"day_due": day_due(on), "day_closes": day_closes(on)}


def _description(agreement):
    """Who has it; and until when a report that is late is still taken."""
    held = _("With %(holder)s") % {"holder": holder(agreement)}
    if agreement.day_closes is None or agreement.day_closes == agreement.day_due:
        return held
    taken = _("still taken until %(day)s") % {"day": thai_date(agreement.day_closes, "medium")}
    return f"{held} · {taken}"


def _event(agreement, mine):
    page = settings.PUBLIC_URL + reverse("desk:agreement", args=[agreement.code])
    words = _("Your turn: %(stage)s, %(agreement)s") if mine else _("%(stage)s, %(agreement)s")
    host = settings.PUBLIC_URL.partition("//")[2].partition("/")[0].partition(":")[0]
    return Event(
        uid=f"{agreement.code}-{agreement.stage}@{host}",
        day=agreement.day_due,
        summary=show_digits(words % {"stage": agreement.get_stage_display(), "agreement": agreement}),
        description=show_digits(_description(agreement)),
        url=page if agreement.reads else "",
        alarm=mine,
    )
