from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from thai.fields import NumberField, TidyCharField, TidyTextField


class Sheet(forms.Form):
    target = NumberField(required=False, min_value=-10, max_value=1000)
    weight = NumberField(max_digits=5, decimal_places=2, min_value=0)
    name = TidyCharField(max_length=300)
    definition = TidyTextField(required=False)


def sheet(**typed):
    return Sheet({"weight": "๑๒.๕๐", "name": "ร้อยละ"} | typed)


def errors(**typed):
    with translation.override("en"):
        return {field: [str(error) for error in found] for field, found in sheet(**typed).errors.items()}


def test_numbers_and_text_are_cleaned():
    form = sheet(target=" ๑,๐๐๐ ", name=" ชื่อ\nตัวชี้วัด ", definition="ย่อหน้า\r\n\r\nสอง ")
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "target": Decimal(1000),
        "weight": Decimal("12.50"),
        "name": "ชื่อ ตัวชี้วัด",
        "definition": "ย่อหน้า\n\nสอง",
    }


def test_blank_is_not_zero():
    form = sheet(target="  ")
    assert form.is_valid()
    assert form.cleaned_data["target"] is None
    assert sheet(target="0").is_valid()


def test_a_required_field_asks_to_be_filled_in():
    blank = errors(weight=" ", name=" \u0000 ")
    assert blank == {"weight": ["Please fill in this field."], "name": ["Please fill in this field."]}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-10.01", "Please type a number that is not less than -10."),
        ("1000.5", "Please type a number that is not more than 1,000."),
        ("10^400", "Please write the number out in digits, without powers such as 10^3 or 1e3."),
    ],
)
def test_a_wrong_number_is_refused_at_its_field_and_the_rest_is_kept(typed, sentence):
    assert errors(target=typed) == {"target": [sentence]}
    form = sheet(target=typed)
    assert form["target"].value() == typed
    assert not form.is_valid()
    assert form.cleaned_data["name"] == "ร้อยละ"


def test_a_text_too_long_says_the_limit_and_what_was_typed():
    long = "ก" * 100_000
    assert errors(definition=long) == {
        "definition": ["This text is too long: at most 20,000 characters, but 100,000 were typed. Please shorten it."]
    }
    assert sheet(definition=long)["definition"].value() == long
    assert sheet(definition="ก" * 20_000).is_valid()
    assert sheet(definition="ก" * 20_000 + "\r\n").is_valid()
    assert "name" in errors(name="ก" * 301)


def test_the_browser_is_not_told_to_cut_text_or_refuse_thai_digits():
    html = str(Sheet())
    assert "maxlength" not in html
    assert 'type="number"' not in html
    assert 'inputmode="decimal"' in html


def test_kept_numbers_are_shown_as_people_read_them():
    form = Sheet(initial={"target": Decimal("30.0000"), "weight": Decimal("12.5000")})
    assert form["target"].value() == "๓๐"
    assert form["weight"].value() == "๑๒.๕"


def test_a_number_typed_otherwise_is_not_a_change():
    kept = {"target": Decimal("30.0000"), "weight": Decimal("12.5000"), "name": "ร้อยละ"}
    form = Sheet({"target": "๓๐", "weight": "12.50", "name": "ร้อยละ "}, initial=kept)
    assert form.changed_data == []
    assert Sheet({"target": "๓๑", "weight": "12.50", "name": "ร้อยละ"}, initial=kept).changed_data == ["target"]
