"""The agenda of a negotiation: what is unresolved, on one page that prints."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements.models import Line
from desk.access import followed_agreement
from desk.bargain import shown_value
from desk.frame import frame
from workflow.agenda import agenda as agenda_of
from workflow.handover import heard_by
from workflow.models import Side


@require_safe
def agenda(request, code):
    """Every indicator with open offers, questions or comments, or without a decision."""
    agreement = followed_agreement(request, code)
    items = agenda_of(agreement, heard_by(request.user, agreement, timezone.now()))
    units = {Side.OWNER: agreement.unit.short_name, Side.COUNTERPART: agreement.counterpart.short_name}
    shown = [
        (item, [_shown(each, units) for each in item.offers], [_shown(each, units) for each in item.deferred])
        for item in items
    ]
    context = frame(request, agreement, "negotiation") | {"items": shown, "made_at": timezone.now()}
    return render(request, "desk/agenda.html", context)


def _shown(offer, units):
    """An offer in words: what, from what to what, of whom, why."""
    return {
        "label": str(Line._meta.get_field(offer.field).verbose_name),
        "was": shown_value(offer, offer.from_value),
        "now": shown_value(offer, offer.to_value),
        "by": units[offer.side],
        "offer": offer,
    }
