"""The files of an objection: attached, taken away, given out to be kept, and shown small."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acts.refusals import Refused
from acts.vault import path_of
from desk.views.appeal import appeal_page, form_for, released_appeal
from results.appeal_files import add_file, files_of, remove_file
from results.appeal_forms import ObjectionFilesForm
from results.appeal_rules import may_object, may_read_objections
from results.evidence import CONTENT_TYPES, NotEvidence, file_name
from results.preview import Unpreviewable, preview

ALONE = "default-src 'none'; frame-ancestors 'none'; sandbox"


@require_POST
def add_appeal_file(request, code, key):
    """Attach files to an objection, each judged by itself; what is wrong with one is said, and the others are kept."""
    agreement, appeal = _writable(request, code)
    appealed = _line(appeal, key)
    form = ObjectionFilesForm(request.POST, request.FILES, appealed=appealed)
    if form.is_valid() and _keeps_all(request, appealed, form):
        return redirect(_back(agreement, key))
    agreement, appeal = released_appeal(request, code)
    fields = form_for(request, appeal, None)
    return appeal_page(request, agreement, appeal, fields, status=422, file_forms={appealed.pk: form})


def _keeps_all(request, appealed, form):
    several = len(form.cleaned_data["file"]) > 1
    for upload in form.cleaned_data["file"]:
        name = file_name(upload.name)
        try:
            add_file(appealed, upload, proves=form.cleaned_data["proves"], actor=request.user, at=timezone.now())
        except NotEvidence as why:
            form.add_error("file", f"{name}: {why}" if several else str(why))
        else:
            messages.success(request, _("The file “%(name)s” is attached.") % {"name": name})
    return not form.errors


@require_POST
def remove_appeal_file(request, code, key, sha256):
    """Take a file away from an objection that is not lodged yet."""
    agreement, appeal = _writable(request, code)
    appealed = _line(appeal, key)
    kept = _file(appealed, sha256)
    remove_file(appealed, kept.sha256, actor=request.user, at=timezone.now())
    messages.success(request, _("The file “%(name)s” is removed.") % {"name": kept.name})
    return redirect(_back(agreement, key))


@require_safe
def appeal_file(request, code, key, sha256):
    """The file, to be kept, not to be run: an attachment of the kind that its content is."""
    kept = _readable(request, code, key, sha256)
    response = FileResponse(
        path_of(kept.sha256).open("rb"), as_attachment=True, filename=kept.name, content_type=CONTENT_TYPES[kept.kind]
    )
    response["Content-Security-Policy"] = ALONE
    return response


@require_safe
def appeal_file_preview(request, code, key, sha256):
    """A small picture of a picture, drawn anew by a process that may die of the file; 404 where there is none."""
    try:
        drawn = preview(_readable(request, code, key, sha256))
    except Unpreviewable:
        raise Http404 from None
    response = HttpResponse(drawn, content_type="image/png")
    response["Content-Security-Policy"] = ALONE
    return response


def _writable(request, code):
    """The agreement and its appeal, to who may write objections now; refused before anything sent is judged."""
    agreement, appeal = released_appeal(request, code)
    refusal = may_object(appeal, request.user, timezone.now())
    if refusal:
        raise Refused([refusal])
    return agreement, appeal


def _readable(request, code, key, sha256):
    """A file, to who may read the objections; refused before it is told whether there is such a file."""
    agreement, appeal = released_appeal(request, code)
    refusal = may_read_objections(agreement, request.user, timezone.now())
    if refusal:
        raise Refused([refusal])
    return _file(_line(appeal, key), sha256)


def _line(appeal, key):
    """The line of the appeal; 404 where the agreement has no such line."""
    found = next((each for each in appeal.lines.all() if each.line_id == key), None)
    if found is None:
        raise Http404
    return found


def _file(appealed, sha256):
    found = next((each for each in files_of(appealed) if each.sha256 == sha256), None)
    if found is None:
        raise Http404
    return found


def _back(agreement, key):
    return reverse("desk:appeal", args=[agreement.code]) + f"#line-{key}"
