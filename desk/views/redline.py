"""Two frozen texts compared, on the screen and on paper; and who conceded what in the negotiation."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements.redline_paper import pdf_of_redline
from desk.access import followed_agreement
from desk.frame import frame
from desk.redline_page import WHY_THESE, ChooseForm, compared, conceded, tally, texts_of, what_matters
from workflow.superseding import amendments_begun

EMPTY = {"form": None, "pair": None, "why": "", "redline": None}


@require_safe
def redline(request, code):
    """What differs between two frozen texts: those that were chosen, else those that matter to the reader."""
    agreement = followed_agreement(request, code)
    context = frame(request, agreement, "history")
    texts, begun = texts_of(agreement), amendments_begun(agreement.pk)
    found = _compared(request, agreement, texts, begun, context["standing"]) if len(texts) > 1 else EMPTY
    return render(request, "desk/redline.html", context | found, status=422 if _is_wrong(found["form"]) else 200)


def _compared(request, agreement, texts, begun, standing):
    before, after, why = what_matters(texts, begun, agreement, standing)
    form = ChooseForm(
        request.GET if _is_chosen(request) else None,
        texts=texts,
        begun=begun,
        initial={"before": before.sequence, "after": after.sequence},
    )
    if not form.is_bound:
        return {"form": form, "pair": (before, after), "why": WHY_THESE[why], "redline": compared(before, after)}
    if not form.is_valid():
        return EMPTY | {"form": form}
    return {"form": form, "pair": form.pair, "why": "", "redline": compared(*form.pair)}


def _is_chosen(request):
    return "before" in request.GET or "after" in request.GET


def _is_wrong(form):
    return form is not None and form.is_bound and not form.is_valid()


@require_safe
def redline_paper(request, code, before, after):
    """Two frozen texts side by side as PDF, A4 landscape."""
    agreement = followed_agreement(request, code)
    form = ChooseForm({"before": before, "after": after}, texts=texts_of(agreement), begun=())
    if not form.is_valid():
        raise Http404
    earlier, later = form.pair
    response = HttpResponse(pdf_of_redline(earlier, later), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{code}-{earlier.sequence}-{later.sequence}.pdf"'
    return response


@require_safe
def concessions(request, code):
    """Of each field that was negotiated: where either side began, where it moved, and what came of it."""
    agreement = followed_agreement(request, code)
    found = conceded(agreement, user=request.user, at=timezone.now())
    context = frame(request, agreement, "negotiation") | {"conceded": found, "tally": tally(found)}
    return render(request, "desk/concessions.html", context)
