"""The three questions of the negotiation, answered for all indicators on one page."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.carried import take
from acts.versions import Stale
from agreements.questions import QUESTIONS, save_answers, unanswered
from agreements.questions_form import QuestionsForm
from agreements.rules import may_write
from desk.access import followed_agreement, writable_agreement
from desk.frame import frame
from desk.stale import stale_page


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request, code):
    """A form for the unit's staff while they hold the pen; else what was answered, to read."""
    if request.method == "POST":
        return _save(request, writable_agreement(request, code))
    agreement = followed_agreement(request, code)
    return _page(request, agreement, QuestionsForm(take(request), agreement=agreement))


def _page(request, agreement, form, status=200):
    refusal = may_write(agreement, request.user, timezone.now())
    told = {"form": form, "refusal": refusal, "unanswered": unanswered(agreement)}
    return render(request, "desk/questions.html", frame(request, agreement, "negotiation") | told, status=status)


def _save(request, agreement):
    form = QuestionsForm(request.POST, agreement=agreement)
    if not form.is_valid():
        return _page(request, agreement, form, status=422)
    try:
        save_answers(agreement, form.given(), actor=request.user, at=timezone.now())
    except Stale as stale:
        pk = stale.theirs.line_id
        fields = {f"{name}-{pk}": name for name in QUESTIONS}
        back = reverse("desk:questions", args=[agreement.code])
        return stale_page(
            request, agreement, form, stale.theirs, fields=fields, version_field=f"version-{pk}", back=back
        )
    messages.success(request, _("The answers are saved."))
    return redirect("desk:questions", agreement.code)
