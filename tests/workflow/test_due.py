"""When an agreement's step is due: by its year, stage and level; the list asks the database the same."""

from datetime import date

import pytest

from agreements.models import Agreement
from agreements.stages import Stage
from fiscal.models import Holiday
from fiscal.years import set_deadlines
from results.models import ReportingRound
from tests.world import ON
from workflow.due import day_due, due_on, overdue
from workflow.opening import drop_holiday, enter_holidays


@pytest.fixture
def drafts(world):
    """The drafts of a division (level 3) and of a command (level 2)."""
    return world.agreement(Stage.DRAFT), world.agreement(Stage.DRAFT, code="IMM")


def by(world):
    return {"by": world.people.planner, "at": world.at()}


def test_a_level_may_have_a_due_date_of_its_own_on_the_page_and_in_lists(world, drafts):
    division, command = drafts
    levels = {("submission", 2): date(2026, 9, 14), ("informal", 3): date(2026, 10, 5)}
    set_deadlines(world.year, {"submission": date(2026, 9, 30)}, levels=levels, **by(world))
    division, command = (Agreement.objects.for_list().get(pk=each.pk) for each in drafts)

    assert (due_on(division, on=ON), due_on(command, on=ON)) == (date(2026, 9, 30), date(2026, 9, 14))
    listed = dict(Agreement.objects.annotate(day_due=day_due(ON)).values_list("pk", "day_due"))
    assert listed == {division.pk: date(2026, 9, 30), command.pk: date(2026, 9, 14)}
    late = Agreement.objects.filter(overdue(date(2026, 9, 15)))
    assert list(late) == [command]
    assert not Agreement.objects.filter(overdue(date(2026, 9, 14))).exists()


def test_a_holiday_entered_moves_due_dates_and_rounds_and_taken_out_they_return(world):
    final = ReportingRound.objects.get(fiscal_year=world.year, is_final=True)
    days = [(date(2026, 9, 30), "วันหยุดพิเศษ"), (final.due_on, "วันหยุดพิเศษ")]
    new, moved = enter_holidays(days, **by(world))
    again = ReportingRound.objects.get(pk=final.pk)

    assert (len(new), moved) == (2, 2)
    assert world.year.due("submission") == date(2026, 10, 1)
    assert (again.due_on, again.moved_from) == (date(2027, 11, 2), date(2027, 10, 31))

    assert drop_holiday(Holiday.objects.get(day=date(2026, 9, 30)), **by(world)) == 1
    world.year.refresh_from_db()
    assert world.year.due("submission") == date(2026, 9, 30)
