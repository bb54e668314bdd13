"""Fiscal years of the demonstration, each with its frameworks and its reporting round."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from desk.demo.indicators import DIMENSIONS
from fiscal.models import DeadlineKey, FiscalYear
from fiscal.years import open_year, set_deadlines
from indicators.models import Dimension, Framework
from results.models import ReportingRound

LEVELS = {
    1: "ระดับสำนักงานตำรวจแห่งชาติ",
    2: "ระดับกองบัญชาการหรือเทียบเท่า",
    3: "ระดับกองบังคับการหรือเทียบเท่า",
}
# Its place leaves room for rounds of 6 and 9 months before it.
FINAL_ROUND = {"position": 3, "name": "รอบ 12 เดือน", "is_final": True}


# A scene shows drafts and negotiations under way on any day of the year: how many days ahead they are due at least.
DAYS_AHEAD = {
    DeadlineKey.SUBMISSION: 5,
    DeadlineKey.INFORMAL: 8,
    DeadlineKey.FORMAL: 30,
    DeadlineKey.SIGNING: 60,
}


@transaction.atomic
def fiscal_year(year, *, by, at, under_way_on=None):
    """The fiscal year with that number: as it is there already, or opened at `at` with all that belongs to it.

    `under_way_on`: a day on which its agreements are still being negotiated, so that what is due by then is put off.
    """
    there = FiscalYear.objects.filter(year=year).first()
    return there or _opened(year, by, at, under_way_on)


def _opened(year, by, at, under_way_on):
    opened = open_year(year, by=by, at=at)
    if under_way_on:
        put_off = {key: under_way_on + timedelta(days=days) for key, days in DAYS_AHEAD.items()}
        late = {key: due for key, due in put_off.items() if opened.due(key) < due}
        set_deadlines(opened, late, by=by, at=at)
    for tier, name in LEVELS.items():
        title = f"กรอบการประเมินผลการปฏิบัติราชการ {name} ประจำปีงบประมาณ พ.ศ. {year}"
        framework = Framework.objects.create(fiscal_year=opened, tier=tier, name=title)
        Dimension.objects.bulk_create(
            Dimension(framework=framework, number=number, name=name, weight=Decimal(weight))
            for number, name, weight in DIMENSIONS
        )
    opens_on = opened.ends_on + timedelta(days=1)
    ReportingRound.objects.create(
        fiscal_year=opened, opens_on=opens_on, due_on=opened.due(DeadlineKey.REPORT_12), **FINAL_ROUND
    )
    return opened
