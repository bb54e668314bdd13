"""The indicators of an agreement as an Excel file: fetched, sent in, looked through, and taken over as it was shown."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acts.log import acting
from acts.refusals import Refused
from acts.waiting import keep, waiting
from agreements.rules import may_write
from agreements.xlsx import book
from agreements.xlsx.bring_in import NotAsShown, bring_in
from agreements.xlsx.compare import dry_run
from agreements.xlsx.reading import LARGEST, Unreadable, too_large
from agreements.xlsx.upload import take as take_rows
from desk.access import once_back_to, readable_agreement, writable_agreement
from desk.excel_page import DryRun, shown
from desk.forms.excel import TakeForm, UploadForm
from desk.frame import frame
from results.evidence import file_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def file(request, code):
    """The file itself, to whoever may read the agreement."""
    agreement = readable_agreement(request, code)
    made = BytesIO(book.write(agreement))
    return FileResponse(made, as_attachment=True, filename=f"{agreement.code}.xlsx", content_type=XLSX)


def excel(request, code):
    """Where the file is fetched and sent in; a file that is sent is looked through, and nothing is saved."""
    if request.method == "POST":
        return _look_through(request, writable_agreement(request, code))
    return _page(request, readable_agreement(request, code), UploadForm())


@require_POST
@once_back_to("desk:excel")
def take(request, code):
    """Take over what the dry run showed; where that is no longer so, show what the file would do now."""
    agreement = writable_agreement(request, code)
    seen = DryRun.read(request.POST.get("dry_run", ""))
    content = waiting(seen.file) if seen and (seen.agreement, seen.user) == (agreement.pk, request.user.pk) else None
    if content is None:
        form = UploadForm()
        sentence = _(
            "This file waited too long, or was not sent from here. Nothing was saved; please send it once more."
        )
        return _page(request, agreement, form, wrong=sentence, status=409)
    upload = take_rows(content)
    form = TakeForm(request.POST, lines=agreement.lines.values_list("pk", flat=True))
    if not form.is_valid():
        return _shown(request, agreement, upload, seen.file, seen.name, changed_since=True)
    by = {"actor": request.user, "at": timezone.now()}
    try:
        with acting(**by, idempotency=form.cleaned_data["idempotency"]):
            done = bring_in(agreement, upload, seal=seen.seal, ticked=form.cleaned_data["remove"], told=seen.name, **by)
    except NotAsShown:
        return _shown(request, agreement, upload, seen.file, seen.name, changed_since=True)
    except Refused as refused:
        wrong = " ".join(str(each) for each in refused.refusals)
        return _shown(request, agreement, upload, seen.file, seen.name, wrong=wrong)
    messages.success(request, _said(done))
    return redirect("desk:agreement", agreement.code)


def _look_through(request, agreement):
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, agreement, form, status=422)
    sent = form.cleaned_data["file"]
    try:
        if sent.size > LARGEST:
            raise too_large()
        content = sent.read()
        upload = take_rows(content)
        return _shown(request, agreement, upload, keep(content), file_name(sent.name))
    except Unreadable as why:
        form.add_error("file", str(why))
        return _page(request, agreement, form, status=422)


def _shown(request, agreement, upload, sha256, name, *, changed_since=False, wrong=""):
    """What the file would do; `wrong`: why it was not taken over just now, and nothing saved."""
    outcome = dry_run(agreement, upload)
    seen = DryRun(sha256, name, agreement.pk, request.user.pk, outcome.seal())
    take_form = TakeForm(initial={"dry_run": seen.signed()}) if outcome.may_be_taken else None
    takes = outcome.may_be_taken or outcome.is_nothing
    status = 409 if changed_since else 200 if takes and not wrong else 422
    more = {"outcome": shown(outcome), "take_form": take_form, "file_name": name, "changed_since": changed_since}
    more["wrong"] = wrong
    return _page(request, agreement, UploadForm(), status=status, **more)


def _page(request, agreement, form, status=200, **more):
    context = {
        **frame(request, agreement, "lines"),
        "form": form,
        "refusal": may_write(agreement, request.user, timezone.now()),
        **dict.fromkeys(("outcome", "take_form", "file_name", "changed_since", "wrong")),
        **more,
    }
    return render(request, "desk/excel.html", context, status=status)


def _said(done):
    return _("The file is taken over: %(changed)s changed, %(added)s new, %(removed)s removed.") % {
        "changed": len(done.changed),
        "added": len(done.added),
        "removed": len(done.removed),
    }
