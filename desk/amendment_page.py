"""The pages of an amendment: its turn, what changes line by line with each side's proposals, what that does to the score.

All of it as far as the reader knows of it: what a side proposes in its turn is its own until it hands the amendment over.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acts.engine import Refusal, checks_missing, refusals
from acts.models import Entry
from agreements.freeze import thaw
from agreements.models import Line
from agreements.redline import marked
from agreements.side_by_side import Part, Row, side_by_side
from agreements.stages import Pen
from agreements.standing import As, standing_of
from desk.anchors import address
from desk.frame import EMPTY_PEN
from desk.movements import movement
from desk.moves import Button
from desk.redline_page import shortened
from desk.turn import holder, refused
from results.effect import effects, target_values
from results.models import Report
from results.rules import reports_of
from results.scores import as_agreed
from thai.dates import thai_datetime
from thai.numbers import grouped_number
from workflow import amendment as request
from workflow.amended_text import as_proposed, changes_of, known_proposals, to_values
from workflow.amendment_walk import TABLE
from workflow.handover import heard_by
from workflow.models import Amendment, Side, SigningRefusal
from workflow.offers import NUMBERS
from workflow.rules import countersigning, signatures_of

Stage = Amendment.Stage
# Of these the first that can be made is the one in colour.
ONWARD = ("sign", "countersign", "sign_along", "agree", "hand_back", "ask", "answer")
# These are made where the text is read, not on the page of moves.
ELSEWHERE = {
    "sign": "desk:sign_amendment",
    "countersign": "desk:sign_amendment",
    "sign_along": "desk:sign_amendment",
    "refuse_to_make": "desk:refuse_amendment",
    "refuse_to_receive": "desk:refuse_amendment",
}
# What making the move does. %(unit)s: the owner; %(counterpart)s: who negotiates with it.
WHAT_HAPPENS = {
    "ask": gettext_lazy(
        "What you propose goes to %(counterpart)s, which agrees to it, proposes other values, or declines. "
        "You can't change it until it comes back to you."
    ),
    "answer": gettext_lazy(
        "Your answer goes to %(counterpart)s, which agrees to it, proposes other values, or declines. "
        "You can't change it until it comes back to you."
    ),
    "withdraw": gettext_lazy("The amendment ends here. The agreement stays in force as it was signed."),
    "hand_back": gettext_lazy("%(unit)s takes over: it reads the values that you propose, and answers."),
    "agree": gettext_lazy(
        "The text as amended is frozen and goes to the head of %(unit)s to be signed, then to the superior. "
        "It is in force once all have signed; until then the agreement stays as it was."
    ),
    "decline": gettext_lazy(
        "The amendment ends here, and %(unit)s reads your reason. The agreement stays in force as it was signed."
    ),
}
# By stage and pen: what whoever has the turn is to do.
TASKS = {
    (Stage.DRAFT, Pen.STAFF): gettext_lazy("Propose what is to change, then ask %(counterpart)s"),
    (Stage.NEGOTIATION, Pen.NEGOTIATOR): gettext_lazy("Consider the amendment that %(unit)s asks for"),
    (Stage.NEGOTIATION, Pen.STAFF): gettext_lazy("Answer what %(counterpart)s proposes"),
    (Stage.SIGNING, Pen.HEAD): gettext_lazy("Sign the text as amended"),
    (Stage.SIGNING, Pen.SUPERIOR): gettext_lazy("Sign the text as amended"),
}
STAGE_KINDS = {
    Stage.DRAFT: "draft",
    Stage.NEGOTIATION: "informal",
    Stage.SIGNING: "signing",
    Stage.IN_FORCE: "ok",
    Stage.DECLINED: "bad",
    Stage.WITHDRAWN: "closed",
}


def known_amendments(agreement, user, at):
    """The agreement's amendments that the person knows of, newest first."""
    found = agreement.amendments.known_to(heard_by(user, agreement, at)).select_related("amends", "snapshot")
    return found.order_by("-number")


