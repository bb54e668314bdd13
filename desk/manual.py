"""The manual of each role: Thai pages written in Markdown under docs/manual, and which place explains which screen."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_block_plugin

from orgunits.roles import Role

FOLDER = Path(settings.BASE_DIR) / "docs" / "manual"
PICTURES = "pictures/"  # beside the pages; served as static files under manual/

# One page for each role, in the order in which an agreement meets them.
PAGES = {
    "staff": _("Planning staff of a unit"),
    "office": _("Head's office"),
    "head": _("Head of unit (signs first)"),
    "negotiator": _("Negotiator"),
    "superior": _("Superior (signs second)"),
    "evaluator": _("Evaluator"),
    "planner": _("Planning office"),
    "auditor": _("Auditor"),
    "administrator": _("System administrator"),
    "everyone": _("Everyone: signing in, search, verifying a document"),
}
# Whose manual explains a screen that several roles open: the first of these that the person is.
BY_ROLE = tuple((role, str(role)) for role in (Role.STAFF, Role.OFFICE, Role.NEGOTIATOR, Role.EVALUATOR, Role.PLANNER,
                                               Role.ADMINISTRATOR, Role.AUDITOR))  # fmt: skip
OWN = "own"  # stands for the manual of what the person is

# Address → (page, place in it). A place is an {#id} above a heading.
EXPLAINED = {
    "home": (OWN, "home"),
    "agreements": ("everyone", "list"),
    "search": ("everyone", "search"),
    "units": ("everyone", "units"),
    "unit": ("everyone", "unit"),
    "overview": ("everyone", "overview"),
    "unit_overview": ("everyone", "overview"),
    "remind_late": ("everyone", "remind"),
    "cascade": ("everyone", "cascade"),
    "unit_cascade": ("everyone", "cascade"),
    "agreement": (OWN, "agreement"),
    "why": ("everyone", "why"),
    "authority": ("everyone", "authority"),
    "unit_posts": ("everyone", "posts"),
    "appoint": ("administrator", "appoint"),
    "end_appointment": ("administrator", "end-appointment"),
    "delegate": ("head", "delegating"),
    "history": ("everyone", "history"),
    "documents": ("everyone", "documents"),
    "plan": ("staff", "plan"),
    "weights": ("staff", "weights"),
    **dict.fromkeys(("excel", "take_excel"), ("staff", "excel")),
    "line": ("staff", "line"),
    "add_line": ("staff", "line"),
    "remove_line": ("staff", "line"),
    "negotiation": (OWN, "negotiation"),
    "offer": ("negotiator", "negotiation"),
    "minutes": ("negotiator", "formal"),
    **dict.fromkeys(("meetings", "add_meeting", "meeting"), ("staff", "meetings")),
    **dict.fromkeys(("year_meetings", "add_year_meeting"), ("planner", "meetings")),
    **dict.fromkeys(
        (
            "incentives",
            "begin_incentives",
            "incentive",
            "incentive_terms",
            "decide_incentives",
            "publish_incentives",
            "withdraw_incentives",
            "reopen_incentives",
        ),
        ("planner", "incentives"),
    ),
    **dict.fromkeys(("public_incentives", "public_incentive"), ("everyone", "public")),
    "agenda": (OWN, "negotiation"),
    **dict.fromkeys(("redline", "concessions"), ("everyone", "redline")),
    **dict.fromkeys(("amendments", "amendment", "amend_line", "amendment_move"), ("everyone", "amendments")),
    "questions": ("staff", "questions"),
    "comment": ("negotiator", "talk"),
    "signing": ("head", "signing"),
    **dict.fromkeys(("sitting", "read_to_sign", "read_amendment"), ("head", "sitting")),
    "sign_amendment": ("head", "signing-amendments"),
    **dict.fromkeys(("refuse_to_sign", "refuse_amendment"), ("head", "refusing")),
    "report": ("staff", "report"),
    "result": ("staff", "report"),
    **dict.fromkeys(
        ("collect", "take_collected", "oversee", "change_evidence", "results_excel", "take_results"),
        ("staff", "report"),
    ),
    "extend_report": ("planner", "rounds"),
    "report_working": ("staff", "report-working"),
    "forecast": ("staff", "forecast"),
    "evaluation": ("evaluator", "evaluation"),
    "add_visit": ("evaluator", "visits"),
    "visit": ("evaluator", "visits"),
    "evaluation_working": ("evaluator", "evaluation-working"),
    "appeal": ("head", "appeal"),
    **dict.fromkeys(("exclusions", "restore_line"), ("planner", "exclusions")),
    "move": ("everyone", "handing-over"),
    "verify": ("everyone", "verify"),
    "verify_code": ("everyone", "verify"),
    "verify_file": ("everyone", "verify"),
    **dict.fromkeys(("announcements", "announce", "withdraw_announcement"), ("planner", "announcing")),
    **dict.fromkeys(("public", "public_agreement"), ("everyone", "public")),
    "log_heads": ("auditor", "history"),
    "receiver": ("office", "receiver"),
    "take_over_results": ("staff", "last-year"),
    "carry_forward": ("staff", "last-year"),
    "comments": (OWN, "negotiation"),
    "years": ("planner", "years"),
    "year": ("planner", "years"),
    "open_year": ("planner", "open-year"),
    "change_year": ("planner", "open-year"),
    "year_framework": ("planner", "frameworks"),
    "compare_frameworks": ("planner", "frameworks"),
    "draft_all": ("planner", "drafts"),
    "holidays": ("planner", "holidays"),
    **dict.fromkeys(("library", "sheet"), ("everyone", "library")),
    **dict.fromkeys(("take_sheet", "answer_version"), ("staff", "library")),
    **dict.fromkeys(
        (
            "new_sheet",
            "edit_sheet",
            "discard_draft",
            "publish_sheet",
            "retire_sheet",
            "push_sheet",
            "take_back_mandate",
            "sheet_answers",
        ),
        ("planner", "library"),
    ),
    "clause_wording": ("planner", "wording"),
    "print_agreements": ("everyone", "print"),
    "signing_rules": ("planner", "signing-rules"),
    "new_signing_rule": ("planner", "signing-rules"),
    "signing_rule": ("planner", "signing-rules"),
    "people": ("administrator", "people"),
    "add_person": ("administrator", "people"),
    **dict.fromkeys(
        ("person", "edit_person", "invite_person", "close_account", "remove_persons_factor", "give_role"),
        ("administrator", "person"),
    ),
    **dict.fromkeys(
        ("profile", "change_password", "enrol", "renew_recovery_codes", "remove_second_factor", "end_sessions"),
        ("everyone", "profile"),
    ),
    "renew_calendar": ("everyone", "reminders"),
    "my_rights": ("everyone", "rights"),
    "unit_rights": ("everyone", "rights"),
    "persons_rights": ("administrator", "roles"),
    **dict.fromkeys(("groups", "add_group", "group"), ("administrator", "groups")),
    "invitation": ("everyone", "invitation"),
    "sign_in": ("everyone", "sign-in"),
    "sign_in_code": ("everyone", "sign-in"),
}


@dataclass(frozen=True)
class Page:
    """A page of the manual: its title, and its text as HTML (written by us, so safe)."""

    title: str
    html: str


@cache
def page(name):
    """The page of that name. Raises KeyError for a name that isn't one of PAGES."""
    tokens = _reader().parse(source(name))
    title = tokens[1].content
    for place, token in enumerate(tokens):
        _lead_to_the_product(token)
        if token.type == "table_open":  # named by the heading above it, for who hears the page
            token.attrSet("aria-label", next(t.content for t in reversed(tokens[:place]) if _heads(tokens, t)))
        elif token.type == "th_open":
            token.attrSet("scope", "col")
    return Page(title, _reader().renderer.render(tokens[3:], _reader().options, {}))


