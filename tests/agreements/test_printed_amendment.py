"""The list of what an amendment changes, as it is printed."""

from agreements.printed_amendment import amendment_in
from tests.agreements.sample_sections import sample_sections

CHANGE = {"number": "1.1", "name": "ก", "field": "level_5", "label": "ระดับ 5", "was": "1090", "now": "1087.5"}


def amended(*changes, is_leaf=True):
    sections = sample_sections()
    line = sections["lines"][0] | {"number": "1.1", "is_leaf": is_leaf}
    told = {"number": 2, "reason": "งบประมาณลดลง", "on": "2027-02-03", "changes": list(changes)}
    return amendment_in({**sections, "lines": [line], "amendment": told})


def test_what_no_amendment_led_to_lists_nothing():
    assert amendment_in(sample_sections()) is None


def test_figures_are_printed_as_elsewhere_and_wordings_as_they_are():
    wording = CHANGE | {"field": "definition", "was": "", "now": "1087.5 คำขอ"}
    (part,) = amended(CHANGE, CHANGE | {"field": "weight", "was": "5", "now": "7.5"}, wording)["parts"]

    shown = [(change["row"].was, change["row"].now) for change in part["changes"]]
    assert shown == [("1,090", "1,087.5"), ("5.00", "7.50"), ("", "1087.5 คำขอ")]
    assert (len(part["figures"]), len(part["wordings"])) == (2, 1)


def test_fields_changed_for_the_same_reason_share_its_cell():
    reasons = ("ก", "ก", "ข")
    (part,) = amended(*(CHANGE | {"field": f"level_{n}", "reason": why} for n, why in enumerate(reasons, 1)))["parts"]

    assert [change["shared_by"] for change in part["changes"]] == [2, 0, 1]


def test_what_one_with_parts_weighs_follows_from_them():
    weight = CHANGE | {"field": "weight", "was": "5", "now": "7.5", "reason": ""}

    assert [part["changes"][0]["follows"] for part in amended(weight, is_leaf=False)["parts"]] == [True]
    assert not amended(weight)["parts"][0]["changes"][0]["follows"]
    assert not amended(weight)["gives_reasons"]
