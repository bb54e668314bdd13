"""Whole years as an office works them on paper: a table of an agreement's lines, walked through the product's own verbs.

    line | weight | criteria | 6 | 9 | 12 | found | unit | score | share

`line`: its number; one with parts has no weight and no result. `criteria`: the kind, the values of its levels, and
what it is made of (`of 6`: so many steps, issues or units; `of 60+40`: projects of those weights; `by …`: a formula).
`6`, `9`, `12`: what the unit reports in the rounds: a figure, or what the report asks for: steps done (1+2+3),
figures of items (4.5+3), values of the formula (A=437+B=500), pass or fail; "–" in a round that is missed. `found`: the
evaluator's figure where it is another. `unit`, `score`, `share`: the unit's score, the evaluator's less penalties, and
what that brings to the total ("out": nothing, by decision).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from agreements.freeze import thaw
from agreements.models import Line, Source
from agreements.stages import Pen, Stage
from desk.demo.diary import Diary
from desk.demo.evidence import evidence_file
from desk.demo.walk import PANEL, Words
from indicators.criteria import Asks, Kind, fill_bands
from indicators.models import Dimension, Framework
from results.appeal import save_decisions, save_objections
from results.appeal_rules import appeal_of
from results.exclude import exclude
from results.inputs import VALUES, account_of, asks
from results.models import ReportingRound
from results.rules import evaluation_of
from results.scores import evaluation_card, report_card
from results.write import add_evidence, save_findings, save_result

BANGKOK = ZoneInfo("Asia/Bangkok")
# Position: name, opens, due.
ROUNDS = {
    1: ("รอบ 6 เดือน", date(2027, 4, 1), date(2027, 4, 30)),
    2: ("รอบ 9 เดือน", date(2027, 7, 1), date(2027, 7, 30)),
}
IN_TIME = {1: date(2027, 4, 20), 2: date(2027, 7, 20), 3: date(2027, 10, 12)}
TARGETS = {Kind.PASS_FAIL: "1", Kind.MILESTONE: "5"}


@dataclass(frozen=True)
class Row:
    """One line of the table, all of it text."""

    number: str
    weight: str
    criteria: str
    m6: str
    m9: str
    m12: str
    found: str
    unit: str
    score: str
    share: str

    @property
    def name(self):
        return self.name_of(self.number)

    @staticmethod
    def name_of(number):
        return f"ตัวชี้วัดที่ {number} ของตาราง"

    @property
    def is_leaf(self):
        return bool(self.weight)

    def reported(self, position):
        return (self.m6, self.m9, self.m12)[position - 1]


def table(text):
    """The rows of a table as the module describes it."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return [Row(*(cell.strip() for cell in line.split("|"))) for line in lines]


