"""The second factor: six digits from an application on the person's telephone (TOTP), or a recovery code on paper.

Secrets, codes and their rows are allauth's; here stands what it leaves to a cache of one process and therefore can't
promise: a code works once, and wrong ones are counted for the person from wherever they come.
"""

from datetime import datetime, timedelta

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from acts.engine import Refusal, Refused
from acts.log import acting
from thai.numbers import to_arabic

BY_TELEPHONE, BY_PAPER = "totp", "recovery_code"
# So many wrong codes in one cool-off, from all addresses together; axes counts those from one address.
WRONG_CODES = 10
# Longer than any code with its spaces; what follows isn't looked at.
LONGEST = 40


def is_enrolled(user):
    """Does the person sign in with a second factor?"""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def enrolled_since(user):
    """When the second factor was set up; None without one."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return row and row.created_at


def recovery_codes_left(user):
    """How many recovery codes are still good."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(row).get_unused_codes()) if row else 0


def new_secret():
    """A secret for a telephone and us: 160 random bits in base32."""
    return generate_totp_secret()


def address_for_telephone(user, secret):
    """What the QR code says to the application."""
    return get_adapter().build_totp_url(user, secret)


def enrol(user, secret, code, *, at, idempotency=""):
    """Set up the second factor with a first code from it; returns the recovery codes, shown this once. Recorded.

    Refused if the code isn't the secret's, or there is a second factor already. All sessions of the person end.
    """
    with acting(user, at=at, idempotency=idempotency) as record:
        user = User.objects.select_for_update().get(pk=user.pk)
        if is_enrolled(user):
            raise Refused([Refusal(_("A second factor is set up already. To use another telephone, remove it first."))])
        step = _step_of(secret, _as_typed(code), at)
        if step is None:
            raise Refused([Refusal(_("This code does not match the QR code shown here."), "#id_one_time_code")])
        row = TOTP.activate(user, secret).instance
        row.data["last_step"] = step
        row.save()
        codes = _new_codes(user)
        _end_sessions(user)
        record("accounts.enrol_second_factor", user)
    return codes


def renew_recovery_codes(user, *, at, idempotency=""):
    """Ten new recovery codes, shown this once; the old ones are void. Recorded."""
    with acting(user, at=at, idempotency=idempotency) as record:
        user = User.objects.select_for_update().get(pk=user.pk)
        if not is_enrolled(user):
            raise Refused([Refusal(_("There is no second factor any more."))])
        codes = _new_codes(user)
        record("accounts.renew_recovery_codes", user)
    return codes


def remove(user, *, by, at, idempotency=""):
    """The person signs in with the password alone from now on. All their sessions end. Recorded."""
    with acting(by, at=at, idempotency=idempotency) as record:
        user = User.objects.select_for_update().get(pk=user.pk)
        if Authenticator.objects.filter(user=user).delete()[0]:
            _end_sessions(user)
            record("accounts.remove_second_factor", user)


def fits(secret, code, *, at):
    """Is it a code of that secret, at that time? For a secret that isn't in use yet."""
    return _step_of(secret, _as_typed(code), at) is not None


def check(user, code, *, at):
    """How the code proves the person: BY_TELEPHONE or BY_PAPER, and it is used up; "" if it doesn't.

    Wrong ones are counted; while there were too many, none is looked at.
    """
    typed = _as_typed(code)
    with acting(user, at=at) as record:
        row = _locked(user)
        if row is None or _locked_until(row, at):
            return ""
        if (step := _step_of(decrypt(row.data["secret"]), typed, at)) and step > row.data.get("last_step", 0):
            row.data |= {"last_step": step, "wrong": []}
            method = BY_TELEPHONE
        elif _is_recovery_code(user, typed):
            row.data["wrong"] = []
            record("accounts.use_recovery_code", user)
            method = BY_PAPER
        else:
            row.data["wrong"] = [*row.data.get("wrong", []), at.timestamp()][-WRONG_CODES:]
            method = ""
        row.save(update_fields=["data"])
    return method


def locked_until(user, *, at):
    """Until when no code of the person is looked at; None while codes are taken."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return row and _locked_until(row, at)


def forget_wrong_codes(user):
    """Codes are taken again at once. Inside an act."""
    row = _locked(user)
    if row:
        row.data["wrong"] = []
        row.save(update_fields=["data"])


def _locked(user):
    """The row of the telephone, held until the transaction ends (SQLite: the transaction is IMMEDIATE)."""
    return Authenticator.objects.select_for_update().filter(user=user, type=Authenticator.Type.TOTP).first()


def _locked_until(row, at):
    """The end of the cool-off that begins with the last of too many wrong codes within one."""
    wrong, cool_off = row.data.get("wrong", []), timedelta(hours=settings.AXES_COOLOFF_TIME)
    if len(wrong) < WRONG_CODES or wrong[-1] - wrong[0] > cool_off.total_seconds():
        return None
    until = datetime.fromtimestamp(wrong[-1], tz=at.tzinfo) + cool_off
    return until if until > at else None


def _step_of(secret, typed, at):
    """The step of 30 seconds, round about `at`, that the code belongs to; None if to none."""
    now = int(at.timestamp()) // app_settings.TOTP_PERIOD
    for step in range(now - app_settings.TOTP_TOLERANCE, now + app_settings.TOTP_TOLERANCE + 1):
        if compare_user_code(actual=typed, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


def _is_recovery_code(user, typed):
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return row is not None and RecoveryCodes(row).validate_code(typed)


def _new_codes(user):
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    return RecoveryCodes.activate(user).generate_codes()


def _as_typed(code):
    """In either digits, with the spaces that applications and paper put between them."""
    return to_arabic("".join(code[:LONGEST].split())).replace("-", "")


def _end_sessions(user):
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
