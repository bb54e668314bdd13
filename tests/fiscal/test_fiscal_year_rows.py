from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from fiscal.models import Deadline, DeadlineKey, FiscalYear
from thai.dates import BE_MINUS_CE

pytestmark = pytest.mark.django_db

OPENED = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)


def fiscal_year(year=2570, starts_on=None, ends_on=None, override_reason=""):
    ce = year - BE_MINUS_CE
    return FiscalYear.objects.create(
        year=year,
        starts_on=starts_on or date(ce - 1, 10, 1),
        ends_on=ends_on or date(ce, 9, 30),
        override_reason=override_reason,
        opened_at=OPENED,
    )


def refused(constraint, **columns):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        fiscal_year(**columns)
    return True


def test_the_period_of_the_rule_needs_no_reason():
    assert not fiscal_year().is_overridden


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2026, 10, 2), date(2027, 9, 30)),
        (date(2026, 10, 1), date(2027, 9, 29)),
        (date(2026, 9, 1), date(2027, 9, 30)),
        (date(2026, 10, 1), date(2027, 8, 30)),
        (date(2025, 10, 1), date(2027, 9, 30)),
        (date(2027, 10, 1), date(2028, 9, 30)),
    ],
)
def test_another_period_needs_a_reason(starts_on, ends_on):
    assert refused("period_by_rule_or_with_reason", starts_on=starts_on, ends_on=ends_on)
    assert fiscal_year(starts_on=starts_on, ends_on=ends_on, override_reason="มติ ครม.").is_overridden


def test_a_reason_without_another_period_is_refused():
    assert refused("period_by_rule_or_with_reason", override_reason="มติ ครม.")


def test_a_period_runs_forward():
    assert refused("period_ordered", starts_on=date(2027, 9, 30), ends_on=date(2026, 10, 1), override_reason="มติ ครม.")


def test_a_year_of_the_common_era_is_refused():
    assert refused("in_buddhist_era", year=2027, starts_on=date(2026, 10, 1), ends_on=date(2027, 9, 30))


def test_a_date_of_the_buddhist_era_is_refused():
    assert refused(
        "dates_in_common_era", starts_on=date(2569, 10, 1), ends_on=date(2570, 9, 30), override_reason="พิมพ์ผิด"
    )


def test_a_year_is_opened_once():
    fiscal_year()
    assert refused("year")


def test_the_current_year_is_the_one_whose_stored_period_holds_the_day():
    earlier = fiscal_year(2570, ends_on=date(2027, 10, 31), override_reason="ขยายเวลา")
    later = fiscal_year(2571, starts_on=date(2027, 11, 1), override_reason="ขยายเวลา")
    assert FiscalYear.objects.current(on=date(2026, 9, 30)) is None
    assert FiscalYear.objects.current(on=date(2026, 10, 1)) == earlier
    assert FiscalYear.objects.current(on=date(2027, 10, 31)) == earlier
    assert FiscalYear.objects.current(on=date(2027, 11, 1)) == later
    assert FiscalYear.objects.current(on=date(2028, 9, 30)) == later
    assert FiscalYear.objects.current(on=date(2028, 10, 1)) is None


def test_a_year_keeps_its_number_in_either_language():
    assert str(fiscal_year()) == "ปีงบประมาณ พ.ศ. 2570"
    with translation.override("en"):
        assert str(FiscalYear(year=2570)) == "Fiscal year B.E.\N{NO-BREAK SPACE}2570"


def test_a_deadline_is_found_by_its_key():
    year = fiscal_year()
    Deadline.objects.create(fiscal_year=year, key=DeadlineKey.SIGNING, due=date(2027, 1, 31))
    assert year.due(DeadlineKey.SIGNING) == date(2027, 1, 31)
    assert year.due("signing") == date(2027, 1, 31)
    assert year.due(DeadlineKey.EVALUATION) is None


@pytest.mark.parametrize(
    ("constraint", "key", "due"),
    [
        ("fiscal_deadline|deadline_once_a_year", "signing", date(2027, 2, 28)),
        ("deadline_key_known", "coffee", date(2027, 1, 31)),
        ("deadline_due_in_common_era", "formal", date(2570, 1, 31)),
    ],
)
def test_a_deadline_is_known_set_once_and_dated_in_the_common_era(constraint, key, due):
    year = fiscal_year()
    Deadline.objects.create(fiscal_year=year, key=DeadlineKey.SIGNING, due=date(2027, 1, 31))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Deadline.objects.create(fiscal_year=year, key=key, due=due)
    assert year.deadlines.count() == 1


def test_deadlines_come_in_the_order_of_their_dates():
    year = fiscal_year()
    for key, due in ((DeadlineKey.FORMAL, date(2027, 4, 30)), (DeadlineKey.SIGNING, date(2027, 1, 31))):
        Deadline.objects.create(fiscal_year=year, key=key, due=due)
    assert [deadline.key for deadline in year.deadlines.all()] == ["signing", "formal"]
