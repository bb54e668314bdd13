"""Weights of lines against a framework whose dimensions have parts: fixed weights bind, ranges are advice."""

from decimal import Decimal

import pytest

from agreements.forms import NewLineForm
from agreements.freeze import sections
from agreements.models import Line
from agreements.printed import printed
from agreements.rules import missing, numbered_lines, weight_advice, weights_of_dimensions
from indicators.models import Dimension
from tests.agreements.sample_sections import unsigned


@pytest.fixture
def draft(world):
    """Its four dimensions, put in a tree: 1 (60 + 10), with 1.1 and 1.2; 2 (30), with 2.1 and 2.2, of which 10 to 14."""
    found = world.draft
    framework = found.framework
    rows = {row.number: row for row in framework.dimensions.all()}
    for number, label in ((4, "t4"), (3, "t3"), (2, "t2"), (1, "t1")):
        Dimension.objects.filter(pk=rows[number].pk).update(number=number + 10, label=label)
    first = Dimension.objects.create(framework=framework, number=1, label="1", name="ผลการปฏิบัติงาน")
    second = Dimension.objects.create(framework=framework, number=4, label="2", name="ศักยภาพ", weight=30)
    advised = {"weight": None, "weight_min": 10, "weight_max": 14}
    for number, parent, place, label, more in (
        (1, first, 2, "1.1", {}),
        (3, first, 3, "1.2", {}),
        (2, second, 5, "2.1", advised),
        (4, second, 6, "2.2", {"weight": None}),
    ):
        changes = {"parent": parent, "number": place, "label": label, **more}
        Dimension.objects.filter(pk=rows[number].pk).update(**changes)
    return type(found).objects.for_detail().get(pk=found.pk)


def said(found):
    return [str(refusal) for refusal in found]


def test_lines_of_the_parts_count_in_the_whole(world, draft):
    assert [(row.label, row.is_leaf, got) for row, got in weights_of_dimensions(draft)] == [
        ("1", False, 70),
        ("1.1", True, 60),
        ("1.2", True, 10),
        ("2", False, 30),
        ("2.1", True, 15),
        ("2.2", True, 15),
    ]
    assert [each.number for each in numbered_lines(draft)] == ["1.1.1", "1.1.2", "1.1.3", "1.2.1", "2.1.1", "2.2.1"]
    # 15 is out of the range advised: said, but it keeps nobody from submitting.
    assert said(missing(draft, world.people.staff, world.at())) == []
    assert said(weight_advice(draft)) == ["มิติที่ 2.1: ข้อแนะนำคือน้ำหนักรวม 10.00–14.00 (ขณะนี้ 15.00)"]

    Line.objects.filter(dimension__label="2.2").update(weight=Decimal("14.99"))
    again = type(draft).objects.for_detail().get(pk=draft.pk)
    assert said(missing(again, world.people.staff, world.at())) == [
        "น้ำหนักรวมต้องเป็น 100.00 (ขณะนี้ 99.99 ขาด 0.01)",
        "มิติที่ 2 น้ำหนักรวมของตัวชี้วัดต้องเป็น 30.00 (ขณะนี้ 29.99)",
    ]


def test_what_is_frozen_and_printed_stands_in_the_tree(draft):
    content = sections(draft)
    assert [line["dimension"] for line in content["lines"]] == ["1.1", "1.1", "1.1", "1.2", "2.1", "2.2"]
    assert [(row["number"], row["weight"]) for row in content["framework"]["dimensions"]] == [
        ("1", "70.00"),
        ("1.1", "60.00"),
        ("1.2", "10.00"),
        ("2", "30.00"),
        ("2.1", ""),
        ("2.2", ""),
    ]
    groups = printed(content, unsigned(content))["criteria"]["groups"]
    assert [(group["indent"], group["weight"], len(group["lines"])) for group in groups] == [
        (0, "70.00", 0),
        (1, "60.00", 3),
        (1, "10.00", 1),
        (0, "30.00", 0),
        (1, "15.00", 1),
        (1, "15.00", 1),
    ]


def test_lines_stand_in_leaves_alone(draft):
    offered = NewLineForm(agreement=draft).fields["dimension"].queryset
    assert [row.label for row in offered] == ["1.1", "1.2", "2.1", "2.2"]
    assert str(offered[0]).startswith("1.1 ")
