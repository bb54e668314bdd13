"""What was decided of incentives: each unit's letter, and the results that everybody may read once they are announced."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from desk.access import followed_agreement
from desk.incentive_page import address, shown
from orgunits.models import OrgUnit
from results.incentive_letter import pdf_of_letter
from results.incentive_record import decision_of, read, row_of
from results.models import Scheme

ON_A_PAGE = 25


@require_safe
def incentive_letter(request, code, pk):
    """The letter that tells a unit its result, as PDF; to who follows its agreement, once it is decided."""
    agreement = followed_agreement(request, code)
    scheme = get_object_or_404(Scheme.objects.decided().for_list(), pk=pk)
    decision = decision_of(scheme)
    if row_of(read(decision), code) is None:
        raise Http404
    pdf = pdf_of_letter(decision, code)
    name = f"incentive-{agreement.code}-{scheme.unit.code}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@login_not_required
@require_safe
def public_incentives(request):
    """What is announced of incentives, by year, to everybody."""
    page = Paginator(Scheme.objects.published().for_list(), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(each, address(each, "desk:public_incentive")) for each in page]
    return render(request, "desk/public_incentives.html", {"rows": rows, "page": page})


@login_not_required
@require_safe
def public_incentive(request, number, unit_code):
    """The announced results of a year by unit; 410 with the reason where they were withdrawn."""
    unit = get_object_or_404(OrgUnit, code=unit_code)
    scheme = Scheme.objects.for_list().filter(unit=unit, fiscal_year__year=number).first()
    if scheme is None or not (scheme.is_published or scheme.was_withdrawn):
        raise Http404
    if not scheme.is_published:
        return render(request, "desk/public_incentive_withdrawn.html", {"scheme": scheme}, status=410)
    decision = decision_of(scheme)
    context = shown(read(decision)) | {"scheme": scheme, "decision": decision}
    return render(request, "desk/public_incentive.html", context)
