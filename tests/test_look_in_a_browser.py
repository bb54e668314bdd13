"""The look in a real browser: no page scrolls sideways, nothing breaks the policy, no typed letter is lost."""

import mimetypes
import re
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from csp.utils import build_policy
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from playwright.sync_api import expect, sync_playwright

from agreements.items_form import ItemsField, ItemsForm, ItemsTable
from desk.design_page import FRAME, LANGUAGES, NAV, SPECIMENS, STEPS, THEME, LineForm, design_page
from tests.test_look import page, part

SITE = "http://look.test/"


def all_parts():
    """Every part of the look. Rendered by the tests: before them nobody yet sees what a template was not given."""
    body = "".join(part(name, context) for name in SPECIMENS if name not in FRAME for context in SPECIMENS[name])
    return f"<h1>ส่วนต่าง ๆ</h1><div class='card'>{body}</div><div class='card'>{LineForm(auto_id='whole_%s')}</div>"


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """visit(html, **context options): the page under the product's own policy; what the browser complained of is in `.complaints`."""
    contexts = []

    def visit(html, *, answer=None, **options):
        context = chromium.new_context(**options)
        contexts.append(context)
        tab = context.new_page()
        tab.complaints, tab.posted = [], []
        tab.on("console", lambda message: message.type == "error" and tab.complaints.append(message.text))
        tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.route("**/*", lambda route: serve(route, html, answer, tab.posted))
        tab.goto(SITE)
        return tab

    yield visit
    for context in contexts:
        context.close()


def serve(route, html, answer, posted):
    """The page, the project's static files, and `answer(route, posts so far)` to every POST."""
    path = route.request.url.removeprefix(SITE)
    if route.request.method == "POST":
        posted.append(route.request.post_data)
        answer(route, len(posted))
    elif path.startswith("static/"):
        file = Path(finders.find(path.removeprefix("static/")))
        route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file)[0] or "font/ttf")
    else:
        route.fulfill(
            body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": build_policy()}
        )


FIELD = '<div class="field" id="f"><label for="a">ชื่อ</label><input id="a" name="a" value="%s"></div>'


THE_HOUR = "Mon, 23 Nov 2026 03:42:10 GMT"


def answering(status, body=""):
    headers = {"Date": THE_HOUR, "Content-Type": "text/html; charset=utf-8"}
    return lambda route, _count: route.fulfill(status=status, body=body, headers=headers)


def autosaving(**attributes):
    extra = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return page(
        f'<form data-guard data-primary hx-post="/save" hx-trigger="change" hx-swap="none"{extra}>{part("saved", {"saved_at": None})}'
        f'{FIELD % "เดิม"}<button class="btn go">บันทึก</button></form>',
        nav=NAV,
    )


# The page


