"""The pages of fiscal years: what they show to whom, opening with a look before, changing, drafting for all."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from acts.idempotency import new_key
from acts.jobs import run_queued_jobs
from acts.log import THE_SYSTEM
from acts.models import Entry, Job
from agreements.models import Agreement
from agreements.stages import Stage
from desk.demo.years import fiscal_year
from desk.forms.frameworks import FrameworkForm
from desk.forms.years import ChangeYearForm, OpenYearForm
from desk.years_page import setting_of
from fiscal.models import Deadline, FiscalYear
from fiscal.years import year_of
from indicators.dimensions import Part
from indicators.frameworks import content_of
from indicators.models import Framework
from orgunits.models import Appointment, OrgUnit
from orgunits.roles import Role
from orgunits.tree import plant, tree_lock
from tests.desk.asking import filled
from workflow.opening import suggested

LIST_QUERIES, YEAR_QUERIES, DRAFTS_QUERIES, FRAMEWORK_QUERIES, COMPARING_QUERIES = 11, 15, 14, 14, 12


@pytest.fixture
def planner(world):
    return world.people.planner


@pytest.fixture
def year(world):
    """The year after the one that the clock of this machine is in."""
    return fiscal_year(year_of(timezone.localdate()) + 1, by=THE_SYSTEM, at=world.at())


def opening(number=2575, **typed):
    """What a browser sends of the form as it opens, with what is typed besides."""
    form = OpenYearForm(setting=suggested(number), initial={"year": number})
    return filled(form) | {"call_number": "นร 1200/ว 15", "call_date": "2 ส.ค. 2574", "call_text": "ขอร่าง"} | typed


def changing(year, **typed):
    form = ChangeYearForm(setting=setting_of(year), initial={"version": year.version})
    return filled(form) | typed


def rewriting(framework, **typed):
    form = FrameworkForm(content=content_of(framework), initial={"version": framework.version})
    return filled(form) | typed


# Looking


def test_years_are_shown_with_state_period_and_agreements_by_stage(world, visit, words, planner):
    world.agreement(Stage.DRAFT)
    world.agreement(Stage.ASSESSMENT, code="IMM-D2")
    Deadline.objects.update(moved_from=None, due=timezone.localdate().replace(year=2020))
    found = words(visit(planner, "desk:years"))

    assert "1 ต.ค. 2569 – 30 ก.ย. 2570" in found
    assert "ร่าง 1 ประเมินผลตนเอง 1 2 1" in found


def test_each_sees_the_agreements_below_the_unit_of_their_right(world, visit, words, planner):
    from orgunits.grants import grant

    world.agreement(Stage.DRAFT)
    elsewhere = world.people.nobody
    grant(elsewhere, Role.PLANNER, world.unit("CIB"), by=THE_SYSTEM, at=world.at())

    assert visit(planner, "desk:years").context["rows"][0].total == 1
    assert visit(elsewhere, "desk:years").context["rows"][0].total == 0
    page = visit(elsewhere, "desk:year", 2570)
    assert (page.context["progress"].total, page.context["may_open"]) == (2, False)
    assert reverse("desk:change_year", args=[2570]) not in page.content.decode().partition("<aside")[0]


def test_the_way_to_the_years_is_shown_to_those_who_may_look(world, visit):
    entry = f'href="{reverse("desk:years")}"'
    for who, may in (("planner", True), ("auditor", True), ("administrator", True), ("staff", False), ("head", False)):
        assert (entry in visit(world.people.get(who), "desk:home").content.decode()) == may, who


def test_a_year_says_what_is_not_ready_and_where_to_mend_it(world, visit, words, planner):
    Framework.objects.filter(fiscal_year=world.year, tier=1).delete()
    Appointment.objects.filter(post__unit__code="IMM-D1").update(until=timezone.localdate())
    page = visit(planner, "desk:year", 2570)

    assert [refusal.where for refusal in page.context["unready"]] == [
        "/years/2570/change/#id_call_number",
        "/years/2570/framework/1/",
        "/years/2570/drafts/",
        "/years/2570/drafts/#headless",
    ]
    assert "หน่วยที่ต้องลงนาม 8 จาก 8 หน่วยยังไม่มีคำรับรอง" in words(page)
    assert "4 หน่วยยังไม่มีผู้ดำรงตำแหน่งหัวหน้าหน่วยในวันนี้" in words(page)
    assert "ระดับ 1 สำนักงานตำรวจแห่งชาติ ยังไม่มีกรอบการประเมินผล" in words(page)


def test_a_year_shows_its_call_own_period_and_rounds(world, visit, words, planner):
    FiscalYear.objects.update(
        call_number="นร 1200/ว 15",
        call_date=date(2026, 8, 3),
        call_text="ขอให้เสนอร่างตัวชี้วัด",
        ends_on=date(2027, 10, 31),
        override_reason="ตามมติคณะรัฐมนตรี",
    )
    found = words(visit(planner, "desk:year", 2570))
    for said in (
        "นร 1200/ว 15",
        "3 สิงหาคม 2569",
        "ขอให้เสนอร่างตัวชี้วัด",
        "1 ตุลาคม 2569 – 31 ตุลาคม 2570",
        "ตามมติคณะรัฐมนตรี",
        "รอบ 12 เดือน",
        "ด้านคุณภาพการให้บริการ 15.00",
    ):
        assert said in found


def _many(world, count):
    """`count` agreements of one year, in rows; units are planted for them."""
    parent, year = world.unit("IMM"), world.year
    with tree_lock():
        plant(
            [
                OrgUnit(code=f"X{n}", parent=parent, tier=3, kind="division", signs_agreement=True, name_th=f"กก.{n}")
                for n in range(count)
            ]
        )
    units = list(OrgUnit.objects.filter(code__startswith="X"))
    first = world.empty_draft()
    plans = type(first.plan).objects.bulk_create(type(first.plan)(unit=unit, fiscal_year=year) for unit in units)
    columns = ("fiscal_year", "framework", "rule", "signs_with", "counterpart", "starts_on", "ends_on", "stage_since")
    shared = {name: getattr(first, name) for name in columns}
    Agreement.objects.bulk_create(
        Agreement(code=f"2570-{unit.code}", unit=unit, plan=plan, stage="draft", **shared)
        for unit, plan in zip(units, plans, strict=True)
    )


@pytest.mark.parametrize("count", [1, 1000])
def test_one_agreement_or_a_thousand_cost_the_same(world, client, django_assert_num_queries, count):
    _many(world, count - 1)
    client.force_login(world.people.planner)

    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(reverse("desk:years"))
    assert page.context["rows"][0].total == count

    with django_assert_num_queries(YEAR_QUERIES):
        page = client.get(reverse("desk:year", args=[2570]))
    assert page.context["progress"].done == count

    with django_assert_num_queries(DRAFTS_QUERIES):
        page = client.get(reverse("desk:draft_all", args=[2570]))
    assert page.context["outlook"].there == count

    with django_assert_num_queries(FRAMEWORK_QUERIES):
        page = client.get(reverse("desk:year_framework", args=[2570, 3]))
    assert page.context["users"].count == count

    other = Framework.objects.get(fiscal_year=world.year, tier=2)
    with django_assert_num_queries(COMPARING_QUERIES):
        client.get(reverse("desk:compare_frameworks", args=[2570, 3]), {"other": other.pk})


# Opening


def test_the_next_year_is_suggested_with_last_years_dates_moved(world, visit, planner):
    form = visit(planner, "desk:open_year").context["form"]
    assert (form["year"].value(), form["signing"].value()) == ("๒๕๗๑", "๓๑ ม.ค. ๒๕๗๑")


def test_looking_before_opening_shows_what_would_be_and_saves_nothing(world, send, words, planner):
    before = Entry.objects.count()
    page = send(planner, "desk:open_year", **opening(2571), preview="1")

    assert page.status_code == 200
    found = words(page)
    assert "หน่วยที่ต้องลงนาม 8" in found
    assert "ระดับ 3 กองบังคับการหรือเทียบเท่า, ไม่ได้สังกัด สง.ผบ.ตร. ลงนามกับผู้บัญชาการของหน่วยเหนือ 4" in found
    assert "1 ต.ค. 2570 – 30 ก.ย. 2571" in found
    assert (FiscalYear.objects.count(), Entry.objects.count()) == (1, before)


def test_what_was_looked_at_is_opened_or_edited_on(world, send, planner):
    typed = opening(2571)
    kept = dict(send(planner, "desk:open_year", **typed, preview="1").context["kept"])
    assert kept.items() >= {name: value for name, value in typed.items() if name != "csrfmiddlewaretoken"}.items()

    edited = send(planner, "desk:open_year", **kept, edit="1")
    assert edited.context["form"]["call_number"].value() == "นร 1200/ว 15"
    opened = send(planner, "desk:open_year", **kept, confirm="1")
    assert (opened.status_code, opened.url) == (302, "/years/2571/")
    assert FiscalYear.objects.get(year=2571).call_date == date(2031, 8, 2)
    again = send(planner, "desk:open_year", **kept, confirm="1")
    assert (again.status_code, again.url) == (302, "/years/2571/")


def test_dates_are_filled_in_for_another_year_and_what_was_typed_stays(world, send, planner):
    page = send(planner, "desk:open_year", **opening(2571, year="2572"), fill="1")
    form = page.context["form"]
    assert form["signing"].value() == "๓๑ ม.ค. ๒๕๗๒"
    assert (form["year"].value(), form["call_number"].value()) == ("2572", "นร 1200/ว 15")
    assert not FiscalYear.objects.filter(year=2572).exists()


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"year": "2570"}, "year", "ปีงบประมาณนี้เปิดไว้แล้ว"),
        ({"year": "๙๙๙๙"}, "year", "พ.ศ."),
        ({"signing": "31/02/2571"}, "signing", "ไม่มีวันนี้ในปฏิทิน"),
        ({"signing": ""}, "signing", "โปรดกรอก"),
        ({"call_date": ""}, "call_date", "ทั้งเลขที่และวันที่"),
        ({"starts_on": "1 พ.ย. 2570"}, "override_reason", "โปรดระบุเหตุผล"),
        ({"round_1_name": "รอบแรก"}, "round_1_due_on", "โปรดกรอกให้ครบทั้งสามช่อง"),
        ({"round_3_name": "", "round_3_opens_on": "", "round_3_due_on": ""}, "round_1_name", "อย่างน้อยหนึ่งรอบ"),
    ],
)
@pytest.mark.parametrize("button", ["preview", "confirm"])
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    world, send, planner, typed, field, said, button
):
    page = send(planner, "desk:open_year", **opening(2571, **typed), **{button: "1"})

    form = page.context["form"]
    assert page.status_code == 422
    assert said in " ".join(form.errors[field])
    assert form["call_text"].value() == "ขอร่าง"
    assert FiscalYear.objects.count() == 1


@pytest.mark.parametrize(("preset", "count"), [("usual", 3), ("quarterly", 4), ("monthly", 12)])
def test_a_preset_fills_in_the_rounds_and_nothing_else_that_was_typed_is_lost(world, send, planner, preset, count):
    typed = opening(2571, call_text="พิมพ์ไว้แล้ว", signing="15 ก.พ. 2571", round_1_name="ที่พิมพ์เอง")
    form = send(planner, "desk:open_year", **typed, preset=preset).context["form"]

    assert [form[f"round_{place}_name"].value() != "" for place in range(1, count + 1)] == [True] * count
    assert form["round_1_name"].value() != "ที่พิมพ์เอง"
    assert form["round_1_data_until"].value().endswith("๒๕๗๑" if preset == "usual" else "๒๕๗๐")
    assert (form["call_text"].value(), form["signing"].value()) == ("พิมพ์ไว้แล้ว", "15 ก.พ. 2571")
    assert FiscalYear.objects.count() == 1


def test_a_preset_on_the_page_of_an_open_year_changes_nothing_until_it_is_saved(world, send, planner):
    typed = changing(world.year, signing="15 ก.พ. 2570", moves_off_holidays="")
    page = send(planner, "desk:change_year", 2570, **typed, preset="quarterly")
    form = page.context["form"]

    assert (page.status_code, form["round_4_name"].value()) == (200, "รอบไตรมาสที่ 4")
    assert (form["signing"].value(), form["moves_off_holidays"].value()) == ("15 ก.พ. 2570", False)
    assert list(world.year.reporting_rounds.values_list("position", flat=True)) == [3]
    sent = send(planner, "desk:change_year", 2570, **filled(form) | {"idempotency": form["idempotency"].value()})
    assert (sent.status_code, world.year.reporting_rounds.count()) == (302, 4)


def test_a_preset_that_is_none_is_an_ordinary_save(world, send, planner):
    assert send(planner, "desk:change_year", 2570, **changing(world.year), preset="daily").status_code == 302


def test_cut_off_grace_and_penalty_are_typed_and_shown(world, send, visit, words, planner):
    typed = {"round_3_data_until": "30 ก.ย. 2570", "round_3_grace_until": "๑๕/๑๑/๒๕๗๐", "round_3_penalty": "๐.๒"}
    sent = send(planner, "desk:change_year", 2570, **changing(world.year, **typed))
    assert sent.status_code == 302
    row = world.year.reporting_rounds.get()
    assert (row.data_until, row.closes_on, row.penalty) == (date(2027, 9, 30), date(2027, 11, 15), Decimal("0.2"))

    page = words(visit(planner, "desk:year", 2570))
    for shown in ("ตัดยอดข้อมูลถึง 30 ก.ย. 2570", "15 พ.ย. 2570", "0.2000"):
        assert shown in page


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"round_3_grace_until": "1 ต.ค. 2570"}, "round_3_grace_until", "อยู่ก่อนวันครบกำหนด"),
        ({"round_3_data_until": "30 ก.ย. 2571"}, "round_3_data_until", "ต้องอยู่ในปีงบประมาณ"),
        ({"round_3_penalty": "6"}, "round_3_penalty", "ไม่เกิน"),
        ({"round_3_penalty": "-1"}, "round_3_penalty", "ไม่น้อยกว่า"),
        ({"round_3_penalty": "มาก"}, "round_3_penalty", "ตัวเลข"),
        ({"round_4_penalty": "0.2"}, "round_4_name", "โปรดกรอกให้ครบทั้งสามช่อง"),
    ],
)
def test_what_a_round_cannot_have_is_said_at_its_field(world, send, planner, typed, field, said):
    page = send(planner, "desk:change_year", 2570, **changing(world.year, **typed))
    assert page.status_code == 422
    assert said in " ".join(page.context["form"].errors[field])


# Changing


def test_a_year_is_changed_and_says_so(world, send, planner):
    answer = send(planner, "desk:change_year", 2570, **changing(world.year, signing="15 ก.พ. 2570"))
    assert (answer.status_code, answer.url) == (302, "/years/2570/")
    assert FiscalYear.objects.get().due("signing") == date(2027, 2, 15)


def test_a_stale_save_shows_both_texts_and_the_choice_is_saved(world, send, planner):
    mine = changing(world.year, call_number="ของฉัน", call_date="2/8/2569", signing="15 ก.พ. 2570")
    theirs = changing(world.year, call_number="ของเขา", call_date="1/8/2569")
    send(planner, "desk:change_year", 2570, **theirs)

    page = send(planner, "desk:change_year", 2570, **mine)
    clashes = {clash.name: (clash.theirs, clash.mine) for clash in page.context["clashes"]}
    assert page.status_code == 409
    assert clashes == {
        "call_number": ("ของเขา", "ของฉัน"),
        "call_date": ("๑ ส.ค. ๒๕๖๙", "๒ ส.ค. ๒๕๖๙"),
        "signing": ("๓๑ ม.ค. ๒๕๗๐", "๑๕ ก.พ. ๒๕๗๐"),
    }
    chosen = {clash.name: clash.mine_sent for clash in page.context["clashes"]}
    kept = dict(page.context["kept"]) | chosen | {"version": page.context["version"]}
    assert send(planner, "desk:change_year", 2570, **kept).status_code == 302
    assert FiscalYear.objects.get().call_number == "ของฉัน"


def test_a_level_gets_due_dates_of_its_own_and_the_year_says_when_superiors_are_told(
    world, send, visit, words, planner
):
    typed = {"signing": "31 ม.ค. 2570", "signing_2": "14 ก.พ. 2570", "escalate_after": "๑๐"}
    send(planner, "desk:change_year", 2570, **changing(world.year, **typed))
    read = words(visit(planner, "desk:year", 2570))
    # 31 January and 14 February are Sundays.
    assert "1 ก.พ. 2570 เลื่อนมาจาก 31 ม.ค. 2570 ระดับ 2 กองบัญชาการหรือเทียบเท่า" in read
    assert "15 ก.พ. 2570 เลื่อนมาจาก 14 ก.พ. 2570" in read
    assert "ล่าช้าครบ 10 วัน ระบบแจ้งผู้บังคับบัญชา" in read

    year = FiscalYear.objects.get()
    page = visit(planner, "desk:change_year", 2570)
    assert page.context["form"]["signing_2"].value() == "๑๔ ก.พ. ๒๕๗๐"
    stays = changing(year, moves_off_holidays="", signing_2="", escalate_after="")
    assert send(planner, "desk:change_year", 2570, **stays).status_code == 302
    read = words(visit(planner, "desk:year", 2570))
    assert "เลื่อนมาจาก" not in read
    assert "31 ม.ค. 2570" in read
    assert "14 ก.พ. 2570" not in read
    assert "ไม่แจ้งผู้บังคับบัญชาเมื่อล่าช้า" in read


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("escalate_after", "0"),
        ("escalate_after", "366"),
        ("escalate_after", "สิบ"),
        ("signing_3", "31 ก.พ. 2570"),
        ("signing_3", "1/1/2599"),
    ],
)
def test_what_is_wrong_with_levels_and_lateness_is_said_at_its_field(world, send, planner, field, typed):
    page = send(planner, "desk:change_year", 2570, **changing(world.year, **{field: typed}))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert page.context["form"][field].value() == typed


def test_what_somebody_else_has_ticked_meanwhile_is_shown_in_words(world, send, planner):
    mine = changing(world.year, moves_off_holidays="", signing_1="15 ก.พ. 2570")
    send(planner, "desk:change_year", 2570, **changing(world.year, escalate_after="5"))
    page = send(planner, "desk:change_year", 2570, **mine)
    assert page.status_code == 409
    clashes = {clash.name: (clash.theirs, clash.mine) for clash in page.context["clashes"]}
    assert clashes == {
        "moves_off_holidays": ("ใช่", "ไม่ใช่"),
        "escalate_after": ("๕", "–"),
        "signing_1": ("–", "๑๕ ก.พ. ๒๕๗๐"),
    }
    chosen = {clash.name: clash.mine_sent for clash in page.context["clashes"]}
    kept = dict(page.context["kept"]) | chosen | {"version": page.context["version"]}
    assert send(planner, "desk:change_year", 2570, **kept).status_code == 302
    assert not FiscalYear.objects.get().moves_off_holidays


@pytest.mark.parametrize("who", ["auditor", "administrator"])
def test_readers_change_nothing_and_are_told_whose_it_is(world, send, visit, words, who):
    person = world.people.get(who)
    for answer in (
        visit(person, "desk:change_year", 2570),
        send(person, "desk:change_year", 2570, **changing(world.year, signing="15 ก.พ. 2570")),
        send(person, "desk:draft_all", 2570, idempotency=new_key()),
    ):
        assert answer.status_code == 403
        assert "เฉพาะหน่วยงานด้านแผนของสำนักงานตำรวจแห่งชาติ" in words(answer)
    assert not Job.objects.exists()


# Frameworks


def test_a_framework_is_rewritten_row_by_row(world, send, planner):
    framework = Framework.objects.get(fiscal_year=world.year, tier=3)
    typed = {"dimension_1": "มิติเดียว", "weight_1": "๑๐๐", "floor": "0"}
    typed |= {f"{kind}_{n}": "" for kind in ("dimension", "weight") for n in (2, 3, 4, 5)}
    answer = send(planner, "desk:year_framework", 2570, 3, **rewriting(framework, **typed))

    assert (answer.status_code, answer.url) == (302, "/years/2570/")
    after = content_of(Framework.objects.get(pk=framework.pk))
    assert (after.rules.floor, after.dimensions) == (0, (Part("มิติเดียว", Decimal(100)),))


def test_weights_that_do_not_sum_to_100_are_refused_and_stay_as_typed(world, send, words, planner):
    framework = Framework.objects.get(fiscal_year=world.year, tier=3)
    page = send(planner, "desk:year_framework", 2570, 3, **rewriting(framework, weight_1="59.99"))

    assert page.status_code == 422
    assert "น้ำหนักของทุกมิติต้องรวมกันได้ 100.00 (ขณะนี้ 99.99 ขาดจาก 100.00 อยู่ 0.01)" in words(page)
    assert page.context["form"]["weight_1"].value() == "59.99"


def test_a_framework_in_use_is_shown_and_says_why_it_is_closed(world, visit, send, words, planner):
    world.empty_draft()
    framework = Framework.objects.get(fiscal_year=world.year, tier=3)
    assert "จึงแก้ไขไม่ได้" in words(visit(planner, "desk:year_framework", 2570, 3))

    page = send(planner, "desk:year_framework", 2570, 3, **rewriting(framework, name="ใหม่"))
    assert (page.status_code, page.context["form"]["name"].value()) == (403, "ใหม่")


def test_a_stale_framework_shows_both_texts(world, send, planner):
    framework = Framework.objects.get(fiscal_year=world.year, tier=3)
    send(planner, "desk:year_framework", 2570, 3, **rewriting(framework, dimension_2="ของเขา"))
    page = send(planner, "desk:year_framework", 2570, 3, **rewriting(framework, dimension_2="ของฉัน"))
    assert [(clash.name, clash.theirs, clash.mine) for clash in page.context["clashes"]] == [
        ("dimension_2", "ของเขา", "ของฉัน")
    ]


# Drafts for all units


def test_the_drafts_are_asked_for_and_can_be_left_and_found_again(world, visit, send, words, planner, year):
    answer = send(planner, "desk:draft_all", year.year, idempotency=new_key())
    assert (answer.status_code, answer.url) == (302, f"/years/{year.year}/drafts/")

    waiting = visit(planner, "desk:draft_all", year.year)
    assert "ร่างคำรับรองทุกหน่วย รอคิวจัดทำ" in words(waiting)
    assert "จัดทำร่าง</button>" not in waiting.content.decode()
    assert "รอคิว" in words(visit(planner, "desk:year", year.year))
    part = visit(planner, "desk:drafting", year.year).content.decode()
    assert part.lstrip().startswith('<div class="job is-queued" hx-get')

    run_queued_jobs()
    assert Agreement.objects.filter(fiscal_year=year).count() == 8
    assert "พร้อมแล้ว" in words(visit(planner, "desk:draft_all", year.year))


def test_a_form_sent_twice_asks_once(world, send, planner, year):
    key = new_key()
    for _time in (1, 2):
        assert send(planner, "desk:draft_all", year.year, idempotency=key).status_code == 302
    assert Job.objects.count() == 1


def test_a_job_that_failed_is_asked_for_again(world, visit, send, words, planner, year):
    send(planner, "desk:draft_all", year.year, idempotency=new_key())
    Job.objects.update(state="failed", finished_at=timezone.now(), error="หยุด")
    assert "ไม่สำเร็จ" in words(visit(planner, "desk:year", year.year))

    send(planner, "desk:draft_all_again", year.year)
    run_queued_jobs()
    assert Agreement.objects.filter(fiscal_year=year).count() == 8
