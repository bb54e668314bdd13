"""From the place that a rule names ("line/12#weight") to the address of the page where it is mended.

The rules know places, not addresses, since pages are composed above them.
"""

from dataclasses import replace

from django.urls import reverse


def address(agreement, where):
    """The address of a place in the agreement; "" and what is an address or fragment already stay as they are."""
    if not where or where.startswith(("#", "/")):
        return where
    path, hash_mark, fragment = where.partition("#")
    kind, *parts = path.split("/")
    return PAGES[kind](agreement, *parts) + hash_mark + fragment


def addressed(agreement, refusals):
    """The refusals with addresses for places: what templates show."""
    return [replace(refusal, where=address(agreement, refusal.where)) for refusal in refusals]


def _page(route, fragment=""):
    return lambda agreement: reverse(route, args=[agreement.code]) + fragment


def _line(agreement, pk):
    return reverse("desk:line", args=[agreement.code, pk])


def _version(agreement, pk):
    return reverse("desk:answer_version", args=[agreement.code, pk])


def _report(agreement, position, key=None):
    if key is None:
        return reverse("desk:report", args=[agreement.code, position])
    return reverse("desk:result", args=[agreement.code, position, key])


PAGES = {
    "plan": _page("desk:plan"),
    "lines": _page("desk:agreement", "#lines"),
    "weights": _page("desk:weights"),
    "line": _line,
    "version": _version,
    "negotiation": _page("desk:negotiation"),
    "questions": _page("desk:questions"),
    "minutes": _page("desk:minutes"),
    "receiver": _page("desk:receiver"),
    "amendments": _page("desk:amendments"),
    "signing": _page("desk:signing"),
    "report": _report,
    "evaluation": _page("desk:evaluation"),
    "appeal": _page("desk:appeal"),
}
