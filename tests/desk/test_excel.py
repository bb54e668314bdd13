"""The page of an agreement's Excel file: fetched, sent in, looked through, taken over as it was shown."""

import io
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from acts.models import Entry
from acts.waiting import keep, sweep, waiting
from agreements.models import Line
from tests.agreements.workbooks import Filled

CODE = "2570-IMM-D1"


@pytest.fixture
def staff(world, client):
    client.force_login(world.people.staff)
    return client


def url(route):
    return reverse(f"desk:{route}", args=[CODE])


def fetched(client):
    return Filled(b"".join(client.get(url("excel_file")).streaming_content))


def send(client, content, name="ตัวชี้วัด.xlsx"):
    return client.post(url("excel"), {"file": SimpleUploadedFile(name, content)})


def agreed_to(answer, **more):
    """The form that the dry run shows, as a browser sends it."""
    return {field.html_name: field.value() for field in answer.context["take_form"].hidden_fields()} | more


def text(answer):
    return answer.content.decode()


def test_out_in_and_taken_over(world, staff):
    draft = world.draft
    assert url("excel") in text(staff.get(reverse("desk:agreement", args=[CODE])))
    answer = staff.get(url("excel_file"))
    assert answer["Content-Disposition"] == f'attachment; filename="{CODE}.xlsx"'
    filled = Filled(b"".join(answer.streaming_content))
    assert filled.book.sheetnames[:2] == ["ตารางเกณฑ์", "รายละเอียดตัวชี้วัด"]
    filled["1.1", "weight"] = 30
    filled.clear("4.1")
    before = Entry.objects.count()
    shown = send(staff, filled.bytes())
    assert (shown.status_code, Entry.objects.count()) == (200, before)
    assert "นำเข้าได้" in text(shown)
    assert "<del>" in text(shown)
    last = draft.lines.last()
    form = agreed_to(shown, remove=str(last.pk))
    taken = staff.post(url("take_excel"), form, follow=True)
    assert "แก้ไข ๑ ตัวชี้วัด เพิ่ม ๐ ตัวชี้วัด ลบ ๑ ตัวชี้วัด" in text(taken)
    assert (draft.lines.first().weight, draft.lines.filter(pk=last.pk).exists()) == (30, False)
    written = Entry.objects.count()
    again = staff.post(url("take_excel"), form)
    assert (again.status_code, Entry.objects.count()) == (409, written)
    assert "นำข้อมูลจากไฟล์ Excel “ตัวชี้วัด.xlsx” เข้าระบบ" in text(staff.get(reverse("desk:history", args=[CODE])))


def test_an_untouched_file_has_nothing_to_take_over(world, staff):
    assert world.draft
    answer = send(staff, fetched(staff).bytes())
    assert (answer.status_code, answer.context["take_form"]) == (200, None)
    assert "ข้อมูลในไฟล์ตรงกับคำรับรองแล้ว" in text(answer)


def test_what_is_wrong_stands_with_its_cell_and_there_is_nothing_to_agree_to(world, staff):
    assert world.draft
    filled = fetched(staff)
    filled["1.1", "weight"] = "สามสิบ"
    filled["1.2", "target"] = 5
    answer = send(staff, filled.bytes())
    assert (answer.status_code, answer.context["take_form"]) == (422, None)
    assert "สามสิบ" in text(answer)
    assert filled.cell("1.1", "weight").coordinate in text(answer)
    for content in (b"", b"no,name\n", openpyxl_made()):
        refused = send(staff, content, "a.xlsx")
        assert (refused.status_code, len(refused.context["form"].errors["file"])) == (422, 1)
    assert staff.post(url("excel"), {}).status_code == 422


def openpyxl_made():
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def test_what_changed_while_it_was_read_is_shown_anew_and_not_written(world, staff):
    draft = world.draft
    filled = fetched(staff)
    filled["1.1", "weight"] = 30
    filled["1.2", "weight"] = 20
    shown = send(staff, filled.bytes())
    Line.objects.filter(pk=draft.lines.first().pk).update(definition="ของผู้อื่น", version=2)
    answer = staff.post(url("take_excel"), agreed_to(shown))
    assert answer.status_code == 409
    assert "มีผู้อื่นแก้ไขไปแล้วระหว่างนั้น" in text(answer)
    assert {line.weight for line in draft.lines.all()} == {35, 15, 10}


def test_a_dry_run_is_taken_over_by_nobody_else_nowhere_else_and_not_after_a_day(world, client, settings):
    other = world.agreement(code="IMM-D2")
    client.force_login(world.people.staff)
    assert world.draft
    filled = fetched(client)
    filled["1.1", "weight"] = 30
    form = agreed_to(send(client, filled.bytes()))
    client.force_login(world.people.neighbour)
    elsewhere = client.post(reverse("desk:take_excel", args=[other.code]), form)
    assert elsewhere.status_code == 409
    client.force_login(world.people.staff)
    for forged in ({**form, "dry_run": form["dry_run"][:-2]}, {**form, "dry_run": ""}):
        assert client.post(url("take_excel"), forged).status_code == 409
    sweep(at=timezone.now() + timedelta(days=2))
    late = client.post(url("take_excel"), form)
    assert late.status_code == 409
    assert "ไฟล์นี้รอนานเกินกำหนด" in text(late)


def test_files_wait_by_their_content_in_private_and_only_what_waited_long_is_swept(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path / "private"
    sha256 = keep(b"waits")
    place = Path(settings.PRIVATE_ROOT) / "waiting" / sha256
    assert (waiting(sha256), place.parent.stat().st_mode & 0o77) == (b"waits", 0)
    assert [waiting(name) for name in ("../secret", "0" * 64, "")] == [None] * 3
    sweep(at=timezone.now())
    assert waiting(sha256) == b"waits"
    place.write_bytes(b"other")
    assert waiting(sha256) is None
    sweep(at=timezone.now() + timedelta(hours=25))
    assert list(place.parent.iterdir()) == []


def test_who_may_read_fetches_the_file_and_is_told_why_it_can_not_be_sent(world, client):
    assert world.draft
    client.force_login(world.people.office)
    page = client.get(url("excel"))
    assert "เฉพาะเจ้าหน้าที่แผนของ" in text(page)
    assert 'type="file"' not in text(page)
    assert client.get(url("excel_file")).status_code == 200


def test_the_database_is_asked_the_same_for_a_few_lines_and_for_many(world, staff):
    draft = world.draft
    _asked(staff)  # what is asked once for all
    few = _asked(staff)
    for place in range(10, 30):
        Line.objects.create(agreement=draft, dimension=draft.lines.first().dimension, position=place, name=f"{place}")
    assert _asked(staff) == few


def _asked(client):
    """The queries that fetching the file, and sending it back as it is, take."""
    with CaptureQueriesContext(connection) as fetching:
        content = fetched(client).bytes()
    with CaptureQueriesContext(connection) as sending:
        assert send(client, content).status_code == 200
    return len(fetching), len(sending)
