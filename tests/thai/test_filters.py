from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

GIVEN = {
    "day": date(2026, 10, 1),
    "moment": datetime(2026, 10, 1, 3, 12, tzinfo=UTC),
    "today": date(2026, 9, 23),
    "year": 2569,
    "result": Decimal("1234.5000"),
    "score": Decimal("4.33335"),
    "frozen": "1234.50",
    "mixed": "ข้อ 12 abc",
    "nothing": None,
    "bad": "<b>1</b> & '2'",
    "good": mark_safe("<b id='x1'>1</b> &#x27;2&#x27;"),
}


def shown(expression):
    return Template("{{ " + expression + " }}").render(Context(GIVEN))


@pytest.mark.parametrize(
    ("expression", "thai", "arabic"),
    [
        ("mixed|digits", "ข้อ ๑๒ abc", "ข้อ 12 abc"),
        ("year|digits", "๒๕๖๙", "2569"),
        ("result|digits", "๑๒๓๔.๕๐๐๐", "1234.5000"),
        ("day|thai_date", "๑ ตุลาคม ๒๕๖๙", "1 ตุลาคม 2569"),
        ("day|thai_date:'short'", "๑ ต.ค. ๖๙", "1 ต.ค. 69"),
        ("moment|thai_datetime:'medium'", "๑ ต.ค. ๒๕๖๙ ๑๐.๑๒ น.", "1 ต.ค. 2569 10.12 น."),
        ("day|be", "๒๕๖๙", "2569"),
        ("year|be", "๒๕๖๙", "2569"),
        ("day|due_words:today", "อีก ๘ วัน", "อีก 8 วัน"),
        ("result|number", "๑,๒๓๔.๕", "1,234.5"),
        ("result|number:2", "๑,๒๓๔.๕๐", "1,234.50"),
        ("year|number", "๒,๕๖๙", "2,569"),
        ("frozen|number", "๑,๒๓๔.๕", "1,234.5"),
        ("frozen|score", "๑๒๓๔.๕๐๐๐", "1234.5000"),
        ("score|score", "๔.๓๓๓๔", "4.3334"),
    ],
)
def test_filters_show_the_digits_of_the_setting(settings, expression, thai, arabic):
    assert shown(expression) == thai
    settings.THAI_DIGITS = False
    assert shown(expression) == arabic


@pytest.mark.parametrize(
    "expression",
    [
        "nothing|digits",
        "nothing|thai_date",
        "nothing|thai_datetime",
        "nothing|be",
        "nothing|due_words",
        "nothing|number",
        "nothing|number:2",
        "nothing|score",
    ],
)
def test_nothing_is_a_dash(expression):
    assert shown(expression) == "–"


def test_zero_is_not_nothing():
    assert Template("{{ x|number:2 }} {{ x|score }} {{ x|digits }}").render(Context({"x": Decimal(0)})) == (
        "๐.๐๐ ๐.๐๐๐๐ ๐"
    )


def test_what_people_typed_stays_escaped():
    assert shown("bad|digits") == "&lt;b&gt;๑&lt;/b&gt; &amp; &#x27;๒&#x27;"
    assert shown("bad|escape|digits") == "&lt;b&gt;๑&lt;/b&gt; &amp; &#x27;๒&#x27;"
    assert shown("bad|linebreaksbr|digits") == "&lt;b&gt;๑&lt;/b&gt; &amp; &#x27;๒&#x27;"


def test_markup_keeps_its_digits():
    assert shown("good|digits") == "<b id='x1'>๑</b> &#x27;๒&#x27;"
    assert isinstance(GIVEN["good"], SafeString)


def test_a_lazy_text_is_read_in_the_language_of_the_moment():
    page = Template("{{ text|digits }}")
    lazy = Context({"text": gettext_lazy("Please type a number.")})
    assert page.render(lazy) == "โปรดกรอกตัวเลข"
    with translation.override("en"):
        assert page.render(lazy) == "Please type a number."


