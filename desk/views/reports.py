"""The unit's report of a round, the result of each indicator in it, and the evidence."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.carried import take
from acts.refusals import Refused
from acts.vault import path_of
from acts.versions import Stale
from desk.access import followed_agreement
from desk.amended_lines import scored_by
from desk.formula_page import formula_of_result
from desk.frame import frame
from desk.report_page import report_page, report_url, result_url
from desk.score_panel import panel
from desk.stale import stale_field, stale_page
from desk.versions import posted_page, posted_version
from indicators.criteria import Asks
from results.evidence import CONTENT_TYPES, NotEvidence
from results.forms import EvidenceForm, ResultForm
from results.inputs import NO_ACCOUNT
from results.models import Evidence
from results.rules import may_report, reports_of
from results.scores import agreed_of, report_card
from results.taken import taken_from
from results.write import add_evidence, remove_evidence, save_result


@require_safe
def report(request, code, position):
    """The self-assessment card: every indicator with its result and score, and the total."""
    found = _report(request, code, position)
    context = frame(request, found.agreement, "report")
    return render(request, "desk/report.html", context | report_page(found, report_card(found), context["standing"]))


@require_http_methods(["GET", "HEAD", "POST"])
def result(request, code, position, key):
    """One indicator's result: a form for those who may write it now, a page to read for everybody else."""
    found = _report(request, code, position)
    card = report_card(found)
    row = _row(card, key)
    if request.method == "POST":
        return _save(request, found, card, row)
    if _refusal(request, found):
        return _page(request, found, card, row)
    form = _form(found, row, take(request))
    evidence_form = EvidenceForm(take(request, action=_evidence_url(found, row)))
    return _page(request, found, card, row, form=form, evidence_form=evidence_form)


def _form(found, row, data=None):
    return ResultForm(data, result=row.result, line=row.line, scale=agreed_of(found).scale)


def _report(request, code, position):
    agreement = followed_agreement(request, code)
    found = next((each for each in reports_of(agreement) if each.round.position == position), None)
    if found is None:
        raise Http404
    return found


def _row(card, key):
    try:
        return card.row_of(key)
    except KeyError:
        raise Http404 from None


def _refusal(request, found):
    return may_report(found, request.user, timezone.now())


def _only_writers(request, found):
    refusal = _refusal(request, found)
    if refusal:
        raise Refused([refusal])


def _save(request, found, card, row):
    _only_writers(request, found)
    form = _form(found, row, request.POST)
    if not form.is_valid():
        return _page(request, found, card, row, form=form, evidence_form=EvidenceForm(), status=422)
    try:
        taken = _taken(found, row, form) if "take" in request.POST else None
        _keep(request, row, form.changes() | (taken.changes if taken and not taken.problem else {}))
    except Stale as stale:
        return stale_page(request, found.agreement, form, stale.theirs, fields={name: name for name in form.fields})
    messages.success(request, _("The result of indicator %(number)s is saved.") % {"number": row.line.number})
    if "on" in request.POST:
        return redirect(_neighbours(found, card, row)["following"] or report_url(found))
    return redirect(result_url(found, row.line))


def _keep(request, row, changes):
    seen = {"version": posted_version(request), "page": posted_page(request)}
    return save_result(row.result, changes, **seen, actor=request.user, at=timezone.now())


def _page(request, found, card, row, *, form=None, evidence_form=None, status=200):
    """The page of one result; without forms it is for reading."""
    if form:
        form.autosave_to(reverse("desk:result_field", args=_place(found, row)))
    context = {
        **frame(request, found.agreement, "report"),
        **_neighbours(found, card, row),
        "report": found,
        "scored_by": scored_by(found),
        "row": row,
        "form": form,
        "evidence_form": evidence_form,
        "version": form.data.get("version", row.result.version) if form else None,
        "panel": panel(row),
        "formula": formula_of_result(row.line, row.result.inputs),
        "taken": _taken(found, row, form),
        "refusal": _refusal(request, found),
    }
    return render(request, "desk/result_form.html" if form else "desk/result.html", context, status=status)


