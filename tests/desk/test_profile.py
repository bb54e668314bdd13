"""One's own profile: rank, name, posts and roles to read; how one can be reached to change."""

from accounts.models import User
from acts.models import Entry
from agreements.freeze import agreed_snapshot


def test_the_profile_tells_who_one_is_and_what_one_may_do(world, visit, words):
    read = words(visit(world.people.head, "desk:profile"))
    assert "พลตำรวจตรี วีระ กล้าหาญ" in read
    assert "ผบก.ตม.1" in read
    read = words(visit(world.people.staff, "desk:profile"))
    assert "เจ้าหน้าที่แผน กองบังคับการตรวจคนเข้าเมือง 1 และหน่วยใต้ลงไป" in read


def test_the_name_on_every_page_leads_to_the_profile(world, visit):
    assert '<a class="who" href="/profile/">' in visit(world.people.staff, "desk:home").content.decode()


def test_only_administrators_have_the_way_to_the_users(world, visit):
    assert 'href="/people/"' in visit(world.people.administrator, "desk:home").content.decode()
    assert 'href="/people/"' not in visit(world.people.planner, "desk:home").content.decode()


def test_e_mail_and_telephone_are_ones_own_to_change_and_on_record(world, send):
    staff = world.people.staff
    assert send(staff, "desk:profile", email="k@police.example", phone="0 2141 9900").status_code == 302
    assert (world.people.staff.email, world.people.staff.phone) == ("k@police.example", "0 2141 9900")
    entry = Entry.objects.about(staff).get()
    assert entry.changes == {"email": ["", "k@police.example"], "phone": ["", "0 2141 9900"]}


def test_rank_name_and_all_else_are_not(world, send):
    fields = ("rank", "first_name", "username", "is_superuser", "prefix", "session_epoch")
    before = User.objects.filter(username="kamolchanok").values(*fields).get()
    send(world.people.staff, "desk:profile", email="", phone="191", **dict.fromkeys(fields, "1"))
    assert world.people.staff.phone == "191"
    assert User.objects.filter(phone="191").values(*fields).get() == before


def test_what_is_wrong_is_told_and_kept(world, send, words):
    answer = send(world.people.staff, "desk:profile", email="nobody", phone="191")
    assert (answer.status_code, "อีเมลไม่ถูกต้อง" in words(answer)) == (422, True)
    assert 'value="nobody"' in answer.content.decode()


def test_a_signed_document_keeps_the_rank_it_was_signed_with(world):
    agreement = world.agreement("signing", "superior")
    before = agreed_snapshot(agreement).signatures.get().name
    User.objects.filter(username="wira").update(rank="พล.ต.ท.", last_name="เปลี่ยนแล้ว")
    assert agreed_snapshot(agreement).signatures.get().name == before == "พลตำรวจตรี วีระ กล้าหาญ"
