"""Why these two sign: the facts that the signing rule read, the two posts with their holders, what is annexed."""

from django.utils.translation import gettext as _

from agreements.signing_rule import annex_titles, expected_receivers, explanation, maker_posts
from orgunits.authority import signatory_of


def reasons(agreement, *, on):
    """Context of desk/why.html; holders as of the day `on`."""
    return {
        "facts": explanation(agreement),
        "sides": [
            {"label": _("Maker of the agreement"), "posts": _posts(maker_posts(agreement), on)},
            {"label": _("Receiver of the agreement"), "posts": _posts(expected_receivers(agreement), on)},
        ],
        "annexes": [title for _kind, title in annex_titles(agreement)],
    }


def _posts(posts, on):
    return [{"title": post.title, "holder": _holder(post, on)} for post in posts]


def _holder(post, on):
    """Who can sign for the post that day, and in which capacity if it isn't their own."""
    appointment = signatory_of(post, on)
    if appointment is None:
        return ""
    name = appointment.user.full_name_with_rank
    own = appointment.capacity == appointment.Capacity.OWN
    return name if own else f"{name} ({appointment.get_capacity_display()})"
