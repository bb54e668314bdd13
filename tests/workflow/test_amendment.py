"""An amendment: asked for, negotiated, signed again; what it changes, and what it leaves as it was signed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from acts.engine import Conflict, Refused, StepUp
from agreements.freeze import agreed_snapshot, thaw
from agreements.models import Agreement, Document, Line
from agreements.stages import Pen, Stage
from results.effect import effects
from results.models import Report, ReportingRound
from results.scores import agreed_lines, agreed_of, as_agreed, report_card
from workflow.amended_text import content_as_amended
from workflow.amendment import begin, last_proposal, propose
from workflow.amendment_walk import TABLE, go
from workflow.models import Amendment, Signature, SigningRefusal
from workflow.rules import hash_to_sign

WHY = "รัฐบาลปรับลดงบประมาณระหว่างปี"


def in_assessment(world):
    walk = world.walk()
    walk.to(Stage.ASSESSMENT)
    return walk


class Amending:
    """An agreement in force whose amendment is walked by the people of the world."""

    def __init__(self, world, walk=None):
        self.walk = walk or in_assessment(world)
        self.agreement = self.walk.agreement
        self.people, self.everybody = self.walk.people, world.people
        self.amendment = begin(self.agreement, WHY, actor=self.person("staff"), at=self.at())

    def person(self, who):
        return getattr(self.people, who, None) or self.everybody.get(who)

    def at(self):
        return self.walk.diary.later()

    @property
    def line(self):
        """The first line that is measured itself."""
        return self.agreement.lines.filter(children=None).order_by("pk").first()

    def propose(self, values, who="staff", reason="ผลกระทบจากงบประมาณ", line=None):
        line = line or self.line
        seen = last_proposal(self.amendment, line)
        return propose(self.amendment, line, values, reason=reason, seen=seen, actor=self.person(who), at=self.at())

    def go(self, name, who, **facts):
        current = Amendment.objects.get(pk=self.amendment.pk)
        given = {"version": current.version, "actor": self.person(who), "at": self.at()}
        self.amendment = go(current, name, **given | facts)
        return self.amendment

    def confirmed(self, name, who):
        actor, at = self.person(who), self.at()
        return self.go(name, who, at=at, step_up=StepUp(actor.pk, at, hash_to_sign(self.amendment)))

    def to_signing(self, values):
        self.propose(values)
        self.go("ask", "office")
        return self.go("agree", "negotiator")

    def in_force(self, values):
        self.to_signing(values)
        self.confirmed("sign", "head")
        return self.confirmed("countersign", "superior")


@pytest.fixture
def amending(world):
    return Amending(world)


def lowered(line):
    """Another target and another level 5, still in order."""
    step = abs((line.level_5 - line.level_4) / 2)
    up = line.level_5 > line.level_4
    return {"level_5": f"{(line.level_5 - step if up else line.level_5 + step).normalize():f}"}


def test_an_amendment_in_force_changes_its_lines_and_nothing_else(amending):
    before, line = thaw(agreed_snapshot(amending.agreement)), amending.line
    values = lowered(line)

    ended = amending.in_force(values)

    agreement = Agreement.objects.get(pk=amending.agreement.pk)
    after = thaw(agreed_snapshot(agreement))
    assert (ended.stage, ended.pen) == (Amendment.Stage.IN_FORCE, Pen.NOBODY)
    assert (agreement.stage, agreement.pen) == (Stage.ASSESSMENT, Pen.STAFF)
    assert agreement.amended_to == ended.snapshot
    assert Line.objects.get(pk=line.pk).level_5 == Decimal(values["level_5"])
    changed = [each["key"] for each, was in zip(after["lines"], before["lines"], strict=True) if each != was]
    assert changed == [line.pk]
    assert {name for name in after if after[name] != before.get(name)} == {"lines", "amendment"}
    assert [(each["field"], each["reason"]) for each in after["amendment"]["changes"]] == [
        ("level_5", "ผลกระทบจากงบประมาณ")
    ]


def test_both_sides_sign_the_amended_text_and_the_old_one_keeps_its_signatures(amending):
    old = agreed_snapshot(amending.agreement)

    ended = amending.in_force(lowered(amending.line))

    assert Signature.objects.filter(snapshot=old).count() == 2
    assert [each.snapshot_sha256 for each in ended.snapshot.signatures.all()] == [ended.snapshot.sha256] * 2
    assert Document.objects.filter(snapshot=old, kind=Document.Kind.SIGNED).exists()
    assert Document.objects.filter(snapshot=ended.snapshot, kind=Document.Kind.SIGNED).exists()


@pytest.fixture
def interim_round(world):
    """A round before the final one, whose report the evaluator accepts."""
    starts = world.year.starts_on
    first = {"position": 1, "name": "รอบ 6 เดือน", "opens_on": starts, "due_on": starts + timedelta(days=211)}
    return ReportingRound.objects.create(fiscal_year=world.year, **first)


@pytest.mark.usefixtures("interim_round")
def test_a_report_sent_before_keeps_the_criteria_of_its_round_and_later_ones_have_the_new(world):
    walk = in_assessment(world)
    walk.write_report()
    walk.move("send_report", walk.people.office)
    walk.move("accept_report", walk.people.evaluator)
    sent, later = Report.objects.filter(agreement=walk.agreement).order_by("round__position")[:2]
    scored = [row.score for row in report_card(sent).rows]
    old = agreed_snapshot(walk.agreement)
    amending = Amending(world, walk)
    values = lowered(amending.line)

    amending.in_force(values)

    sent, later = Report.objects.get(pk=sent.pk), Report.objects.get(pk=later.pk)
    assert sent.scored_by == old
    assert [row.score for row in report_card(sent).rows] == scored
    assert later.scored_by is None
    assert agreed_of(later).line(amending.line.pk).levels[-1] == Decimal(values["level_5"])


def test_what_would_not_be_complete_is_not_asked_for(amending):
    amending.propose({"weight": f"{(amending.line.weight - 1).normalize():f}"})

    with pytest.raises(Refused, match="100"):
        amending.go("ask", "office")
    assert Line.objects.get(pk=amending.line.pk).weight == amending.line.weight


def test_nothing_is_agreed_to_that_the_unit_has_not_seen(amending):
    values = lowered(amending.line)
    amending.propose(values)
    amending.go("ask", "office")
    amending.propose({"definition": "คำนิยามใหม่ของฝ่ายผู้บังคับบัญชา"}, "negotiator")

    with pytest.raises(Refused):
        amending.go("agree", "negotiator")
    amending.go("hand_back", "negotiator")
    amending.go("answer", "office")
    amending.go("agree", "negotiator")

    changed = {each["field"] for each in thaw(amending.amendment.snapshot)["amendment"]["changes"]}
    assert changed == {"definition", "level_5"}


def test_what_an_amendment_does_to_the_score_is_told_line_by_line_and_in_the_total(amending):
    before, line = agreed_lines(amending.agreement), amending.line
    highest = {each.key: each.levels[-1] for each in before.lines if each.levels[-1] is not None}
    down = before.line(line.pk).levels[-1] > before.line(line.pk).levels[-2]
    harder = line.level_5 + abs(line.level_5 - line.level_4) * (1 if down else -1)
    amending.propose({"level_5": f"{harder.normalize():f}"})

    after = as_agreed(content_as_amended(amending.amendment, amending.at()))
    found = effects(before, after, highest)

    assert [each.line.key for each in found.lines] == [line.pk]
    (told,) = found.lines
    assert (told.was.score, told.now.score) == (Decimal("5.0000"), Decimal("4.5000"))
    assert told.difference == told.now.brings - told.was.brings < 0
    assert found.difference == found.now - found.was < 0


def test_a_refusal_to_sign_voids_the_signatures_and_opens_the_negotiation_again(amending):
    amending.to_signing(lowered(amending.line))
    amending.confirmed("sign", "head")

    back = amending.go("refuse_to_receive", "superior", reason="เกณฑ์ต่ำเกินไป")

    assert (back.stage, back.pen) == (Amendment.Stage.NEGOTIATION, Pen.NEGOTIATOR)
    assert SigningRefusal.objects.filter(snapshot=back.snapshot).count() == 1
    again = amending.go("agree", "negotiator")
    assert again.snapshot.signatures.count() == 0


def test_the_last_report_and_an_amendment_exclude_one_another(world):
    walk = world.walk()
    walk.to_round(3)
    walk.write_report()
    amending = Amending(world, walk)
    amending.propose(lowered(amending.line))
    amending.go("ask", "office")

    with pytest.raises(Refused, match="แก้ไข"):
        walk.move("send_report", walk.people.office)
    amending.go("decline", "negotiator", reason="ไม่เห็นชอบ")
    walk.move("send_report", walk.people.office)

    with pytest.raises(Refused):
        begin(walk.agreement, WHY, actor=walk.people.staff, at=amending.at())


def test_an_agreement_has_one_open_amendment(amending):
    with pytest.raises(Conflict):
        begin(amending.agreement, WHY, actor=amending.people.staff, at=amending.at())


def test_a_stale_page_proposes_nothing(amending):
    line = amending.line
    amending.propose(lowered(line))

    with pytest.raises(Conflict):
        propose(
            amending.amendment,
            line,
            {"definition": "x"},
            reason="y",
            seen=0,
            actor=amending.people.staff,
            at=amending.at(),
        )


@pytest.mark.parametrize("name", [step.name for step in TABLE])
def test_nobody_from_outside_moves_it(amending, name):
    with pytest.raises(Refused):
        amending.go(name, "stranger", reason="x")
