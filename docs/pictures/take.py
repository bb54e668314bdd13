"""Pictures of the running demo, by a browser. See bin/pictures."""

import argparse
import os
import shutil
import subprocess
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ADDRESS = f"http://localhost:{os.environ.get('PORT', '8000')}"
PASSWORD = "kham-rap-rong"
DESK, LONG, WINDOW, TALL, PHONE = (1440, 1000), (1440, 1780), (1200, 780), (1200, 1320), (360, 760)
THEMES = ("light", "dark")
BESIDE_THE_MANUAL = Path(__file__).parent.parent / "manual" / "pictures"
README = (
    # file, user, path, size; a path that ends with > leads on by the first name in the page's table
    ("agreement", "kamolchanok", "/agreements/{year}-IMM-D1/", DESK),
    ("negotiation", "kamolchanok", "/agreements/{year}-IMM-D1/negotiation/", DESK),
    ("signing-phone", "somchai", "/agreements/{year}-IMM-TEC/signing/", PHONE),
    ("report", "malee", "/agreements/{last}-IMM/reports/3/", LONG),
    ("card", "malee", "/agreements/{last}-IMM/reports/3/>", LONG),
    ("forecast", "malee", "/agreements/{last}-IMM/forecast/", LONG),
    ("evaluation", "wichai", "/agreements/{last}-IMM-D1/evaluation/", LONG),
    ("appeal", "wichai", "/agreements/{last}-IMM-INV/appeal/", LONG),
    ("overview", "nattaya", "/overview/IMM/?year={last}", LONG),
    ("incentives", "nattaya", "/incentives/{last}/IMM/", DESK),
    ("redline", "thana", "/agreements/{last}-IMM-D6/redline/", LONG),
    ("sitting-phone", "somchai", "/signing/", PHONE),
    ("sitting-read-phone", "somchai", "/agreements/{year}-IMM-TEC/signing/read/", PHONE),
    ("amendment", "busaba", "/agreements/{year}-TPB/amendments/1/", DESK),
    ("amendment-signing-phone", "somchai", "/agreements/{year}-IMM-TRN/amendments/1/signing/", PHONE),
)
# The document set whose every page is taken: of the agreement whose amendment is in force.
SET, PAGE_LENGTH = "/agreements/{last}-IMM-D6/documents/", 877
MANUAL = (
    ("home", "kamolchanok", "/", WINDOW),
    ("overview", "somchai", "/overview/?year={last}", DESK),
    ("cascade", "somchai", "/cascade/IMM/?year={last}", DESK),
    ("search", "kamolchanok", "/search/?q=ขออยู่ต่อ", WINDOW),
    ("units", "kamolchanok", "/units/", WINDOW),
    ("unit", "kamolchanok", "/units/IMM-D1/", WINDOW),
    ("profile", "kamolchanok", "/profile/", WINDOW),
    ("agreement", "kamolchanok", "/agreements/{year}-IMM-D1/", WINDOW),
    ("plan", "napat", "/agreements/{year}-IMM-D2/plan/", WINDOW),
    ("weights", "napat", "/agreements/{year}-IMM-D2/weights/", TALL),
    ("answer", "kamolchanok", "/agreements/{year}-IMM-D1/negotiation/", TALL),
    ("submit", "manop", "/agreements/{year}-IMM-D4/move/submit/", WINDOW),
    ("sign-phone", "nuanchan", "/agreements/{year}-IMM-GS/signing/", PHONE),
    ("negotiate", "thana", "/agreements/{year}-IMM-D5/negotiation/", WINDOW),
    ("minutes", "thana", "/agreements/{year}-IMM-D6/minutes/", TALL),
    ("countersign-phone", "somchai", "/agreements/{year}-IMM-TEC/signing/", PHONE),
    ("evaluate", "wichai", "/agreements/{last}-IMM-D1/evaluation/", DESK),
    ("amendment", "busaba", "/agreements/{year}-TPB/amendments/1/", TALL),
    ("sign-amendment-phone", "somchai", "/agreements/{year}-IMM-TRN/amendments/1/signing/", PHONE),
    ("year", "suda", "/years/{year}/", WINDOW),
    ("history", "niti", "/agreements/{year}-IMM-D1/history/", WINDOW),
    ("people", "arthit", "/people/", WINDOW),
)
SCREENS = {
    "": ("/sign-in/", "/verify/", "/verify/log/", "/nowhere/"),
    "kamolchanok": (
        "/",
        "/agreements/",
        "/agreements/{year}-IMM-D1/",
        "/agreements/{year}-IMM-D1/plan/",
        "/agreements/{year}-IMM-D1/weights/",
        "/agreements/{year}-IMM-D1/lines/add/",
        "/agreements/{year}-IMM-D1/negotiation/",
        "/agreements/{year}-IMM-D1/documents/",
        "/agreements/{year}-IMM-D1/history/",
        "/agreements/{year}-IMM-D1/why/",
        "/agreements/{year}-IMM-D1/move/hand_to_office/",
        "/agreements/{last}-IMM-D1/evaluation/",
        "/agreements/{last}-IMM-D1/reports/3/",
        "/overview/?year={last}",
        "/cascade/",
        "/search/?q=ขออยู่ต่อ",
        "/units/",
        "/units/IMM-D1/",
        "/profile/",
        "/profile/password/",
        "/profile/second-factor/",
        "/manual/",
        "/manual/staff/",
        "/years/",
    ),
    "napat": (
        "/",
        "/agreements/{year}-IMM-D2/",
        "/agreements/{year}-IMM-D2/plan/",
        "/agreements/{year}-IMM-D2/carry/",
        "/agreements/{last}-IMM-D2/evaluation/",
        "/agreements/{last}-IMM-D2/appeal/",
    ),
    "thana": ("/", "/agreements/{year}-IMM-D5/negotiation/", "/agreements/{year}-IMM-D6/negotiation/"),
    "busaba": (
        "/agreements/{year}-TPB/amendments/",
        "/agreements/{year}-TPB/amendments/1/",
        "/agreements/{year}-TPB/amendments/1/move/answer/",
    ),
    "orawan": ("/agreements/{year}-TPB/amendments/1/",),
    "somchai": (
        "/signing/",
        "/agreements/{year}-IMM-TRN/amendments/1/",
        "/agreements/{year}-IMM-TRN/amendments/1/signing/",
        "/agreements/{year}-IMM-TEC/signing/read/",
        "/",
        "/overview/?year={last}",
        "/cascade/IMM/?year={last}",
        "/agreements/{year}-IMM-TEC/signing/",
        "/agreements/{last}-IMM-D3/move/release/",
    ),
    "nuanchan": ("/agreements/{year}-IMM-GS/signing/",),
    "manop": ("/agreements/{year}-IMM-D4/move/submit/",),
    "wichai": (
        "/",
        "/agreements/{last}-IMM-D1/evaluation/",
        "/agreements/{last}-IMM-D1/evaluation/visits/new/",
        "/agreements/{last}-IMM-D4/reports/2/",
        "/agreements/{last}-IMM-INV/appeal/",
    ),
    "malee": ("/agreements/{last}-IMM/reports/3/", "/agreements/{last}-IMM/forecast/"),
    "nattaya": ("/agreements/{last}-IMM-D1/exclusions/", "/incentives/{last}/IMM/", "/incentives/{last}/IMM/terms/"),
    "suda": (
        "/",
        "/units/?at=IMM",
        "/units/IMM/",
        "/agreements/",
        "/overview/?year={last}",
        "/cascade/RTP/?year={last}",
        "/years/",
        "/years/{year}/",
        "/years/{year}/change/",
        "/years/{year}/framework/1/",
        "/years/open/",
    ),
    "arthit": ("/", "/agreements/", "/people/", "/people/new/", "/people/1/", "/people/1/edit/"),
}
# The builder of criteria, kind by kind: what is typed into it, by the names of its fields. Without a script nothing is saved.
FALLING = {f"level_{n}": value for n, value in enumerate(("30", "27", "24", "21", "18"), 1)}
RISING = {f"level_{n}": value for n, value in enumerate(("60", "65", "70", "75", "80"), 1)}
LISTED = {f"items-{n}-text": text for n, text in enumerate(("สำรวจความต้องการ", "จัดทำร่าง", "รับฟังความเห็น"))}
BUILDERS = {
    "quantitative": FALLING | {"past_1": "20.1", "target": "21", "trial": "25.5"},
    "bands": {f"level_{n}": value for n, value in enumerate(("", "75", "80", "85", "90"), 1)}
    | {f"upper_{n}": value for n, value in enumerate(("74", "79", "84", "89", ""), 1)}
    | {"past_1": "82.4", "target": "85", "trial": "79.5"},
    "milestone": {f"text_{n}": f"ขั้นที่ {n} แล้วเสร็จ" for n in range(1, 6)} | {"past_1": "2", "target": "4"},
    "cumulative": LISTED | {"level_1": "1", "level_2": "2", "level_3": "3", "past_1": "2", "target": "3"},
    "count": {f"level_{n}": str(2 * n) for n in range(1, 6)} | {"past_1": "5", "target": "8"},
    "projects": RISING | LISTED | {"past_1": "66.5", "target": "75"},
    "units": RISING | LISTED | {"past_1": "66.5", "target": "75"},
    "superior": {"past_1": "3.9", "target": "4"},
    "pass_fail": {"text_5": "ได้รับใบรับรองมาตรฐานภายในปีงบประมาณ", "past_1": "0", "target": "1"},
}
IN_THE_MANUAL = ("bands",)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--all", metavar="FOLDER", type=Path)
    arguments.add_argument("--manual", action="store_true")
    arguments.add_argument("--only", metavar="NAME", nargs="+", default=[])
    given = arguments.parse_args()
    everything = bool(given.all)
    folder = given.all or (BESIDE_THE_MANUAL if given.manual else Path(__file__).parent)
    screens = every_screen() if everything else MANUAL if given.manual else README
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        year = newest_year(browser)
        for name, user, path, size, *theme in screens:
            if given.only and name not in given.only:
                continue
            page = signed_in(browser, user, size, *theme)
            page.goto(ADDRESS + path.removesuffix(">").format(year=year, last=year - 1))
            if path.endswith(">"):
                page.locator("main table a.name").first.click()
                page.wait_for_load_state()
            target = folder / f"{name}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            if given.manual and size != PHONE:
                page.screenshot(path=target, clip=content_of(page))
            else:
                page.screenshot(path=target, full_page=everything)
            page.context.close()
            made_small(target)
        if not (everything or given.manual) and (not given.only or "set" in given.only):
            take_set(browser, SET.format(last=year - 1), folder / "set")
        if everything or (given.manual and not given.only):
            kinds, themes = (BUILDERS, THEMES) if everything else (IN_THE_MANUAL, THEMES[:1])
            take_builders(browser, f"/agreements/{year}-IMM-D2/", folder, themes, kinds)
        browser.close()


