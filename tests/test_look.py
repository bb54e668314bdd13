"""The look: parts that render with what they name, colours that can be read. Its scripts: test_look_in_a_browser.py."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from django.utils.translation import override

from desk.design_colours import READABLE, SCHEMES, SEEN, SHAPES, TEXT, faint
from desk.design_page import LANGUAGES, NAV, SPECIMENS, THEME, LineForm

ROOT = Path(__file__).resolve().parent.parent
LOOK = ROOT / "static" / "look"
OURS = sorted(
    [*ROOT.glob("templates/*.html"), *ROOT.glob("templates/parts/*.html"), *ROOT.glob("templates/django/**/*.html")]
)


def part(name, context):
    return render_to_string(f"parts/{name}.html", context)


def first_line(name):
    return (ROOT / f"templates/parts/{name}.html").read_text().splitlines()[0]


def page(content="", base="base.html", **context):
    template = engines["django"].from_string(
        "{% extends base %}{% block title %}ก{% endblock %}{% block content %}{{ content|safe }}{% endblock %}"
    )
    frame = {"messages": [], "csrf_token": "t", "language_switch": LANGUAGES, "theme": THEME}
    return template.render({"base": base, "content": content, **frame, **context})


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
    assert used == named - {"digits", "zone"}


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
    assert {"#id_name", "#id_weight", "#id_kind_0"} == set(re.findall(r'href="(#\w+)"', shown))


# Colours


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read_on_its_ground(scheme):
    assert faint(TEXT, scheme, READABLE) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_edges_and_rings_can_be_seen(scheme):
    assert faint(SHAPES, scheme, SEEN) == {}


def test_a_faint_pair_would_be_found():
    assert list(faint([("ink", "paper"), ("line", "card")], "light", READABLE)) == [("line", "card")]


@pytest.mark.parametrize("name", ["shell", "parts", "forms", "tables"])
def test_colours_stand_among_the_tokens_alone(name):
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", (LOOK / f"{name}.css").read_text())


def test_every_token_used_is_defined_and_every_one_defined_is_used():
    sheets = {path.name: path.read_text() for path in LOOK.glob("*.css")}
    defined = set(re.findall(r"--([\w-]+):", sheets["tokens.css"]))
    assert set(re.findall(r"var\(--([\w-]+)", "".join(sheets.values()))) == defined
