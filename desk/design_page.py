"""The one page of the design system: every part with data to show it by. The tests of the look draw the same specimens."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from agreements.models import Source
from agreements.stages import Stage
from desk.design_colours import READABLE, SCHEMES, SEEN, SHAPES, TEXT, contrast, tokens
from desk.overview_page import score_level
from results.models import Report
from thai.fields import NumberField
from thai.found import pieces

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
HELP = {"rule": "ปากกาอยู่ในมือฝ่ายเดียวในแต่ละเวลา", "help": ["พ.ต.ท.หญิง กมลชนก ใจดี (เจ้าหน้าที่แผน บก.ตม.1)"]}
REFUSALS = [
    {"sentence": "น้ำหนักรวมต้องเป็น 100 (ขาด 45)", "where": "#w", "rule": "", "help": []},
    {"sentence": "ยังไม่มีตัวชี้วัดตามพันธกิจ", "where": "", **HELP},
]


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
LANGUAGES = {
    "url": "/language/",
    "page": "/",
    "languages": [{"code": "th", "name": "ไทย", "now": True}, {"code": "en", "name": "English", "now": False}],
}
THEME = {
    "url": "/theme/",
    "forced": "",
    "choices": [
        {"value": "light", "label": "สว่าง", "icon": "sun", "now": False},
        {"value": "dark", "label": "มืด", "icon": "moon", "now": False},
        {"value": "system", "label": "ตามระบบ", "icon": "computer-desktop", "now": True},
    ],
}


@dataclass(frozen=True)
class Said:
    """A message as Django's framework gives it."""

    level_tag: str
    text: str

    def __str__(self):
        return self.text


SAID = (
    ("success", "บันทึกตัวชี้วัดที่ 1.1 แล้ว"),
    ("error", "ยังไม่ได้บันทึก โปรดลองอีกครั้ง"),
    ("warning", "น้ำหนักรวมยังไม่ครบ 100"),
    ("info", "มีข้อเสนอใหม่ 2 เรื่อง"),
)


def job(state, **more):
    return SimpleNamespace(**{"state": state, "done": 3, "total": 8, "error": "", **more})


# Every part, with every variable and with as few as it needs.
SPECIMENS = {
    "badge": [{"label": "เกินกำหนด 4 วัน", "kind": "bad"}, {"label": "ร่าง", "plain": True}],
    "bare_top": [{"language_switch": LANGUAGES, "csrf_token": "t"}],
    "door_mark": [{}],
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
    "language": [{"language_switch": LANGUAGES, "csrf_token": "t"}],
    "levels": [{"levels": LEVELS, "hit_label": "ผลปี 2569"}, {"levels": [{"value": "1"}, {"value": "2", "hit": True}]}],
    "marked": [{"pieces": pieces("ร้อยละความพึงพอใจของผู้รับบริการ ณ จุดบริการ", ["พึงพอใจ", "บริการ"])}],
    "messages": [{"messages": [Said(*each) for each in SAID]}, {"messages": []}],
    "pages": [{"page": Paginator(range(30), 10).page(2), "query": "q=x&"}, {"page": Paginator([], 10).page(1), "query": ""}],
    "pen": [
        {"mine": True, "headline": "ตาของท่าน", "detail": "เสนอแก้ 2 ตัวชี้วัด", "since": "ตั้งแต่ 19 พ.ย.", "due": "เกิน 4 วัน",
         "late": True, "action_url": "/", "action_label": "ดูข้อเสนอ"},
        {"mine": False, "headline": "ตาของ สตม."},
        {"mine": False, "over": True, "headline": "ปิดแล้ว"},
    ],
    "rail": [{"nav": NAV, "language_switch": LANGUAGES, "theme": THEME, "csrf_token": "t"}],
    "readiness": [{"refusals": REFUSALS, "before": "ก่อนส่ง", "ready": "พร้อม"}, {"refusals": [], "before": "ก่อนส่ง", "ready": "พร้อม"}],
    "redline": [{"pieces": [{"op": "same", "text": "นับ"}, {"op": "ins", "text": "ใหม่"}, {"op": "del", "text": "เก่า"}]}],
    "why_refused": [HELP, {"rule": "", "help": []}],
    "refusal": [{"headline": "ยังทำไม่ได้", "refusals": REFUSALS, "back_url": "/", "back_label": "กลับ"}, {"headline": "–", "refusals": []}],
    "request_number": [{"request_id": "4c1d6b6c9e02"}],
    "saved": [{"saved_at": AT}, {"saved_at": None}],
    "score": [{"label": "รวม", "score": "4.2185", "value": "4.2185", "note": "จาก 100", "top": "5"}, {"label": "รวม", "score": "3"}],
    "sentences": [{}],
    "sign_out": [{"nav": NAV, "css": "icon-button", "csrf_token": "t"}],
    "stepper": [{"steps": STEPS}],
    "tabs": [{"tabs": [{"label": "ตัวชี้วัด", "url": "/", "active": True, "count": 4}, {"label": "ประวัติ", "url": "/", "active": False}]}],
    "theme": [{"theme": THEME, "language_switch": LANGUAGES, "csrf_token": "t"}],
    "timeline": [{"movements": [{"who": "ท่าน", "text": "ส่งรอบที่ 1", "at": AT, "reason": "ครบแล้ว"}, {"who": "ก", "text": "ข", "at": AT}]}],
    "top": [{"nav": NAV, "language_switch": LANGUAGES, "csrf_token": "t"}],
    "weight_bar": [{"total": "55.00", "state": "under", "said": "ขาด 45"}],
    "working": [{"rows": [{"label": "ช่วง", "text": "4 (21)", "note": "ปัดครึ่งขึ้น"}], "levels": LEVELS, "levels_label": "เกณฑ์"}, {"rows": []}],
}  # fmt: skip

