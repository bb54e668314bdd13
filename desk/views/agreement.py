"""The home of an agreement, why these two sign it, and who could on which day."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.access import readable_agreement
from desk.authority_page import authority_page
from desk.forms.posts import DayForm
from desk.frame import frame
from desk.incentive_page import letters_of
from desk.lines_page import aside, indicators
from desk.reasons import reasons
from workflow.amendment import may_begin


@require_safe
def agreement(request, code):
    """The agreement at a glance: its walk, whose turn, its indicators, what is missing, what happened."""
    found, at = readable_agreement(request, code), timezone.now()
    context = frame(request, found, "lines")
    context |= indicators(found, request.user, at) | aside(found, context["standing"], request.user, at)
    context["letters"] = letters_of(found, context["standing"])
    context["may_amend"] = may_begin(found, request.user, at) is None
    return render(request, "desk/agreement.html", context)


@require_safe
def why(request, code):
    """Why these two: what the signing rule read, the posts and who holds them, the annexes."""
    found = readable_agreement(request, code)
    return render(request, "desk/why.html", frame(request, found, "") | reasons(found, on=timezone.localdate()))


@require_safe
def authority(request, code):
    """Who could sign on a day (`?on=`, today by itself), place by place, and why."""
    found, at = readable_agreement(request, code), timezone.now()
    today = timezone.localdate(at)
    form = DayForm(request.GET or None, initial={"on": today})
    asked = form.is_valid() and form.cleaned_data["on"]
    context = frame(request, found, "") | authority_page(found, on=asked or today, at=at) | {"form": form}
    return render(request, "desk/authority.html", context, status=422 if form.errors else 200)