def title_of(amendment):
    return _("Amendment No. %(number)s") % {"number": amendment.number}


def url_of(amendment):
    return reverse("desk:amendment", args=[amendment.agreement.code, amendment.number])


# Whose turn


def task_of(amendment):
    """What whoever has the turn is to do, as a phrase; "" once the amendment has ended."""
    task = TASKS.get((amendment.stage, amendment.pen))
    return task % _units(amendment) if task else ""


def is_turn_of(amendment, standing):
    """Has the person the turn? The unit's staff proposes and its head's office sends it on, by one pen."""
    side = amendment.side_to_speak
    if side is not None:
        return bool(standing.roles & set(request.WRITERS[side]))
    return amendment.is_open and amendment.pen in standing


def pen_of(amendment, standing, mine=None):
    """The banner of whose turn it is at the amendment, as templates/parts/pen.html wants it.

    `mine`: is it the reader's, where that is known better: of several who sign on a side one has the turn.
    """
    title = title_of(amendment)
    if not amendment.is_open:
        ended = {"title": title, "stage": amendment.get_stage_display()}
        return {**EMPTY_PEN, "over": True, "headline": _("%(title)s: %(stage)s") % ended}
    mine = is_turn_of(amendment, standing) if mine is None else mine
    turn = _("Your turn") if mine else _("The turn of %(holder)s") % {"holder": holder(amendment)}
    return {
        **EMPTY_PEN,
        "mine": mine,
        "headline": _("%(title)s: %(turn)s") % {"title": title, "turn": turn},
        "detail": f"— {task_of(amendment)}",
        "since": _("since %(day)s") % {"day": thai_datetime(amendment.pen_since, "medium")},
    }


def _units(amendment):
    agreement = amendment.agreement
    return {"unit": agreement.unit.short_name, "counterpart": agreement.counterpart.short_name}


# Moves


def buttons(amendment, standing, user, at):
    """(primary Button or None, the others): the moves of the person's roles in the turn that it is."""
    moves = [step for step in TABLE.from_stage(amendment.stage) if _is_for(step, amendment, standing)]
    found = [_button(amendment, step, user, at) for step in moves]
    onward = sorted((each for each in found if each.name in ONWARD), key=lambda each: ONWARD.index(each.name))
    primary = next((each for each in onward if each.is_open), onward[0] if onward else None)
    return primary, [each for each in found if each != primary]


def _is_for(step, amendment, standing):
    if step.may.role not in standing or amendment.pen not in step.may.pens:
        return False
    return step.name not in ("sign_along", "countersign") or step.name == countersigning(amendment)


def _button(amendment, step, user, at):
    return Button(step.name, str(step.label), move_url(amendment, step.name), tuple(why_not(amendment, step, user, at)))


def move_url(amendment, name):
    """Where a move is made."""
    place = [amendment.agreement.code, amendment.number]
    if name in ELSEWHERE:
        return reverse(ELSEWHERE[name], args=place)
    return reverse("desk:amendment_move", args=[*place, name])


def why_not(amendment, step, user, at):
    """The refusals of the move with addresses. Who may not make it learns no more: what is missing is its side's own."""
    found = refusals(TABLE, amendment, step.name, actor=user, at=at)
    forbidden = step.may(amendment, user, at)
    if forbidden and amendment.stage in step.sources:
        found = [forbidden]
    return addressed(amendment, found)


def consequence(amendment, name):
    """What the move does, as a sentence."""
    return WHAT_HAPPENS[name] % _units(amendment)


def missing(amendment, standing, at, user):
    """What keeps the amendment from going on, for the side whose turn it is; None for everybody else: not shown."""
    if amendment.side_to_speak is None or not is_turn_of(amendment, standing):
        return None
    name = "agree" if amendment.side_to_speak == Side.COUNTERPART else "ask"
    return addressed(amendment, checks_missing(TABLE, amendment, name, actor=user, at=at))


