"""The same form has its effect once: a random key per rendered form, inserted in the transaction of its act."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from acts.models import IdempotencyKey
from acts.refusals import AlreadyDone, Refusal, Refused

KEY = re.compile(r"\A[0-9a-f]{32}\Z")


def new_key() -> str:
    """128 random bits for one rendered form."""
    return secrets.token_hex(16)


def spend(key: str, *, actor: Any, at: datetime) -> IdempotencyKey:
    """Insert the key in the open transaction; AlreadyDone if it was spent, Refused if no form of ours made it.

    A second sender waits here until the first one's transaction ends: after a commit it is a repeat, after a
    rollback it goes on as if it were the first.
    """
    if not KEY.match(key):
        raise Refused([Refusal(_("This form is not complete. Please open the page again and send it once more."))])
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(key=key, actor_id=actor.pk, at=at)
    except IntegrityError:
        raise AlreadyDone(IdempotencyKey.objects.get(key=key).url) from None
