"""The documents of an agreement, and the state of each one's making."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acts.jobs import queue_again
from agreements.issue import ask_for
from agreements.standing import standing_of
from desk.access import readable_agreement
from desk.frame import frame
from desk.papers import documents_for, with_jobs

ON_A_PAGE = 25


@require_safe
def documents(request, code):
    """All documents; with `?document=` one of them, as the part that is asked for again while it is being made."""
    agreement = readable_agreement(request, code)
    if "document" in request.GET:
        return render(
            request,
            "desk/_paper.html",
            {"agreement": agreement, "paper": _paper(request, agreement, request.GET["document"])},
        )
    context = frame(request, agreement, "documents")
    page = Paginator(documents_for(agreement, context["standing"]), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/documents.html", context | {"page": page, "papers": with_jobs(page)})


@require_POST
def make_again(request, code, pk):
    """Ask for a document that waits to be asked for, or once more for one that could not be made."""
    agreement = readable_agreement(request, code)
    paper = _paper(request, agreement, pk)
    if paper.waits:
        ask_for(paper.document)
        messages.success(request, _("The document is being made."))
    elif paper.has_failed:
        queue_again(paper.job)
        messages.success(request, _("The document is being made again."))
    return redirect("desk:documents", code)


def _paper(request, agreement, pk):
    standing = standing_of(request.user, agreement, timezone.now())
    if not str(pk).isdecimal():
        raise Http404
    return with_jobs([get_object_or_404(documents_for(agreement, standing), pk=pk)])[0]