def addressed(amendment, found):
    """The refusals with addresses: what concerns a line is mended where its change is proposed."""
    return [replace(each, where=_where(amendment, each)) for each in found]


def _where(amendment, refusal: Refusal):
    kind, _slash, rest = refusal.where.partition("/")
    if kind in ("changes", "weights"):
        return url_of(amendment) + "#changes"
    if kind == "line":
        pk, hash_mark, fragment = rest.partition("#")
        return line_url(amendment, pk) + hash_mark + fragment
    return address(amendment.agreement, refusal.where)


def line_url(amendment, pk):
    return reverse("desk:amend_line", args=[amendment.agreement.code, amendment.number, pk])


# What changes


@dataclass(frozen=True)
class Step:
    """What a person proposed for one line at once, under one reason. `own`: not yet handed over.

    `figures` and `wordings`: [(label, pieces)] of what they proposed.
    """

    by: str
    unit: str
    at: object
    reason: str
    own: bool
    figures: list
    wordings: list


@dataclass(frozen=True)
class Amended:
    """A line that the amendment is about: what of it changes, and how that came about. `part` None: nothing any more."""

    key: int
    number: str
    name: str
    url: str
    part: Part | None
    steps: list = field(default_factory=list)

    @property
    def tells_values(self):
        """Do the steps tell values that don't stand in the redline?"""
        return self.part is None or len(self.steps) > 1


class Changes:
    """What an amendment changes, as far as who hears `hears` knows; the texts before and after are frozen contents."""

    def __init__(self, amendment, hears):
        self.amendment, self.hears = amendment, hears
        self.before = thaw(amendment.amends)

    @cached_property
    def after(self):
        """The text that it leads to, or was to lead to."""
        if self.amendment.stage in (Stage.SIGNING, Stage.IN_FORCE):
            return thaw(self.amendment.snapshot)
        return as_proposed(self.before, to_values(self.amendment, self.hears))

    @cached_property
    def redline(self):
        return side_by_side(self.before, self.after)

    @property
    def weights(self):
        """The weights that change, before and after, and last the sum of all."""
        rows = self.redline.weights
        return [row for row in rows[:-1] if row.differs] + rows[-1:]

    @property
    def of_all(self):
        """The Part that is about no line: who signs."""
        return next((part for part in self.redline.parts if not part.number), None)

    @cached_property
    def lines(self):
        """[Amended] in the order of the agreement."""
        steps = self._steps()
        changed = {part.number: part for part in self.redline.parts}
        weights = {row.number: row for row in self.weights[:-1]}
        return [
            self._line(line, changed.get(line["number"]), weights.get(line["number"]), steps.get(line["key"], []))
            for line in self.before["lines"]
            if line["key"] in steps or line["number"] in changed
        ]

    @property
    def others(self):
        """[(number, name, address of proposing)] of the lines that nothing is proposed for."""
        spoken = {each.key for each in self.lines}
        return [
            (line["number"], line["name"], line_url(self.amendment, line["key"]))
            for line in self.before["lines"]
            if line["key"] not in spoken
        ]

    def _line(self, line, part, weight, steps):
        if weight:
            part = part or Part(line["number"], line["name"])
            part = replace(part, rows=[Row(_label("weight"), weight.was, weight.now), *part.rows])
        return Amended(line["key"], line["number"], line["name"], line_url(self.amendment, line["key"]), part, steps)

    def _steps(self):
        """{line's id: [Step] in the order in which they were made}"""
        made = {}
        for change in changes_of(self.amendment):
            for each in known_proposals(change, self.hears):
                key = change.line_id, each.made_at, each.made_by, each.reason
                made.setdefault(key, []).append((change, each))
        units = _units(self.amendment)
        names = {Side.OWNER: units["unit"], Side.COUNTERPART: units["counterpart"]}
        found = {}
        for (line, at, by, reason), both in sorted(made.items(), key=lambda item: item[0][1]):
            first = both[0][1]
            told = [(change.field in NUMBERS, (_label(change.field), _pieces(change, each))) for change, each in both]
            values = [[value for is_number, value in told if is_number is figure] for figure in (True, False)]
            step = Step(by, names[first.side], at, reason, not first.handed_over_at, *values)
            found.setdefault(line, []).append(step)
        return found