def _heads(tokens, token):
    return token.type == "inline" and tokens[tokens.index(token) - 1].type == "heading_open"


def source(name):
    """The Markdown of a page."""
    if name not in PAGES:
        raise KeyError(name)
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


@cache
def _reader():
    return MarkdownIt("commonmark", {"html": False}).enable("table").use(attrs_block_plugin)


def _lead_to_the_product(token):
    """Pictures and pages that lie beside each other in the folder have other addresses here."""
    for inline in token.children or ():
        if inline.type == "image":
            inline.attrSet("src", static("manual/" + inline.attrGet("src").removeprefix(PICTURES)))
            inline.attrSet("loading", "lazy")
        elif inline.type == "link_open" and (target := _other_page(inline.attrGet("href"))):
            inline.attrSet("href", target)


def _other_page(href):
    name, _hash, place = href.partition("#")
    if not name.endswith(".md"):
        return None
    return reverse("desk:manual_page", args=[name.removesuffix(".md")]) + (f"#{place}" if place else "")


@cache
def places(name):
    """The ids that links may lead to in a page."""
    return [str(token.attrs["id"]) for token in _reader().parse(source(name)) if "id" in token.attrs]


def help_url(route, reach):
    """Where the screen of this name is explained to a person of that reach; None if it needs no explanation."""
    if route not in EXPLAINED:
        return None
    name, place = EXPLAINED[route]
    name = own_page(reach) if name == OWN else name
    known = place if place in places(name) else ""
    return reverse("desk:manual_page", args=[name]) + (f"#{known}" if known else "")


def own_page(reach):
    """The manual that speaks of what the person does first: their post, else the first of their roles."""
    if reach is None:
        return "everyone"
    held = {role for role, _unit in reach.grants}
    if any(appointment.post.unit.signs_agreement for appointment in reach.posts):
        return "head"
    return next((name for role, name in BY_ROLE if role in held), "everyone")
