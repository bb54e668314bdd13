"""Letters by e-mail: each working day one with what waits and what is late, and at once what is urgent.

Only to who has an address, where a mail server is set. A letter goes once: see `Letter`.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acts.jobs import queue
from agreements.models import Agreement
from agreements.signing_rule import maker_posts, superior_posts
from agreements.stages import Pen, Stage
from agreements.standing import COUNTERPART_ROLES, OWNER_ROLES, awaiting, line_up
from orgunits.holders import held_on
from orgunits.models import Appointment
from thai.dates import thai_date
from thai.language import in_thai
from thai.numbers import show_digits
from workflow.amending_turns import amendments_awaiting
from workflow.due import day_due, due_on
from workflow.escalation import escalated_to
from workflow.models import Amendment, Letter

URGENT = "workflow.urgent"
# What comes to somebody with so few days left, or none, doesn't wait for the next morning.
URGENT_WITHIN = timedelta(days=2)
# Longer than a mail server is waited for, shorter than until a killed worker's job comes again.
CLAIMED_FOR = timedelta(minutes=5)
_ROLE_OF_PEN = {meaning.value: role for role, meaning in (OWNER_ROLES | COUNTERPART_ROLES).items()}
_POSTS_OF_PEN = {Pen.HEAD: maker_posts, Pen.SUPERIOR: superior_posts}


@dataclass(frozen=True)
class Waiting:
    """One agreement in a letter: until when, and how late it is today (0: it isn't); or an amendment of it."""

    agreement: Agreement
    due: date | None
    days_late: int
    amendment: Amendment | None = None


@dataclass(frozen=True)
class Digest:
    """What a person is told on a day: what waits for them, the late first; of what lateness below they were told."""

    waiting: tuple[Waiting, ...]
    escalated: tuple[Waiting, ...]

    @property
    def late(self):
        return sum(each.days_late > 0 for each in self.waiting)

    def __bool__(self):
        return bool(self.waiting or self.escalated)


def digest_of(user, at):
    """The Digest of a person at a time, in a few queries."""
    on = timezone.localdate(at)
    waiting = Agreement.objects.exclude(stage=Stage.CLOSED).filter(awaiting(user, at))
    amendments = amendments_awaiting(user, at).for_list().order_by("pen_since", "pk")
    amended = (Waiting(each.agreement, None, 0, each) for each in amendments)  # no day is set for them
    return Digest((*_listed(waiting, on), *amended), _listed(escalated_to(user, at), on))


def _listed(agreements, on):
    rows = agreements.for_list().annotate(day_due=day_due())
    found = [_waiting(each, each.day_due, on) for each in rows]
    return tuple(sorted(found, key=lambda each: (-each.days_late, each.due or date.max, each.agreement.code)))


def _waiting(agreement, due, on):
    return Waiting(agreement, due, max((on - due).days, 0) if due else 0)


def send_digest(user, *, day, at):
    """Mail the person's digest of the day, once; nothing where nothing waits. Raises what the mail server answers."""
    found = digest_of(user, at)
    if found and user.is_active and user.email:
        letter, _new = Letter.objects.get_or_create(person=user, day=day, agreement=None, defaults={"made_at": at})
        with in_thai():
            _send_once(letter, _subject(found, day), {"digest": found, "day": day}, "digest", at)


def _subject(found, day):
    if not found.waiting:
        subject = _("%(day)s: lateness below you")
    elif found.late:
        subject = ngettext(
            "%(day)s: %(count)s task waits for you, %(late)s late",
            "%(day)s: %(count)s tasks wait for you, %(late)s late",
            len(found.waiting),
        )
    else:
        subject = ngettext(
            "%(day)s: %(count)s task waits for you", "%(day)s: %(count)s tasks wait for you", len(found.waiting)
        )
    said = {"day": thai_date(day, "medium"), "count": len(found.waiting), "late": found.late}
    return show_digits(subject % said)


def ask_urgent(agreement, *, came_back):
    """After the pen has passed, in the same transaction: ask for the letter that may be due at once.

    `came_back`: it was sent back, returned or refused, with a reason.
    """
    since = agreement.pen_since.isoformat()
    payload = {"agreement": agreement.pk, "since": since, "came_back": came_back}
    queue(URGENT, key=f"{agreement.pk}:{since}", **payload)


def send_urgent(agreement, *, since, came_back, at):
    """Mail those who have the pen that it came to them, if that is urgent and it is still with them; each once."""
    on, due = timezone.localdate(at), due_on(agreement)
    urgent = came_back or (due is not None and due - on <= URGENT_WITHIN)
    if agreement.stage == Stage.CLOSED or agreement.pen_since != since or not urgent:
        return
    for user in have_the_pen(agreement, at):
        made = {"day": on, "made_at": at}
        letter, _new = Letter.objects.get_or_create(person=user, agreement=agreement, pen_since=since, defaults=made)
        with in_thai():
            subject = show_digits(_("Urgent: %(agreement)s is with you") % {"agreement": agreement})
            context = {"waiting": _waiting(agreement, due, on), "came_back": came_back}
            _send_once(letter, subject, context, "urgent", at)


def have_the_pen(agreement, at):
    """The people with an address in whose hand the pen is, by the rule that also fills their list of work."""
    on = timezone.localdate(at)
    if agreement.pen in _POSTS_OF_PEN:
        held = Appointment.objects.in_force(on).filter(post__in=_POSTS_OF_PEN[agreement.pen](agreement))
        found = {each.user for each in held.filter(user__is_active=True).select_related("user")}
    else:
        units = {unit.pk for line in line_up(agreement) for unit in line}
        found = {held.user for held in held_on(units, on, _ROLE_OF_PEN[agreement.pen])}
    this = Agreement.objects.filter(pk=agreement.pk)
    reachable = sorted((user for user in found if user.email), key=lambda user: user.pk)
    return [user for user in reachable if this.filter(awaiting(user, at)).exists()]


def unclaimed(at):
    """What must be so for a letter to be taken for sending: the one predicate that decides a race."""
    return Q(claimed_until=None) | Q(claimed_until__lt=at)


def _send_once(letter, subject, context, template, at):
    """Send it, unless it has gone or somebody is at it.

    Killed between the mail server's yes and the mark it goes again, by the same Message-ID: mail programs show one.
    """
    row = Letter.objects.filter(pk=letter.pk, sent_at=None)
    if not row.filter(unclaimed(at)).update(claimed_until=at + CLAIMED_FOR):
        return
    text = _tidy(
        render_to_string(
            f"workflow/letters/{template}.txt", context | {"person": letter.person, "url": settings.PUBLIC_URL}
        )
    )
    domain = settings.PUBLIC_URL.partition("//")[2].partition("/")[0].partition(":")[0]
    headers = {"Message-ID": f"<letter-{letter.pk}@{domain}>", "Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(subject, text, None, [letter.person.email], headers=headers).send()
    except BaseException:
        row.update(claimed_until=None)
        raise
    row.update(sent_at=at)


def _tidy(text):
    """No more than one blank line together, and none at either end: what templates leave behind."""
    return re.sub(r"\n\s*\n", "\n\n", text).strip() + "\n"
