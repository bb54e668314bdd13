"""The frame of an agreement's pages: who and what, the walk, whose turn, the moves, the tabs.

Pages extend templates/desk/agreement_page.html and fill its blocks `tab_content`, `aside` and `tab_actions`.
"""

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.signing_rule import maker_posts, receiver_posts
from agreements.standing import standing_of
from desk.moves import buttons
from desk.tabs import tabs
from desk.turn import turn_of
from desk.walk import steps
from orgunits.tree import path
from results.models import Report
from thai.dates import shown_year, thai_date, thai_datetime, until_words

# Every variable of templates/parts/pen.html.
EMPTY_PEN = dict.fromkeys(("detail", "since", "due", "action_url", "action_label"), "") | dict.fromkeys(
    ("mine", "over", "late"), False
)


def frame(request, agreement, tab):
    """The context that templates/desk/agreement_page.html needs, for the page called `tab` (a key of desk.tabs)."""
    at = timezone.now()
    reports = Prefetch("reports", Report.objects.select_related("round"))
    prefetch_related_objects(
        [agreement], "fiscal_year__deadlines", "fiscal_year__reporting_rounds", "framework__dimensions", reports
    )
    standing = standing_of(request.user, agreement, at)
    primary, others = buttons(agreement, standing, request.user, at)
    turn = turn_of(agreement, on=timezone.localdate(at))
    return {
        "agreement": agreement,
        "standing": standing,
        "breadcrumbs": breadcrumbs(agreement),
        "signers": signers(agreement),
        "primary": primary,
        "others": others,
        "turn": turn,
        "pen": pen(turn, mine=agreement.pen in standing, here=request.path),
        "steps": steps(agreement),
        "tabs": tabs(agreement, standing, tab, user=request.user, at=at),
        "title": title_of(agreement),
    }


def title_of(agreement):
    return _("%(unit)s, fiscal year %(year)s") % {
        "unit": agreement.unit.short_name,
        "year": shown_year(agreement.fiscal_year.year),
    }


def breadcrumbs(agreement):
    """From the top of the organisation down to this agreement; every unit leads to its agreements."""
    listing = reverse("desk:agreements")
    units = [{"label": unit.short_name, "url": f"{listing}?unit={unit.code}"} for unit in path(agreement.unit)]
    year = _("Fiscal year %(year)s") % {"year": shown_year(agreement.fiscal_year.year)}
    return [*units, {"label": year, "url": reverse("desk:agreement", args=[agreement.code])}]


def signers(agreement):
    """Who signs with whom, by their posts: ผบก.ตม.1 ลงนามกับ ผบช.สตม."""
    made = _(" or ").join(post.short_title for post in maker_posts(agreement))
    received = _(" or ").join(post.short_title for post in receiver_posts(agreement))
    return _("%(maker)s signs with %(receiver)s") % {"maker": made, "receiver": received}


def pen(turn, *, mine, here):
    """The banner of whose turn it is, as templates/parts/pen.html wants it."""
    if turn is None:
        return {**EMPTY_PEN, "over": True, "headline": _("The agreement is closed; the scores have been released.")}
    headline = _("Your turn") if mine else _("The turn of %(holder)s") % {"holder": turn.holder}
    return {
        **EMPTY_PEN,
        "mine": mine,
        "headline": headline,
        "detail": f"— {turn.task}",
        "since": _("since %(day)s") % {"day": thai_datetime(turn.since, "medium")},
        "due": _due(turn),
        "late": turn.late,
        "action_url": turn.url if mine and turn.url.partition("#")[0] != here else "",
        "action_label": _("Go there"),
    }


def _due(turn):
    if turn.due is None:
        return ""
    words = {"day": thai_date(turn.due, "medium"), "words": until_words(turn.due, timezone.localdate())}
    return _("by %(day)s (%(words)s)") % words
