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
from agreements.standing import COUNTERPART_ROLES, OWNER_ROLES, As, awaiting, line_up, those_where
from orgunits.holders import held_on
from orgunits.models import Appointment
from orgunits.roles import Role
from results.from_paper import in_hand, said_of
from thai.dates import thai_date
from thai.language import in_thai
from thai.numbers import show_digits
from workflow.amending_turns import amendments_awaiting
from workflow.due import day_closes, day_due, due_on
from workflow.escalation import escalated_to
from workflow.models import Amendment, Letter

URGENT, TAKEN = "workflow.urgent", "workflow.taken"
# What comes to somebody with so few days left, or none, doesn't wait for the next morning.
URGENT_WITHIN = timedelta(days=2)
# Longer than a mail server is waited for, shorter than until a killed worker's job comes again.
CLAIMED_FOR = timedelta(minutes=5)
_ROLE_OF_PEN = {meaning.value: role for role, meaning in (OWNER_ROLES | COUNTERPART_ROLES).items()}
_POSTS_OF_PEN = {Pen.HEAD: maker_posts, Pen.SUPERIOR: superior_posts}


@dataclass(frozen=True)
class Waiting:
    """One agreement in a letter: until when, and how late it is today (0: it isn't); or an amendment of it.

    `closes`: until when a late report is still taken; None where nothing is, or nothing is late.
    """

    agreement: Agreement
    due: date | None
    days_late: int
    amendment: Amendment | None = None
    closes: date | None = None


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
    rows = agreements.for_list().annotate(day_due=day_due(on), day_closes=day_closes(on))
    found = [_waiting(each, each.day_due, on, each.day_closes) for each in rows]
    return tuple(sorted(found, key=lambda each: (-each.days_late, each.due or date.max, each.agreement.code)))


def _waiting(agreement, due, on, closes=None):
    late = max((on - due).days, 0) if due else 0
    return Waiting(agreement, due, late, closes=closes if late and closes and closes >= on else None)


def send_digest(user, *, day, at):
    """Mail the person's digest of the day, once; nothing where nothing waits. Raises what the mail server answers."""
    found = digest_of(user, at)
    if found and user.is_active and user.email:
        letter, _new = Letter.objects.get_or_create(
            person=user, day=day, agreement=None, reminding=None, defaults={"made_at": at}
        )
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
    on = timezone.localdate(at)
    due = due_on(agreement, on=on)
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


def send_reminders(reminding, *, at):
    """Mail those who hold the late agreements of a Reminding, one letter each; of what they have handed on, nothing."""
    on = timezone.localdate(at)
    late = {}
    for each in reminding.reminders.select_related("agreement"):
        agreement = Agreement.objects.for_list().get(pk=each.agreement_id)
        if agreement.stage != Stage.CLOSED and agreement.pen_since == each.pen_since:
            for user in have_the_pen(agreement, at):
                late.setdefault(user, []).append(_waiting(agreement, each.due, on))
    for user, waiting in late.items():
        made = {"day": on, "made_at": at}
        letter, _new = Letter.objects.get_or_create(person=user, reminding=reminding, defaults=made)
        with in_thai():
            _send_once(
                letter, _subject_of_reminder(len(waiting)), {"waiting": waiting, "by": reminding.by}, "reminder", at
            )


def _subject_of_reminder(count):
    subject = ngettext(
        "Reminder: %(count)s late task waits for you", "Reminder: %(count)s late tasks wait for you", count
    )
    return show_digits(subject % {"count": count})


def ask_taken(agreement):
    """After an evaluator has taken the report in from paper, in the same transaction: ask for the letter to the unit's staff."""
    since = agreement.pen_since.isoformat()
    queue(TAKEN, key=f"{agreement.pk}:{since}", agreement=agreement.pk, since=since)


def send_taken(agreement, *, since, at):
    """Mail the unit's staff that an evaluator enters their report from paper, while it is so; each once."""
    entry = in_hand(agreement)
    if entry is None or agreement.pen_since != since:
        return
    for user in staff_of(agreement, at):
        made = {"day": timezone.localdate(at), "made_at": at}
        letter, _new = Letter.objects.get_or_create(person=user, agreement=agreement, pen_since=since, defaults=made)
        with in_thai():
            subject = show_digits(_("The report of %(agreement)s is entered from paper") % {"agreement": agreement})
            context = {"agreement": agreement, "said": said_of(entry), "reason": entry.reason}
            _send_once(letter, subject, context, "taken", at)


def staff_of(agreement, at):
    """The unit's planning staff with an address, by the rule that also says who may write its report."""
    held = held_on({unit.pk for unit in line_up(agreement)[0]}, timezone.localdate(at), Role.STAFF)
    with_address = sorted({each.user for each in held if each.user.email}, key=lambda user: user.pk)
    return _where(agreement, with_address, lambda user: those_where(user, As.STAFF, at))


def _where(agreement, people, condition):
    """Those of the people for whom the agreement is one of `condition(user)`."""
    this = Agreement.objects.filter(pk=agreement.pk)
    return [user for user in people if this.filter(condition(user)).exists()]


def have_the_pen(agreement, at):
    """The people with an address in whose hand the pen is, by the rule that also fills their list of work."""
    return _holding(agreement, at, [user for user in _could_hold(agreement, at) if user.email])


def in_whose_hand(agreement, at):
    """The people in whose hand the pen is, with or without an address."""
    return _holding(agreement, at, _could_hold(agreement, at))


def _could_hold(agreement, at):
    on = timezone.localdate(at)
    if agreement.pen in _POSTS_OF_PEN:
        held = Appointment.objects.in_force(on).filter(post__in=_POSTS_OF_PEN[agreement.pen](agreement))
        found = {each.user for each in held.filter(user__is_active=True).select_related("user")}
    else:
        units = {unit.pk for line in line_up(agreement) for unit in line}
        found = {held.user for held in held_on(units, on, _ROLE_OF_PEN[agreement.pen])}
    return sorted(found, key=lambda user: user.pk)


def _holding(agreement, at, users):
    return _where(agreement, users, lambda user: awaiting(user, at))


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
