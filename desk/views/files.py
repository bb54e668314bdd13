"""Stored bytes, served only through a rights check: documents are shown as they were made, never rendered again."""

from io import BytesIO

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from acts.vault import read
from agreements.forms import CodeForm
from agreements.models import Agreement
from agreements.standing import standing_of
from desk.access import readable_agreement
from desk.papers import documents_for
from workflow.verdict import verdict_on


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


@login_not_required
def verify(request):
    """Where anybody types the code printed on a document."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("desk:verify_code", form.cleaned_data["code"])
    return render(request, "desk/verify.html", {"form": form}, status=422 if request.method == "POST" else 200)


@login_not_required
@require_safe
def verify_code(request, code):
    """What the document with this code is: names and posts, when signed, the hash; or that no such code was issued."""
    verdict = verdict_on(code)
    return render(request, "desk/verify_code.html", {"verdict": verdict}, status=200 if verdict else 404)
