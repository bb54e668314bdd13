"""The manual: every screen is explained, every link and picture is there, everybody may read it."""

import re

import pytest
from django.urls import reverse

from desk import manual
from orgunits.reach import NO_REACH, reach_of
from tests.desk.verdict_table import routes

PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)]*)\)")
# Asked by a form, an address or another page; none is a screen of its own to be explained.
NO_SCREEN = {
    *(
        "manual",
        "manual_page",
        "create_agreement",
        "make_document_again",
        "document",
        "document:proof",
        "evidence",
        "excel_file",
    ),
    "appointment_order",
    *(
        "add_plan_item",
        "save_plan_item",
        "shift_plan_item",
        "remove_plan_item",
        "line_field",
        "line_formula",
        "shift_line",
    ),
    *(
        "answer_offer",
        "result_field",
        "result_score",
        "report_working_file",
        "overview_file",
        "redline_paper",
        "minutes_file",
        "minutes_paper",
        "comment_file",
        "meeting_file",
        "note_mention",
        "evaluation_working_file",
        "add_evidence",
        "remove_evidence",
        "add_appeal_file",
        "remove_appeal_file",
        *("evidence_preview", "report_paper", "results_file", "end_report_time"),
    ),
    *(
        "finding_field",
        "appeal_field",
        "appeal_file",
        "appeal_file_preview",
        "finding_score",
        "sign_out",
        "language",
        "theme",
        "health",
        "design",
    ),
    *("print_run_file", "print_run_again", "public_document", "public_file", "public_list_file"),
    "incentive_letter",
    *("remove_holiday", "calendar", "end_calendar"),
    *("drafting", "draft_all_again", "end_signing_rule", "units_below", "reopen_account", "unlock_person", "take_role"),
    *("rename_group", "delete_group", "add_member", "remove_member", "give_group_role", "take_group_role"),
}


def test_every_screen_is_explained():
    screens = {name.partition(":")[0] for name in routes()} - NO_SCREEN
    assert screens == set(manual.EXPLAINED)


@pytest.mark.parametrize(("route", "page", "place"), [(route, *place) for route, place in manual.EXPLAINED.items()])
def test_a_screen_leads_to_a_place_that_is_there(route, page, place):
    pages = [name for name in manual.PAGES if name != "everyone"] if page == manual.OWN else [page]
    if page == manual.OWN:
        assert any(place in manual.places(name) for name in pages)
    else:
        assert place in manual.places(page)


@pytest.mark.parametrize("name", manual.PAGES)
def test_pictures_and_links_of_a_page_are_there(name):
    text = manual.source(name)
    for words, picture in PICTURE.findall(text):
        assert words
        assert (manual.FOLDER / picture).is_file(), picture
    for link in LINK.findall(text):
        page, _hash, place = link.partition("#")
        assert page.removesuffix(".md") in manual.PAGES, link
        assert not place or place in manual.places(page.removesuffix(".md")), link


def test_no_picture_lies_about_unused():
    used = {picture for name in manual.PAGES for _words, picture in PICTURE.findall(manual.source(name))}
    assert {f"{manual.PICTURES}{file.name}" for file in (manual.FOLDER / manual.PICTURES).glob("*.png")} == used


@pytest.mark.parametrize("name", manual.PAGES)
def test_a_place_bears_its_name_alone(name):
    assert len(manual.places(name)) == len(set(manual.places(name)))


@pytest.mark.parametrize("name", manual.PAGES)
def test_a_page_says_enough_to_work_by(name):
    assert len(manual.places(name)) >= 3
    assert len(manual.source(name)) > 1000


def test_what_is_linked_on_paper_is_linked_in_the_product():
    shown = manual.page("everyone").html
    assert f'href="{reverse("desk:manual_page", args=["staff"])}"' in shown
    assert ".md" not in shown


@pytest.mark.django_db
def test_the_help_of_a_shared_screen_is_that_of_what_the_person_does(world):
    led = {name: manual.own_page(reach_of(world.people.get(name), world.at())) for name in world.people.names}
    assert led["staff"] == led["stranger"] == "staff"
    assert (led["office"], led["negotiator"], led["evaluator"]) == ("office", "negotiator", "evaluator")
    assert (led["planner"], led["auditor"], led["administrator"]) == ("planner", "auditor", "administrator")
    assert led["head"] == "head"
    assert led["nobody"] == manual.own_page(NO_REACH) == "everyone"


@pytest.mark.django_db
def test_the_help_of_a_page_opens_its_place_signed_in_or_out(world, visit, client):
    page = visit(world.people.staff, "desk:home")
    assert reverse("desk:manual_page", args=["staff"]) + "#home" in page.content.decode()
    client.logout()
    assert "คู่มือ" in client.get(reverse("desk:manual_page", args=["staff"])).content.decode()
    assert client.get(reverse("desk:manual_page", args=["unknown"])).status_code == 404
