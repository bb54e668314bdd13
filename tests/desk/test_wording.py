"""The page where the planning office words the clauses: typed, seen on paper, saved; nothing is lost."""

from io import BytesIO

import pytest
from django.urls import reverse
from pikepdf import Pdf

from acts.idempotency import new_key
from agreements.clauses import LABELS, USUAL
from agreements.models import Wording
from tests.agreements.pdf_reading import packed, text_of

PAGE = "/years/2570/wording/"


@pytest.fixture
def planner(world, client):
    client.force_login(world.people.planner)
    return client


def typed(version=0, **texts):
    return {**USUAL, "with_minutes": "False", "version": version, "idempotency": new_key(), **texts}


def test_what_is_typed_is_seen_on_paper_and_nothing_is_saved(planner):
    answer = planner.post(PAGE, typed(maker="{หน่วยงาน}ขอรับรองว่าจะทำให้สำเร็จ") | {"preview": "1"})

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    read = packed(text_of(answer.content))
    assert "๕.กองบังคับการตัวอย่างขอรับรองว่าจะทำให้สำเร็จ" in read
    assert "ระยะเวลา๑ปีตั้งแต่วันที่๑ตุลาคม๒๕๖๙" in read
    assert "ร่าง" in read
    with Pdf.open(BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 1
    assert not Wording.objects.exists()


def test_it_is_saved_and_stands_in_the_form_again(planner, words):
    planner.post(PAGE, typed(maker="{หน่วยงาน}จะทำให้สำเร็จ", with_minutes="True"))

    assert (Wording.objects.get().maker, Wording.objects.get().with_minutes) == ("{หน่วยงาน}จะทำให้สำเร็จ", True)
    page = planner.get(PAGE)
    assert page.context["form"]["maker"].value() == "{หน่วยงาน}จะทำให้สำเร็จ"
    assert page.context["form"]["version"].value() == 1
    assert "กำหนดถ้อยคำของคำรับรอง" in words(planner.get(reverse("desk:year", args=[2570])))


def test_what_is_unfit_is_told_beside_its_field_and_what_was_typed_stays(planner, words):
    answer = planner.post(PAGE, typed(maker="{ชื่อ} ขอรับรอง", closing=""))

    assert answer.status_code == 422
    assert "ระบบไม่รู้จัก {ชื่อ}" in words(answer)
    assert 'href="#id_maker"' in answer.text
    assert "{ชื่อ} ขอรับรอง" in answer.text
    assert not Wording.objects.exists()


def test_who_saved_later_chooses_between_both(planner, words):
    planner.post(PAGE, typed(maker="ของคนแรก"))

    answer = planner.post(PAGE, typed(maker="ของคนที่สอง"))

    assert answer.status_code == 409
    assert all(text in words(answer) for text in ("ของคนแรก", "ของคนที่สอง"))
    assert Wording.objects.get().maker == "ของคนแรก"


def test_every_clause_has_its_field(planner):
    assert set(LABELS) <= set(planner.get(PAGE).context["form"].fields)
