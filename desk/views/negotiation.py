"""The negotiation: offers beside what was sent, their answers, what was said; and the formal round's minutes."""

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
from acts.versions import Stale
from agreements.stages import Stage
from desk.access import followed_agreement, once_back_to
from desk.bargain import bargain
from desk.comments_page import comments_page
from desk.frame import frame
from desk.receiver_page import card_beside_minutes
from desk.stale import stale_page
from desk.weights import weight_bar
from workflow import offers
from workflow.forms import CommentForm, CounterForm, DeclineForm, MinutesForm, OfferForm
from workflow.minutes import FIELDS, may_record, minutes_of, save_minutes
from workflow.models import Offer


@require_safe
def negotiation(request, code):
    """Every line with its offers, answers and comments; the open ones first."""
    agreement = followed_agreement(request, code)
    typed = take_from_page(request)
    minutes_sent = typed is not None and typed.path == reverse("desk:minutes", args=[code])
    data = typed.data() if minutes_sent else None
    return _page(request, agreement, minutes_data=data, typed=_sent_before(agreement, typed))


def _sent_before(agreement, typed):
    """The answer or the comment that was typed before the session ended: {key: its form}, of `desk.bargain.bargain`."""
    if typed is None:
        return {}
    match = resolve(urlsplit(typed.path).path)
    if match.url_name == "comment":
        return _said(CommentForm(typed.data()))
    form = FORMS.get(match.kwargs.get("answer"))
    offer = form and Offer.objects.filter(pk=match.kwargs["pk"], line__agreement=agreement).first()
    return {(form.answer, offer.pk): form(typed.data(), offer=offer)} if offer else {}


def _said(form):
    """A comment that isn't taken yet, at its line."""
    form.is_valid()
    line = form.cleaned_data.get("line")
    return {("say", line): CommentForm(form.data, line=line)}


def _page(request, agreement, *, minutes_data=None, typed=None, status=200):
    at, minutes = timezone.now(), minutes_of(agreement)
    side, refusal = offers.side_to_speak(agreement, request.user, at)
    context = {
        **frame(request, agreement, "negotiation"),
        "weights": weight_bar(agreement),
        "side": side,
        "refusal": refusal,
        "is_formal": agreement.stage == Stage.FORMAL,
        "bargain": bargain(agreement, side, typed),
        "minutes": minutes,
        "minutes_form": _minutes_form(minutes, minutes_data),
        "may_record": may_record(agreement, request.user, at) is None,
        "receiver": card_beside_minutes(agreement, request.user, at),
    }
    return render(request, "desk/negotiation.html", context, status=status)


def _minutes_form(minutes, data=None):
    """The form of the open round's minutes; those of a round that is over are not its beginning."""
    open_ones = minutes is not None and minutes.round.closed_at is None
    initial = {name: getattr(minutes, name) for name in FIELDS} if open_ones else {}
    initial["version"] = minutes.version if open_ones else 0
    return MinutesForm(data, initial=initial, auto_id="minutes-%s", today=timezone.localdate())


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
    """Accept, decline, counter or withdraw one offer."""
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


FORMS = {form.answer: form for form in (CounterForm, DeclineForm)}
ANSWERS = {
    "accept": lambda offer, typed, **by: offers.accept(offer, **by),
    "withdraw": lambda offer, typed, **by: offers.withdraw(offer, **by),
    "decline": lambda offer, typed, **by: offers.decline(offer, answer=typed["reason"], **by),
    "counter": lambda offer, typed, **by: offers.counter(offer, typed["to_value"], reason=typed["reason"], **by),
}


@require_safe
def comments(request, code):
    """All that was said, a page at a time."""
    agreement = followed_agreement(request, code)
    said = comments_page(agreement, line=request.GET.get("line", ""), page=request.GET.get("page"))
    return render(request, "desk/comments.html", frame(request, agreement, "negotiation") | said)


@require_POST
@once_back_to("desk:negotiation")
def comment(request, code):
    """Say or ask something about a line, or about the whole agreement."""
    agreement = followed_agreement(request, code)
    _only_who_speaks(request, agreement)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _page(request, agreement, typed=_said(form), status=422)
    pk = form.cleaned_data["line"]
    line = get_object_or_404(agreement.lines, pk=pk) if pk else None
    with _once(request):
        offers.say(agreement, form.cleaned_data["text"], line=line, actor=request.user, at=timezone.now())
    messages.success(request, _("The comment is recorded."))
    return _to_line(code, pk) if pk else redirect("desk:negotiation", code)


@require_POST
def minutes(request, code):
    """Save the minutes of the formal round."""
    agreement = followed_agreement(request, code)
    refusal = may_record(agreement, request.user, timezone.now())
    if refusal:
        raise Refused([refusal])
    form = _minutes_form(minutes_of(agreement), request.POST)
    if not form.is_valid():
        return _page(request, agreement, minutes_data=request.POST, status=422)
    values = {name: form.cleaned_data[name] for name in FIELDS}
    version = form.cleaned_data["version"]
    try:
        save_minutes(agreement, values, version=version, actor=request.user, at=timezone.now())
    except Stale as stale:
        back = reverse("desk:negotiation", args=[code])
        return stale_page(request, agreement, form, stale.theirs, fields={name: name for name in FIELDS}, back=back)
    messages.success(request, _("The minutes are saved."))
    return redirect("desk:negotiation", code)
