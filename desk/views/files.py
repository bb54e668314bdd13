"""Stored bytes, served only through a rights check: documents are shown as they were made, never rendered again."""

from io import BytesIO

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from acts.vault import read
from agreements.models import Agreement
from agreements.standing import standing_of
from desk.access import readable_agreement
from desk.papers import documents_for


@require_safe
def document(request, pk):
    """The PDF, to a reader of its agreement."""
    at = timezone.now()
    known = Agreement.objects.visible_to(request.user, at).filter(snapshots__documents__pk=pk)
    agreement = readable_agreement(request, get_object_or_404(known).code)
    found = get_object_or_404(documents_for(agreement, standing_of(request.user, agreement, at)), pk=pk)
    if not found.is_rendered:
        raise Http404
    name = f"{agreement.code}-{found.snapshot.sequence}-{found.kind}.pdf"
    # Read whole and checked: what was changed on disk is not served.
    return FileResponse(BytesIO(read(found.sha256)), content_type="application/pdf", filename=name)