class PaperYear:
    """An agreement of the table's lines, in force, with rounds of 6, 9 and 12 months. `penalties`: {position: points}."""

    def __init__(self, world, rows, *, penalties=None, **framework):
        self.world, self.rows = world, rows
        self.walk = world.walk()
        self.walk.words = Words(offers=())
        _frame(self.walk.agreement, framework)
        _rounds(world.year, penalties or {})
        _write_lines(self.walk.agreement, rows)
        self.walk.agreement = type(self.walk.agreement).objects.for_detail().get(pk=self.walk.agreement.pk)
        self.walk.to(Stage.ASSESSMENT, Pen.STAFF)

    # What the unit and the evaluator do

    def report(self, position, *, only=None):
        """The unit writes what the table says of the round; with `only`, some lines."""
        opened = datetime.combine(IN_TIME[position], time(9), BANGKOK)
        self.walk.diary = Diary(opened, pace=timedelta(hours=1))
        report = self.walk.current_report()
        assert report.round.position == position
        for row in self.rows:
            if row.is_leaf and (only is None or row.number in only):
                self._report_line(report, row)
        return report_card(self.walk.current_report())

    def _report_line(self, report, row):
        result = report.results.select_related("line", "report__agreement", "report__round").get(line__name=row.name)
        line = report_card(report).row_of(result.line_id).line
        inputs = _inputs(line, row.reported(report.round.position))
        value = inputs.pop("value", None) or account_of(line, inputs, line.scale).value
        by = {"actor": self.walk.people.staff, "at": self.walk.diary.soon()}
        kept = save_result(result, {"value": Decimal(value), "inputs": inputs}, version=result.version, **by)
        if report.round.is_final:
            proof = evidence_file(f"หลักฐาน {row.number}", [], kind="png")
            # Steps are proved up to the one that was reached.
            level = int(kept.value) if line.kind == Kind.MILESTONE else None
            add_evidence(result, proof, proves="สรุปผลทั้งปี", level=level, **by)

    def hand_in(self):
        """The report goes to the evaluator, who accepts it; the final one to the head, who certifies it."""
        self.walk.hand_to_office()
        self.walk.send_report()
        self.walk.certify() if self.walk.agreement.pen == Pen.HEAD else self.walk.accept_report()

    def reported(self, *positions):
        """Whole rounds, one after the other; gives the unit's total in each."""
        totals = []
        for position in positions:
            totals.append(str(self.report(position).total.score))
            self.hand_in()
        return totals

    def evaluate(self):
        """The evaluator takes over what was reported, but where the table says otherwise, and proposes."""
        evaluation, by = evaluation_of(self.walk.agreement), {"actor": self.walk.people.evaluator}
        otherwise = {row.name: row.found for row in self.rows if row.found}
        findings = evaluation.findings.filter(line__name__in=otherwise).select_related("line")
        why = "ตรวจสอบหลักฐานแล้วได้ผลต่างจากที่รายงาน"
        given = [
            (each, {"value": Decimal(otherwise[each.line.name]), "reason": why}, each.version) for each in findings
        ]
        every = self.walk.agreement.lines.values_list("pk", flat=True)
        save_findings(evaluation, given, chosen=every, at=self.walk.diary.soon(), **by)
        self.walk.move("propose", self.walk.people.evaluator)

    def exclude(self, number, to=None):
        """The planning office takes a line out, its weight to another or nowhere."""
        keys = {"key": self.key(number), "to": self.key(to) if to else None}
        why = {"reason": "ยกเลิกโครงการตามมติ", "order_number": "ตร. 12/2570"}
        by = {"actor": self.world.people.planner, "at": self.walk.diary.soon()}
        exclude(evaluation_of(self.walk.agreement), **keys, **why, **by)

    def appeal(self, decisions):
        """The unit objects to lines, the panel decides: {number: (figure asked for, figure decided or None to keep)}."""
        walk, given = self.walk, {self.key(number): pair for number, pair in decisions.items()}
        asked = [
            (line, {"objection": "ขอให้ทบทวน", "asked_value": Decimal(given[line.line_id][0])}, line.version)
            for line in appeal_of(walk.agreement).lines.filter(line__in=given)
        ]
        save_objections(appeal_of(walk.agreement), asked, actor=walk.people.staff, at=walk.diary.soon())
        walk.move("lodge_appeal", walk.people.head)
        appeal = appeal_of(walk.agreement)
        decided = [
            (line, _decision(given[line.line_id][1]), line.version) for line in appeal.lines.filter(line__in=given)
        ]
        panel = {**PANEL, "met_on": walk.diary.now.date()}, appeal.panel.version
        save_decisions(appeal, panel, decided, actor=walk.people.evaluator, at=walk.diary.soon())
        walk.move("decide_appeal", walk.people.evaluator)
        walk.close()

    # What stands in the end

    def key(self, number):
        """The key of the line with this number in the table."""
        return self.walk.agreement.lines.get(name=Row.name_of(number)).pk

    def card(self):
        """The evaluator's card."""
        return evaluation_card(evaluation_of(self.walk.agreement))

    def frozen(self):
        """What was frozen, the first first."""
        found = self.walk.agreement.snapshots.filter(purpose="scores").order_by("sequence")
        return [thaw(each) for each in found]

    def printed(self):
        """(number, unit's score, score, share) of each line: the scores as frozen, the shares as shown."""
        numbers, card = {row.name: row.number for row in self.rows}, self.card()
        return [
            (
                numbers[line["name"]],
                line["unit"]["score"],
                line["evaluator"]["score"],
                _share(card.contribution(card.row_of(line["key"]))),
            )
            for line in self.frozen()[0]["lines"]
        ]


