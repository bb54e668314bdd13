"""The evaluator's desk: all lines in one form, each saved as it is left; read by others, and by the unit once released."""

from urllib.parse import parse_qs, urlsplit

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
from agreements.freeze import thaw
from agreements.stages import Stage
from agreements.standing import standing_of
from desk.access import followed_agreement
from desk.evaluation_page import item_of, released_page, rows, working_page
from desk.frame import frame
from desk.moves import buttons
from desk.stale import stale_field, stale_page
from desk.versions import posted_page, posted_version
from results.forms import AcceptForm, EvaluationForm
from results.models import Evaluation
from results.rules import evaluation_of, may_evaluate, may_see_scores, not_begun
from results.scores import agreed_of, evaluation_card, released_scores
from results.write import save_finding, save_findings
from workflow.due import due_on


@require_http_methods(["GET", "HEAD", "POST"])
def evaluation(request, code):
    """All lines with both sides' results and scores.

    `?line=` picks the one whose score is explained, `?show=` which rows are in sight (desk.dossier.kinds).
    """
    agreement = scored_agreement(request, code)
    found = evaluation_in(agreement)
    if request.method == "POST":
        return _save(request, found)
    released = released_scores(agreement) if found.stage == Evaluation.Stage.RELEASED else None
    if released:
        return _released(request, found, released)
    card = evaluation_card(found)
    form = None if _refusal(request, found) else EvaluationForm(take(request), rows=card.rows)
    return _page(request, found, card, form)


def scored_agreement(request, code):
    """The agreement, to who may see the evaluator's scores; 403 for others."""
    agreement = followed_agreement(request, code)
    refusal = may_see_scores(agreement, request.user, timezone.now())
    if refusal:
        raise Refused([refusal])
    return agreement


def evaluation_in(agreement):
    """Its evaluation; 403 with the reason before it has begun."""
    found = evaluation_of(agreement)
    if found is None:
        raise Refused([not_begun(agreement, timezone.now())])
    return found


def _refusal(request, found):
    return may_evaluate(found, request.user, timezone.now())


def _only_evaluators(request, found):
    refusal = _refusal(request, found)
    if refusal:
        raise Refused([refusal])


def _save(request, found):
    _only_evaluators(request, found)
    card = evaluation_card(found)
    form, ticked = EvaluationForm(request.POST, rows=card.rows), AcceptForm(request.POST, rows=card.rows)
    if not (form.is_valid() and ticked.is_valid()):
        return _page(request, found, card, form, status=422)
    changes = [(finding, changed, _version(request, finding)) for finding, changed in form.changes()]
    try:
        save_findings(
            found,
            changes,
            accept="accept" in request.POST,
            chosen=ticked.cleaned_data["take"],
            page=posted_page(request),
            actor=request.user,
            at=timezone.now(),
        )
    except Stale as stale:
        return _stale(request, found, form, stale.theirs)
    messages.success(request, _("The evaluation is saved."))
    return redirect(request.get_full_path())


def _version(request, finding):
    return posted_version(request, f"version-{finding.pk}")


def _stale(request, found, form, theirs):
    fields = {f"{column}-{theirs.pk}": column for column in ("value", "reason")}
    version_field = f"version-{theirs.pk}"
    return stale_page(request, found.report.agreement, form, theirs, fields=fields, version_field=version_field)


def _page(request, found, card, form, status=200):
    """The desk; without a form it is for reading. What is wrong is never out of sight."""
    agreement = found.report.agreement
    show = "all" if status == 422 else request.GET.get("show", "all")
    if form:
        form.autosave_to(reverse("desk:finding_field", args=[agreement.code]))
    context = working_page(found, card, selected=request.GET.get("line", ""), show=show, **_reading(request))
    context |= {
        "form": form,
        "rows": rows(context, form),
        "refusal": _refusal(request, found),
        "released": None,
        "appeal_until": None,
    }
    return render(request, "desk/evaluation.html", frame(request, agreement, "evaluation") | context, status=status)


def _reading(request):
    return {"reader": request.user, "at": timezone.now()}


def _released(request, found, released):
    agreement = found.report.agreement
    asked = {"selected": request.GET.get("line", ""), "show": request.GET.get("show", "all")}
    context = released_page(found, thaw(released), agreed_of(found.report), **asked)
    context |= {"form": None, "rows": rows(context, None), "refusal": None, "released": released}
    context["appeal_until"] = due_on(agreement, on=timezone.localdate()) if agreement.stage == Stage.APPEAL else None
    return render(request, "desk/evaluation.html", frame(request, agreement, "evaluation") | context)


@require_POST
def finding_field(request, code):
    """Save one field as it is left. Answers with all that it changes: score, total, what is missing, the moves."""
    found = evaluation_in(scored_agreement(request, code))
    form = EvaluationForm(request.POST, rows=evaluation_card(found).rows)
    name = request.headers.get("HX-Trigger-Name", "")
    try:
        value = form.only(name)
        row, column = form.column_of(name)
        version = _version(request, row.finding)
        saved = save_finding(
            row.finding,
            {column: value},
            version=version,
            page=posted_page(request),
            actor=request.user,
            at=timezone.now(),
        )
    except ValidationError as wrong:
        return render(request, "desk/_field_saved.html", {"name": name, "errors": wrong.messages}, status=422)
    except Stale as stale:
        return stale_field(request, form, name, stale.theirs, column=column)
    return _saved(request, found, name, saved)


def _saved(request, found, name, saved):
    agreement, at = found.report.agreement, timezone.now()
    card = evaluation_card(found)
    page = working_page(found, card, selected=str(saved.line_id), show=_shown(request), **_reading(request))
    primary, others = buttons(agreement, standing_of(request.user, agreement, at), request.user, at)
    context = {
        **page,
        "changed_wholes": [whole for found in page["wholes"].values() for whole in found],
        "agreement": agreement,
        "item": page["selected"],
        "name": name,
        "errors": [],
        "version": saved.version,
        "version_id": f"version-{saved.pk}",
        "primary": primary,
        "others": others,
    }
    return render(request, "desk/_finding_saved.html", context)


def _shown(request):
    """Which rows are in sight on the page that a field saved itself from."""
    return parse_qs(urlsplit(request.headers.get("HX-Current-URL", "")).query).get("show", ["all"])[0]


@require_safe
def finding_score(request, code, key):
    """One line's score and working by the result that is typed; nothing is saved."""
    found = evaluation_in(scored_agreement(request, code))
    _only_evaluators(request, found)
    card, agreed = evaluation_card(found), agreed_of(found.report)
    row = _row(card, key)
    form = EvaluationForm(request.GET, rows=[row])
    name = f"value-{row.finding.pk}"
    try:
        value, problem = form.only(name), ""
    except ValidationError as wrong:
        value, problem = None, " ".join(wrong.messages)
    item = item_of(found, row.as_if(agreed, value))
    context = {"item": item, "selected": item, "name": name, "problem": problem}
    return render(request, "desk/_finding_typed.html", context, status=422 if problem else 200)


def _row(card, key):
    try:
        return card.row_of(key)
    except KeyError:
        raise Http404 from None
