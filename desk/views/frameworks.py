"""The frameworks of a year: written until agreements use them, copied from others, two of them side by side."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.carried import take
from acts.engine import AlreadyDone, Refused
from acts.versions import Stale
from desk.forms.frameworks import FrameworkForm, OtherFrameworkForm, framework_values, posted_rows
from desk.frameworks_page import comparison, rules_in_words, users_of
from desk.stale import stale_page
from desk.views.years import ASKING, only_who_may_change, overseen, refusal_to_change, the_year
from desk.years_page import Stored, levels, title_of
from indicators.frameworks import content_of, copied, rules_of
from indicators.models import Framework
from workflow.opening import may_change_framework, save_framework
from workflow.wording import TIERS


def the_framework(found, tier):
    """The framework of a level in a year, None while there is none. 404 for a level that doesn't sign."""
    if tier not in TIERS:
        raise Http404
    return Framework.objects.filter(fiscal_year=found, tier=tier).select_related("fiscal_year").first()


@ASKING
def framework(request, number, tier):
    """The framework of a year and level: a form until agreements use it, a page to read from then on."""
    units = only_who_may_change(request) if request.method == "POST" else overseen(request)
    found = the_year(number)
    stored = the_framework(found, tier)
    if request.method == "POST":
        return _posted(request, found, tier, FrameworkForm(request.POST, rows=posted_rows(request.POST)))
    refusal = refusal_to_change(request) or may_change_framework(found, tier)
    if refusal:
        return _reading_page(request, found, tier, stored, refusal, units)
    return _writing(request, found, tier, stored)


def _reading_page(request, found, tier, stored, refusal, units):
    context = _context(found, tier) | {
        "refusal": refusal,
        "facts": rules_in_words(rules_of(stored)) if stored else [],
        "users": users_of(found, tier, units, request.user, timezone.now()),
    }
    return render(request, "desk/year_framework.html", context)


def _writing(request, found, tier, stored):
    """The form as it stands, or filled from another framework, which nothing saves yet."""
    version = {"version": stored.version if stored else 0}
    data, asked = take(request), _asked(request, found, tier)
    other = asked.chosen() if asked else None
    if data is not None:
        return _form_page(request, found, tier, FrameworkForm(data, rows=posted_rows(data)))
    if other:
        form = FrameworkForm(content=copied(other, found), initial=version)
        return _form_page(request, found, tier, form, other=other)
    return _form_page(
        request, found, tier, FrameworkForm(content=content_of(stored) if stored else None, initial=version)
    )


def _asked(request, found, tier):
    """The form with the other framework that the address names, which may not be there; None where it names none."""
    return OtherFrameworkForm(request.GET, fiscal_year=found, tier=tier) if "other" in request.GET else None


def _context(found, tier):
    level = next(level for level in levels(found) if level.tier == tier)
    others = OtherFrameworkForm(fiscal_year=found, tier=tier)
    return {"year": found, "title": title_of(found.year), "level": level, "others": others if others.others else None}


def _form_page(request, found, tier, form, status=200, other=None):
    context = _context(found, tier) | {"form": form, "filled_from": other}
    return render(request, "desk/year_framework_form.html", context, status=status)


def _posted(request, found, tier, form):
    """A button of a row rearranges what is typed; the others save it."""
    if "row" in request.POST:
        return _form_page(request, found, tier, form.rearranged(request.POST["row"]))
    return _save(request, found, tier, form)


def _save(request, found, tier, form):
    if not form.is_valid():
        return _form_page(request, found, tier, form, status=422)
    given, at = form.cleaned_data, timezone.now()
    by = {"version": given["version"], "by": request.user, "at": at, "idempotency": given["idempotency"]}
    try:
        save_framework(found, tier, form.content(), **by)
    except Refused as refused:
        form.refuse(refused)
        return _form_page(request, found, tier, form, status=refused.status)
    except Stale as stale:
        return _stale(request, found, tier, stale.theirs)
    except AlreadyDone:
        messages.info(request, _("This has been done already. Nothing was done twice."))
    else:
        messages.success(request, _("The framework is saved."))
    return redirect("desk:year", found.year)


def _stale(request, found, tier, theirs):
    """Both frameworks side by side, with all the rows of either."""
    content = content_of(theirs)
    form = FrameworkForm(request.POST, rows=max(posted_rows(request.POST), len(content.dimensions)))
    form.is_valid()
    depths = dict.fromkeys(form.depth_fields, 0)
    stored = Stored(form, theirs, depths | framework_values(content))
    fields = stored.fields() | {name: name for name in depths}
    back = reverse("desk:year_framework", args=[found.year, tier])
    return stale_page(request, None, form, stored, fields=fields, back=back)


@require_safe
def compare_frameworks(request, number, tier):
    """The framework beside another one, of any year and level: what differs is marked."""
    overseen(request)
    found = the_year(number)
    stored = the_framework(found, tier)
    if stored is None:
        raise Http404
    context = _context(found, tier)
    context["form"] = form = _asked(request, found, tier) or context["others"]
    other = form.chosen() if form else None
    context["comparison"] = comparison(stored, other) if other else None
    return render(request, "desk/compare_frameworks.html", context)
