"""Of many who decide on a result at the same moment one does; and the control, in which nobody asks what was decided."""

from functools import partial

import pytest

from acts.refusals import Conflict
from results import oversee
from results.models import OverseerVerdict
from results.oversee import give_verdict
from results.rules import current_report
from results.scores import report_card
from tests.results.naming import name_people
from tests.results.three_lines import RESULTS, report_lines, three_lines
from tests.world import ON, build

HANDS = 4
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hands():
    """So many acts of the head's office, each in the overseer's place."""
    world = build()
    agreement = three_lines(world)
    report_lines(world, agreement, RESULTS, evidence=False)
    fresh = type(agreement).objects.for_detail().get(pk=agreement.pk)
    result = report_card(current_report(fresh, on=ON)).rows[0].result
    name_people(result.line_id, overseer=world.people.nobody)
    told = {"approves": True, "reason": "ลาป่วย", "version": result.version, "seen": 0}
    return [partial(give_verdict, result, **told, actor=world.people.office, at=world.at()) for _hand in range(HANDS)]


def test_one_of_many_decides_and_the_others_are_told(hands, at_once):
    answers = at_once(*hands)
    assert [type(each) for each in answers if isinstance(each, Exception)] == [Conflict] * (HANDS - 1)
    assert OverseerVerdict.objects.count() == 1


def test_without_asking_what_was_decided_each_decides(hands, at_once, monkeypatch):
    monkeypatch.setattr(oversee, "_standing", lambda result: 0)
    at_once(*hands)
    assert OverseerVerdict.objects.count() == HANDS
    assert OverseerVerdict.objects.filter(stands=True).count() == 1
