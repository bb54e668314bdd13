"""The negotiation: offers beside what was sent, and their answers."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.carried import take, take_from_page
from acts.log import acting
from acts.refusals import Conflict, Refused
from agreements.questions import unanswered
from agreements.stages import Stage
from desk.access import followed_agreement, once_back_to
from desk.bargain import bargain
from desk.frame import frame
from desk.receiver_page import card_beside_minutes
from desk.weights import weight_bar
from workflow import offers
from workflow.forms import CounterForm, DeclineForm, DeferForm, OfferForm
from workflow.handover import heard_by
from workflow.minutes import may_record, minutes_of
from workflow.models import Offer


@require_safe
def negotiation(request, code):
    """Every line with its offers, answers and comments; the open ones first."""
    agreement = followed_agreement(request, code)
    typed = take_from_page(request)
    return _page(request, agreement, typed=_sent_before(agreement, typed))


def _sent_before(agreement, typed):
    """The answer that was typed before the session ended: {key: its form}, of `desk.bargain.bargain`."""
    if typed is None:
        return {}
    match = resolve(urlsplit(typed.path).path)
    form = FORMS.get(match.kwargs.get("answer"))
    offer = form and Offer.objects.filter(pk=match.kwargs["pk"], line__agreement=agreement).first()
    return {(form.answer, offer.pk): form(typed.data(), offer=offer)} if offer else {}


def _page(request, agreement, *, typed=None, status=200):
    at = timezone.now()
    side, refusal = offers.side_to_speak(agreement, request.user, at)
    shared = frame(request, agreement, "negotiation")
    is_units = shared["standing"].is_owners and agreement.stage == Stage.INFORMAL
    context = {
        **shared,
        "unanswered": unanswered(agreement) if is_units else [],
        "weights": weight_bar(agreement),
        "side": side,
        "refusal": refusal,
        "is_formal": agreement.stage == Stage.FORMAL,
        "bargain": bargain(agreement, side, heard_by(request.user, agreement, at), typed),
        "minutes": minutes_of(agreement),
        "may_record": may_record(agreement, request.user, at) is None,
        "receiver": card_beside_minutes(agreement, request.user, at),
    }
    return render(request, "desk/negotiation.html", context, status=status)


def _once(request):
    """The act of this form, once; the verb's own act joins it."""
    return acting(request.user, at=timezone.now(), idempotency=request.POST.get("idempotency", ""))


def _only_who_speaks(request, agreement):
    """403 unless the person speaks for the side whose turn it is: before what they typed is judged."""
    _side, refusal = offers.side_to_speak(agreement, request.user, timezone.now())
    if refusal:
        raise Refused([refusal])


@once_back_to("desk:negotiation")
def offer(request, code, pk):
    """Offer other values or wordings for one line, under one reason."""
    agreement = followed_agreement(request, code)
    line = get_object_or_404(agreement.lines.select_related("dimension"), pk=pk)
    line.agreement = agreement
    form = OfferForm(request.POST or take(request), line=line)
    if request.method == "POST":
        _only_who_speaks(request, agreement)
        if form.is_valid() and _make_offers(request, form, line):
            messages.success(request, _("The offer is recorded; the other side answers it when it has the pen."))
            return _to_line(code, line.pk)
    _side, refusal = offers.side_to_speak(agreement, request.user, timezone.now())
    context = {**frame(request, agreement, "negotiation"), "line": line, "form": form, "refusal": refusal}
    return render(request, "desk/offer.html", context, status=422 if request.method == "POST" else 200)


def _to_line(code, pk):
    return redirect(reverse("desk:negotiation", args=[code]) + f"#line-{pk}")


def _make_offers(request, form, line):
    """All offers of the form or none; a faulty value becomes an error at its field."""
    field = None
    try:
        with _once(request):
            for field, value in form.offers():
                reason = form.cleaned_data["reason"]
                offers.make_offer(line, field, value, reason=reason, actor=request.user, at=timezone.now())
    except ValidationError as wrong:
        form.add_error(field, wrong)
    except Conflict as taken:
        form.add_error(field, str(taken.sentence))
    return form.is_valid()


@require_POST
@once_back_to("desk:negotiation")
def answer_offer(request, code, pk, answer):
    """Accept, decline, counter, defer or withdraw one offer."""
    agreement = followed_agreement(request, code)
    found = get_object_or_404(Offer.objects.select_related("line__agreement"), pk=pk, line__agreement=agreement)
    if answer not in ANSWERS:
        raise Http404
    _only_who_speaks(request, agreement)
    form = FORMS[answer](request.POST, offer=found) if answer in FORMS else None
    if (form and not form.is_valid()) or not _answer(request, found, answer, form):
        return _page(request, agreement, typed={(answer, pk): form}, status=422)
    return _to_line(code, found.line_id)


def _answer(request, offer, answer, form):
    """Give the answer; a value that can't be offered becomes an error at its field."""
    typed = form.cleaned_data if form else {}
    try:
        with _once(request):
            ANSWERS[answer](offer, typed, actor=request.user, at=timezone.now())
    except ValidationError as wrong:
        form.add_error("to_value", wrong)
    return form is None or form.is_valid()


FORMS = {form.answer: form for form in (CounterForm, DeclineForm, DeferForm)}
ANSWERS = {
    "accept": lambda offer, typed, **by: offers.accept(offer, **by),
    "withdraw": lambda offer, typed, **by: offers.withdraw(offer, **by),
    "defer": lambda offer, typed, **by: offers.defer(offer, answer=typed["reason"], **by),
    "decline": lambda offer, typed, **by: offers.decline(offer, answer=typed["reason"], **by),
    "counter": lambda offer, typed, **by: offers.counter(offer, typed["to_value"], reason=typed["reason"], **by),
}
