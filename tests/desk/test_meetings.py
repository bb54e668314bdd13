"""Meetings before the negotiation: recorded by the unit about its agreement, by the planning office of the year."""

import pytest

from acts.models import Entry
from desk.demo.evidence import evidence_file
from tests.desk.asking import filled, meeting_form, today
from workflow.models import Meeting

D1 = "2570-IMM-D1"


def told(meeting=None, **changed):
    sent = filled(meeting_form(meeting)) | {
        "subject": "ประชุมพิจารณาร่างตัวชี้วัด",
        "held_on": today(),
        "place": "ห้องประชุม 2",
        "decisions": "เห็นชอบ",
        "people-0-name": "พ.ต.อ. วีระ",
        "people-0-duty": "ประธาน",
        "people-0-came": "yes",
    }
    sent.pop("remove", None)
    del sent["people"]  # its cells are sent one by one
    return sent | changed


def test_a_units_meeting_is_recorded_read_by_its_own_side_and_on_record(world, send, visit, words):
    world.draft  # noqa: B018 - it makes the draft
    send(world.people.staff, "desk:add_meeting", D1, **told(new_files=[evidence_file("บันทึก", ["1"])]))

    held = Meeting.objects.get()
    assert (held.subject, held.people[0]["duty"], held.agreement.code) == ("ประชุมพิจารณาร่างตัวชี้วัด", "ประธาน", D1)
    read = words(visit(world.people.head, "desk:meetings", D1))
    assert "ประชุมพิจารณาร่างตัวชี้วัด" in read
    assert "พ.ต.อ. วีระ" in read
    assert visit(world.people.head, "desk:meeting_file", held.pk, 1)["Content-Type"] == "application/pdf"
    assert visit(world.people.negotiator, "desk:meeting_file", held.pk, 1).status_code == 403
    assert visit(world.people.stranger, "desk:meeting_file", held.pk, 1).status_code == 404
    assert Entry.objects.filter(act="meeting", text=held.subject).exists()


def test_a_changed_record_keeps_its_files_and_a_stale_one_changes_nothing(world, send):
    world.draft  # noqa: B018
    send(world.people.staff, "desk:add_meeting", D1, **told(new_files=[evidence_file("บันทึก", ["1"])]))
    held = Meeting.objects.get()
    send(world.people.office, "desk:meeting", held.pk, **told(held, place="ห้องของเขา"))
    stale = send(world.people.staff, "desk:meeting", held.pk, **told(held, place="ห้องของเรา"))

    now = Meeting.objects.get()
    assert (now.place, now.version, len(now.files)) == ("ห้องของเขา", 2, 1)
    assert (stale.status_code, [clash.name for clash in stale.context["clashes"]]) == (409, ["place"])
    assert send(world.people.head, "desk:meeting", held.pk, **told(now)).status_code == 403


@pytest.mark.parametrize(
    ("typed", "faulty"),
    [({"people-0-name": "", "people-0-duty": ""}, "people"), ({"subject": " "}, "subject"), ({"held_on": "1/1/2700"}, "held_on")],
)  # fmt: skip
def test_a_faulty_record_is_refused_at_its_field_and_all_is_kept(world, send, typed, faulty):
    world.draft  # noqa: B018
    answer = send(world.people.staff, "desk:add_meeting", D1, **told(**typed))

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), form["decisions"].value()) == (422, [faulty], "เห็นชอบ")
    assert not Meeting.objects.exists()


def test_what_was_submitted_is_listed_with_who_and_which_text(world, visit):
    agreement = world.agreement("formal")
    page = visit(world.people.office, "desk:meetings", D1)

    listed = [(each.purpose, each.sha256) for each in page.context["submissions"]]
    assert listed == [(each.purpose, each.sha256) for each in agreement.snapshots.order_by("-sequence")]
    assert [purpose for purpose, _sha in listed] == ["informally_agreed", "answered", "offered", "submitted"]
    assert listed[0][1][:12] in page.content.decode()