def test_english_pages_read_arabic_digits_dates_of_the_common_era_and_fiscal_years_with_their_era():
    with translation.override("en"):
        assert shown("day|thai_date:'medium'") == "1 Oct 2026"
        assert shown("moment|clock") == "10:12"
        assert shown("result|number") == "1,234.5"
        assert shown("year|be") == "B.E.\u00a02569"
        assert shown("day|be") == "B.E.\u00a02569"


# Thai on pages that aren't in Thai


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("ตม. ๑", '<bdi lang="th">ตม. ๑</bdi>'),
        ("Only staff of บก.ตม.1 write.", 'Only staff of <bdi lang="th">บก.ตม.1</bdi> write.'),
        ("บก.ตม.1 ↔ สตม.", '<bdi lang="th">บก.ตม.1 ↔ สตม.</bdi>'),
        ("ระบบ PIBICS ของ สตม.", '<bdi lang="th">ระบบ</bdi> PIBICS <bdi lang="th">ของ สตม.</bdi>'),
        ("“ร่าง” & more", '“<bdi lang="th">ร่าง</bdi>” &amp; more'),
        ("<b>ร่าง</b>", '&lt;b&gt;<bdi lang="th">ร่าง</bdi>&lt;/b&gt;'),
        ("plain <b>", "plain &lt;b&gt;"),
        (mark_safe('<b title="ก">ข</b>'), '<b title="ก"><bdi lang="th">ข</bdi></b>'),
        (mark_safe('<bdi lang="th">ข</bdi> ค'), '<bdi lang="th">ข</bdi> <bdi lang="th">ค</bdi>'),
        ("บรรทัดแรก\nบรรทัดที่สอง", '<bdi lang="th">บรรทัดแรก\nบรรทัดที่สอง</bdi>'),
    ],
)
def test_thai_on_an_english_page_is_marked_and_what_was_typed_stays_escaped(text, marked):
    page = Template("{{ text|digits }}")
    with translation.override("en"):
        once = page.render(Context({"text": text}))
        assert once == marked
        assert page.render(Context({"text": once})) == marked, "marked once"
    assert "bdi" not in page.render(Context({"text": str(text).replace("bdi", "")}))


def test_the_mark_survives_what_is_done_to_a_text_after_it():
    with translation.override("en"):
        page = Template(
            "{{ text|digits|linebreaksbr }} {% blocktranslate with x=text|digits %}{{ x }} offers{% endblocktranslate %}"
        )
        assert page.render(Context({"text": "<ก>"})) == (
            '&lt;<bdi lang="th">ก</bdi>&gt; &lt;<bdi lang="th">ก</bdi>&gt; offers'
        )


def test_an_attribute_holds_the_text_alone():
    page = Template('<a title="{{ text|plain }}">')
    marked = Context({"text": mark_safe('<bdi lang="th">ข้อ 1</bdi> &amp; 2')})
    assert page.render(Context({"text": 'ข้อ 1 "'})) == '<a title="ข้อ ๑ &quot;">'
    with translation.override("en"):
        assert page.render(marked) == '<a title="ข้อ 1 &amp; 2">'


def test_a_text_that_is_no_page_is_not_marked():
    with translation.override("en"):
        letter = Template("{% autoescape off %}{{ text|digits }}{% endautoescape %}")
        assert letter.render(Context({"text": "ถึง <ก>"})) == "ถึง <ก>"


@pytest.mark.parametrize(("value", "lang"), [("ข้อ 1", ' lang="th"'), ("item 1", ""), (None, ""), (5, "")])
def test_a_field_says_that_it_holds_thai_on_an_english_page(value, lang):
    page = Template("<input{{ value|lang_of }}>")
    assert page.render(Context({"value": value})) == "<input>"
    with translation.override("en"):
        assert page.render(Context({"value": value})) == f"<input{lang}>"


def test_a_due_date_without_a_today_counts_from_today():
    assert Template("{{ day|due_words }}").render(Context({"day": date(2000, 1, 1)})).startswith("เกินกำหนด")
