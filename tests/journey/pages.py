"""The pages worth looking at: one agreement walked from draft to closed, and at each turn what shows something new."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urlencode

from django.db import transaction
from django.test import Client

from agreements.models import Line
from agreements.stages import Pen, Stage
from tests.desk.asking import address, headers, payload, query
from tests.desk.scene import FURNISHED, make_surroundings, with_documents
from tests.desk.verdict_table import TURNS, Cell, verdicts
from workflow.lifecycle import TABLE

LONG_NAME = (
    "ร้อยละความสำเร็จของการบูรณาการฐานข้อมูลบุคคลต้องห้ามกับระบบตรวจสอบผู้โดยสารล่วงหน้าของหน่วยงานความมั่นคง"
    "ทั้งในประเทศและต่างประเทศ (Advance_Passenger_Processing_Interoperability_Index)"
)
# Who looks at a turn, first the one whose turn it is; everybody's pages count as far as they show something new.
LOOKING = {
    "draft": ("staff", "office", "negotiator", "planner", "administrator", "stranger"),
    "draft.office": ("office", "staff"),
    "informal": ("negotiator", "staff"),
    "informal.staff": ("staff", "negotiator"),
    "informal.office": ("office",),
    "formal": ("negotiator", "office"),
    "formal.office": ("office",),
    "signing": ("head", "staff", "superior"),
    "signing.superior": ("superior", "head"),
    "assessment": ("staff", "auditor", "planner", "evaluator"),
    "assessment.office": ("office",),
    "assessment.head": ("head",),
    "evaluation": ("evaluator", "staff"),
    "evaluation.superior": ("superior",),
    "appeal": ("head", "staff", "superior"),
    "appeal.evaluator": ("evaluator",),
    "appeal.superior": ("superior",),
    "closed": ("staff", "superior", "auditor"),
}
ENOUGH = 3  # times that a page showed nothing new: then it is opened only by those whose turn it is
# More than any field takes, no number, no choice, no password.
MISTYPED = "ผิด " * 5_001 + "."
UNTOUCHED = ("version", "idempotency", "page", "sha256", "initial-", "line", "carried", "next")


@dataclass(frozen=True)
class Spot:
    """A page as somebody sees it at some turn; `typed`: the answer to a form that was filled in so."""

    turn: str
    role: str
    route: str
    path: str
    typed: dict = field(default_factory=dict, hash=False)

    def __str__(self):
        return f"{self.turn} {self.role} {self.route} {self.path}{' mistyped' if self.typed else ''}"


def scenes(world):
    """(turn, Scene) of one agreement, walked through every turn; each scene must be looked at before the next."""
    make_surroundings(world)
    walk = world.walk()
    Line.objects.filter(pk=walk.agreement.lines.last().pk).update(name=LONG_NAME)
    for turn in LOOKING:
        _go_on(walk, *TURNS[turn])
        yield turn, with_documents(walk.agreement)


# What the furnished scenes hold already isn't written a second time on the way to the next turn.
SHORT_WAYS = {
    (Stage.FORMAL, Pen.OFFICE): lambda walk: walk.move("record_formal", walk.people.negotiator),
    (Stage.EVALUATION, Pen.SUPERIOR): lambda walk: walk.move("propose", walk.people.evaluator),
}


def _go_on(walk, stage, pen):
    SHORT_WAYS.get((stage, pen), lambda walk: walk.to(stage, pen))(walk)
    if (stage, pen) in FURNISHED:
        FURNISHED[stage, pen](walk)


def answers(cell, wanted):
    """Whether the table of verdicts says that the cell is answered so."""
    return any(status == wanted for status, _sentence in verdicts().get(cell, {}))


@cache
def openable():
    """The routes that somebody can open at some stage."""
    return frozenset(cell.route for cell in verdicts() if cell.method == "GET" and answers(cell, 200))


def is_worth_asking(route, role, turn):
    """Not where the table says that there is no page, nor a move that doesn't start here: its page says no more."""
    cell = Cell(route, "GET", role, turn)
    kind, _, name = route.partition(":")
    starts_here = kind != "move" or TURNS[turn][0] in TABLE.get(name).sources
    return starts_here and (cell not in verdicts() or answers(cell, 200))


class Chooser:
    """Picks the pages that show something which no page before them showed. `opened`, `refused`: the routes so far."""

    def __init__(self, world):
        self.world, self.seen, self.opened, self.refused, self.dull = world, set(), set(), set(), Counter()
        self.client = Client(raise_request_exception=False)

    def spots(self, turn, scene):
        """The pages of a turn that are worth opening, then the answers to its forms when they are filled in wrongly."""
        self.client.logout()
        yield from self._opened(turn, "anonymous", scene)
        for role in LOOKING[turn]:
            self.client.force_login(self.world.people.get(role))
            yield from self._opened(turn, role, scene)
            yield from self._mistyped(turn, role, scene)

    def _opened(self, turn, role, scene):
        for route in sorted(openable()):
            if is_worth_asking(route, role, turn) and (role == LOOKING[turn][0] or self.dull[route] < ENOUGH):
                asked = query(scene, route)
                path = address(scene, route) + (f"?{urlencode(asked)}" if asked else "")
                answer = self.client.get(path)
                if answer.status_code == 200 and self._is_new(route, answer, self.opened):
                    yield Spot(turn, role, route, path)
                answer.close()

    def _mistyped(self, turn, role, scene):
        for route in sorted(
            {cell.route for cell in verdicts() if cell[1:] == ("POST", role, turn) and answers(cell, 302)}
        ):
            typed = mistyped(payload(scene, route, self.world.people.get(role)))
            if typed and not headers(scene, route):
                with transaction.atomic():
                    answer = self.client.post(address(scene, route), typed)
                    transaction.set_rollback(True)
                if answer.status_code == 422 and self._is_new(route, answer, self.refused):
                    yield Spot(turn, role, route, address(scene, route), typed)

    def _is_new(self, route, answer, before):
        shapes = shapes_of(answer)
        is_new = bool(shapes - self.seen) or (shapes and route not in before)
        self.dull[route] = 0 if is_new else self.dull[route] + 1
        self.seen |= shapes
        before.add(route)
        return is_new


def mistyped(fields):
    """The fields of a form, with what is typed in each being wrong; {} where nothing is typed."""
    wrong = {name: MISTYPED for name in fields if not name.startswith(UNTOUCHED)}
    return {name: str(value) for name, value in fields.items() if isinstance(value, str | int)} | wrong if wrong else {}


def _is_page(answer):
    return answer["Content-Type"].startswith("text/html") and b"<html" in answer.content


def shapes_of(answer):
    """What a page is made of: every (element in its parent) by names, classes and roles. Nothing of a file or a part."""
    return Shapes(answer.content.decode()).found if _is_page(answer) else set()


class Shapes(HTMLParser):
    VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
    TELLING = ("class", "type", "role", "aria-disabled", "aria-current", "open", "disabled", "colspan", "rowspan")

    def __init__(self, text):
        super().__init__()
        self.found, self.above = set(), [""]
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        shape = " ".join([tag, *(f"{name}={said[name]}" for name in self.TELLING if name in said)])
        self.found.add((self.above[-1], shape))
        if tag not in self.VOID:
            self.above.append(shape)

    def handle_startendtag(self, tag, attrs):
        pass  # of pictures drawn in place

    def handle_endtag(self, tag):
        names = [shape.partition(" ")[0] for shape in self.above]
        if tag in names:
            del self.above[len(names) - 1 - names[::-1].index(tag) :]
