"""What an administrator does with the accounts of people. Whom they may do it to is told in orgunits.administration."""

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.invitations import void_open_links
from accounts.lockout import forget_failures_everywhere
from accounts.models import Invitation, User
from acts.engine import Conflict, Refusal, Refused
from acts.log import acting

# What an administrator says of a person: rank and name go onto signed papers, so nobody changes their own.
NAMED = ("rank", "rank_pending", "title_female", "prefix", "first_name", "last_name")
TOLD = (*NAMED, "email", "phone")


def with_standing(people, *, at):
    """Each of a queryset of people knows `link_until` (None: no open link) and `has_second_factor`."""
    links = Invitation.objects.open(at).filter(user=OuterRef("pk"))
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return people.annotate(link_until=Subquery(links.values("expires_at")), has_second_factor=Exists(factors))


def add_person(*, username, by, at, idempotency="", **told):
    """A person who can sign in once they have set a password by a link. `told`: fields of TOLD. Recorded."""
    with acting(by, at=at, idempotency=idempotency) as record:
        user = User(username=User.normalize_username(username), **told)
        user.set_unusable_password()
        user.full_clean()
        user.save(force_insert=True)
        record("accounts.add_person", user, change={name: ["", value] for name, value in told.items() if value})
    return user


def change_person(user, *, seen, new, by, at):
    """Change what is told of a person, where it still is as it was `seen`; else Conflict. Recorded.

    Both are {field of TOLD: value}, of the same fields. Documents signed before keep what they were signed with.
    """
    with acting(by, at=at) as record:
        user = User.objects.select_for_update().get(pk=user.pk)
        if any(getattr(user, name) != value for name, value in seen.items()):
            raise Conflict(
                _(
                    "Someone has changed this person since you opened the page. You have changed nothing; please "
                    "check again."
                )
            )
        for name, value in new.items():
            setattr(user, name, value)
        user.full_clean()
        user.save(update_fields=list(new))
        record("accounts.change_person", user, change={name: [seen[name], new[name]] for name in new})
    return user


def deactivate(user, *, by, at):
    """The person can no longer sign in; their sessions end at once, their links are void. Recorded."""
    if user.pk == by.pk:
        raise Refused([Refusal(_("You can't close your own account. Please ask another administrator."))])
    with acting(by, at=at) as record:
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.is_active:
            user.is_active = False
            user.session_epoch += 1
            user.save(update_fields=["is_active", "session_epoch"])
            void_open_links(user, at=at)
            record("accounts.deactivate", user)


def reactivate(user, *, by, at):
    """The person can sign in again, with the password they had. Recorded."""
    with acting(by, at=at) as record:
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.is_active:
            user.is_active = True
            user.save(update_fields=["is_active"])
            record("accounts.reactivate", user)


def unlock(user, *, by, at):
    """Passwords and codes of the person are taken again at once, from everywhere. Recorded."""
    with acting(by, at=at) as record:
        forget_failures_everywhere(user.get_username())
        second_factor.forget_wrong_codes(user)
        record("accounts.unlock", user)
