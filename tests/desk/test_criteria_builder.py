"""The builder of criteria: the fields of the chosen kind, filled, tried and talked about; nothing saved before it is asked."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from agreements.forms import LineForm
from agreements.models import Line
from desk.criteria_curve import HEIGHT, WIDTH, Mark, curve
from indicators.criteria import Kind
from indicators.scale import FIVE, THREE
from tests.desk.asking import filled
from tests.indicators.test_kinds_of_criteria import OF_ALL_KINDS, TARGETS

D1 = "2570-IMM-D1"
BANDS = {
    "kind": "bands",
    **{f"level_{n}": value for n, value in enumerate(("", 75, 80, 85, 90), 1)},
    **{f"upper_{n}": value for n, value in enumerate((74, 79, 84, 89, ""), 1)},
}


@pytest.fixture
def line(world):
    return world.draft.lines.first()


@pytest.fixture
def look(world, line, send):
    """look(**typed) → the page that shows what was typed, unsaved."""

    def show(**typed):
        sheet = filled(LineForm(line=line)) | {"version": line.version, "look": "1"}
        answer = send(world.people.staff, "desk:line", D1, line.pk, **sheet | typed)
        assert answer.status_code == 200
        assert Line.objects.get(pk=line.pk).version == line.version
        return answer

    return show


def names_on(answer):
    """The fields of levels that the page shows."""
    return {field.name for _column, _title, fields in answer.context["form"].tracks for field in fields}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("quantitative", {f"level_{n}" for n in range(1, 6)}),
        ("bands", {f"{column}_{n}" for column in ("level", "upper") for n in range(1, 6)}),
        ("milestone", {f"text_{n}" for n in range(1, 6)}),
        ("cumulative", {f"level_{n}" for n in range(1, 6)}),
        ("count", {f"level_{n}" for n in range(1, 6)}),
        ("projects", {f"level_{n}" for n in range(1, 6)}),
        ("units", {f"level_{n}" for n in range(1, 6)}),
        ("superior", set()),
        ("pass_fail", {"text_5"}),
    ],
)
def test_each_kind_shows_its_own_fields_before_it_is_saved(look, kind, fields):
    answer = look(kind=kind)
    assert names_on(answer) == fields
    assert ('name="averages"' in answer.content.decode()) is (kind == "units")


def test_what_is_typed_is_drawn_and_scored_without_being_saved(look, words):
    answer = look(**BANDS, past_1="82.4", trial="79.5", target="85", low_target_reason="")
    built = answer.context["criteria"]

    assert (built["last_year"].scored.score, built["tried"].scored.score) == (3, 2)
    assert [mark["kind"] for mark in built["curve"]["marks"]] == ["target", "last-year", "tried"]
    assert "79.5 อยู่ในช่วงของระดับ 2 (75–79)" in words(answer)
    assert built["described"] == "≤ 74 → 1 · 75–79 → 2 · 80–84 → 3 · 85–89 → 4 · ≥ 90 → 5"


def test_a_gap_is_told_with_its_rule_and_the_score_waits(look, words):
    answer = look(**BANDS | {"level_3": "82"})
    built = answer.context["criteria"]

    assert [(each.rule, each.field) for each in built["refused"]][:1] == [("no_gap", "level_3")]
    assert (built["curve"], built["last_year"].scored) == (None, None)
    assert "หลักเกณฑ์: ช่วงต่อเนื่องไม่ขาดตอน" in words(answer)


def test_bands_are_filled_from_start_and_step(world, line, send):
    sheet = filled(LineForm(line=line)) | {"version": line.version, "kind": "bands", "start": "70", "step": "5"}
    form = send(world.people.staff, "desk:line", D1, line.pk, **sheet | {"fill": "1"}).context["form"]

    assert [form[f"level_{n}"].value() for n in range(1, 6)] == ["", "๗๕", "๘๐", "๘๕", "๙๐"]
    assert [form[f"upper_{n}"].value() for n in range(1, 6)] == ["๗๔", "๗๙", "๘๔", "๘๙", ""]


def test_a_trial_reads_the_saved_sheet(world, line, visit, words):
    built = visit(world.people.staff, "desk:line", D1, line.pk, trial="82").context["criteria"]
    assert built["tried"].scored.score == line.criteria.score(Decimal(82)).score

    nonsense = visit(world.people.staff, "desk:line", D1, line.pk, trial="N/A")
    assert (nonsense.status_code, nonsense.context["criteria"]["tried"]) == (200, None)


def test_choosing_a_kind_saves_it_and_brings_its_fields(client, world, line):
    client.force_login(world.people.staff)
    sheet = filled(LineForm(line=line)) | {"version": line.version, "kind": "bands", "trial": "82"}
    headers = {"HX-Request": "true", "HX-Trigger-Name": "kind"}
    answer = client.post(reverse("desk:line_field", args=[D1, line.pk]), sheet, headers=headers).content.decode()

    assert Line.objects.get(pk=line.pk).kind == "bands"
    assert 'id="criteria-fields" hx-swap-oob="true"' in answer
    assert 'name="upper_3"' in answer
    assert 'id="criteria-now"' in answer


def test_another_kind_keeps_what_this_one_does_not_ask(world, line, send):
    """The page of a level of success has no values: they stand there again, and are not blanked by a save."""
    values = line.levels
    sheet = filled(LineForm(line=line)) | {"version": line.version, "kind": "milestone"}
    sheet = {name: value for name, value in sheet.items() if not name.removeprefix("initial-").startswith("level_")}
    form = send(world.people.staff, "desk:line", D1, line.pk, **sheet | {"look": "1"}).context["form"]
    assert all(form[f"level_{n}"].value() for n in range(1, 6))

    send(world.people.staff, "desk:line", D1, line.pk, **sheet)
    saved = Line.objects.get(pk=line.pk)
    assert (saved.kind, saved.levels) == ("milestone", values)


# The curve, without a page


@pytest.mark.parametrize("kind", [*OF_ALL_KINDS, Kind.TARGETS])
def test_the_curve_of_every_kind_stays_in_its_picture(kind):
    criteria = OF_ALL_KINDS.get(kind, TARGETS)
    scale = FIVE if kind in OF_ALL_KINDS else THREE
    drawn = curve(criteria, scale, [Mark("tried", "", Decimal(1), Decimal(1))])
    corners = [tuple(map(float, corner.split(","))) for corner in drawn["path"].split()]

    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in corners)
    assert corners[0][1] >= corners[-1][1]  # from the worst result to the best
    assert len(drawn["ticks"]) == len(criteria.shape(scale))


def test_a_curve_falls_where_lower_is_better():
    rising = OF_ALL_KINDS[Kind.QUANTITATIVE]
    falling = replace(rising, levels=tuple(-value for value in rising.levels))
    first, *_others, last = curve(falling, FIVE)["path"].split()
    assert float(first.split(",")[0]) > float(last.split(",")[0])
