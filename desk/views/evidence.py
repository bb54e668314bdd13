"""The evidence of a result: attached, described, taken away, given out to be kept, and shown small."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acts.vault import path_of
from desk.access import only_of_named_line
from desk.report_page import result_url
from desk.views.reports import only_writers, report_in, result_form, result_page, row_in
from results.evidence import CONTENT_TYPES, NotEvidence, file_name
from results.forms import ChangeEvidenceForm, EvidenceForm
from results.models import Evidence
from results.preview import Unpreviewable, preview
from results.scores import report_card
from results.write import add_evidence, change_evidence, remove_evidence


@require_POST
def add_evidence_to(request, code, position, key):
    """Take files as evidence, each judged by itself; what is wrong with one is said, and the others are kept."""
    found = report_in(request, code, position)
    card = report_card(found)
    row = row_in(request, found, card, key)
    only_writers(request, row)
    form = EvidenceForm(request.POST, request.FILES, levels=row.line.scale.levels)
    if form.is_valid() and _keeps_all(request, row, form):
        return redirect(result_url(found, row.line) + "#evidence")
    card = report_card(report_in(request, code, position))
    form_of_result = result_form(request, found, row)
    return result_page(request, found, card, card.row_of(key), form=form_of_result, evidence_form=form, status=422)


def _keeps_all(request, row, form):
    for upload in form.cleaned_data["file"]:
        try:
            add_evidence(row.result, upload, **form.facts(), actor=request.user, at=timezone.now())
        except NotEvidence as why:
            form.add_error(
                "file", f"{file_name(upload.name)}: {why}" if len(form.cleaned_data["file"]) > 1 else str(why)
            )
        else:
            messages.success(request, _("The file “%(name)s” is attached.") % {"name": file_name(upload.name)})
    return not form.errors


@require_POST
def change_evidence_of(request, code, position, key, pk):
    """Change what a file proves, of which level, and of which day it is."""
    found = report_in(request, code, position)
    card = report_card(found)
    row = row_in(request, found, card, key)
    only_writers(request, row)
    evidence = _evidence(request, found, key, pk)
    form = ChangeEvidenceForm(request.POST, evidence=evidence, levels=row.line.scale.levels)
    if not form.is_valid():
        form_of_result = result_form(request, found, row)
        shown = {"evidence_form": EvidenceForm(levels=row.line.scale.levels), "change_forms": {pk: form}}
        return result_page(request, found, card, row, form=form_of_result, status=422, **shown)
    changes, seen = form.changes()
    change_evidence(evidence, changes, seen=seen, actor=request.user, at=timezone.now())
    messages.success(request, _("What is known of the file “%(name)s” is kept.") % {"name": evidence.name})
    return redirect(result_url(found, row.line) + "#evidence")


@require_POST
def remove_evidence_from(request, code, position, key, pk):
    """Take a file away from a result that is being written."""
    found = report_in(request, code, position)
    evidence = _evidence(request, found, key, pk)
    remove_evidence(evidence, actor=request.user, at=timezone.now())
    messages.success(request, _("The file “%(name)s” is removed.") % {"name": evidence.name})
    return redirect(reverse("desk:result", args=[code, position, key]) + "#evidence")


@require_safe
def evidence(request, code, position, key, pk):
    """The file, to be kept, not to be run: an attachment of the kind that its content is."""
    kept = _evidence(request, report_in(request, code, position), key, pk)
    response = FileResponse(
        path_of(kept.sha256).open("rb"),
        as_attachment=True,
        filename=kept.name,
        content_type=CONTENT_TYPES[kept.kind],
    )
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response


@require_safe
def evidence_preview(request, code, position, key, pk):
    """A small picture of a picture, drawn anew by a process that may die of the file; 404 where there is none."""
    kept = _evidence(request, report_in(request, code, position), key, pk)
    try:
        drawn = preview(kept)
    except Unpreviewable:
        raise Http404 from None
    response = HttpResponse(drawn, content_type="image/png")
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response


def _evidence(request, found, key, pk):
    only_of_named_line(request, found.agreement, key)
    kept = Evidence.objects.select_related("result__report__agreement")
    return get_object_or_404(kept, result__report=found, result__line=key, pk=pk)
