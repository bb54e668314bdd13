"""The signing rules of a year: the table with its check, and wording a rule anew."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.carried import take
from acts.engine import AlreadyDone, Refused
from acts.versions import Stale
from agreements.models import SigningRule
from desk.forms.rules import EndRuleForm, RuleForm
from desk.rules_page import effect_of, rules_context
from desk.views.years import only_who_may_change, overseen, refusal_to_change, the_year
from desk.years_page import title_of
from workflow.wording import TIERS, begun, end_rule, word_rule, wording_of


@require_safe
def signing_rules(request, number):
    """The year's rules as a table; which units have none or two, and which places of a signature nobody holds."""
    units, found = overseen(request), the_year(number)
    may_change = refusal_to_change(request) is None
    context = rules_context(found, units, on=timezone.localdate(), may_change=may_change)
    context |= {"year": found, "title": title_of(number), "may_change": may_change}
    return render(request, "desk/year_rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_signing_rule(request, number):
    """A rule for units that have none."""
    only_who_may_change(request)
    return _wording(request, the_year(number), None)


@require_http_methods(["GET", "HEAD", "POST"])
def signing_rule(request, number, pk):
    """A rule that holds in the year, to be worded anew from that year on."""
    only_who_may_change(request)
    return _wording(request, the_year(number), get_object_or_404(SigningRule.objects.in_year(number), pk=pk))


def _wording(request, year, rule):
    if request.method != "POST":
        return _page(request, year, rule, _form(request, rule))
    form = RuleForm(request.POST)
    if "edit" in request.POST or not form.is_valid():
        return _page(request, year, rule, form, status=200 if "edit" in request.POST else 422)
    try:
        return _save(request, year, rule, form) if "confirm" in request.POST else _preview(request, year, rule, form)
    except Refused as refused:
        form.refuse(refused)
        return _page(request, year, rule, form, status=422)
    except Stale:
        form.add_error(None, _("Somebody else has changed this rule since you opened the page. Nothing was saved."))
        return _page(request, year, rule, form, status=409)
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
        return redirect("desk:signing_rules", year.year)


def _form(request, rule):
    data = take(request)
    if data is not None:
        return RuleForm(data)
    if rule is None:
        tier = request.GET.get("tier", "")
        known = {"tier": int(tier)} if tier in {str(each) for each in TIERS} else {}
        return RuleForm(initial={"version": 0, **known})
    return RuleForm(wording=wording_of(rule), initial={"version": rule.version})


def _change(request, year, rule, form, **more):
    given = form.cleaned_data
    by = {"version": given["version"], "by": request.user, "at": timezone.now()}
    return word_rule(rule, form.wording(), year=year.year, **by, **more)


def _preview(request, year, rule, form):
    """What the change would come to: it is made, looked at, and undone."""
    effect = effect_of(lambda: _change(request, year, rule, form), year, on=timezone.localdate())
    left_out = ("csrfmiddlewaretoken", "preview", "edit")
    kept = [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values]
    context = _context(year, rule) | {"form": form, "effect": effect, "kept": kept}
    return render(request, "desk/year_rule_preview.html", context)


def _save(request, year, rule, form):
    _change(request, year, rule, form, idempotency=form.cleaned_data["idempotency"])
    messages.success(request, _("The signing rule is saved."))
    return redirect("desk:signing_rules", year.year)


def _page(request, year, rule, form, status=200):
    return render(request, "desk/year_rule_form.html", _context(year, rule) | {"form": form}, status=status)


def _context(year, rule):
    refusal = begun(rule, year.year) if rule else None
    return {"year": year, "title": title_of(year.year), "rule": rule, "refusal": refusal, "not_ended": []}


@require_POST
def end_signing_rule(request, number, pk):
    """Let a rule hold no more from this year on, where another one covers its units."""
    only_who_may_change(request)
    year, rule = the_year(number), get_object_or_404(SigningRule.objects.in_year(number), pk=pk)
    seen = EndRuleForm(request.POST)
    version = seen.cleaned_data["version"] if seen.is_valid() else 0
    try:
        end_rule(rule, year=year.year, version=version, by=request.user, at=timezone.now())
        messages.success(request, _("The rule holds no more from this year on."))
    except Refused as refused:
        form = RuleForm(wording=wording_of(rule), initial={"version": rule.version})
        context = _context(year, rule) | {"form": form, "not_ended": refused.refusals}
        return render(request, "desk/year_rule_form.html", context, status=422)
    except Stale:
        messages.error(request, _("Somebody else has changed this rule since you opened the page. Nothing was saved."))
    return redirect("desk:signing_rules", number)
