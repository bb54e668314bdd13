"""Level 1 without a mandatory indicator and level 3 without one by mission aren't submitted; level 2 owes neither (2.2.1)."""

import pytest

from acts.engine import Refused, move
from acts.idempotency import new_key
from agreements.models import Source
from workflow.lifecycle import TABLE

MANDATORY = "ต้องมีตัวชี้วัด “ภาคบังคับ” อย่างน้อย 1 ตัว"
MISSION = "ต้องมีตัวชี้วัด “ตามพันธกิจ” อย่างน้อย 1 ตัว"
# unit: its head's office; the sources without which it is refused, each with the sentence; the others are not asked for.
OWED = {
    "RTP": ("headquarters_office", {Source.MANDATORY: MANDATORY}),
    "IMM": ("command_office", {}),
    "OCG-SEC": ("secretariat_office", {Source.MISSION: MISSION}),
    "IMM-D1": ("office", {Source.MISSION: MISSION}),
}


def without(agreement, source):
    """The draft with its indicators of a source turned into such by plan; all else stays whole."""
    measure = agreement.plan.items.filter(kind="indicator").first()
    agreement.lines.filter(source=source).update(source=Source.PLAN, plan_item=measure)


def by_move(agreement, office, at):
    """The sentences with which the move is refused; [] if it is made."""
    try:
        move(TABLE, agreement, "submit", actor=office, at=at, version=agreement.version)
    except Refused as refused:
        return [str(each) for each in refused.refusals if refused.incomplete]
    return []


@pytest.mark.parametrize("source", [Source.MANDATORY, Source.MISSION])
@pytest.mark.parametrize("code", OWED)
def test_what_the_level_owes_is_asked_by_the_move_and_on_the_screen(world, visit, send, words, code, source):
    who, owed = OWED[code]
    agreement, office = world.agreement(code=code), world.people.get(who)
    without(agreement, source)
    page = visit(office, "desk:move", agreement.code, "submit")
    form = {"version": agreement.version, "idempotency": new_key()}

    if source not in owed:
        assert "ขณะนี้ยังดำเนินการไม่ได้" not in words(page)
        assert send(office, "desk:move", agreement.code, "submit", **form).status_code == 302
    else:
        assert owed[source] in words(page)
        answer = send(office, "desk:move", agreement.code, "submit", **form)
        assert (answer.status_code, owed[source] in words(answer)) == (422, True)
        assert by_move(agreement, office, world.at()) == [owed[source]]
    agreement.refresh_from_db()
    assert agreement.stage == ("draft" if source in owed else "informal")


def test_a_level_2_with_indicators_by_plan_alone_is_submitted(world):
    agreement = world.agreement(code="IMM")
    for source in (Source.MANDATORY, Source.MISSION):
        without(agreement, source)

    assert by_move(agreement, world.people.command_office, world.at()) == []