def _taken(found, row, form):
    return taken_from(found, row.line) if form and form.asks == Asks.TAKEN else None


def _neighbours(found, card, row):
    """The addresses of the indicators before and after; "" at the ends."""
    urls = ["", *(result_url(found, each.line) for each in card.rows), ""]
    place = card.rows.index(row) + 1
    return {"previous": urls[place - 1], "following": urls[place + 1]}


def _place(found, row):
    return [found.agreement.code, found.round.position, row.line.key]


@require_POST
def result_field(request, code, position, key):
    """Save one field as it is left. Answers with the new version, and the score that is saved now."""
    found = _report(request, code, position)
    row = _row(report_card(found), key)
    name = request.headers.get("HX-Trigger-Name", "")
    form = _form(found, row, request.POST)
    try:
        saved = _keep(request, row, form.kept(name))
    except ValidationError as wrong:
        return render(request, "desk/_field_saved.html", {"name": name, "errors": wrong.messages}, status=422)
    except Stale as stale:
        return stale_field(request, form, name, stale.theirs)
    context = {"name": name, "errors": [], "version": saved.version, "version_id": "version"}
    return render(request, "desk/_field_saved.html", context)


@require_safe
def result_score(request, code, position, key):
    """The score of a result as it is typed; nothing is saved."""
    found = _report(request, code, position)
    agreed = agreed_of(found)
    row = _row(report_card(found, agreed), key)
    form = _form(found, row, request.GET)
    name = next((name for name in ("value", "inputs") if name in form.fields), None)
    if name is None:
        raise Http404
    try:
        typed, problem = form.only(name), ""
    except ValidationError as wrong:
        typed, problem = None, " ".join(wrong.messages)
    value, account = (form.account.value, form.account) if form.account and not problem else (typed, NO_ACCOUNT)
    context = {
        "panel": panel(row.as_if(agreed, None if problem else value, account)),
        "name": name,
        "problem": problem,
        "formula": formula_of_result(row.line, typed or {}) if name == "inputs" else None,
    }
    return render(request, "desk/_score_typed.html", context, status=422 if problem else 200)


@require_POST
def add_evidence_to(request, code, position, key):
    """Take a file as evidence; what is wrong with it is said at its field."""
    found = _report(request, code, position)
    card = report_card(found)
    row = _row(card, key)
    _only_writers(request, found)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid() and _keeps_evidence(request, row, form):
        messages.success(request, _("The file “%(name)s” is attached.") % {"name": form.cleaned_data["file"].name})
        return redirect(result_url(found, row.line) + "#evidence")
    result_form = _form(found, row)
    return _page(request, found, card, row, form=result_form, evidence_form=form, status=422)


def _keeps_evidence(request, row, form):
    upload, proves = form.cleaned_data["file"], form.cleaned_data["proves"]
    try:
        add_evidence(row.result, upload, proves=proves, actor=request.user, at=timezone.now())
    except NotEvidence as why:
        form.add_error("file", str(why))
    return not form.errors


def _evidence_url(found, row):
    return reverse("desk:add_evidence", args=_place(found, row))


@require_POST
def remove_evidence_from(request, code, position, key, pk):
    """Take a file away from a result that is being written."""
    found = _report(request, code, position)
    evidence = _evidence(found, key, pk)
    remove_evidence(evidence, actor=request.user, at=timezone.now())
    messages.success(request, _("The file “%(name)s” is removed.") % {"name": evidence.name})
    return redirect(reverse("desk:result", args=[code, position, key]) + "#evidence")


@require_safe
def evidence(request, code, position, key, pk):
    """The file, to be kept, not to be run: an attachment of the kind that its content is."""
    kept = _evidence(_report(request, code, position), key, pk)
    response = FileResponse(
        path_of(kept.sha256).open("rb"),
        as_attachment=True,
        filename=kept.name,
        content_type=CONTENT_TYPES[kept.kind],
    )
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response


def _evidence(found, key, pk):
    kept = Evidence.objects.select_related("result__report__agreement")
    return get_object_or_404(kept, result__report=found, result__line=key, pk=pk)
