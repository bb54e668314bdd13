"""Incentives by level of results: the pages of the planning office, where they are set, decided and announced."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.carried import take
from acts.engine import AlreadyDone, Refusal, Refused
from acts.versions import Stale
from agreements.duties import role_rule
from desk.forms.incentives import BeginForm, DecideForm, IncentiveTermsForm, ReasonToSignForm
from desk.incentive_page import BADGE, address, page_of, sees_incentives, shown
from desk.incentive_what_if import what_if
from desk.stale import stale_page
from desk.views.years import the_year
from desk.years_page import Stored
from fiscal.models import FiscalYear
from orgunits.administration import others_for
from orgunits.reach import reach_of
from orgunits.roles import Role
from results.incentive_record import content_of, decision_of, read
from results.incentive_terms import (
    FIELDS,
    begin_scheme,
    deciding_units,
    may_decide,
    outlook,
    save_terms,
    taking_part,
    with_terms,
)
from results.incentive_walk import decide, hash_decided, hash_of, walk, why_not
from results.models import Scheme
from workflow.forms import SignForm

ON_A_PAGE = 25
ASKING = require_http_methods(["GET", "HEAD", "POST"])


def _only_who_looks(request):
    """403 with the sentence for who is neither of a planning office nor an auditor."""
    at = timezone.now()
    if not sees_incentives(request.user, at):
        sentence = _("Only planning offices and auditors look at incentives here.")
        raise Refused([Refusal(sentence, rule=role_rule(Role.PLANNER), help=others_for(request.user, at))])


def _seen(request, number, unit_code):
    """The scheme, to who may look at it; 404 for everybody else among those who look at schemes."""
    _only_who_looks(request)
    schemes = Scheme.objects.visible_to(request.user, timezone.now()).for_list()
    return get_object_or_404(schemes, fiscal_year__year=number, unit__code=unit_code)


def _to_decide(request, number, unit_code):
    """The scheme, to who may decide; 403 with the sentence for who may look only."""
    scheme = _seen(request, number, unit_code)
    refusal = may_decide(request.user, scheme.unit, timezone.now())
    if refusal:
        raise Refused([refusal])
    return scheme


@require_safe
def incentives(request):
    """The schemes that the person may look at, by year."""
    _only_who_looks(request)
    at = timezone.now()
    schemes = Scheme.objects.visible_to(request.user, at).for_list()
    page = Paginator(schemes, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(scheme, address(scheme), BADGE[scheme.stage]) for scheme in page]
    may_begin = bool(reach_of(request.user, at).units(Role.PLANNER))
    return render(request, "desk/incentives.html", {"rows": rows, "page": page, "may_begin": may_begin})


@require_safe
def incentive(request, number, unit_code):
    """One scheme: terms, results by unit, what is missing, what happened."""
    scheme = _seen(request, number, unit_code)
    return render(request, "desk/incentive.html", page_of(scheme, user=request.user, at=timezone.now()))


# Setting the terms


@ASKING
def begin_incentives(request):
    """Choose year and unit; a POST begins with the terms of the year before."""
    _only_who_looks(request)
    at = timezone.now()
    if not reach_of(request.user, at).units(Role.PLANNER):
        raise Refused([Refusal(_("Only planning offices decide incentives."), rule=role_rule(Role.PLANNER))])
    years = list(FiscalYear.objects.values_list("year", flat=True))
    form = BeginForm(request.POST or take(request), years=years, units=deciding_units(request.user, at))
    if request.method != "POST":
        return render(request, "desk/incentive_new.html", {"form": form})
    return _begin(request, form) if form.is_valid() else _not_begun(request, form)


def _begin(request, form):
    given = form.cleaned_data
    by = {"actor": request.user, "at": timezone.now(), "idempotency": given["idempotency"]}
    try:
        scheme = begin_scheme(the_year(given["year"]), given["unit"], **by)
    except Refused as refused:
        form.refuse(refused)
        return _not_begun(request, form)
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
        return redirect("desk:incentives")
    return redirect(address(scheme, "desk:incentive_terms"))


def _not_begun(request, form):
    return render(request, "desk/incentive_new.html", {"form": form}, status=422)


@ASKING
def incentive_terms(request, number, unit_code):
    """The terms of a draft, and what they would come to; `preview` saves nothing, `save` keeps them."""
    scheme = _to_decide(request, number, unit_code)
    if not scheme.is_draft:
        raise Refused(
            [Refusal(_("This has been decided; its terms can't change unless the decision is taken up again."))]
        )
    agreements = list(taking_part(scheme.fiscal_year, scheme.unit, Scheme.Level.ALL))
    form = IncentiveTermsForm(request.POST or take(request), scheme=scheme, agreements=agreements)
    if request.method != "POST":
        return _terms_page(request, scheme, form)
    if not form.is_valid():
        return _terms_page(request, scheme, form, status=422)
    if "preview" in request.POST:
        return _terms_page(request, scheme, form, typed=form.values())
    return _save(request, scheme, form)


def _save(request, scheme, form):
    given = form.cleaned_data
    by = {"actor": request.user, "at": timezone.now(), "idempotency": given["idempotency"]}
    try:
        save_terms(scheme, form.values(), version=given["version"], **by)
    except Refused as refused:
        form.refuse(refused)
        return _terms_page(request, scheme, form, status=422)
    except Stale as stale:
        values = form.initial_of({name: getattr(stale.theirs, name) for name in FIELDS})
        stored = Stored(form, stale.theirs, values)
        return stale_page(request, None, form, stored, fields=stored.fields(), back=address(scheme))
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
    else:
        messages.success(request, _("The terms are saved."))
    return redirect(address(scheme))


def _terms_page(request, scheme, form, typed=None, status=200):
    context = {"scheme": scheme, "form": form, "back": address(scheme), "compared": None}
    if typed is not None:
        other = with_terms(scheme, typed)
        context["compared"] = what_if(content_of(scheme, outlook(scheme)), content_of(other, outlook(other)))
    return render(request, "desk/incentive_terms.html", context, status=status)


# Deciding, announcing, withdrawing, taking up again


@sensitive_post_parameters("password", "one_time_code")
@ASKING
def decide_incentives(request, number, unit_code):
    """Put the decision on record, bound to the results that were shown."""
    scheme = _able(request, number, unit_code, "decide")
    content = content_of(scheme, outlook(scheme))
    initial = {"sha256": hash_of(content), "version": scheme.version}
    form = DecideForm(request, request.POST or take(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        done = partial(decide, scheme, form.decision(), actor=request.user)
        return _done(request, scheme, form, done, _("The decision is on record. Each unit can print its letter."))
    context = shown(content) | {"scheme": scheme, "form": form, "back": address(scheme)}
    return render(request, "desk/incentive_decide.html", context, status=_status(request))


@sensitive_post_parameters("password", "one_time_code")
@ASKING
def publish_incentives(request, number, unit_code):
    """Let everybody read the results."""
    return _walked(
        request, number, unit_code, "publish", SignForm, _("It has been announced. Anybody can read it now.")
    )


@sensitive_post_parameters("password", "one_time_code")
@ASKING
def withdraw_incentives(request, number, unit_code):
    """Take the announcement back, with a reason that the public reads."""
    said = _("The announcement has been withdrawn; the reason stands in its place.")
    return _walked(request, number, unit_code, "withdraw", ReasonToSignForm, said)


@sensitive_post_parameters("password", "one_time_code")
@ASKING
def reopen_incentives(request, number, unit_code):
    """Take the decision up again, with a reason; it stays on record."""
    said = _("The decision is taken up again: the terms can change, and there are no letters until it is decided anew.")
    return _walked(request, number, unit_code, "reopen", ReasonToSignForm, said)


def _walked(request, number, unit_code, name, form_class, said):
    scheme = _able(request, number, unit_code, name)
    initial = {"sha256": hash_decided(scheme), "version": scheme.version}
    form = form_class(request, request.POST or take(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("reason", "")
        done = partial(walk, scheme, name, reason=reason, actor=request.user)
        return _done(request, scheme, form, done, said)
    context = {
        "scheme": scheme,
        "form": form,
        "name": name,
        "back": address(scheme),
        "content": read(decision_of(scheme)),
    }
    return render(request, "desk/incentive_walk.html", context, status=_status(request))


def _able(request, number, unit_code, name):
    """The scheme, where the move can be made now by who asks; 403 with the sentences otherwise."""
    scheme = _to_decide(request, number, unit_code)
    refusals = why_not(scheme, name, actor=request.user, at=timezone.now())
    if refusals:
        raise Refused(refusals)
    return scheme


def _done(request, scheme, form, act, said):
    at, given = timezone.now(), form.cleaned_data
    step_up = form.step_up(at=at, bound_to=given["sha256"])
    try:
        act(version=given["version"], idempotency=given["idempotency"], at=at, step_up=step_up)
        messages.success(request, said)
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
    return redirect(address(scheme))


def _status(request):
    return 422 if request.method == "POST" else 200
