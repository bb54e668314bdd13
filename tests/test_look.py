"""The look: parts that render with what they name, colours that can be read. Its scripts: test_look_in_a_browser.py."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.utils.translation import override

from thai.fields import NumberField

ROOT = Path(__file__).resolve().parent.parent
LOOK = ROOT / "static" / "look"
OURS = sorted(
    [*ROOT.glob("templates/*.html"), *ROOT.glob("templates/parts/*.html"), *ROOT.glob("templates/django/**/*.html")]
)
AT = datetime(2026, 11, 19, 7, 8, tzinfo=UTC)

STEPS = [
    {"label": "ร่าง", "note": "3 – 21 ก.ย. 69", "state": "done"},
    {"label": "เจรจาอย่างไม่เป็นทางการ", "note": "รอบที่ 2", "state": "now"},
    {"label": "ลงนาม", "note": "", "state": "todo"},
]
LEVELS = [
    {"value": "78"},
    {"value": "81", "hit": True},
    {"value": "84", "was": "83"},
    {"value": "9", "gone": True},
    {"value": "90"},
]
REFUSALS = [{"sentence": "น้ำหนักรวมต้องเป็น 100 (ขาด 45)", "where": "#w"}, {"sentence": "ยังไม่มีตัวชี้วัดตามพันธกิจ", "where": ""}]


class LineForm(forms.Form):
    needed_later = ("weight",)
    name = forms.CharField(label="ชื่อตัวชี้วัด", help_text="ไม่เกิน 500 ตัวอักษร")
    weight = NumberField(label="น้ำหนัก", required=False)
    note = forms.CharField(label="หมายเหตุ", required=False, widget=forms.Textarea)
    read = forms.BooleanField(label="ข้าพเจ้าอ่านแล้ว", required=False)
    kind = forms.ChoiceField(label="ชนิด", choices=[("a", "ก"), ("b", "ข")], widget=forms.RadioSelect)


NAV = {
    "items": [
        {"label": "งานของฉัน", "url": "/", "icon": "inbox", "active": False, "count": 4},
        {"label": "คำรับรอง", "url": "/all", "icon": "document-check", "active": True, "count": 0, "apart": True},
    ],
    "search_url": "/find",
    "home_url": "/",
    "sign_out_url": "/out",
    "person": "พ.ต.ท.หญิง กมลชนก ใจดี",
    "person_role": "เจ้าหน้าที่แผน บก.ตม.1",
    "year": 2570,
}


def job(state, **more):
    return SimpleNamespace(**{"state": state, "done": 3, "total": 8, "error": "", **more})


# Every part, with every variable and with as few as it needs. test_every_part_has_a_specimen keeps the list whole.
SPECIMENS = {
    "badge": [{"label": "เกินกำหนด 4 วัน", "kind": "bad"}, {"label": "ร่าง", "plain": True}],
    "bare_top": [{}],
    "empty": [{"headline": "ไม่มีงานค้าง", "icon": "map", "detail": "–", "action_url": "/", "action_label": "ดู"}, {"headline": "ว่าง"}],
    "facts": [{"facts": [{"label": "ผู้ทำ", "text": "พล.ต.ต. วีระ", "url": "/"}, {"label": "คำสั่ง", "text": "512/2569"}]}],
    "field": [{"field": LineForm(auto_id="part_%s")["name"]}],
    "form_errors": [{"form": LineForm({}, auto_id="part_%s")}, {"form": LineForm()}],
    "head": [{}],
    "job": [
        {"job": job("running"), "what": "เอกสาร", "poll_url": "/job", "refresh_url": "/"},
        {"job": job("queued", total=0), "what": "เอกสาร", "poll_url": "/job", "refresh_url": "/"},
        {"job": job("failed"), "what": "เอกสาร", "poll_url": "/job", "refresh_url": "/", "retry_url": "/again", "csrf_token": "t"},
        {"job": job("done"), "what": "เอกสาร", "poll_url": "/job", "refresh_url": "/", "done_url": "/pdf", "done_label": "เปิด"},
    ],
    "levels": [{"levels": LEVELS, "hit_label": "ผลปี 2569"}, {"levels": [{"value": "1"}, {"value": "2", "hit": True}]}],
    "messages": [{"messages": [SimpleNamespace(level_tag=tag) for tag in ("success", "error", "warning", "info")]}, {"messages": []}],
    "pages": [{"page": Paginator(range(30), 10).page(2), "query": "q=x&"}, {"page": Paginator([], 10).page(1), "query": ""}],
    "pen": [
        {"mine": True, "headline": "ตาของท่าน", "detail": "เสนอแก้ 2 ตัวชี้วัด", "since": "ตั้งแต่ 19 พ.ย.", "due": "เกิน 4 วัน",
         "late": True, "action_url": "/", "action_label": "ดูข้อเสนอ"},
        {"mine": False, "headline": "ตาของ สตม."},
        {"mine": False, "over": True, "headline": "ปิดแล้ว"},
    ],
    "rail": [{"nav": NAV, "csrf_token": "t"}],
    "readiness": [{"refusals": REFUSALS, "before": "ก่อนส่ง", "ready": "พร้อม"}, {"refusals": [], "before": "ก่อนส่ง", "ready": "พร้อม"}],
    "redline": [{"pieces": [{"op": "same", "text": "นับ"}, {"op": "ins", "text": "ใหม่"}, {"op": "del", "text": "เก่า"}]}],
    "refusal": [{"headline": "ยังทำไม่ได้", "refusals": REFUSALS, "back_url": "/", "back_label": "กลับ"}, {"headline": "–", "refusals": []}],
    "saved": [{"saved_at": AT}, {"saved_at": None}],
    "score": [{"label": "รวม", "score": "4.2185", "value": "4.2185", "note": "จาก 100", "top": "5"}, {"label": "รวม", "score": "3"}],
    "sentences": [{}],
    "sign_out": [{"nav": NAV, "css": "icon-button", "csrf_token": "t"}],
    "stepper": [{"steps": STEPS}],
    "tabs": [{"tabs": [{"label": "ตัวชี้วัด", "url": "/", "active": True, "count": 4}, {"label": "ประวัติ", "url": "/", "active": False}]}],
    "timeline": [{"movements": [{"who": "ท่าน", "text": "ส่งรอบที่ 1", "at": AT, "reason": "ครบแล้ว"}, {"who": "ก", "text": "ข", "at": AT}]}],
    "top": [{"nav": NAV, "csrf_token": "t"}],
    "weight_bar": [{"total": "55.00", "state": "under", "said": "ขาด 45"}],
    "working": [{"rows": [{"label": "ช่วง", "text": "4 (21)", "note": "ปัดครึ่งขึ้น"}], "levels": LEVELS, "levels_label": "เกณฑ์"}, {"rows": []}],
}  # fmt: skip


def part(name, context):
    return render_to_string(f"parts/{name}.html", context)


def first_line(name):
    return (ROOT / f"templates/parts/{name}.html").read_text().splitlines()[0]


def page(content="", base="base.html", **context):
    template = engines["django"].from_string(
        "{% extends base %}{% block title %}ก{% endblock %}{% block content %}{{ content|safe }}{% endblock %}"
    )
    return template.render({"base": base, "content": content, "messages": [], "csrf_token": "t", **context})


def field(name, *, data=None, form_class=LineForm):
    return form_class(data)[name].as_field_group()


# The parts


def test_every_part_has_a_specimen():
    assert set(SPECIMENS) == {path.stem for path in ROOT.glob("templates/parts/*.html")}


@pytest.mark.parametrize("name", SPECIMENS)
def test_every_part_renders_with_what_its_first_line_names(name):
    for context in SPECIMENS[name]:
        part(name, context)
    assert "Variables:" in first_line(name)


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_styled_or_scripted_in_place(path):
    text = path.read_text()
    found = re.findall(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|hx-on|javascript:|hx-vals='js", text)
    assert not found


def handed_over():
    """(template, part, variable) of every `{% include "parts/…" with variable=… %}` in the house."""
    for path in ROOT.glob("templates/**/*.html"):
        for name, given in re.findall(r'{% include "parts/(\w+)\.html" with (.*?) %}', path.read_text()):
            for variable in re.findall(r"(?:^|\s)(\w+)=", given):
                yield str(path.relative_to(ROOT)), name, variable


def test_parts_are_handed_only_what_they_name():
    named = {name: set(re.findall(r"\w+", first_line(name))) for name in SPECIMENS}
    assert [one for one in handed_over() if one[2] not in named[one[1]]] == []


def test_digits_are_shown_in_one_style():
    assert "๕๕.๐๐" in part("weight_bar", SPECIMENS["weight_bar"][0])
    assert 'value="55.00"' in part("weight_bar", SPECIMENS["weight_bar"][0])
    with override("en"):
        assert "55.00</b>" in part("weight_bar", SPECIMENS["weight_bar"][0])


def test_a_changed_level_is_told_to_those_who_cannot_see_it():
    shown = part("levels", {"levels": [{"value": "15", "was": "18"}, {"value": "12", "hit": True}]})
    assert "<del>" in shown
    assert "<ins>" in shown
    assert shown.count('class="sr"') == 5


def test_a_job_asks_again_only_while_it_is_under_way():
    asks = {context["job"].state: "hx-trigger" in part("job", context) for context in SPECIMENS["job"]}
    assert asks == {"queued": True, "running": True, "done": False, "failed": False}


def test_everything_said_by_the_script_stands_in_the_template():
    words = (ROOT / "templates/parts/sentences.html").read_text()
    script = (LOOK / "look.js").read_text()
    used = set(re.findall(r'say\("(\w+)"', script)) | set(re.findall(r'"((?:sum|signed|refused|failed)\w*)"', script))
    named = {re.sub("-([a-z])", lambda match: match[1].upper(), name) for name in re.findall(r"data-([a-z-]+)=", words)}
    assert used == named - {"digits"}


# The page


def test_a_page_without_navigation_still_stands():
    shown = page("เนื้อหา")
    assert "เนื้อหา" in shown
    assert 'id="rail"' not in shown


def test_the_page_open_now_is_marked_and_signing_out_is_a_post():
    shown = page(nav=NAV)
    assert shown.count('aria-current="page"') == 1
    assert re.search(r'href="/all" aria-current="page"', shown)
    assert re.search(
        r'<form method="post" action="/out"[^>]*>\s*<input type="hidden" name="csrfmiddlewaretoken"', shown
    )


def test_what_the_head_names_exists():
    for base in ("base.html", "base_plain.html"):
        for url in re.findall(r'(?:href|src)="/static/([^"]+)"', page(base=base)):
            assert finders.find(url), url


def test_htmx_is_told_to_keep_to_the_content_security_policy():
    config = json.loads(re.search(r"name=\"htmx-config\" content='([^']+)'", part("head", {}))[1])
    assert (config["includeIndicatorStyles"], config["allowEval"]) == (False, False)


# Fields


def test_a_field_ties_its_hint_and_its_errors_to_the_control():
    shown = field("name", data={"name": ""})
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="id_name_helptext"' in shown
    assert 'id="id_name_error"' in shown
    assert shown.index('id="id_name_error"') < shown.index("<input")


@pytest.mark.parametrize(("name", "mark"), [("name", "จำเป็น"), ("weight", "ต้องมีก่อนส่ง"), ("note", "ถ้ามี")])
def test_a_field_says_whether_it_must_be_filled(name, mark):
    assert mark in field(name)


def test_a_form_may_leave_the_marks_out():
    class Quiet(LineForm):
        required_marks = False
        optional_marks = False

    assert "จำเป็น" not in field("name", form_class=Quiet)
    assert "ถ้ามี" not in field("note", form_class=Quiet)


def test_choices_stand_in_a_fieldset_with_their_legend():
    assert re.search(r"<fieldset.*<legend>\s*ชนิด", field("kind"), re.DOTALL)


def test_what_was_typed_wrongly_is_escaped_in_field_and_summary():
    form = LineForm({"name": "x", "kind": "a", "weight": "<b>1"})
    for shown in (form["weight"].as_field_group(), part("form_errors", {"form": form})):
        assert "<b>" not in shown
        assert "&lt;b&gt;" in shown


def test_the_summary_links_to_every_field_that_is_wrong():
    shown = part("form_errors", {"form": LineForm({"weight": "10^400"})})
    assert {"#id_name", "#id_weight", "#id_kind"} == set(re.findall(r'href="(#\w+)"', shown))


# Colours


def tokens(scheme):
    light, dark = (LOOK / "tokens.css").read_text().split("prefers-color-scheme: dark")
    values = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return values if scheme == "light" else values | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))


def luminance(colour):
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


STAGES = ("draft", "informal", "formal", "signing", "assessment", "evaluation", "closed")
TEXT = [
    *(("ink", ground) for ground in ("paper", "card", "raised", "head", "hover", "neutral-soft", "brand-soft", "ok-soft", "warn-soft", "bad-soft", "info-soft", "differs")),
    *(("soft", ground) for ground in ("paper", "card", "raised", "head", "hover", "neutral-soft", "brand-soft", "differs")),
    *((f"{state}", f"{state}-soft") for state in (*STAGES, "neutral", "ok", "warn", "bad", "info", "new", "old")),
    *((state, ground) for state in ("ok", "warn", "bad", "link", "brand-ink") for ground in ("card", "paper", "head", "brand-soft")),
    *((f"{ink}", ground) for ink in ("rail-ink", "rail-soft", "rail-bright") for ground in ("rail", "rail-on")),
    *(("heat-ink", f"heat-{number}") for number in range(1, 6)),
    ("link", "hover"), ("link", "bad-soft"), ("link", "differs"), ("bad", "differs"), ("hit-ink", "hit"), ("on-brand", "brand"), ("on-brand", "brand-hover"),
]  # fmt: skip
SHAPES = [("edge", "card"), ("edge", "paper"), ("edge", "raised"), ("focus", "paper"), ("focus", "card"), ("ok-fill", "card"), ("bad-fill", "card"), ("on-brand", "ok-fill"), ("gold", "rail")]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_its_ground(scheme):
    colour = tokens(scheme)
    faint = {pair: round(contrast(colour[pair[0]], colour[pair[1]]), 2) for pair in TEXT}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_and_rings_can_be_seen(scheme):
    colour = tokens(scheme)
    faint = {pair: round(contrast(colour[pair[0]], colour[pair[1]]), 2) for pair in SHAPES}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 3} == {}


@pytest.mark.parametrize("name", ["shell", "parts", "forms", "tables"])
def test_colours_stand_among_the_tokens_alone(name):
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", (LOOK / f"{name}.css").read_text())


def test_every_token_used_is_defined_and_every_one_defined_is_used():
    sheets = {path.name: path.read_text() for path in LOOK.glob("*.css")}
    defined = set(re.findall(r"--([\w-]+):", sheets["tokens.css"]))
    assert set(re.findall(r"var\(--([\w-]+)", "".join(sheets.values()))) == defined
