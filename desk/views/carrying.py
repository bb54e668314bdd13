"""Last year's agreement in this year's draft: carrying it forward, and taking its results over once they are released."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from acts.refusals import Refusal, Refused
from agreements.rules import numbered_lines
from desk.access import writable_agreement
from desk.versions import posted_version
from results.carry import agreement_before, carry_forward, take_over_results


@require_POST
def carry(request, code):
    """Fill an empty draft with last year's agreement of the unit."""
    agreement = writable_agreement(request, code)
    source = agreement_before(agreement.unit, agreement.fiscal_year)
    if source is None:
        raise Refused([Refusal(_("There is no agreement of the year before that could be carried forward."))])
    carry_forward(source, agreement, actor=request.user, at=timezone.now())
    messages.success(request, _("Last year's agreement has been carried forward. Please check every indicator."))
    return redirect("desk:agreement", code)


@require_POST
def take_over(request, code):
    """Last year's released results: into the blanks, and over the values that are ticked."""
    agreement = writable_agreement(request, code)
    numbered = numbered_lines(agreement)
    ticked = {each.line.pk for each in numbered if f"over-{each.line.pk}" in request.POST}
    chosen = {key: posted_version(request, f"version-{key}") for key in ticked}
    taken = take_over_results(agreement, numbered, chosen=chosen, actor=request.user, at=timezone.now())
    if taken:
        phrase = ngettext(
            "%(count)s result of last year is taken over.", "%(count)s results of last year are taken over.", len(taken)
        )
        messages.success(request, phrase % {"count": len(taken)})
    else:
        messages.info(request, _("Nothing was taken over: every place has a value already, and none was ticked."))
    return redirect("desk:agreement", code)