def expected(rows):
    """What the table says that `PaperYear.printed` gives."""
    return [(row.number, row.unit, row.score, row.share) for row in rows if row.is_leaf]


def totals(scores):
    """(the unit's total, the evaluator's, what the latter was divided by) of frozen scores."""
    return scores["unit_total"]["score"], scores["total"]["score"], scores["total"]["denominator"]


def _share(contribution):
    return "out" if contribution is None else str(contribution)


def _decision(value):
    if value is None:
        return {"decision": "kept", "decided_value": None, "reason": "หลักฐานไม่เพียงพอ"}
    return {"decision": "changed", "decided_value": Decimal(value), "reason": "หลักฐานครบถ้วน"}


def _frame(agreement, framework):
    Dimension.objects.filter(framework=agreement.framework).update(weight=None)
    if framework:
        Framework.objects.filter(pk=agreement.framework.pk).update(**framework)


def _rounds(year, penalties):
    for position, (name, opens_on, due_on) in ROUNDS.items():
        dates = {"opens_on": opens_on, "due_on": due_on}
        ReportingRound.objects.create(
            fiscal_year=year, position=position, name=name, penalty=penalties.get(position, 0), **dates
        )


def _write_lines(agreement, rows):
    agreement.lines.all().delete()
    dimensions = {each.label: each for each in agreement.framework.dimensions.all()}
    written = {}
    for position, row in enumerate(rows, 1):
        parent = written.get(row.number.rpartition(".")[0])
        texts = {"definition": "ตามตาราง", "formula": "ตามตาราง", "data_source": "ทะเบียนคุม", "unit_of_measure": "ร้อยละ"}
        written[row.number] = Line.objects.create(
            agreement=agreement,
            parent=parent,
            dimension=dimensions[row.number.partition(".")[0]],
            position=position,
            name=row.name,
            source=Source.MISSION,
            weight=Decimal(row.weight or 0),
            **texts,
            **(_criteria(row.criteria) if row.is_leaf else {}),
        )


def _criteria(text):
    """Columns of a Line, of a cell of the table."""
    text, _by, expression = text.partition(" by ")
    text, _of, made_of = text.partition(" of ")
    kind, *levels = text.split()
    values = {f"level_{number}": Decimal(value) for number, value in enumerate(levels, 1)}
    if kind == Kind.BANDS:
        beginnings, ends = fill_bands(Decimal(levels[0]), Decimal(levels[1]) - Decimal(levels[0]))
        values = {f"level_{number}": value for number, value in enumerate(beginnings, 1)}
        values |= {f"upper_{number}": value for number, value in enumerate(ends, 1)}
    if kind in (Kind.MILESTONE, Kind.PASS_FAIL):
        values = {f"text_{number}": f"ขั้นที่ {number}" for number in range(1, 6)}
    target = TARGETS.get(kind) or levels[len(levels) // 2]
    columns = {"kind": kind, "target": Decimal(target), "items": _items(made_of, expression)}
    return columns | values | {"expression": expression}


def _items(made_of, expression):
    empty = {"symbol": "", "text": "", "unit": "", "weight": ""}
    if expression:
        return [empty | {"symbol": name, "text": f"จำนวน {name}", "unit": "เรื่อง"} for name in ("A", "B")]
    weights = made_of.split("+") if "+" in made_of else [""] * int(made_of or 0)
    return [empty | {"text": f"รายการที่ {number}", "weight": weight} for number, weight in enumerate(weights, 1)]


def _inputs(line, cell):
    """What a report says of the line, of a cell of the table."""
    asked = asks(line)
    if asked == VALUES:
        return {"values": dict(pair.split("=") for pair in cell.split("+"))}
    if asked == Asks.STEPS:
        return {"done": cell.split("+")}
    if asked == Asks.ITEMS:
        return {"items": cell.split("+")}
    return {"choice": cell} if asked == Asks.CHOICE else {"value": cell}
