"""What an amendment changes in the text in force, as those see it who sign it; and the frame of its pages."""

from itertools import groupby

from django.db.models import Q
from django.utils.translation import gettext as _

from agreements.freeze import thaw
from agreements.models import Snapshot
from agreements.redline import differences, marked
from desk.amendment_page import pen_of, title_of, url_of
from desk.frame import frame


def changes_of_amendment(amendment, snapshot, content, user, *, was_refused):
    """{heading, nothing, groups, since_read}: all that the text changes in the one in force, each with its reason.

    `since_read`: the same against the text of this amendment that the person read before, None where they read none:
    only once a text was refused is there another one.
    """
    reasons = {(each["number"], each["field"]): each["reason"] for each in content["amendment"]["changes"]}
    before = _read_before(amendment, snapshot, user) if was_refused else None
    return {
        "heading": _("What this amendment changes in the text in force"),
        "nothing": _("Nothing changes."),
        "groups": _by_line(differences(thaw(amendment.amends), content), reasons),
        "since_read": None if before is None else _by_line(differences(thaw(before), content), {}),
    }


def _read_before(amendment, snapshot, user):
    """The last text of this amendment, before this one, that the person read, signed or refused."""
    by_them = Q(readings__user_id=user.pk) | Q(signatures__user_id=user.pk) | Q(refusal__user_id=user.pk)
    laid_before = Snapshot.objects.filter(
        agreement=amendment.agreement_id,
        purpose=Snapshot.Purpose.AMENDED,
        taken_at__gte=amendment.begun_at,
        sequence__lt=snapshot.sequence,
    )
    return laid_before.filter(by_them).order_by("-sequence").first()


def _by_line(found, reasons):
    """[(number, name, [(label, pieces, reason)])] of differences; what belongs to no indicator comes under no number.

    A reason that several fields of a line have in common stands under the last of them.
    """
    lines = groupby(found, key=lambda each: (each.number, each.name))
    return [(number, name, _fields(list(fields), reasons)) for (number, name), fields in lines]


def _fields(found, reasons):
    why = [reasons.get((each.number, each.field), "") for each in found]
    told = [reason if reason != after else "" for reason, after in zip(why, [*why[1:], ""], strict=True)]
    return [(each.label, marked(each.was, each.now), reason) for each, reason in zip(found, told, strict=True)]


def amendment_frame(request, amendment, *, mine):
    """The frame of the pages on which an amendment is signed: the agreement's, with the turn at the amendment.

    `mine`: is it the reader's turn to sign? None while nothing is signed.
    """
    context = frame(request, amendment.agreement, "amendments")
    return {
        **context,
        "amendment": amendment,
        "of": title_of(amendment),
        "amendment_url": url_of(amendment),
        "turn": None,
        "pen": pen_of(amendment, context["standing"], mine),
    }
