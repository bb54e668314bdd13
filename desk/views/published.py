"""The heads of the log, told to everybody every day: whoever keeps one can find out that the log was rewritten."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from acts.models import PublishedHead

ON_A_PAGE = 25


@login_not_required
@require_safe
def log_heads(request):
    """Day, last entry, hash; the newest first."""
    page = Paginator(PublishedHead.objects.all(), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/log_heads.html", {"page": page})
