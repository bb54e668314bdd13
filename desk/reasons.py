"""Why these two sign: the facts that the signing rule read, the two posts with their holders, what is annexed."""

from django.utils.translation import gettext as _

from agreements.signing_rule import annex_titles, explanation, maker_posts, receiver_posts
from orgunits.authority import holder_of


def reasons(agreement, *, on):
    """Context of desk/why.html; holders as of the day `on`."""
    return {
        "facts": explanation(agreement),
        "sides": [
            {"label": _("Maker of the agreement"), "posts": _posts(maker_posts(agreement), on)},
            {"label": _("Receiver of the agreement"), "posts": _posts(receiver_posts(agreement), on)},
        ],
        "annexes": [title for _kind, title in annex_titles(agreement)],
    }


def _posts(posts, on):
    return [{"title": post.title_th, "holder": _holder(post, on)} for post in posts]


def _holder(post, on):
    appointment = holder_of(post, on)
    return appointment.user.full_name_with_rank if appointment else ""
