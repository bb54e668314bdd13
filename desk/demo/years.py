"""Fiscal years of the demonstration, each with its frameworks and its reporting round."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from desk.demo.indicators import DIMENSIONS
from fiscal.models import DeadlineKey, FiscalYear
from fiscal.years import open_year
from indicators.models import Dimension, Framework
from results.models import ReportingRound

LEVELS = {
    1: "ระดับสำนักงานตำรวจแห่งชาติ",
    2: "ระดับกองบัญชาการหรือเทียบเท่า",
    3: "ระดับกองบังคับการหรือเทียบเท่า",
}
# Its place leaves room for rounds of 6 and 9 months before it.
FINAL_ROUND = {"position": 3, "name": "รอบ 12 เดือน", "is_final": True}


@transaction.atomic
def fiscal_year(year, *, by, at):
    """The fiscal year with that number: as it is there already, or opened now with all that belongs to it."""
    there = FiscalYear.objects.filter(year=year).first()
    return there or _opened(year, by, at)


def _opened(year, by, at):
    opened = open_year(year, by=by, at=at)
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
