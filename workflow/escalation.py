"""Lateness goes up: some days after it was due, the post above whoever has the pen is told (a setting of each year)."""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from acts.log import THE_SYSTEM, acting
from agreements.models import Agreement
from agreements.stages import Pen, Stage
from orgunits.authority import head_post
from orgunits.models import Post
from orgunits.reach import reach_of
from workflow.due import day_due, overdue
from workflow.models import Escalation

OF_THE_OWNER = (Pen.STAFF, Pen.OFFICE)


def escalate(*, at):
    """Tell the posts above of every agreement that is late for long enough; each turn once. Returns the new Escalations."""
    on = timezone.localdate(at)
    told = Escalation.objects.filter(agreement=OuterRef("pk"), pen_since=OuterRef("pen_since"))
    late = Agreement.objects.exclude(stage=Stage.CLOSED).exclude(fiscal_year__escalate_after=None)
    late = late.filter(overdue(on), ~Exists(told)).for_list().annotate(day_due=day_due(on))
    found = (_tell(each, at) for each in late.order_by("pk") if days_late(each, each.day_due, on) >= _patience(each))
    return [each for each in found if each]


def days_late(agreement, due, on):
    """For how many days the agreement is late in the hand that it lies in: before it came there, others were."""
    return (on - max(due, timezone.localdate(agreement.pen_since))).days


def _patience(agreement):
    return agreement.fiscal_year.escalate_after


def _tell(agreement, at):
    """The new Escalation; None where nobody is above, or somebody was quicker."""
    post = post_above(agreement)
    if post is None:
        return None
    columns = {"post": post, "pen": agreement.pen, "due": agreement.day_due, "told_at": at}
    with acting(THE_SYSTEM, at=at) as record:
        made, new = Escalation.objects.get_or_create(
            agreement=agreement, pen_since=agreement.pen_since, defaults=columns
        )
        if not new:
            return None
        record("escalate", agreement, change={"post": post.title_th, "due": agreement.day_due}, text=post.title_th)
    return made


def post_above(agreement):
    """The head's post above whoever has the pen, or None: of staff and office their own head, of a head the next one."""
    if agreement.pen in OF_THE_OWNER:
        return head_post(agreement.unit)
    if agreement.pen == Pen.HEAD:
        return head_post(agreement.signs_with)
    if agreement.pen == Pen.SUPERIOR:
        return _head_above(agreement.signs_with)
    return head_post(agreement.counterpart)


def _head_above(unit):
    """The head's post of the nearest unit above that has one."""
    heads = Post.objects.filter(kind=Post.Kind.HEAD, unit__in=unit.get_ancestors())
    return heads.select_related("unit").order_by("-unit__level").first()


def escalated_to(user, at):
    """A queryset of the agreements of which a post of the person's was told, and that are as late as they were."""
    posts = {appointment.post_id for appointment in reach_of(user, at).posts}
    told = Escalation.objects.filter(agreement=OuterRef("pk"), pen_since=OuterRef("pen_since"), post__in=posts)
    if not posts:
        return Agreement.objects.none()
    return Agreement.objects.exclude(stage=Stage.CLOSED).filter(Exists(told), overdue(timezone.localdate(at)))