def _label(name):
    return str(Line._meta.get_field(name).verbose_name)


def _pieces(change, proposal):
    """What is proposed against the text in force; that the text in force stays, where it is proposed again."""
    was, now = (_shown(change.field, text) for text in (change.from_value, proposal.to_value))
    return [shortened(piece) for piece in marked(was, now or "–")] if was != now else marked("", _("as it is in force"))


def _shown(name, text):
    if not text:
        return ""
    return grouped_number(Decimal(text), 2 if name == "weight" else None) if name in NUMBERS else text


# What it does to the score


def effect_of(changes, agreement):
    """{effects, round}: by the results reported last, or while there are none (round ""), by the targets in force."""
    was, now = as_agreed(changes.before), as_agreed(changes.after)
    sent = [report for report in reports_of(agreement) if report.stage != Report.Stage.DRAFT]
    if sent:
        values = {result.line_id: result.value for result in sent[-1].results.all() if result.value is not None}
        return {"effects": effects(was, now, values), "round": sent[-1].round.name}
    return {"effects": effects(was, now, target_values(was)), "round": ""}


# The page


def amendment_page(amendment, standing, user, at):
    """The context of templates/desk/amendment.html, besides that of desk.frame.frame()."""
    agreement = amendment.agreement
    changes = Changes(amendment, heard_by(user, agreement, at))
    primary, others = buttons(amendment, standing, user, at)
    return {
        "amendment": amendment,
        "of": title_of(amendment),
        "stage_kind": STAGE_KINDS[amendment.stage],
        "pen": pen_of(amendment, standing),
        "turn": None,
        "primary": primary,
        "others": others,
        "may_propose": request.may_propose(amendment, user, at)[0] is not None,
        "changes": changes,
        "missing": missing(amendment, standing, at, user),
        "effect": effect_of(changes, agreement) if amendment.is_open and changes.lines else None,
        "refusal_to_sign": _refusal_to_sign(amendment),
        "signatures": signatures_of(amendment) if amendment.snapshot else [],
        "movements": _movements(amendment, user),
    }


def _refusal_to_sign(amendment):
    """That a signatory refused the text that was laid before them, and why; "" where nobody has."""
    if amendment.snapshot is None or amendment.stage != Stage.NEGOTIATION:
        return ""
    last = SigningRefusal.objects.filter(snapshot=amendment.snapshot).last()
    return refused(last.name, last.reason) if last else ""


def _movements(amendment, reader):
    """Its walk, newest first; what a side proposed meanwhile stands with each line."""
    walked = ["begin_amendment", *(f"{TABLE.name}.{step.name}" for step in TABLE)]
    return [movement(entry, reader=reader) for entry in Entry.objects.about(amendment).filter(act__in=walked)]


def list_page(agreement, user, at):
    """The context of templates/desk/amendments.html, besides that of desk.frame.frame()."""
    standing = standing_of(user, agreement, at)
    found = list(known_amendments(agreement, user, at))
    for each in found:
        each.agreement = agreement
    rows = [
        {
            "amendment": each,
            "kind": STAGE_KINDS[each.stage],
            "holder": holder(each) if each.is_open else "",
            "task": task_of(each),
            "mine": is_turn_of(each, standing),
        }
        for each in found
    ]
    return {
        "rows": rows,
        "open_one": next((each for each in found if each.is_open), None),
        "is_ones_work": bool(standing.roles & {As.STAFF, As.OFFICE}),
        "why_not": request.may_begin(agreement, user, at),
    }
