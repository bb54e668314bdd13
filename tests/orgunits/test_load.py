"""The real organisation goes in whole, once, and what people changed since stays."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from acts.log import THE_SYSTEM
from acts.models import Entry
from orgunits.appoint import rename_post
from orgunits.authority import head_post
from orgunits.load import load_units
from orgunits.models import COMMISSIONER_OFFICE, Affiliation, OrgUnit, Post, UnitClosure
from orgunits.tree import check_tree, move_unit


def test_the_file_holds_the_393_units_of_the_organisation(loaded):
    ours = OrgUnit.objects.filter(external=False)
    assert ours.count() == 393
    assert ours.filter(parent=None).get().code == "RTP"
    by_tier = {tier: ours.filter(tier=tier, signs_agreement=True).count() for tier in (1, 2, 3, 4)}
    assert by_tier == {1: 1, 2: 30, 3: 260, 4: 0}
    assert (ours.filter(kind="section").count(), ours.filter(kind="office").count()) == (24, 77)


def test_the_tree_is_sound_after_loading_it_twice(loaded, at):
    rows = UnitClosure.objects.count()
    again = load_units(at=at)
    assert (again.units, again.posts, again.affiliations) == (0, 0, 0)
    assert check_tree() == []
    assert (OrgUnit.objects.count(), UnitClosure.objects.count()) == (395, rows)


def test_loading_is_on_record_once(loaded, at):
    load_units(at=at)
    assert [entry.changes for entry in Entry.objects.filter(act="orgunits.load_units")] == [{"units": [0, 395]}]


def test_external_bodies_are_roots_of_their_own_with_posts(loaded):
    bodies = OrgUnit.objects.filter(external=True)
    assert {body.code: (body.parent, body.signs_agreement) for body in bodies} == {
        "OPDC": (None, False),
        "PMO": (None, False),
    }
    assert set(Post.objects.filter(unit__external=True).values_list("unit__code", "kind", "title_th")) == {
        ("OPDC", "head", "เลขาธิการ ก.พ.ร."),
        ("PMO", "head", "นายกรัฐมนตรี"),
        ("PMO", "deputy", "รองนายกรัฐมนตรี"),
    }


def test_the_units_under_the_commissioners_office_are_affiliated_with_it(loaded, unit):
    assert unit("OCG-DIS").is_affiliated(COMMISSIONER_OFFICE, on=date(2026, 10, 1))
    assert not unit("IMM-D1").is_affiliated(COMMISSIONER_OFFICE, on=date(2026, 10, 1))
    assert Affiliation.objects.count() == OrgUnit.objects.filter(parent__code="OCG").count() == 7


def test_remarks_of_the_file_are_no_part_of_english_names(loaded, unit):
    assert unit("OCG").name_en == "Office of the Commissioner-General"
    assert unit("CCIB").name_en == "Cyber Crime Investigation Bureau"
    assert unit("MPB-CWP").name_en == "Children and Women Welfare Sub-division"
    assert unit("OCG-ILEA").name_en == "International Law Enforcement Academy (Bangkok)"


def test_loading_again_keeps_edited_titles_and_moved_units(loaded, unit, at):
    post = rename_post(head_post(unit("PGH")), title_th="แพทย์ใหญ่ โรงพยาบาลตำรวจ", by=THE_SYSTEM, at=at)
    move_unit(unit("IMM-D6"), unit("PP9"), by=THE_SYSTEM, at=at)
    load_units(at=at)
    post.refresh_from_db()
    assert post.title_th == "แพทย์ใหญ่ โรงพยาบาลตำรวจ"
    assert unit("IMM-D6").parent.code == "PP9"


def test_loading_adds_what_is_new_in_a_file(loaded, at, tmp_path, unit):
    file = tmp_path / "units.csv"
    file.write_text(
        "code,parent_code,level,kind,signs_agreement,name_th,abbr_th,name_en\n"
        "IMM-D7,IMM,3,division,yes,กองบังคับการตรวจคนเข้าเมือง 7,บก.ตม.7,Immigration Division 7\n"
    )
    assert load_units(file, at=at).units == 1
    assert head_post(unit("IMM-D7")).title_th == "ผู้บังคับการตรวจคนเข้าเมือง 7"
    assert check_tree() == []


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("X,NOWHERE,3,division,yes,หน่วย,น.,Unit", "superior unit 'NOWHERE'"),
        ("X,RTP,3,squad,yes,หน่วย,น.,Unit", "kind 'squad'"),
        ("X,RTP,3,division,perhaps,หน่วย,น.,Unit", "signs_agreement 'perhaps'"),
    ],
)
def test_a_bad_file_names_its_line_and_loads_nothing(loaded, tmp_path, row, told):
    file = tmp_path / "units.csv"
    good = "GOOD,RTP,3,division,yes,หน่วย,น.,Unit"
    file.write_text(f"code,parent_code,level,kind,signs_agreement,name_th,abbr_th,name_en\n{good}\n{row}\n")
    with pytest.raises(CommandError, match=f"Line 3.*{told}"):
        call_command("load_units", file)
    assert not OrgUnit.objects.filter(code="GOOD").exists()
