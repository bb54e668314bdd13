"""An agreement of three lines whose scores can be worked by hand, at self-assessment or later.

line  criteria                    weight
1.1   78 · 81 · 84 · 87 · 90      50      higher is better
1.2   30 · 27 · 24 · 21 · 18      30      lower is better
4.1   five steps                  20
"""

from decimal import Decimal

from agreements.models import Line
from agreements.stages import Stage
from desk.demo.evidence import evidence_file
from indicators.models import Dimension
from results.models import ReportingRound
from results.rules import current_report
from results.scores import report_card
from results.write import add_evidence, save_result
from tests.world import ON

WEIGHTS = {"ร้อยละของผู้โดยสารขาเข้า": "50", "จำนวนวันเฉลี่ยในการพิจารณาคำขอ": "30", "ระดับความสำเร็จของการพัฒนา": "20"}
# 1.1: 3 + (86.02 − 84) ÷ 3 = 3.6733…; 1.2: 4 + (21 − 20.1) ÷ 3 = 4.3; 4.1: step 3.
RESULTS = {"1.1": "86.02", "1.2": "20.1", "4.1": "3"}
SCORES = {"1.1": "3.6733", "1.2": "4.3000", "4.1": "3.0000"}


def three_lines(world, stage=Stage.ASSESSMENT, pen=None, *, rounds=1):
    """The agreement, walked to `stage`; with `rounds` 2 there is a round of six months before the final one."""
    walk = walk_of_three(world, rounds=rounds)
    walk.to(stage, pen)
    return type(walk.agreement).objects.for_detail().get(pk=walk.agreement.pk)


def walk_of_three(world, *, rounds=1):
    walk = world.walk()
    Dimension.objects.filter(framework=walk.agreement.framework).update(weight=None)
    wanted = {}
    for line in walk.agreement.lines.all():
        weight = next((weight for name, weight in WEIGHTS.items() if line.name.startswith(name)), None)
        wanted[line.pk] = weight
    Line.objects.filter(pk__in=[pk for pk, weight in wanted.items() if weight is None]).delete()
    for pk, weight in wanted.items():
        Line.objects.filter(pk=pk).update(weight=Decimal(weight or 0))
    if rounds == 2:
        first = {"name": "รอบ 6 เดือน", "position": 1, "opens_on": "2027-04-01", "due_on": "2027-04-30"}
        ReportingRound.objects.create(fiscal_year=world.year, **first)
    return walk


def report_lines(world, agreement, results, *, evidence=True, at=None, on=ON):
    """Staff report the results {number: value}, each with a file."""
    report = current_report(agreement, on=on)
    for row in report_card(report).rows:
        if row.line.number not in results:
            continue
        changes = {"value": Decimal(results[row.line.number])}
        save_result(row.result, changes, version=row.result.version, actor=world.people.staff, at=at or world.at())
        if evidence:
            upload = evidence_file(f"หลักฐาน {row.line.number}", [], kind="png")
            add_evidence(row.result, upload, proves="", actor=world.people.staff, at=at or world.at())
    return report
