"""Is everything in this installation invented? A demonstration says so where people come in."""

from django.conf import settings


def notice(request):
    """`illustrative` for the page of the door."""
    return {"illustrative": settings.ILLUSTRATIVE}
