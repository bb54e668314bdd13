"""The page of the design system, for who works on the product."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render

from desk.design_page import design_page


@login_not_required
def design(request):
    """Every part of the look in every state; there in debug mode alone."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "desk/design.html", design_page())
