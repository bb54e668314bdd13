"""The frame of an agreement's pages: who and what, the walk, whose turn, the moves, the tabs.

Pages extend templates/desk/agreement_page.html and fill its blocks `tab_content`, `aside` and `tab_actions`.
"""

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.signing_rule import expected_receivers, maker_posts
from agreements.stages import Stage
from agreements.standing import line_up, standing_of
from desk.access import only_read
from desk.moves import buttons
from desk.tabs import tabs
from desk.turn import turn_of
from desk.walk import steps
from thai.dates import shown_year, thai_date, thai_datetime, until_words

# Every variable of templates/parts/pen.html.
EMPTY_PEN = dict.fromkeys(("detail", "since", "due", "action_url", "action_label"), "") | dict.fromkeys(
    ("mine", "over", "late"), False
)


def frame(request, agreement, tab, *, moves=True):
    """The context that templates/desk/agreement_page.html needs, for the page called `tab` (a key of desk.tabs).

    `moves`: the buttons of the agreement's moves; pages about something else have their own, or none.
    """
    at = timezone.now()
    # Also after a POST that saved nothing: whatever is written is written by now.
    prefetch_related_objects([only_read(agreement)], "fiscal_year__deadlines")
    standing = standing_of(request.user, agreement, at)
    primary, others = buttons(agreement, standing, request.user, at) if moves else (None, [])
    turn = turn_of(agreement, on=timezone.localdate(at))
    parts = tabs(agreement, standing, tab, user=request.user, at=at)
    return {
        "agreement": agreement,
        "standing": standing,
        "breadcrumbs": breadcrumbs(agreement),
        "signers": signers(agreement),
        "primary": primary,
        "others": others,
        "turn": turn,
        "pen": pen(turn, mine=agreement.pen in standing, here=_is_there(turn, agreement, parts)),
        "steps": steps(agreement, on=timezone.localdate(at)),
        "tabs": parts,
        "title": title_of(agreement),
    }


def _is_there(turn, agreement, parts):
    """Is the page in the part where the turn's work is? A draft's is plan and indicators alike."""
    active = next((part for part in parts if part["active"]), None)
    if turn is None or active is None:
        return False
    return active["url"] == turn.url.partition("#")[0] or (agreement.stage == Stage.DRAFT and active["key"] == "plan")


def title_of(agreement):
    return _("%(unit)s, fiscal year %(year)s") % {
        "unit": agreement.unit.short_name,
        "year": shown_year(agreement.fiscal_year.year),
    }


def breadcrumbs(agreement):
    """From the top of the organisation down to this agreement; every unit leads to its page."""
    units = [
        {"label": unit.short_name, "url": reverse("desk:unit", args=[unit.code])} for unit in line_up(agreement)[0]
    ]
    year = _("Fiscal year %(year)s") % {"year": shown_year(agreement.fiscal_year.year)}
    return [*units, {"label": year, "url": reverse("desk:agreement", args=[agreement.code])}]


def signers(agreement):
    """Who signs with whom, by their posts: ผบก.ตม.1 ลงนามกับ ผบช.สตม."""
    made = _(" or ").join(post.short_title for post in maker_posts(agreement))
    received = _(" or ").join(post.short_title for post in expected_receivers(agreement))
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
        "action_url": turn.url if mine and not here else "",
        "action_label": _("Go there"),
    }


def _due(turn):
    if turn.due is None:
        return ""
    if turn.report:
        state = {"state": turn.report.label, "until": turn.report.until}
        return _("%(state)s: %(until)s") % state
    words = {"day": thai_date(turn.due, "medium"), "words": until_words(turn.due, timezone.localdate())}
    return _("by %(day)s (%(words)s)") % words
