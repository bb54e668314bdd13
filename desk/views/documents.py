"""The documents of an agreement, and the state of each one's making."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acts.jobs import queue_again
from agreements.standing import standing_of
from desk.access import readable_agreement
from desk.frame import frame
from desk.papers import papers


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
    return render(request, "desk/documents.html", context | {"papers": papers(agreement, context["standing"])})


@require_POST
def make_again(request, code, pk):
    """Ask once more for a document that could not be made."""
    agreement = readable_agreement(request, code)
    paper = _paper(request, agreement, pk)
    if paper.has_failed:
        queue_again(paper.job)
        messages.success(request, _("The document is being made again."))
    return redirect("desk:documents", code)


def _paper(request, agreement, pk):
    standing = standing_of(request.user, agreement, timezone.now())
    found = (paper for paper in papers(agreement, standing) if str(paper.document.pk) == str(pk))
    paper = next(found, None)
    if paper is None:
        raise Http404
    return paper
