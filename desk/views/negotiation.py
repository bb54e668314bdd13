"""The negotiation: offers beside what was sent, their answers, what was said; and the formal round's minutes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.carried import take
from acts.engine import Refusal, Refused
from acts.log import acting
from acts.versions import Stale
from desk.access import followed_agreement
from desk.bargain import bargain
from desk.frame import frame
from desk.stale import stale_page
from workflow import offers
from workflow.forms import AnswerForm, CommentForm, MinutesForm, OfferForm
from workflow.minutes import FIELDS, may_record, minutes_of, save_minutes
from workflow.models import Offer


@require_safe
def negotiation(request, code):
    """Every line with its offers, answers and comments; the open ones first."""
    agreement = followed_agreement(request, code)
    return _page(request, agreement, minutes_form=_minutes_form(agreement, take(request)))


def _page(request, agreement, *, minutes_form, status=200):
    at = timezone.now()
    side, refusal = offers.side_to_speak(agreement, request.user, at)
    context = {
        **frame(request, agreement, "negotiation"),
        "side": side,
        "refusal": refusal,
        "bargain": bargain(agreement, side),
        "minutes": minutes_of(agreement),
        "minutes_form": minutes_form,
        "may_record": may_record(agreement, request.user, at) is None,
    }
    return render(request, "desk/negotiation.html", context, status=status)


def _minutes_form(agreement, data=None):
    minutes = minutes_of(agreement)
    open_ones = minutes is not None and minutes.round.closed_at is None
    initial = {name: getattr(minutes, name) for name in FIELDS} if open_ones else {}
    return MinutesForm(data, initial={**initial, "version": minutes.version if open_ones else 0}, auto_id="minutes-%s")


def offer(request, code, pk):
    """Offer other values or wordings for one line, under one reason."""
    agreement = followed_agreement(request, code)
    line = get_object_or_404(agreement.lines.select_related("dimension", "agreement"), pk=pk)
    form = OfferForm(request.POST or take(request), line=line)
    if request.method == "POST" and form.is_valid() and _make_offers(request, form, line):
        messages.success(request, _("The offer is recorded. The other side sees it when the pen is handed over."))
        return redirect("desk:negotiation", code)
    _side, refusal = offers.side_to_speak(agreement, request.user, timezone.now())
    context = {**frame(request, agreement, "negotiation"), "line": line, "form": form, "refusal": refusal}
    return render(request, "desk/offer.html", context, status=422 if request.method == "POST" else 200)


def _make_offers(request, form, line):
    """All offers of the form or none; a faulty value becomes an error at its field."""
    at, reason = timezone.now(), form.cleaned_data["reason"]
    try:
        with acting(request.user, at=at):
            for field, value in form.offers():
                _offer_one(line, field, value, reason, request.user, at)
    except _FieldError as wrong:
        form.add_error(wrong.field, wrong.error)
        return False
    return True


class _FieldError(Exception):
    """A value that can't be offered, and the field it was typed in."""

    def __init__(self, field, error):
        super().__init__(field)
        self.field, self.error = field, error


def _offer_one(line, field, value, reason, actor, at):
    try:
        offers.make_offer(line, field, value, reason=reason, actor=actor, at=at)
    except ValidationError as error:
        raise _FieldError(field, error) from error


@require_POST
def answer_offer(request, code, pk, answer):
    """Accept, decline, counter or withdraw one offer."""
    agreement = followed_agreement(request, code)
    found = get_object_or_404(Offer.objects.select_related("line__agreement"), pk=pk, line__agreement=agreement)
    form = AnswerForm(request.POST)
    if answer not in ANSWERS:
        raise Http404
    if not form.is_valid():
        raise Refused([Refusal(str(error)) for errors in form.errors.values() for error in errors], incomplete=True)
    try:
        ANSWERS[answer](found, form.cleaned_data, request.user, timezone.now())
    except ValidationError as error:
        raise Refused([Refusal(message) for message in error.messages], incomplete=True) from error
    return redirect("desk:negotiation", code)


ANSWERS = {
    "accept": lambda offer, typed, actor, at: offers.accept(offer, actor=actor, at=at),
    "decline": lambda offer, typed, actor, at: offers.decline(offer, answer=typed["reason"], actor=actor, at=at),
    "counter": lambda offer, typed, actor, at: offers.counter(
        offer, typed["to_value"], reason=typed["reason"], actor=actor, at=at
    ),
    "withdraw": lambda offer, typed, actor, at: offers.withdraw(offer, actor=actor, at=at),
}


@require_POST
def comment(request, code):
    """Say or ask something about a line, or about the whole agreement."""
    agreement = followed_agreement(request, code)
    form = CommentForm(request.POST)
    if not form.is_valid():
        raise Refused([Refusal(str(error)) for errors in form.errors.values() for error in errors], incomplete=True)
    pk = form.cleaned_data["line"]
    line = get_object_or_404(agreement.lines, pk=pk) if pk else None
    offers.say(agreement, form.cleaned_data["text"], line=line, actor=request.user, at=timezone.now())
    messages.success(request, _("The comment is recorded."))
    return redirect("desk:negotiation", code)


@require_POST
def minutes(request, code):
    """Save the minutes of the formal round."""
    agreement = followed_agreement(request, code)
    form = _minutes_form(agreement, request.POST)
    if not form.is_valid():
        return _page(request, agreement, minutes_form=form, status=422)
    values = {name: form.cleaned_data[name] for name in FIELDS}
    version = form.cleaned_data["version"]
    try:
        save_minutes(agreement, values, version=version, actor=request.user, at=timezone.now())
    except Stale as stale:
        return stale_page(request, agreement, form, stale.theirs, fields={name: name for name in FIELDS})
    messages.success(request, _("The minutes are saved."))
    return redirect("desk:negotiation", code)
