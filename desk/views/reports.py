"""The unit's report of a round, and the result of each indicator in it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.carried import take
from acts.refusals import Refused
from acts.versions import Stale
from desk.access import only_of_named_line, reported_agreement
from desk.amended_lines import scored_by
from desk.dossier import flags_beside
from desk.evidence_page import files, levels
from desk.formula_page import formula_of_result
from desk.frame import frame
from desk.from_paper_page import times_of
from desk.line_people_page import line_people
from desk.report_page import report_page, report_url, result_url
from desk.score_panel import panel
from desk.stale import stale_field, stale_page
from desk.versions import posted_page, posted_version
from indicators.criteria import Asks
from results.forms import EvidenceForm, ResultForm
from results.from_before import NOTHING_BEFORE, before
from results.inputs import NO_ACCOUNT
from results.rules import may_give_figure, may_report, may_report_line, reports_of
from results.scores import agreed_of, report_card
from results.taken import taken_from
from results.write import save_result


@require_safe
def report(request, code, position):
    """The self-assessment card: every indicator with its result and score, and the total."""
    found = report_in(request, code, position)
    context = frame(request, found.agreement, "report")
    at = timezone.now()
    may_write = may_report(found, request.user, at) is None
    page = report_page(found, report_card(found), context["standing"], user=request.user, at=at, may_write=may_write)
    return render(request, "desk/report.html", context | page)


@require_http_methods(["GET", "HEAD", "POST"])
def result(request, code, position, key):
    """One indicator's result: a form for those who may write it now, a page to read for everybody else."""
    found = report_in(request, code, position)
    card = report_card(found)
    row = row_in(request, found, card, key)
    if request.method == "POST":
        return _save(request, found, card, row)
    return result_page(request, found, card, row, **forms_of(request, found, row))


def forms_of(request, found, row):
    """The forms of a result and of its evidence, to who may write it now."""
    if refusal_of(request, row):
        return {}
    form = result_form(request, found, row, take(request))
    typed = take(request, action=reverse("desk:add_evidence", args=place_of(found, row)))
    return {"form": form, "evidence_form": EvidenceForm(typed, levels=row.line.scale.levels)}


def result_form(request, found, row, data=None):
    """The form of a result; without the figure for a collector who doesn't carry the score."""
    gives = may_give_figure(row.result, request.user, timezone.now())
    return ResultForm(data, result=row.result, line=row.line, scale=agreed_of(found).scale, gives_figure=gives)


def report_in(request, code, position):
    """The report of a round, to who may read it."""
    agreement = reported_agreement(request, code)
    found = next((each for each in reports_of(agreement) if each.round.position == position), None)
    if found is None:
        raise Http404
    return found


def row_in(request, found, card, key):
    """The row of a line, to who may read its result; 404 where the agreement has no such line."""
    only_of_named_line(request, found.agreement, key)
    try:
        return card.row_of(key)
    except KeyError:
        raise Http404 from None


def refusal_of(request, row):
    """Why the person can't write the result now, or None."""
    return may_report_line(row.result, request.user, timezone.now())


def only_writers(request, row):
    """Refuse who can't write the result now."""
    refusal = refusal_of(request, row)
    if refusal:
        raise Refused([refusal])


def _save(request, found, card, row):
    only_writers(request, row)
    form = result_form(request, found, row, request.POST)
    if not form.is_valid():
        return result_page(
            request, found, card, row, form=form, evidence_form=EvidenceForm(levels=row.line.scale.levels), status=422
        )
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


def result_page(request, found, card, row, *, form=None, evidence_form=None, status=200, change_forms=None, **more):
    """The page of one result; without forms it is for reading."""
    if form:
        form.autosave_to(reverse("desk:result_field", args=place_of(found, row)))
    earlier = before(found).get(row.line.key, NOTHING_BEFORE)
    context = {
        **frame(request, found.agreement, "report"),
        **_neighbours(found, card, row),
        "before": earlier,
        "changed": earlier.differs(row.value),
        "carried": _carried(earlier, row, form),
        "report": found,
        "scored_by": scored_by(found),
        "paper_times": _not_said(times_of(found), None if form else refusal_of(request, row)),
        "row": row,
        "form": form,
        "evidence_form": evidence_form,
        "files": files(row, changes=form, typed=change_forms),
        "levels": levels(row),
        "flags": flags_beside(found, row, reader=request.user, at=timezone.now()),
        "version": form.data.get("version", row.result.version) if form else None,
        "panel": panel(row),
        "formula": formula_of_result(row.line, row.result.inputs),
        "taken": _taken(found, row, form),
        "refusal": refusal_of(request, row),
        "people": line_people(row, request.user, timezone.now()),
    }
    context |= {"figure_form": context["people"].figure_form, "verdict_form": context["people"].verdict_form, **more}
    return render(request, "desk/result_form.html" if form else "desk/result.html", context, status=status)


def _not_said(times, refusal):
    """The times that it was entered from paper, but that which the refusal to write tells of already."""
    return [said for said in times if refusal is None or said.sentence not in refusal.sentence]


def _carried(earlier, row, form):
    """The labels of the fields whose words are still those of the round before, where they may be changed."""
    return [str(form[name].label) for name in earlier.carried(row.result)] if form else []


def _taken(found, row, form):
    return taken_from(found, row.line) if form and form.asks == Asks.TAKEN else None


def _neighbours(found, card, row):
    """The addresses of the indicators before and after; "" at the ends."""
    urls = ["", *(result_url(found, each.line) for each in card.rows), ""]
    place = card.rows.index(row) + 1
    return {"previous": urls[place - 1], "following": urls[place + 1]}


def place_of(found, row):
    """What the addresses of a result are made of."""
    return [found.agreement.code, found.round.position, row.line.key]


@require_POST
def result_field(request, code, position, key):
    """Save one field as it is left. Answers with the new version, and the score that is saved now."""
    found = report_in(request, code, position)
    row = row_in(request, found, report_card(found), key)
    name = request.headers.get("HX-Trigger-Name", "")
    form = result_form(request, found, row, request.POST)
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
    found = report_in(request, code, position)
    agreed = agreed_of(found)
    row = row_in(request, found, report_card(found, agreed), key)
    form = result_form(request, found, row, request.GET)
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
