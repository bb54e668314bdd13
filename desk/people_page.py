"""The pages about people: the list with each one's duties and state, a person's own, what was done to an account."""

from datetime import timedelta

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import second_factor
from accounts.lockout import locked_names
from accounts.models import User
from accounts.people import with_standing
from acts.models import Entry
from orgunits.models import Appointment, UnitGroupGrant, UnitUserGrant
from thai.dates import thai_date, thai_datetime

EVENTS_SHOWN = 10
UNUSABLE = "!"  # a password that nobody has set begins so

# act → what was done, after the name of who did it.
SENTENCES = {
    "accounts.add_person": gettext_lazy("added this person"),
    "accounts.change_person": gettext_lazy("changed rank, name or contact"),
    "accounts.change_contact": gettext_lazy("changed e-mail or telephone"),
    "accounts.invite": gettext_lazy("made a link to set the password"),
    "accounts.set_password_by_link": gettext_lazy("set the password by a link"),
    "accounts.change_password": gettext_lazy("changed the password"),
    "accounts.end_sessions": gettext_lazy("signed out everywhere else"),
    "accounts.enrol_second_factor": gettext_lazy("set up a second factor"),
    "accounts.renew_recovery_codes": gettext_lazy("made new recovery codes"),
    "accounts.use_recovery_code": gettext_lazy("used a recovery code"),
    "accounts.remove_second_factor": gettext_lazy("removed the second factor"),
    "accounts.deactivate": gettext_lazy("closed the account"),
    "accounts.reactivate": gettext_lazy("opened the account again"),
    "accounts.unlock": gettext_lazy("lifted the lock after wrong passwords"),
    "workflow.renew_calendar": gettext_lazy("made an address for their calendar"),
    "workflow.end_calendar": gettext_lazy("took back the address for their calendar"),
    "orgunits.belong": gettext_lazy("changed the unit that the person belongs to"),
}


def found(people, wanted, *, at):
    """The people who fit `wanted` (cleaned data of PeopleForm), ready to be listed."""
    for word in wanted.get("q", "").split():
        people = people.filter(_fits(word, at))
    condition = STATES.get(wanted.get("state"))
    if condition:
        people = people.filter(condition(at))
    people = with_standing(people, at=at).select_related("belonging__unit")
    return people.prefetch_related(*_ties(at)).order_by("first_name", "last_name", "username")


def _fits(word, at):
    own = Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(username__icontains=word)
    on = timezone.localdate(at)
    posts = Appointment.objects.in_force(on).filter(_under("post__unit", word))
    grants = UnitUserGrant.objects.in_force(on).filter(_under("content_object", word))
    belonging = User.objects.filter(_under("belonging__unit", word)).values("pk")
    return own | Q(pk__in=belonging) | Q(pk__in=posts.values("user")) | Q(pk__in=grants.values("user"))


def _under(path, word):
    return (
        Q(**{f"{path}__name_th__icontains": word})
        | Q(**{f"{path}__abbr_th__icontains": word})
        | Q(**{f"{path}__name_en__icontains": word})
    )


STATES = {
    "waiting": lambda at: Q(is_active=True, password__startswith=UNUSABLE),
    "locked": lambda at: Q(username__in=locked_names(at=at)),
    "closed": lambda at: Q(is_active=False),
}


def _ties(at):
    on = timezone.localdate(at)
    return (
        Prefetch("appointments", Appointment.objects.in_force(on).select_related("post__unit"), to_attr="posts_now"),
        Prefetch(
            "unitusergrant_set",
            UnitUserGrant.objects.not_over(on).for_list().order_by("pk"),
            to_attr="grants_not_over",
        ),
    )


def rows(people, *, at):
    """The people of a page as the list shows them."""
    locked = locked_names([person.username for person in people], at=at)
    return [
        {
            "person": person,
            "unit": unit_of(person),
            "duties": [duty["label"] for duty in duties(person)],
            "state": state(person, locked=person.username in locked),
        }
        for person in people
    ]


def unit_of(person):
    """The unit to show beside a name: the one they belong to, else that of a post or role."""
    if belongs_to(person):
        return belongs_to(person)
    units = [each.post.unit for each in person.posts_now] + [each.content_object for each in _grants_now(person)]
    return units[0] if units else None


def belongs_to(person):
    """The unit that is on record as theirs, or None."""
    return person.belonging.unit if hasattr(person, "belonging") else None


def duties(person):
    """Posts and roles in words; each role with its grant, so that it can be taken away."""
    posts = [
        {"label": each.post.short_title, "note": each.get_capacity_display(), "unit": each.post.unit, "grant": None}
        for each in person.posts_now
    ]
    return posts + [_role(each) for each in _grants_now(person)]


def _grants_now(person):
    today = timezone.localdate()
    return [each for each in person.grants_not_over if each.holds_on(today)]


def _to_come(person):
    now = _grants_now(person)
    return [_role(each) for each in person.grants_not_over if each not in now]


def _role(held):
    return {"label": held.role.label, "note": term(held), "unit": held.content_object, "grant": held}


def term(held):
    """Until which day a role holds, and from when if it is still to come; "" for one without dates to mention."""
    last = thai_date(held.until - timedelta(days=1), "medium") if held.until else ""
    if held.since and held.since > timezone.localdate():
        first = thai_date(held.since, "medium")
        return (
            _("from %(first)s to %(last)s") % {"first": first, "last": last}
            if last
            else _("from %(first)s on") % {"first": first}
        )
    return _("to %(last)s") % {"last": last} if last else ""


def state(person, *, locked):
    """The account in a word, as parts/badge.html wants it."""
    if not person.is_active:
        return {"label": _("account closed"), "kind": "bad"}
    if locked:
        return {"label": _("locked now"), "kind": "warn"}
    if not person.password.startswith(UNUSABLE):
        return {"label": _("in use"), "kind": "ok"}
    return {"label": _("invited"), "kind": "info"} if person.link_until else {"label": _("not invited"), "kind": "warn"}


def person_page(person, *, at):
    """What a person's page shows; `person` as `found` gives it."""
    locked = bool(locked_names([person.username], at=at)) or bool(second_factor.locked_until(person, at=at))
    return {
        "person": person,
        "unit": unit_of(person),
        "duties": duties(person) + _to_come(person),
        "roles_by_group": UnitGroupGrant.objects.not_over(timezone.localdate(at)).filter(group__user=person).exists(),
        "state": state(person, locked=locked),
        "locked": locked,
        "facts": _facts(person),
        "events": events(person),
    }


def _facts(person):
    nothing = "–"
    told = (
        (_("User name"), person.username),
        (_("E-mail"), person.email or nothing),
        (_("Telephone"), person.phone or nothing),
        (_("Last signed in"), _when(person.last_login)),
        (_("Second factor"), _("set up") if person.has_second_factor else _("not set up")),
        (_("Link to set the password, good until"), _when(person.link_until)),
    )
    return [{"label": label, "text": text, "url": ""} for label, text in told]


def _when(moment):
    return thai_datetime(moment, "medium") if moment else "–"


def events(person):
    """What was done to the account lately, newest first, as parts/timeline.html wants it."""
    found = Entry.objects.about(person).filter(act__in=SENTENCES)[:EVENTS_SHOWN]
    return [{"who": entry.actor_text, "text": SENTENCES[entry.act], "reason": "", "at": entry.at} for entry in found]


def posts_left_vacant(person):
    """The posts that nobody could sign for, once this account is closed: those that are the person's own."""
    return [each.post for each in person.posts_now if each.capacity == Appointment.Capacity.OWN]