def take_builders(browser, address, folder, themes, kinds):
    """The criteria of one sheet as each kind has them; themes/builder-<kind>-<width>.png where there are several."""
    for theme, size in product(themes, ((1200, 4200), (360, 6000)) if len(themes) > 1 else ((1200, 4200),)):
        page = signed_in(browser, "napat", size, theme, script=False)
        page.goto(ADDRESS + address)
        sheet = page.locator("a[href*='/lines/']").evaluate_all("links => links.map(link => link.href)")
        sheet = next(link for link in sheet if link.rstrip("/").rpartition("/")[2].isdigit())
        for kind in kinds:
            fields = BUILDERS[kind]
            page.goto(sheet)
            page.check(f"[name=kind][value={kind}]")
            page.locator("[name=look]").first.click()
            for name, text in fields.items():
                if page.locator(f"[name={name}]").count():
                    page.fill(f"[name={name}]", text)
            page.locator("[name=look]").first.click()
            name = f"{theme}/builder-{kind}-{size[0]}" if len(themes) > 1 else f"builder-{kind}"
            target = folder / f"{name}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            page.locator("fieldset.card:has(.builder)").screenshot(path=target)
            made_small(target)
        page.context.close()


def take_set(browser, address, folder):
    """Every page of the newest signed document set of an agreement: page-01.png, page-02.png, …"""
    page = signed_in(browser, "niti", DESK)
    page.goto(ADDRESS + address)
    document = page.locator(f"#{newest_signed(page)} a[href^='/documents/']").get_attribute("href")
    pdf = page.context.request.get(ADDRESS + document).body()
    page.context.close()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    paper = ["pdftoppm", "-png", "-scale-to", str(PAGE_LENGTH), "-", str(folder / "page")]
    subprocess.run(paper, input=pdf, check=True)
    for target in folder.iterdir():
        made_small(target)


