"""Fiscal years of the demonstration, each with the call, its dates, its frameworks and its reporting rounds."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from desk.demo import frameworks
from fiscal.holidays import fixed_holidays
from fiscal.models import DeadlineKey, FiscalYear, Holiday
from fiscal.years import LEEWAY, Call, default_deadlines, open_year, period
from indicators.frameworks import content_of, write_framework
from results.models import ReportingRound
from results.rounds import move_rounds, usual_rounds
from workflow import opening
from workflow.opening import enter_holidays

FINAL = 3
# Its place leaves room for rounds of 6 and 9 months before it.
FINAL_ROUND = {"position": FINAL, "name": "รอบ 12 เดือน", "is_final": True}

CALL_NUMBER = "นร 1206/ว 14"
CALL_TEXT = (
    "ขอให้สำนักงานตำรวจแห่งชาติเสนอแผนปฏิบัติราชการประจำปีงบประมาณ พ.ศ. {year} พร้อมร่างตัวชี้วัด น้ำหนัก ค่าเป้าหมาย "
    "และเกณฑ์การให้คะแนนตามกรอบการประเมินผลที่คณะกรรมการพัฒนาระบบราชการกำหนด โดยให้มีตัวชี้วัดภาคบังคับด้านการเบิกจ่ายงบประมาณรายจ่ายลงทุน "
    "ด้านคุณธรรมและความโปร่งใส และด้านการพัฒนาองค์การสู่ระบบราชการ 4.0 และเผยแพร่ต่อประชาชนเมื่อการเจรจาอย่างไม่เป็นทางการแล้วเสร็จ"
)

# A scene shows every stage on any day of the year, so what is under way is due some days from that day; only the drafts
# should have been submitted already.
THIS_YEARS_DAYS = {
    DeadlineKey.SUBMISSION: -6,
    DeadlineKey.INFORMAL: 8,
    DeadlineKey.FORMAL: 30,
    DeadlineKey.SIGNING: 60,
}
LAST_YEARS_DAYS = {DeadlineKey.EVALUATION: 20}
LAST_REPORTS_DAYS = 9
ESCALATE_AFTER = 5
GRACE, PENALTY = timedelta(days=15), Decimal("0.2")
PLANNER = "suda"


def keep_holidays(timing):
    """The public holidays with a fixed date of the two calendar years that this fiscal year lies in, if none are kept."""
    if not Holiday.objects.exists():
        days = [day for year in (timing.year - 1, timing.year) for day in fixed_holidays(year)]
        enter_holidays(days, by=User.objects.get(username=PLANNER), at=timing.now)


@transaction.atomic
def fiscal_year(year, *, by, at, setting=None, dimensions=None, rules=None):
    """The fiscal year with that number: as it is there already, or opened at `at` with all that belongs to it.

    With a `setting` (of workflow.opening) by the planning office; without one it has the final round alone.
    `dimensions`: {level: those of its framework}; where nothing is said, the year before's, or the usual four.
    `rules`: {level: how it scores}; where nothing is said, as usual.
    """
    there = FiscalYear.objects.filter(year=year).first()
    return there or _opened(year, setting, dimensions, rules or {}, by, at)


def _opened(year, setting, wanted, rules, by, at):
    opened = opening.open_year(year, setting, by=by, at=at) if setting else _with_its_final_round(year, by, at)
    copies = {framework.tier: framework for framework in opened.frameworks.all()}
    for tier, usual in frameworks.ALIKE.items():
        copy = copies.get(tier)
        dimensions = wanted[tier] if wanted else usual
        content = frameworks.content(year, tier, dimensions, rules.get(tier))
        if copy is None or (wanted and replace(content_of(copy), name=content.name) != content):
            write_framework(opened, tier, content, version=copy.version if copy else 0, by=by, at=at)
    return opened


def _with_its_final_round(year, by, at):
    opened = open_year(year, by=by, at=at)
    opens_on = opened.ends_on + timedelta(days=1)
    due_on = usual_rounds(year)[-1].due_on
    ReportingRound.objects.create(fiscal_year=opened, opens_on=opens_on, due_on=due_on, **FINAL_ROUND)
    move_rounds(opened)
    return opened


def usual_setting(year):
    """The call and the usual dates of a year."""
    usual = default_deadlines(year)
    return opening.Setting(
        call=Call(CALL_NUMBER, date(period(year)[0].year, 8, 17), CALL_TEXT.format(year=year)),
        dues={key: usual[key] for key in opening.DUE_STEPS},
        rounds=usual_rounds(year),
        escalate_after=ESCALATE_AFTER,
    )


def first_years_setting(year):
    """As usual, before interim reports were asked for: with the final round alone."""
    setting = usual_setting(year)
    return replace(setting, rounds=[replace(setting.rounds[-1], position=1)])


def _strict(rounds):
    """The rounds with some days of grace, and points off for who sends nothing by then."""
    return [replace(each, grace_until=each.due_on + GRACE, penalty=PENALTY) for each in rounds]


def this_years_setting(year, *, today):
    """As usual, with what is under way due some days after today, however late in the year that is."""
    setting = replace(usual_setting(year), rounds=_strict(usual_rounds(year)))
    return replace(setting, dues=_put_off(setting.dues, THIS_YEARS_DAYS, today, year))


def last_years_setting(year, *, today, reported_from):
    """As usual, with its evaluation still under way today; the last reports come in from the day `reported_from` on."""
    setting = usual_setting(year)
    *interim, final = _strict(setting.rounds)
    due_on = _within(max(final.due_on, today + timedelta(days=LAST_REPORTS_DAYS)), year)
    grace = _within(due_on + GRACE, year)
    final = replace(final, opens_on=min(final.opens_on, reported_from), due_on=due_on, grace_until=grace)
    return replace(setting, rounds=(*interim, final), dues=_put_off(setting.dues, LAST_YEARS_DAYS, today, year))


def _put_off(dues, days, today, year):
    later = {key: _within(today + timedelta(days=ahead), year) for key, ahead in days.items()}
    return dict(dues) | {key: max(due, dues[key]) for key, due in later.items()}


def _within(day, year):
    """As late as a due date of the year may be."""
    return min(day, period(year)[1] + LEEWAY)