# Parts of the page's own frame, which stand round this page already.
FRAME = ("head", "rail", "top", "bare_top", "sign_out", "sentences", "language", "theme")

NAME = "ร้อยละของผู้โดยสารขาเข้าที่ผ่านการตรวจภายในเวลามาตรฐาน"
TYPED = {"name": "", "weight": "สิบห้า", "note": "ยังเขียนไม่เสร็จ", "kind": "a"}
ROWS = (
    ("1.1", NAME, "15.00", ("78", "81", "84", "87", "90")),
    ("1.2", "จำนวนวันเฉลี่ยในการพิจารณาคำขออยู่ต่อในราชอาณาจักรของคนต่างด้าวที่ยื่น ณ ที่ทำการและผ่านระบบออนไลน์", "10.00",
     ("30", "27", "24", "21", "18")),
    ("2.1", "Passengers satisfied with the service at the counter", "5.00", ("75", "78", "81", "84", "87")),
)  # fmt: skip
SCORES = (("บก.ตม.1", "4.80", "3.10", "2.40", "1.20"), ("บก.ตม.2", "3.60", "4.10", "5.00", "1.90"))
DIMENSIONS = ("ประสิทธิผล", "คุณภาพบริการ", "ประสิทธิภาพ", "พัฒนาองค์การ")


def design_page():
    """Context of desk/design.html."""
    disabled = LineForm(auto_id="off_%s", initial={"name": NAME, "weight": Decimal(15), "kind": "a"})
    for name in disabled.fields:
        disabled.fields[name].disabled = True
    return {
        "nav": NAV | {"sign_out_url": "", "search_url": ""},
        "schemes": [{"name": name, "swatches": _swatches(name)} for name in SCHEMES],
        "pairs": [*_pairs(TEXT, READABLE), *_pairs(SHAPES, SEEN)],
        "parts": [_part(name) for name in SPECIMENS if name not in FRAME],
        "stages": [{"value": stage.value, "label": stage.label} for stage in Stage],
        "sources": [{"value": source.value, "label": source.label} for source in Source],
        "report_stages": list(Report.Stage.labels),
        "blank_form": LineForm(auto_id="blank_%s"),
        "wrong_form": LineForm(TYPED, auto_id="wrong_%s"),
        "disabled_form": disabled,
        "rows": [_row(*row) for row in ROWS],
        "heat": [{"unit": unit, "cells": _cells(scores)} for unit, *scores in SCORES],
        "dimensions": DIMENSIONS,
    }


def _swatches(scheme):
    return [{"name": name, "colour": colour} for name, colour in sorted(tokens(scheme).items())]


def _pairs(pairs, least):
    """Each pair with its contrast in both schemes, to one decimal rounded down: nothing looks better than it is."""
    colours = {scheme: tokens(scheme) for scheme in SCHEMES}
    return [
        {
            "ink": ink,
            "ground": ground,
            "least": f"{least:.1f}",
            "sides": [_side(colours[scheme][ink], colours[scheme][ground]) for scheme in SCHEMES],
        }
        for ink, ground in pairs
    ]


def _side(ink, ground):
    return {"ink": ink, "ground": ground, "ratio": f"{int(contrast(ink, ground) * 10) / 10:.1f}"}


def _part(name):
    shown = [render_to_string(f"parts/{name}.html", context) for context in SPECIMENS[name]]
    # A specimen asks nothing of the server: what it would ask for isn't there.
    still = [mark_safe(html.replace(" hx-get=", " data-hx-off=")) for html in shown if html.strip()]
    return {"name": name, "shown": still}


def _row(number, name, weight, levels):
    cells = [{"value": value, "hit": place == 3} for place, value in enumerate(levels, 1)]
    return {"number": number, "name": name, "weight": Decimal(weight), "levels": cells}


def _cells(scores):
    return [
        {"dimension": dimension, "score": Decimal(score), "level": score_level(Decimal(score))}
        for dimension, score in zip(DIMENSIONS, scores, strict=True)
    ]
