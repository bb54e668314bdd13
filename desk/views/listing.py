"""The list of agreements."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.forms.listing import ListingForm
from desk.inbox import as_tasks
from desk.listing import Listing

ON_A_PAGE = 25


@require_safe
def agreements(request):
    """All agreements that the person may know of, filtered, a page at a time."""
    at = timezone.now()
    form = ListingForm(request.GET)
    form.is_valid()
    found = Listing(request.user, form.cleaned_data, at=at)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "tasks": as_tasks(page.object_list, on=timezone.localdate(at)),
        "more_than": found.more_than,
        "query": _without_page(request),
        "is_filtered": any(form.cleaned_data.values()),
    }
    return render(request, "desk/agreement_list.html", context)


def _without_page(request):
    """The filters as they stand in the address, to go before the number of a page."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""
