"""What keeps a draft from being submitted: a sentence each, with the way to the field that mends it."""

import re
from html import unescape

import pytest
from django.urls import reverse

from acts.models import Entry
from agreements.models import Line, Source
from agreements.stages import Pen, Stage
from tests.desk.asking import address, payload
from tests.desk.scene import stage_scene
from thai.numbers import to_arabic


def line(**values):
    """A fault of the first line."""
    return lambda agreement: Line.objects.filter(pk=agreement.lines.first().pk).update(**values)


def plan(**values):
    """A fault of the plan."""
    return lambda agreement: type(agreement.plan).objects.filter(pk=agreement.plan_id).update(**values)


def no_mission_line(agreement):
    agreement.lines.filter(source=Source.MISSION).update(source=Source.MANDATORY)


def no_strategy(agreement):
    agreement.plan.items.filter(kind="strategy").delete()


def no_line(agreement):
    agreement.lines.all().delete()


CROSSING = {f"level_{n}": value for n, value in enumerate((1, 2, 3, 2, 5), 1)}
FAULTS = {
    "weights fall short": (line(weight="34.99"), "ขาด 0.01", "weights/"),
    "weights go over": (line(weight="35.01"), "เกิน 0.01", "weights/"),
    "a line without weight": (line(weight=0), "ยังไม่มีน้ำหนัก", "#weight"),
    "no line at all": (no_line, "ขาด 100.00", "weights/"),
    "no indicator by mission": (no_mission_line, "“ตามพันธกิจ”", ""),
    "levels are equal": (line(level_1=7, level_2=7), "มีค่าเท่ากัน", "#level_2"),
    "levels cross": (line(**CROSSING), "น้อยกว่าระดับก่อนหน้า", "#level_4"),
    "a level is missing": (line(level_4=None), "ยังไม่มีค่าของระดับที่ 4", "#level_4"),
    "no target": (line(target=None), "ยังไม่มีเป้าหมาย", "#target"),
    "no definition": (line(definition=" "), "ยังไม่มีนิยาม", "#definition"),
    "by plan, but of nothing in it": (line(plan_item=None), "ยังไม่ได้อ้างถึงรายการใด", "#plan_item"),
    "a target reached last year": (line(past_1=10**9), "เหตุผล", "#low_target_reason"),
    "no vision": (plan(vision=""), "ยังไม่มีวิสัยทัศน์", "#vision"),
    "no mission": (plan(mission=" \n"), "ยังไม่มีพันธกิจ", "#mission"),
    "goals without strategy": (no_strategy, "ยังไม่มีกลยุทธ์", "plan/#item-"),
}


@pytest.fixture(params=FAULTS.values(), ids=FAULTS)
def faulty(request, world):
    """(scene, sentence, where): a draft in the hands of staff with one fault."""
    scene = stage_scene(world, "IMM-D1", Stage.DRAFT, Pen.STAFF)
    spoil, sentence, where = request.param
    spoil(scene.agreement)
    return stage_scene_again(scene), sentence, where


def stage_scene_again(scene):
    """The scene without what it remembers of before the fault."""
    return type(scene)(type(scene.agreement).objects.for_detail().get(pk=scene.agreement.pk))


def test_a_faulty_draft_is_not_submitted_and_the_sentence_says_why(faulty, world, client):
    scene, sentence, _where = faulty
    before = Entry.objects.count()
    client.force_login(world.people.office)

    answer = client.post(address(scene, "move:submit"), payload(scene, "move:submit", None))

    assert answer.status_code == 422
    assert sentence in to_arabic(unescape(answer.content.decode()))
    scene.agreement.refresh_from_db()
    assert (scene.agreement.stage, Entry.objects.count()) == ("draft", before)


def test_the_readiness_list_leads_to_the_field_itself(faulty, world, client):
    scene, sentence, where = faulty
    client.force_login(world.people.staff)
    home = to_arabic(unescape(client.get(reverse("desk:agreement", args=[scene.agreement.code])).content.decode()))

    links = [
        (href, text)
        for href, text in re.findall(r'<a[^>]*href="([^"]+)"[^>]*>(.*?)</a>', home, re.DOTALL)
        if sentence in text
    ]

    assert links, f"“{sentence}” is no link"
    href = links[0][0]
    assert where in href
    path, _, fragment = href.partition("#")
    page = client.get(path).content.decode()
    assert not fragment or f'id="{fragment}"' in page, f"nothing is called {fragment} there"
