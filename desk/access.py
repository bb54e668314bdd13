"""Fetching is the right: each function gives an agreement that the person may know of, read, or follow."""

from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from acts.reading import for_reading
from acts.refusals import AlreadyDone, Refused
from agreements.duties import SUBMITTED_RULE, TWO_SIDES_RULE
from agreements.models import Agreement
from agreements.named import named_in
from agreements.rules import may_write
from agreements.standing import As, standing_of
from agreements.who_can_help import refused_for_role
from desk.glance import at_a_glance
from workflow.handover import heard_by


def known_agreement(request, code):
    """The agreement if its existence may be known to the person who asks; 404 for a stranger."""
    agreement = get_object_or_404(at_a_glance(Agreement.objects.for_detail()), code=code)
    if request.method in ("GET", "HEAD"):
        only_read(agreement)
    if not standing_of(request.user, agreement, timezone.now()).knows:
        raise Http404
    return agreement


def only_read(thing):
    """From now on nothing is written through this instance: what its page asks of it is asked of the database once."""
    return for_reading(thing)


def readable_agreement(request, code):
    """The agreement if its text may be read; 403 with a sentence where only its existence may be known."""
    agreement = known_agreement(request, code)
    if not standing_of(request.user, agreement, timezone.now()).reads:
        raise Refused([not_yet_submitted(agreement, timezone.now())])
    # What is refused further on leads back here, and not out of the agreement.
    request.way_back = (reverse("desk:agreement", args=[code]), _("Back to the agreement"))
    return agreement


def followed_agreement(request, code):
    """The agreement if the person may follow how it came about; 403 for those who may only read what was signed."""
    agreement = readable_agreement(request, code)
    if not standing_of(request.user, agreement, timezone.now()).follows:
        raise Refused([_not_followed(agreement)])
    return agreement


def reported_agreement(request, code):
    """The agreement if the person may read its reports: who follows it, and who is named for one of its indicators."""
    agreement = readable_agreement(request, code)
    follows = standing_of(request.user, agreement, timezone.now()).follows
    if not follows and not named_in(request.user, agreement):
        raise Refused([_not_followed(agreement)])
    return agreement


def only_of_named_line(request, agreement, key):
    """Refuse the result of a line that doesn't name the person, to who reads the report by being named alone."""
    if standing_of(request.user, agreement, timezone.now()).follows:
        return
    if key not in named_in(request.user, agreement).lines:
        sentence = _(
            "You are named for other indicators of %(unit)s; this one's result and evidence are its own people's."
        )
        sentence %= {"unit": agreement.unit.short_name}
        raise Refused([refused_for_role(sentence, agreement, As.STAFF, timezone.now(), rule=TWO_SIDES_RULE)])


def _not_followed(agreement):
    sentence = _("You can read the signed agreement of %(unit)s; how it came about is open to its two sides only.")
    sentence %= {"unit": agreement.unit.short_name}
    return refused_for_role(sentence, agreement, As.OFFICE, timezone.now(), rule=TWO_SIDES_RULE)


def followed_amendment(request, code, number):
    """An amendment that the person may know of, of an agreement that they may follow; 404 for who may not know of it."""
    agreement = followed_agreement(request, code)
    known = agreement.amendments.known_to(heard_by(request.user, agreement, timezone.now()))
    amendment = get_object_or_404(known.select_related("amends", "snapshot"), number=number)
    amendment.agreement = agreement
    return only_read(amendment) if request.method in ("GET", "HEAD") else amendment


def writable_agreement(request, code):
    """The agreement if the person may write in it now; 403 with the sentence before anything they typed is judged."""
    agreement = readable_agreement(request, code)
    refusal = may_write(agreement, request.user, timezone.now())
    if refusal:
        raise Refused([refusal])
    return agreement


def not_yet_submitted(agreement, at):
    """Why the other side sees that a draft exists, and not its text."""
    sentence = _("This draft is still being written by %(unit)s. You can read it once it has been submitted.")
    sentence %= {"unit": agreement.unit.short_name}
    return refused_for_role(sentence, agreement, As.OFFICE, at, rule=SUBMITTED_RULE)


def landing(request, code):
    """Where a person goes after an act: the agreement's page, or their own work where they can't read it any more."""
    readable = Agreement.objects.readable_by(request.user, timezone.now()).filter(code=code).exists()
    return redirect("desk:agreement", code) if readable else redirect("desk:home")


def once_then(view):
    """Decorator of a POST view `(request, code, …)`: a form sent twice leads to the agreement's page, and says so."""

    @wraps(view)
    def answered(request, code, *args, **kwargs):
        try:
            return view(request, code, *args, **kwargs)
        except AlreadyDone:
            messages.info(request, _("This has been done already. Nothing was done twice."))
            return landing(request, code)

    return answered


def once_back_to(route):
    """Decorator of a POST view, as `once_then`: a form sent twice leads to the agreement's page `route`, and says so."""

    def decorated(view):
        @wraps(view)
        def answered(request, code, *args, **kwargs):
            try:
                return view(request, code, *args, **kwargs)
            except AlreadyDone:
                messages.info(request, _("This has been done already. Nothing was done twice."))
                return redirect(route, code)

        return answered

    return decorated
