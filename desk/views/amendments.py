"""Amendments of an agreement in force: those there are, one of them, what is proposed for a line, and its moves."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.carried import take
from acts.engine import AlreadyDone, Conflict, Refused
from agreements.standing import standing_of
from desk.access import followed_agreement, followed_amendment, once_back_to
from desk.amendment_page import (
    ELSEWHERE,
    amendment_page,
    consequence,
    list_page,
    pen_of,
    title_of,
    url_of,
    why_not,
)
from desk.frame import frame
from desk.stale import stale_page
from workflow import amendment as request_of
from workflow.amended_text import to_values
from workflow.amendment_form import AmendLineForm, BeginAmendmentForm, line_as_proposed
from workflow.amendment_walk import TABLE, go
from workflow.forms import MoveForm, ReasonForm

GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_AND_POST
@once_back_to("desk:amendments")
def amendments(request, code):
    """The amendments that the person knows of; POST begins one."""
    agreement = followed_agreement(request, code)
    if request.method == "POST":
        return _begin(request, agreement)
    return _list(request, agreement, BeginAmendmentForm(take(request)))


def _begin(request, agreement):
    form, at = BeginAmendmentForm(request.POST), timezone.now()
    refusal = request_of.may_begin(agreement, request.user, at)
    if refusal:
        raise Refused([refusal])
    if not form.is_valid():
        return _list(request, agreement, form, status=422)
    try:
        amendment = request_of.begin(agreement, actor=request.user, at=at, **form.cleaned_data)
    except Conflict as taken:
        form.add_error(None, str(taken.sentence))
        return _list(request, agreement, form, status=409)
    messages.success(request, _("The amendment is begun. Now propose what is to change."))
    return redirect(url_of(amendment))


def _list(request, agreement, form, status=200):
    context = frame(request, agreement, "amendments", moves=False) | list_page(agreement, request.user, timezone.now())
    return render(request, "desk/amendments.html", context | {"form": form}, status=status)


@require_safe
def amendment(request, code, number):
    """One amendment: whose turn, why, what changes, what that does to the score, what is missing, what happened."""
    found = followed_amendment(request, code, number)
    context = frame(request, found.agreement, "amendments", moves=False)
    context |= amendment_page(found, context["standing"], request.user, timezone.now())
    return render(request, "desk/amendment.html", context)


@GET_AND_POST
def amend_line(request, code, number, pk):
    """Propose other values or wordings for one line, under one reason."""
    found = followed_amendment(request, code, number)
    line = _line(found, pk)
    _side, refusal = request_of.may_propose(found, request.user, timezone.now())
    if request.method == "POST" and refusal:
        raise Refused([refusal])
    proposed = to_values(found).get(line.pk, {}) if not refusal else {}
    last = {"seen": request_of.last_proposal(found, line)}
    form = AmendLineForm(request.POST or take(request), line=line, proposed=proposed, initial=last)
    if request.method == "POST" and form.is_valid():
        return _propose(request, found, line, form)
    context = {**_frame(request, found), "line": line, "form": form, "refusal": refusal}
    return render(request, "desk/amend_line.html", context, status=422 if request.method == "POST" else 200)


def _line(amendment, pk):
    lines = amendment.agreement.lines.select_related("dimension", "sheet", "sheet_version")
    line = get_object_or_404(lines, pk=pk)
    line.agreement = amendment.agreement
    return line


def _propose(request, amendment, line, form):
    """What differs from the page is proposed; where the other hand was quicker, both texts are shown."""
    values, given = form.values(), {name: form.cleaned_data[name] for name in ("reason", "seen")}
    try:
        if values:
            request_of.propose(amendment, line, values, **given, actor=request.user, at=timezone.now())
    except Conflict:
        theirs = line_as_proposed(line, to_values(amendment).get(line.pk, {}))
        theirs.version = request_of.last_proposal(amendment, line)
        names = {name: name for name, _text in form.offers()}
        return stale_page(request, amendment.agreement, form, theirs, fields=names, version_field="seen")
    messages.success(request, _said(values))
    return redirect(url_of(amendment) + f"#line-{line.pk}")


def _said(values):
    if not values:
        return _("Nothing differs from what was proposed already.")
    return _("The change is proposed; the other side sees it once the amendment is handed over.")


def _frame(request, amendment):
    context = frame(request, amendment.agreement, "amendments", moves=False)
    title = title_of(amendment)
    return context | {"amendment": amendment, "pen": pen_of(amendment, context["standing"]), "turn": None, "of": title}


@GET_AND_POST
def amendment_move(request, code, number, name):
    """GET: what the move does, or why it can't be made now. POST: makes it."""
    step, found = _step(name), followed_amendment(request, code, number)
    if name in ELSEWHERE:
        return redirect(ELSEWHERE[name], code, number)
    refusals = _refusals(request, found, step)
    form = _form_of(step, found, request.POST or take(request))
    if request.method == "POST":
        if refusals:
            raise Refused(refusals)
        if form.is_valid():
            return _make(request, found, step, form)
    return _move_page(request, found, step, form=form, refusals=refusals)


def _step(name):
    try:
        return TABLE.get(name)
    except KeyError:
        raise Http404 from None


def _refusals(request, amendment, step):
    """Why the person can't make the move now; 403 if they never can."""
    at = timezone.now()
    if step.may.role not in standing_of(request.user, amendment.agreement, at):
        raise Refused([step.may(amendment, request.user, at)])
    return why_not(amendment, step, request.user, at)


def _form_of(step, amendment, data):
    return (ReasonForm if step.asks_reason else MoveForm)(data, initial={"version": amendment.version})


def _make(request, amendment, step, form):
    given = {"reason": ""} | form.cleaned_data
    try:
        go(amendment, step.name, **given, actor=request.user, at=timezone.now())
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
    else:
        messages.success(request, _("Done: %(move)s.") % {"move": step.label})
    return redirect(url_of(amendment))


def _move_page(request, amendment, step, *, form, refusals):
    context = {
        **_frame(request, amendment),
        "label": step.label,
        "consequence": consequence(amendment, step.name),
        "form": form,
        "refusals": refusals,
        "back": url_of(amendment),
    }
    return render(request, "desk/amendment_move.html", context, status=422 if request.method == "POST" else 200)
