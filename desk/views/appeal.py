"""The appeal: the unit writes its objections, the evaluator the panel's decisions, each field saved as it is left; others read them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.carried import take_from_page
from acts.refusals import Refused
from acts.versions import Stale
from agreements.standing import standing_of
from desk.appeal_page import may_withdraw, page
from desk.frame import frame
from desk.moves import buttons
from desk.stale import stale_field, stale_page
from desk.versions import posted_page, posted_version
from desk.views.evaluation import scored_agreement
from results.appeal import save_decisions, save_objections
from results.appeal_forms import DecisionsForm, ObjectionFilesForm, ObjectionsForm
from results.appeal_rules import appeal_of, may_decide, may_object, objections, window_is_open
from results.models import AppealPanel
from results.scores import agreed_of


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request, code):
    """The clock, the objections and what was decided; with a form for who may write now."""
    agreement, found = released_appeal(request, code)
    if request.method == "POST":
        return _save(request, agreement, found)
    typed = take_from_page(request)
    here = typed and typed.path == request.get_full_path()
    files = _files_typed(found, typed) if typed and not here else {}
    return appeal_page(request, agreement, found, form_for(request, found, typed.data() if here else None), files)


def released_appeal(request, code):
    """(the agreement, its appeal), to who may see the scores; 403 before they are released."""
    agreement = scored_agreement(request, code)
    found = appeal_of(agreement)
    if found is None:
        raise Refused(list(window_is_open(agreement, request.user, timezone.now())))
    return agreement, found


def form_for(request, found, data):
    """The form that this person may write in now, or None."""
    at, agreed = timezone.now(), agreed_of(found.evaluation.report)
    if may_object(found, request.user, at) is None:
        lines = {each.line_id: each for each in found.lines.all()}
        rows = [(line, lines[line.key]) for line in agreed.lines]
        return ObjectionsForm(data, rows=rows, scale=agreed.scale)
    if may_decide(found, request.user, at) is None:
        return DecisionsForm(data, panel=found.panel, rows=objections(found), scale=agreed.scale)
    return None


def _sent_form(request, agreement, found):
    """The form as it was sent, to who may write now; refused with the reason to others."""
    form = form_for(request, found, request.POST)
    if form is None:
        at = timezone.now()
        owners = standing_of(request.user, agreement, at).is_owners
        raise Refused([(may_object if owners else may_decide)(found, request.user, at)])
    return form


def _save(request, agreement, found):
    form = _sent_form(request, agreement, found)
    if not form.is_valid():
        return appeal_page(request, agreement, found, form, status=422)
    changes = [(line, columns, _version(request, form, line)) for line, columns in form.changes()]
    try:
        if isinstance(form, ObjectionsForm):
            save_objections(found, changes, **_by(request))
            said = _("The appeal is saved.")
        else:
            save_decisions(found, (form.panel(), posted_version(request)), changes, **_by(request))
            said = _("The panel's decisions are saved.")
    except Stale as stale:
        return stale_page(
            request, agreement, form, stale.theirs,
            fields=form.fields_of(stale.theirs), version_field=form.version_of(stale.theirs),
        )  # fmt: skip
    messages.success(request, said)
    return redirect(request.get_full_path())


def _version(request, form, row):
    return posted_version(request, form.version_of(row))


def _by(request):
    return {"page": posted_page(request), "actor": request.user, "at": timezone.now()}


@require_POST
def appeal_field(request, code):
    """Save one field as it is left. Answers with all that it changes: the scores as decided, the total, the moves."""
    agreement, found = released_appeal(request, code)
    form, name = _sent_form(request, agreement, found), request.headers.get("HX-Trigger-Name", "")
    try:
        value = form.only(name)
        row, column = form.place_of(name)
        saved = _keep(request, found, form, row, {column: value})
    except ValidationError as wrong:
        return render(request, "desk/_field_saved.html", {"name": name, "errors": wrong.messages}, status=422)
    except Stale as stale:
        return stale_field(request, form, name, stale.theirs, column=column)
    return _saved(request, code, name, {"version": saved.version, "version_id": form.version_of(saved)})


def _keep(request, found, form, row, columns):
    """Save columns of one row of the form; gives the row as it is then."""
    version = _version(request, form, row)
    if isinstance(row, AppealPanel):
        return save_decisions(found, (columns, version), [], **_by(request))
    if isinstance(form, ObjectionsForm):
        save_objections(found, [(row, columns, version)], **_by(request))
    else:
        save_decisions(found, ({}, 0), [(row, columns, version)], **_by(request))
    return found.lines.model.objects.get(pk=row.pk)


def _saved(request, code, name, versions):
    agreement, found = released_appeal(request, code)
    at = timezone.now()
    primary, others = buttons(agreement, standing_of(request.user, agreement, at), request.user, at)
    form = form_for(request, found, None)
    shown = page(agreement, found, form, user=request.user, at=at)
    own = [item for item in shown["items"] if name.endswith(f"-{item.appealed.pk}")]
    context = shown | versions | {"items": own, "name": name, "errors": [], "agreement": agreement}
    return render(request, "desk/_appeal_saved.html", context | {"primary": primary, "others": others})


def _files_typed(found, typed):
    """{line's id: the form of its files as it was sent} where the session ran out meanwhile."""
    code = found.evaluation.report.agreement.code
    for each in found.lines.all():
        if typed.path == reverse("desk:add_appeal_file", args=[code, each.line_id]):
            return {each.pk: ObjectionFilesForm(appealed=each, initial=typed.data().dict())}
    return {}


def appeal_page(request, agreement, found, form, file_forms=None, status=200):
    """The page; without `form` it is for reading. `file_forms`: {line's id: form} that were refused."""
    at = timezone.now()
    if form:
        form.autosave_to(reverse("desk:appeal_field", args=[agreement.code]))
    shown = page(agreement, found, form, user=request.user, at=at, file_forms=file_forms)
    context = frame(request, agreement, "appeal") | shown
    context |= {
        "form": form,
        "is_objecting": isinstance(form, ObjectionsForm),
        "may_withdraw": may_withdraw(agreement, found, standing_of(request.user, agreement, at)),
    }
    return render(request, "desk/appeal.html", context, status=status)
