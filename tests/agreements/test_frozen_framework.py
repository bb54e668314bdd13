"""What a snapshot says of its framework, and what is read from it: also from those that said less."""

from decimal import Decimal as D

import pytest

from agreements.frozen_framework import denominator_in, framework_section, is_in, leaves_in, scale_in
from agreements.printed import printed
from fiscal.models import FiscalYear
from indicators.dimensions import Part
from indicators.frameworks import Content, ScoringRules, content_of, write_framework
from indicators.scale import FIVE
from indicators.scoring import Denominator
from tests.agreements.sample_sections import sample_sections, unsigned

OLD = {"name": "กรอบ", "top": 5, "floor": "0", "dimensions": [{"number": "1", "name": "ก", "weight": "100.00"}]}
TREE = (
    Part("ผลการปฏิบัติงาน", None),
    Part("ประสิทธิผล", D(60), 1),
    Part("ประสิทธิภาพ", D(10), 1),
    Part("ศักยภาพ", D(30)),
    Part("คุณภาพ", None, 1, D(10), D(20)),
    Part("พัฒนาองค์การ", None, 1, D(10), D(20)),
)
RULES = ScoringRules("three", D(0), D(95), D(25), 2, "reported")


def _text(value):
    return None if value is None else f"{value.normalize():f}"


def test_an_older_snapshot_scores_as_it_ever_did():
    assert scale_in(OLD) == FIVE.__class__(FIVE.points, floor=D(0))
    assert denominator_in(OLD) is Denominator.IN_FORCE
    assert leaves_in(OLD) == OLD["dimensions"]


@pytest.fixture
def framework(world):
    year = FiscalYear.objects.get(year=2570)
    stored = year.frameworks.get(tier=1)
    content = Content(stored.name, TREE, RULES)
    return write_framework(year, 1, content, version=stored.version, by=world.people.planner, at=world.at())


def test_all_of_a_framework_is_kept_and_read_back(framework):
    assert content_of(framework) == Content(framework.name, TREE, RULES)
    section = framework_section(framework, _text)

    assert scale_in(section) == framework.scoring_scale
    assert (scale_in(section).points, scale_in(section).cap, scale_in(section).places) == ((50, 75, 100), 95, 2)
    assert denominator_in(section) is Denominator.REPORTED
    assert [row["number"] for row in leaves_in(section)] == ["1.1", "1.2", "2.1", "2.2"]
    assert [(row["weight"], row["low"], row["high"]) for row in section["dimensions"]] == [
        ("70.00", "", ""),
        ("60.00", "", ""),
        ("10.00", "", ""),
        ("30.00", "", ""),
        ("", "10.00", "20.00"),
        ("", "10.00", "20.00"),
    ]


def test_a_dimension_holds_its_parts_and_no_namesake_of_more_digits():
    assert is_in("1.2", "1")
    assert is_in("1", "1")
    assert not is_in("12", "1")
    assert not is_in("1", "1.2")


def _sections(**framework):
    sections = sample_sections()
    sections["framework"] |= framework
    return sections


def test_the_document_says_the_tree_its_ranges_and_how_is_scored():
    rows = [
        {"number": "1", "name": "ผลการปฏิบัติงาน", "weight": "70.00", "depth": 0, "low": "", "high": ""},
        {"number": "1.1", "name": "ประสิทธิผล", "weight": "", "depth": 1, "low": "50.00", "high": "60.00"},
        {"number": "1.2", "name": "ประสิทธิภาพ", "weight": "", "depth": 1, "low": "", "high": "20.00"},
        {"number": "2", "name": "ศักยภาพ", "weight": "30.00", "depth": 0, "low": "", "high": ""},
    ]
    sections = _sections(
        top=3, scale="three", floor="0", cap="95", fail="25", places=2, denominator="reported", dimensions=rows
    )
    numbers = {"1": "1.1", "2": "1.2", "3": "2", "4": "2"}
    for line in sections["lines"]:
        line["dimension"] = numbers[line["dimension"]]
    criteria = printed(sections, unsigned(sections))["criteria"]

    assert criteria["framework"]["dimensions"] == (
        "ผลการปฏิบัติงาน ร้อยละ 70.00 (ประสิทธิผล ร้อยละ 50.00–60.00 · ประสิทธิภาพ ไม่เกินร้อยละ 20.00) · ศักยภาพ ร้อยละ 30.00"
    )
    assert [(group["dimension"]["title"], group["indent"], group["weight"]) for group in criteria["groups"]] == [
        ("มิติที่ 1 ผลการปฏิบัติงาน", 0, "75.00"),
        ("มิติที่ 1.1 ประสิทธิผล", 1, "60.00"),
        ("มิติที่ 1.2 ประสิทธิภาพ", 1, "15.00"),
        ("มิติที่ 2 ศักยภาพ", 0, "25.00"),
    ]
    said = criteria["framework"]
    assert (said["levels"], said["top"], said["points"], said["floor"]) == (3, "95", "50 · 75 · 100", "0")
    assert (said["cap"], said["fail"], said["places"], said["over_reported"]) == ("95", "25", "2", True)
