"""The minutes of the formal negotiation: written by the negotiator, read by all who follow, printed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.carried import take
from acts.refusals import Refused
from acts.versions import Stale
from agreements.rules import numbered_lines
from desk.access import followed_agreement
from desk.frame import frame
from desk.stale import stale_page
from desk.views.talk import attached
from results.evidence import NotEvidence
from workflow.files import keep
from workflow.minutes import all_minutes, as_printed, may_record, minutes_of, save_minutes
from workflow.minutes_form import MinutesForm
from workflow.minutes_paper import pdf_of_minutes
from workflow.models import Round
from workflow.rules import decisions_needed, lines_changed

TEXTS = ("held_on", "place", "people", "committee", "decisions")


@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request, code):
    """A form for the negotiator while the formal round is theirs; else the minutes of every round, to read."""
    agreement = followed_agreement(request, code)
    refusal = may_record(agreement, request.user, timezone.now())
    if request.method == "POST":
        if refusal:
            raise Refused([refusal])
        return _save(request, agreement)
    if refusal:
        return _page(request, agreement, None, refusal)
    return _page(request, agreement, _form(agreement, take(request)), None)


def _page(request, agreement, form, refusal, status=200):
    changed = lines_changed(agreement)
    context = {
        **frame(request, agreement, "negotiation"),
        "form": form,
        "refusal": refusal,
        "changed": [each for each in numbered_lines(agreement) if each.line.pk in changed],
        "held": [{"minutes": each, "printed": as_printed(each)} for each in _of(agreement)],
    }
    return render(request, "desk/minutes.html", context, status=status)


def _of(agreement):
    found = list(all_minutes(agreement))
    for each in found:
        each.round.agreement = agreement
    return found


def _form(agreement, data=None, files=None):
    """The form of the open round's minutes; those of a round that is over are not its beginning."""
    kept = minutes_of(agreement)
    kept = kept if kept is not None and kept.round.closed_at is None else None
    initial = {name: getattr(kept, name) for name in TEXTS} if kept else {}
    initial["version"] = kept.version if kept else 0
    return MinutesForm(
        data,
        files,
        initial=initial,
        auto_id="minutes-%s",
        today=timezone.localdate(),
        kept=kept.files if kept else (),
        lines=decisions_needed(agreement),
        decided=kept.decided if kept else {},
    )


def _save(request, agreement):
    form = _form(agreement, request.POST, request.FILES)
    values = _values(form, request) if form.is_valid() else None
    if values is None:
        return _page(request, agreement, form, None, status=422)
    version = form.cleaned_data["version"]
    try:
        save_minutes(agreement, values, version=version, actor=request.user, at=timezone.now())
    except Stale as stale:
        return _stale(request, agreement, form, stale.theirs)
    messages.success(request, _("The minutes are saved."))
    return redirect("desk:minutes", agreement.code)


def _values(form, request):
    """What `save_minutes` takes; None where a file can't be taken, which is then an error at its field."""
    values = {name: form.cleaned_data[name] for name in TEXTS}
    values["decided"] = form.decided(rest_stands="rest" in request.POST)
    try:
        values["files"] = form.files_left() + keep(form.cleaned_data["new_files"])
    except NotEvidence as refused:
        form.add_error("new_files", str(refused))
        return None
    return values


def _stale(request, agreement, form, theirs):
    """Both texts side by side; of each indicator, too."""
    fields = {name: name for name in TEXTS}
    for each in form.lines:
        decided = theirs.decided.get(str(each.line.pk), {"kind": "not_yet", "reason": ""})
        for name, key in ((f"decision-{each.line.pk}", "kind"), (f"reason-{each.line.pk}", "reason")):
            setattr(theirs, name, decided[key])
            fields[name] = name
    back = reverse("desk:minutes", args=[agreement.code])
    return stale_page(request, agreement, form, theirs, fields=fields, back=back)


def _numbered(request, code, number):
    """The minutes of the formal round of that number."""
    agreement = followed_agreement(request, code)
    found = get_object_or_404(all_minutes(agreement), round__number=number, round__kind=Round.Kind.FORMAL)
    found.round.agreement = agreement
    return found


@require_safe
def minutes_paper(request, code, number):
    """The minutes of a round as PDF."""
    found = _numbered(request, code, number)
    response = HttpResponse(pdf_of_minutes(as_printed(found), found.round.agreement), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{code}-minutes-{number}.pdf"'
    return response


@require_safe
def minutes_file(request, code, number, place):
    """A file of the minutes of a round, as attachment."""
    return attached(_numbered(request, code, number).files, place)
