"""The history of an agreement: every act on record, newest first."""

from itertools import groupby

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.access import followed_agreement
from desk.frame import frame
from desk.movements import entries, movement

ON_A_PAGE = 25


@require_safe
def history(request, code):
    """The log of the agreement with reasons and what each act changed."""
    agreement = followed_agreement(request, code)
    context = frame(request, agreement, "history")
    found = entries(agreement, reader=request.user, at=timezone.now())
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    movements = [movement(entry, reader=request.user) for entry in page]
    days = [(day, list(of_day)) for day, of_day in groupby(movements, key=lambda each: timezone.localdate(each["at"]))]
    return render(request, "desk/history.html", context | {"page": page, "days": days})