def newest_signed(page):
    """The place of the newest signed document on the page of documents."""
    return page.locator("li[id^=document-]:has(a[href^='/verify/'])").first.get_attribute("id")


def content_of(page):
    """What is seen of the page's content, without the way about and the foot that is empty."""
    return page.evaluate("""() => {
        const main = document.querySelector("main"), box = main.getBoundingClientRect();
        const last = Math.max(...[...main.querySelectorAll("*")].map((one) => one.getBoundingClientRect().bottom));
        return { x: box.x, y: box.y, width: box.width, height: Math.min(innerHeight, last + 16) - box.y };
    }""")


def made_small(target):
    """Screens have few colours: a palette of them looks the same at a third of the size."""
    Image.open(target).quantize(colors=128, dither=Image.Dither.NONE).save(target, optimize=True)


def every_screen():
    for user, paths in SCREENS.items():
        for path in paths:
            slug = (
                path.replace("{year}-", "")
                .replace("{last}-", "last-")
                .replace("{year}", "year")
                .split("?")[0]
                .strip("/")
                .replace("/", "-")
                or "home"
            )
            for size, theme in product((DESK, PHONE), THEMES):
                yield f"{theme}/{user or 'signed-out'}-{slug}-{size[0]}", user, path, size, theme


def newest_year(browser):
    """The fiscal year of the demo, from the list of agreements."""
    page = signed_in(browser, "kamolchanok", DESK)
    page.goto(f"{ADDRESS}/agreements/?q=")
    codes = page.eval_on_selector_all("a[href*='-IMM-D1/']", "links => links.map(link => link.getAttribute('href'))")
    page.context.close()
    return max(int(code.split("/")[2].split("-")[0]) for code in codes)


def signed_in(browser, user, size, theme="light", *, script=True):
    """A page of its own browser; `user` "" stays signed out. Without a `script`, nothing saves itself."""
    window = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=window, locale="th-TH", color_scheme=theme, java_script_enabled=script)
    page = context.new_page()
    if not user:
        return page
    page.goto(f"{ADDRESS}/sign-in/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state()
    return page


if __name__ == "__main__":
    main()