@pytest.mark.parametrize("width", [360, 390, 768, 1440])
@pytest.mark.parametrize("base", ["base.html", "base_plain.html"])
def test_no_page_scrolls_sideways(visit, width, base):
    tab = visit(page(all_parts(), base=base, nav=NAV), viewport={"width": width, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.complaints == []


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_assistive_technology(visit, width, scheme):
    tab = visit(
        page(all_parts(), nav=NAV), viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    # The specimens hold some parts twice, so ids and landmarks repeat here as they don't on a page.
    rules = {name: {"enabled": False} for name in ("landmark-unique", "heading-order")}
    found = Axe().run(tab, options={"rules": rules})
    assert found.violations_count == 0, found.generate_report()


def test_a_finger_can_hit_every_button_on_a_phone(visit):
    tab = visit(page(all_parts(), nav=NAV), viewport={"width": 360, "height": 800}, has_touch=True)
    small = tab.evaluate(
        """[...document.querySelectorAll('button, .btn, .top a, .tabs a, .check, summary')]
        .filter(one => one.offsetParent && one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"""
    )
    assert small == []


def test_the_menu_opens_on_a_phone_without_javascript(visit):
    tab = visit(page("ก", nav=NAV), viewport={"width": 390, "height": 800}, java_script_enabled=False)
    expect(tab.get_by_role("link", name="คำรับรอง", exact=True)).to_be_hidden()
    tab.get_by_role("button", name="เมนู").click()
    expect(tab.get_by_role("link", name="คำรับรอง", exact=True)).to_be_visible()
    expect(tab.get_by_role("button", name="ออกจากระบบ")).to_be_visible()


def test_the_first_tab_stop_leads_past_the_menu(visit):
    tab = visit(page("ก", nav=NAV))
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="ข้ามไปยังเนื้อหา")).to_be_in_viewport()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_be_focused()


def test_a_phone_shows_the_stage_now_and_the_rest_on_asking(visit):
    tab = visit(page(part("stepper", {"steps": STEPS}), nav=NAV), viewport={"width": 360, "height": 800})
    expect(tab.get_by_text("ขั้นที่ ๒ จาก ๓")).to_be_visible()
    expect(tab.get_by_text("ลงนาม").locator("visible=true")).to_have_count(0)
    tab.locator("summary").click()
    expect(tab.get_by_text("ลงนาม").locator("visible=true")).to_have_count(1)


def test_paper_holds_the_content_alone(visit):
    tab = visit(page(all_parts(), nav=NAV))
    tab.emulate_media(media="print")
    for gone in (".rail", ".top", ".tabs", ".btn"):
        expect(tab.locator(gone).locator("visible=true")).to_have_count(0)
    expect(tab.get_by_role("heading", name="ส่วนต่าง ๆ")).to_be_visible()


# Weights and levels


@pytest.mark.parametrize(
    ("typed", "total", "said"),
    [
        (["๓๐", "30.10", "๑๐"], "๗๐.๑๐", "ขาดอีก ๒๙.๙"),
        (["33.33", "33.33", "33.34"], "๑๐๐.๐๐", "ครบ ๑๐๐"),
        (["60", "60", ""], "๑๒๐.๐๐", "เกิน ๑๐๐ อยู่ ๒๐"),
        (["60", "abc", "1e3"], "๖๐.๐๐", "ขาดอีก ๔๐"),
    ],
)
def test_weights_are_added_up_as_they_are_typed(visit, typed, total, said):
    inputs = "".join(f'<input data-weight aria-label="{number}">' for number in range(3))
    tab = visit(page(inputs + part("weight_bar", SPECIMENS["weight_bar"][0]), nav=NAV))
    for box, text in zip(tab.locator("[data-weight]").all(), typed, strict=True):
        box.fill(text)
    expect(tab.locator("[data-sum]")).to_have_text(total)
    expect(tab.locator("[data-said]")).to_contain_text(said)


LEVELS_FORM = (
    '<form method="post" action="/fill"><div data-levels><input data-level-start aria-label="start"><input data-level-step aria-label="step">'
    + "".join(f'<input data-level="{n}" aria-label="level {n}">' for n in range(1, 6))
    + "<button data-fill-levels>เติม</button></div></form>"
)


@pytest.mark.parametrize(
    ("start", "step", "filled"),
    [
        ("78", "3", "๗๘ ๘๑ ๘๔ ๘๗ ๙๐"),
        ("๓๐", "−3", "๓๐ ๒๗ ๒๔ ๒๑ ๑๘"),
        ("0.1", "0.2", "๐.๑ ๐.๓ ๐.๕ ๐.๗ ๐.๙"),
        ("1,000", "-300", "๑๐๐๐ ๗๐๐ ๔๐๐ ๑๐๐ -๒๐๐"),
    ],
)
def test_five_levels_are_filled_from_start_and_step(visit, start, step, filled):
    tab = visit(page(LEVELS_FORM, nav=NAV))
    tab.get_by_label("start").fill(start)
    tab.get_by_label("step").fill(step)
    tab.get_by_role("button", name="เติม").click()
    assert [box.input_value() for box in tab.locator("[data-level]").all()] == filled.split()
    assert tab.posted == []


def test_what_the_script_cannot_read_is_left_to_the_server(visit):
    tab = visit(page(LEVELS_FORM, nav=NAV), answer=answering(200, "ok"))
    tab.get_by_label("start").fill("สามสิบ")
    tab.get_by_role("button", name="เติม").click()
    tab.wait_for_url("**/fill")
    assert len(tab.posted) == 1


PASTE_FORM = (
    "<form><div data-paste>"
    + "".join(
        f'<input data-cell="{column}-{n}" aria-label="{column} {n}">'
        for column in ("level", "upper")
        for n in range(1, 6)
    )
    + "</div></form>"
)
PASTE = """([target, text]) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.querySelector(`[data-cell="${target}"]`)
        .dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.mark.parametrize(
    ("target", "pasted", "level", "upper"),
    [
        ("level-1", "60\t65\t70\t75\t80\r\n", "60 65 70 75 80", ""),
        ("level-2", "65\n70\n75", "- 65 70 75 -", ""),
        ("level-1", "60\t64\n65\t69\n70\t74\n75\t79\n80\t100\n", "60 65 70 75 80", "64 69 74 79 100"),
        ("level-1", "60\t65\t70\t75\t80\n64\t69\t74\t79\t100", "60 65 70 75 80", "64 69 74 79 100"),
        ("upper-4", "1\t2\t3\t4", "", "- - - 1 2"),
        # Excel puts a cell of several lines between quotation marks, and a line's end after the last row.
        ("level-1", '60\t"6""5\n"\t70\r\n', '60 6"5 70 - -', ""),
    ],
)
def test_cells_copied_from_excel_fill_the_levels(visit, target, pasted, level, upper):
    tab = visit(page(PASTE_FORM, nav=NAV))
    tab.evaluate(PASTE, [target, pasted])
    for column, wanted in (("level", level), ("upper", upper)):
        found = [box.input_value() for box in tab.locator(f'[data-cell^="{column}"]').all()]
        assert found == ["" if each == "-" else each for each in wanted.split() or "-----"]


def test_rows_copied_from_excel_fill_the_list_of_what_a_result_is_made_of(visit):
    rows = render_to_string("desk/_item_rows.html", {"form": ItemsForm(), "swap": False})
    html = page(f'<form hx-post="/"><table id="items">{rows}</table></form>', nav=NAV)
    tab = visit(html.replace("</head>", '<script src="/static/desk/sheet.js" defer></script></head>'))
    tab.evaluate("""() => {
        document.querySelectorAll(".of-symbol").forEach((cell) => { cell.hidden = true; });
        window.changes = 0;
        document.getElementById("items").addEventListener("change", () => { window.changes += 1; });
        const data = new DataTransfer();
        data.setData("text/plain", "ก\\tแห่ง\\t30\\r\\nข\\tแห่ง\\t30\\r\\n\\"ค\\nต่อ\\"\\tแห่ง\\t40\\tเกิน\\r\\n");
        document.getElementById("items-1-text")
            .dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }""")
    cells = {box.get_attribute("name"): box.input_value() for box in tab.locator("#items input").all()}
    kept = ItemsField().clean(ItemsTable().value_from_datadict(cells, {}, "items"))
    assert [tuple(item.values()) for item in kept] == [
        ("", "ก", "แห่ง", "30"),
        ("", "ข", "แห่ง", "30"),
        ("", "ค ต่อ", "แห่ง", "40"),
    ]
    assert tab.locator("#items tr").last.locator(".no").text_content() == "๔"
    assert tab.locator("#items-3-text").get_attribute("aria-label").endswith("๔")
    assert tab.evaluate("window.changes") == 1


# Saving by itself


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, re.compile("^บันทึกแล้ว [๐-๙]{2}\\.[๐-๙]{2} น\\.$")),
        (401, re.compile("ท่านออกจากระบบแล้ว")),
        (422, re.compile("โปรดอ่านคำแนะนำ")),
        (409, re.compile("โปรดอ่านคำแนะนำ")),
        (500, re.compile("ระบบไม่ตอบ")),
        (None, re.compile("ระบบไม่ตอบ")),
    ],
)
def test_the_state_of_saving_is_said(visit, status, said):
    answer = answering(status) if status else lambda route, _count: route.abort()
    tab = visit(autosaving(), answer=answer)
    tab.get_by_label("ชื่อ").fill("ใหม่")
    expect(tab.locator("[data-save-status]")).to_have_text("ยังไม่ได้บันทึก")
    tab.get_by_label("ชื่อ").blur()
    expect(tab.locator("[data-save-status] span")).to_have_text(said)
    expect(tab.get_by_label("ชื่อ")).to_have_value("ใหม่")


@pytest.mark.parametrize(("status", "asked"), [(200, False), (500, True), (401, True)])
def test_leaving_is_asked_about_while_something_is_unsaved(visit, status, asked):
    tab = visit(autosaving(), answer=answering(status))
    dialogs = []
    tab.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    tab.get_by_label("ชื่อ").fill("ใหม่")
    tab.get_by_label("ชื่อ").blur()
    expect(tab.locator("[data-save-status]")).to_have_attribute("data-state", "saved" if status == 200 else "failed")
    tab.goto(SITE + "elsewhere")
    assert dialogs == (["beforeunload"] if asked else [])


@pytest.mark.parametrize("leaves", ["language", "sign-out"])
def test_the_switch_of_languages_and_signing_out_ask_before_they_take_what_is_typed(visit, leaves):
    tab = visit(page(f"<form data-guard>{FIELD % ''}</form>", nav=NAV), viewport={"width": 1440, "height": 600})
    dialogs = []
    tab.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.dismiss()))
    tab.get_by_label("ชื่อ").fill("ใหม่")
    tab.locator(f".top form.{leaves} button").last.click()
    expect(tab.get_by_label("ชื่อ")).to_have_value("ใหม่")
    assert dialogs == ["beforeunload"]


@pytest.mark.parametrize("width", [1440, 360])
def test_a_refusal_that_comes_while_a_button_is_held_down_takes_no_click(visit, width):
    foot = f'<div class="form-foot"><button class="btn go">บันทึก</button>{part("saved", {"saved_at": None})}</div>'
    form = f'<form data-guard hx-post="/save" hx-trigger="change" hx-swap="none" method="post">{FIELD % "เดิม"}{foot}</form>'
    tab = visit(page(form, nav=NAV), answer=answering(401), viewport={"width": width, "height": 400})
    button = tab.get_by_role("button", name="บันทึก")
    tab.get_by_label("ชื่อ").fill("ใหม่")
    place = button.bounding_box()
    button.hover()
    tab.mouse.down()  # leaves the field, which saves itself and is refused before the finger is lifted
    expect(tab.locator("[data-save-status]")).to_have_attribute("data-state", "failed")
    assert button.bounding_box() == place
    with tab.expect_request(lambda request: request.is_navigation_request()):
        tab.mouse.up()


def test_a_field_that_is_saved_says_so_while_another_is_typed_in(visit):
    held = []
    one = FIELD.replace("<input", '<input hx-post="/save" hx-trigger="change" hx-swap="none"') % ""
    other = one.replace('id="f"', 'id="g"').replace('"a"', '"b"').replace("ชื่อ", "นิยาม")
    html = page(f"<form data-guard>{part('saved', {'saved_at': None})}{one}{other}</form>", nav=NAV)
    tab = visit(html, answer=lambda route, _count: held.append(route))
    tab.get_by_label("ชื่อ").fill("ใหม่")
    tab.get_by_label("นิยาม").focus()
    tab.get_by_label("นิยาม").press_sequentially("ก")
    expect(tab.locator("[data-save-status]")).to_have_attribute("data-state", "typing")
    held[0].fulfill(body="")
    expect(tab.locator("#f")).to_have_attribute("data-state", "saved")
    expect(tab.locator("#g")).not_to_have_attribute("data-state", re.compile("."))
    expect(tab.locator("[data-save-status]")).to_have_text("ยังไม่ได้บันทึก")


def test_an_answer_is_swapped_in_when_the_server_refuses(visit):
    html = autosaving(hx_target="#f", hx_select="#f", hx_swap="outerHTML").replace('hx-swap="none" ', "")
    tab = visit(html, answer=answering(422, FIELD.replace("</div>", "<p>ยาวเกินไป</p></div>") % "ใหม่"))
    tab.get_by_label("ชื่อ").fill("ใหม่")
    tab.get_by_label("ชื่อ").blur()
    expect(tab.get_by_text("ยาวเกินไป")).to_be_visible()


def test_a_swap_takes_neither_letters_nor_the_caret_from_the_typist(visit):
    held = []
    html = autosaving(hx_target="#f", hx_swap="outerHTML").replace('hx-swap="none" ', "").replace("change", "input")
    tab = visit(html, answer=lambda route, _count: held.append(route))
    box, state = tab.get_by_label("ชื่อ"), tab.locator("[data-save-status]")
    box.fill("กง")
    expect(state).to_have_attribute("data-state", "saving")
    box.press("ArrowLeft")
    box.press_sequentially("ขค")
    held[0].fulfill(body=FIELD % "กง", content_type="text/html; charset=utf-8")
    expect(box).to_have_value("กขคง")
    expect(box).to_be_focused()
    assert box.evaluate("box => box.selectionStart") == 3
    # What was typed meanwhile is sent as well, and only that answer says "saved".
    expect(state).to_have_attribute("data-state", "saving")
    assert parse_qs(tab.posted[1])["a"] == ["กขคง"]
    held[1].fulfill(body=FIELD % "กขคง", content_type="text/html; charset=utf-8")
    expect(state).to_have_attribute("data-state", "saved")
    assert len(tab.posted) == 2


def test_control_s_saves(visit):
    tab = visit(autosaving(hx_trigger="submit").replace('hx-trigger="change" ', ""), answer=answering(200))
    tab.get_by_label("ชื่อ").fill("ใหม่")
    tab.keyboard.press("Control+s")
    expect(tab.locator("[data-save-status]")).to_have_attribute("data-state", "saved")
    assert len(tab.posted) == 1


# For who hears the page


def spoken(tab):
    """From now on, keep what the live region says, in `heard` of the window."""
    tab.evaluate(
        """() => { window.heard = []; new MutationObserver(() => heard.push(document.getElementById('said').textContent))
        .observe(document.getElementById('said'), { childList: true, characterData: true, subtree: true }) }"""
    )


def test_the_time_of_saving_is_the_servers_wherever_the_device_is(visit):
    tab = visit(autosaving(), answer=answering(200), timezone_id="America/New_York")
    tab.get_by_label("ชื่อ").fill("ใหม่")
    tab.get_by_label("ชื่อ").blur()
    expect(tab.locator("[data-save-status] span")).to_have_text("บันทึกแล้ว ๑๐.๔๒ น.")


def test_saving_is_told_once_and_typing_never(visit):
    tab = visit(autosaving(), answer=answering(200))
    spoken(tab)
    tab.get_by_label("ชื่อ").press_sequentially("ใหม่กว่าเดิม", delay=20)
    tab.wait_for_timeout(1000)
    assert tab.evaluate("heard") == []
    tab.get_by_label("ชื่อ").blur()
    expect(tab.locator("#said")).to_have_text("บันทึกแล้ว ๑๐.๔๒ น.")
    assert tab.evaluate("heard.length") == 1


def test_the_sum_of_the_weights_is_told_when_the_typing_pauses(visit):
    inputs = '<input data-weight aria-label="1"><input data-weight aria-label="2">'
    tab = visit(page(inputs + part("weight_bar", SPECIMENS["weight_bar"][0]), nav=NAV))
    spoken(tab)
    tab.get_by_label("1", exact=True).press_sequentially("55.25", delay=30)
    tab.get_by_label("2", exact=True).press_sequentially("44.75", delay=30)
    expect(tab.locator("#said")).to_have_text("น้ำหนักรวม: ครบ ๑๐๐")
    assert tab.evaluate("heard.length") == 1


def test_what_is_said_of_an_autosaved_field_is_tied_to_it_until_it_is_right(visit):
    def answer(route, count):
        note = '<div id="a_autosave" class="autosave-note" hx-swap-oob="true">%s</div>'
        body = note % ("<p class='err' role='alert'>ยาวเกินไป</p>" if count == 1 else "")
        answering(422 if count == 1 else 200, body)(route, count)

    form = f'<form hx-post="/save" hx-trigger="change" hx-target="#autosaved">{FIELD % "เดิม"}<div id="a_autosave" class="autosave-note"></div></form><div id="autosaved"></div>'
    tab = visit(page(form, nav=NAV), answer=answer)
    field = tab.get_by_label("ชื่อ")
    field.fill("ยาว" * 9)
    field.blur()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("ยาวเกินไป")
    field.fill("สั้น")
    field.blur()
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("")


def test_a_swap_leaves_the_focus_where_it_was(visit):
    made = '<div id="job"><p>ทำอยู่</p><a href="/x">ดูอีกครั้ง</a> <a href="/y">ยกเลิก</a></div>'
    tab = visit(
        page(f'<form hx-post="/poll" hx-target="#job" hx-swap="outerHTML" hx-trigger="poll">{made}</form>', nav=NAV),
        answer=answering(200, made),
    )
    tab.get_by_role("link", name="ยกเลิก").focus()
    tab.get_by_role("link", name="ยกเลิก").evaluate("one => { one.dataset.old = 1 }")
    tab.evaluate("document.querySelector('main form').dispatchEvent(new Event('poll'))")
    expect(tab.locator("[data-old]")).to_have_count(0)
    expect(tab.get_by_role("link", name="ยกเลิก")).to_be_focused()


def test_where_no_element_at_all_has_the_focus_a_swap_and_a_save_go_on(visit):
    """Browsers give null for the focused element while a page is taken down or put together."""
    tab = visit(
        page(
            '<form data-primary hx-post="/poll" hx-target="#job" hx-swap="outerHTML"><p id="job">ก</p></form>', nav=NAV
        ),
        answer=answering(200, '<p id="job" data-new>ข</p>'),
    )
    tab.evaluate("Object.defineProperty(document, 'activeElement', { get: () => null })")
    tab.keyboard.press("Control+s")
    expect(tab.locator("[data-new]")).to_be_visible()
    tab.wait_for_timeout(200)  # what comes after a swap
    assert (tab.complaints, len(tab.posted)) == ([], 1)


# The design system


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_of_the_design_system_stands_in_both_themes_at_every_width(visit, theme):
    frame = {"messages": [], "csrf_token": "t", "language_switch": LANGUAGES, "theme": THEME | {"forced": theme}}
    tab = visit(
        render_to_string("desk/design.html", design_page() | frame), bypass_csp=True, color_scheme="no-preference"
    )
    for width in (360, 768, 1024, 1440):
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.complaints == []
    dark = tab.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(20, 19, 22)"
    assert dark is (theme == "dark")
    specimens_repeat = {name: {"enabled": False} for name in ("heading-order", "landmark-unique")}
    found = Axe().run(tab, options={"rules": specimens_repeat})
    assert found.violations_count == 0, found.generate_report()
