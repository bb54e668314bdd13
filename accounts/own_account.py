"""What a person does with their own account: another password, how to be reached, ending sessions elsewhere."""

from django.db.models import F

from accounts.invitations import void_open_links
from accounts.models import User
from acts.log import acting

CONTACT = ("email", "phone")


def change_password(user, password, *, at):
    """Another password. All sessions end, and no link made so far opens the account. Recorded, without it."""
    with acting(user, at=at) as record:
        user.set_password(password)
        user.save(update_fields=["password"])
        void_open_links(user, at=at)
        record("accounts.change_password", user)


def change_contact(user, *, at, **contact):
    """How the person can be reached: `email`, `phone`. Recorded."""
    with acting(user, at=at) as record:
        now = User.objects.select_for_update().get(pk=user.pk)
        change = {name: [getattr(now, name), contact[name]] for name in CONTACT if getattr(now, name) != contact[name]}
        User.objects.filter(pk=user.pk).update(**contact)
        if change:
            record("accounts.change_contact", now, change=change)


def end_sessions(user, *, at):
    """The person is signed in nowhere any more. Recorded."""
    with acting(user, at=at) as record:
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
        user.refresh_from_db(fields=["session_epoch"])
        record("accounts.end_sessions", user)
