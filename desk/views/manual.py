"""The manual: open to everybody, for who can't sign in needs it too."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk import manual


@login_not_required
@require_safe
def contents(request):
    """Which page is for whom."""
    return render(request, "desk/manual.html", {"pages": manual.PAGES.items()})


@login_not_required
@require_safe
def page(request, name):
    """One role's page, in Thai whatever the screen's language."""
    if name not in manual.PAGES:
        raise Http404
    return render(
        request, "desk/manual_page.html", {"page": manual.page(name), "name": name, "pages": manual.PAGES.items()}
    )
