"""Search: where the box on top of every page leads."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from desk.forms.search import SearchForm
from desk.search import AT_FIRST, ON_A_PAGE, Found, as_hits, find_lines, find_units

KINDS = ("units", "indicators")


@require_safe
def search(request):
    """Units and indicators that hold all the words; `?in=` shows one kind alone, a page at a time."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    words = form.cleaned_data["q"].split() if form.is_bound and form.is_valid() else []
    units, lines = _found(request, words) if words else (Found(0, 1), Found(0, 1))
    text = " ".join(words)
    context = {
        "form": form,
        "text": text,
        "units": units,
        "lines": lines,
        "only": _only(request),
        "addresses": {kind: f"?{urlencode({'q': text, 'in': kind})}" for kind in KINDS},
        "query": f"{urlencode({'q': text, 'in': _only(request)})}&",
        "both": f"?{urlencode({'q': text})}",
    }
    return render(request, "desk/search.html", context)


def _found(request, words):
    at, only, page = timezone.now(), _only(request), _page(request)
    how = {"page": page, "on_a_page": ON_A_PAGE} if only else {"on_a_page": AT_FIRST}
    units = Found(0, 1) if only == "indicators" else find_units(request.user, words, at, **how)
    lines = Found(0, 1) if only == "units" else find_lines(request.user, words, at, **how)
    return as_hits(units, lines, words, request.user, at)


def _only(request):
    wanted = request.GET.get("in", "")
    return wanted if wanted in KINDS else ""


def _page(request):
    text = request.GET.get("page", "")
    return max(int(text), 1) if text.isdecimal() and len(text) < 6 else 1
