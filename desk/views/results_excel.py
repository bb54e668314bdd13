"""The results of a round as an Excel file: fetched, sent in, looked through, and taken over as it was shown."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from acts.log import acting
from acts.refusals import AlreadyDone, Refused
from acts.versions import Stale
from acts.waiting import keep, waiting
from agreements.xlsx.reading import LARGEST, Unreadable, too_large
from desk.excel_page import DryRun
from desk.forms.excel import TakeForm, UploadForm
from desk.frame import frame
from desk.report_page import report_url
from desk.results_excel_page import shown
from desk.views.reports import report_in
from results.evidence import CONTENT_TYPES, file_name
from results.rules import may_report
from results.scores import report_card
from results.workbook import write
from results.workbook_in import NotAsShown, dry_run, take_over


@require_safe
def file(request, code, position):
    """The file itself, to the staff who may fill it in."""
    found = report_in(request, code, position)
    _only_staff(request, found)
    made = BytesIO(write(found, report_card(found)))
    name = f"{found.agreement.code}-{position}-results.xlsx"
    return FileResponse(made, as_attachment=True, filename=name, content_type=CONTENT_TYPES["xlsx"])


@require_http_methods(["GET", "HEAD", "POST"])
def excel(request, code, position):
    """Where the file is fetched and sent in; a file that is sent is looked through, and nothing is saved."""
    found = report_in(request, code, position)
    if request.method != "POST":
        return _page(request, found, UploadForm())
    _only_staff(request, found)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    sent = form.cleaned_data["file"]
    try:
        if sent.size > LARGEST:
            raise too_large()
        content = sent.read()
        return _shown(request, found, content, keep(content), file_name(sent.name))
    except Unreadable as why:
        form.add_error("file", str(why))
        return _page(request, found, form, status=422)


@require_POST
def take(request, code, position):
    """Take over what the dry run showed; where that is no longer so, show what the file would do now."""
    found = report_in(request, code, position)
    _only_staff(request, found)
    seen = DryRun.read(request.POST.get("dry_run", ""))
    content = (
        waiting(seen.file) if seen and (seen.agreement, seen.user) == (found.agreement.pk, request.user.pk) else None
    )
    form = TakeForm(request.POST)
    if content is None or not form.is_valid():
        sentence = _(
            "This file waited too long, or was not sent from here. Nothing was saved; please send it once more."
        )
        return _page(request, found, UploadForm(), wrong=sentence, status=409)
    by = {"actor": request.user, "at": timezone.now()}
    try:
        with acting(**by, idempotency=form.cleaned_data["idempotency"]):
            count = take_over(found, report_card(found), content, seal=seen.seal, **by)
    except AlreadyDone:
        return redirect(report_url(found))
    except (NotAsShown, Stale, Unreadable):
        return _shown(request, found, content, seen.file, seen.name, changed_since=True)
    messages.success(request, _("The file is taken over: %(count)s indicators changed.") % {"count": count})
    return redirect(report_url(found))


def _only_staff(request, found):
    refusal = may_report(found, request.user, timezone.now())
    if refusal:
        raise Refused([refusal])


def _shown(request, found, content, sha256, name, *, changed_since=False):
    """What the file would do on the report as it stands now."""
    found = report_in(request, found.agreement.code, found.round.position)
    outcome = dry_run(found, report_card(found), content)
    seen = DryRun(sha256, name, found.agreement.pk, request.user.pk, outcome.seal())
    take_form = TakeForm(initial={"dry_run": seen.signed()}) if outcome.taken else None
    status = 409 if changed_since else 422 if outcome.problems or outcome.clashes else 200
    more = {"outcome": shown(outcome), "take_form": take_form, "file_name": name, "changed_since": changed_since}
    return _page(request, found, UploadForm(), status=status, **more)


def _page(request, found, form, status=200, **more):
    context = {
        **frame(request, found.agreement, "report"),
        "report": found,
        "form": form,
        "refusal": may_report(found, request.user, timezone.now()),
        **dict.fromkeys(("outcome", "take_form", "file_name", "changed_since", "wrong")),
        **more,
    }
    return render(request, "desk/results_excel.html", context, status=status)
