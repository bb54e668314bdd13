"""What somebody might try on the negotiation, the sitting, the documents: other people's ids, swapped hashes, bad files."""

import hashlib
import zlib
from dataclasses import dataclass
from io import BytesIO

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from acts import uploads, vault
from acts.idempotency import new_key
from acts.log import THE_SYSTEM
from acts.models import Entry
from agreements.freeze import agreed_snapshot
from agreements.models import Document, SealCertificate, ThreeAnswers
from agreements.print_runs import ask_for_run, bind_run
from agreements.questions_form import QuestionsForm
from desk.demo.evidence import evidence_file
from desk.demo.walk import MINUTES
from orgunits.grants import grant, withdraw
from orgunits.models import OrgUnit
from orgunits.roles import Role
from prove.keys import holder
from tests.desk.asking import filled, meeting_form, today
from tests.results.test_evidence_files import REFUSED
from workflow.minutes import minutes_of
from workflow.minutes_form import MinutesForm
from workflow.models import Comment, Meeting, Minutes, Signature
from workflow.people_field import PeopleField
from workflow.rules import decisions_needed
from workflow.sitting import Shown
from workflow.sitting_form import seal
from workflow.talk import say

D1, D2 = "2570-IMM-D1", "2570-IMM-D2"
TYPED = "ข้อความที่ไม่ควรหาย"


# Files of minutes, meetings and comments


@dataclass
class Place:
    """Where files are sent: who sends what to which address, the field of the files, a text that stands beside them."""

    who: str
    address: str
    sent: dict
    files: str
    text: str


def _comment(world):
    world.walk().to("informal", "negotiator")
    sent = {"text": TYPED, "line": "", "reply_to": "", "idempotency": new_key()}
    return Place("negotiator", reverse("desk:comment", args=[D1]), sent, "files", "text")


def _minutes(world):
    walk = world.walk()
    walk.to("formal", "negotiator")
    sent = minutes_sent(walk.agreement)
    return Place("negotiator", reverse("desk:minutes", args=[D1]), sent, "new_files", "decisions")


def _meeting(world):
    world.draft  # noqa: B018 - it makes the draft
    sent = filled(meeting_form(None)) | {"subject": "ประชุม", "held_on": today(), "place": "ห้อง 2", "decisions": TYPED}
    sent |= {"people-0-name": "พ.ต.อ. วีระ", "people-0-came": "yes"}
    for name in ("people", "remove", "new_files"):  # its cells are sent one by one; there are no files yet
        sent.pop(name, None)
    return Place("staff", reverse("desk:add_meeting", args=[D1]), sent, "new_files", "decisions")


def minutes_sent(agreement, **changed):
    form = MinutesForm(today=timezone.localdate(), lines=decisions_needed(agreement), decided={})
    sent = filled(form) | MINUTES
    for name in ("people", "new_files"):
        del sent[name]
    return sent | {"held_on": "15 ธ.ค. 2567", "version": 0, "decisions": TYPED} | changed


@pytest.fixture(params=[_comment, _minutes, _meeting], ids=["comment", "minutes", "meeting"])
def place(request, world, client):
    found = request.param(world)
    client.force_login(world.people.get(found.who))
    return found


def kept():
    """The comment, minutes or meeting that was recorded, or None."""
    said = Comment.objects.filter(text=TYPED).first()
    return said or Minutes.objects.first() or Meeting.objects.filter(agreement__code=D1).first()


WRONG = ("a zip bomb", "html", "svg called png", "macros", "a picture called pdf", "a picture too large to be shown")


@pytest.mark.parametrize("case", WRONG)
def test_bombs_and_wrong_files_are_refused_and_nothing_typed_is_lost(place, client, case):
    """A good file stands before the bad one: it isn't kept either."""
    name, content, sentence = REFUSED[case]
    good = f"%PDF-1.7\n% {case} {place.files}\n%%EOF\n".encode()
    files = [SimpleUploadedFile("ดี.pdf", good), SimpleUploadedFile(name, content)]
    answer = client.post(place.address, place.sent | {place.files: files})

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), form[place.text].value()) == (422, [place.files], TYPED)
    assert form.errors[place.files][0].startswith(sentence)
    assert kept() is None
    with pytest.raises(FileNotFoundError):
        vault.read(hashlib.sha256(good).hexdigest())


def test_six_files_are_too_many_and_a_text_is_no_file(place, client):
    six = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.7\n%%EOF\n") for n in range(6)]
    answer = client.post(place.address, place.sent | {place.files: six})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [place.files])
    assert kept() is None

    assert client.post(place.address, place.sent | {place.files: "../../etc/passwd"}).status_code == 302
    assert kept().files == []


def test_a_million_people_of_a_meeting_are_refused_in_one_sentence():
    """As one text, which no page of ours sends: it is neither taken apart nor answered row by row."""
    for text in ("x\n" * 1_000_000, "x\n" * 61, "x" * 8_000_000):
        with translation.override("th"), pytest.raises(ValidationError) as refused:
            PeopleField().clean(text)
        [sentence] = refused.value.messages
        assert sentence.endswith("60 แถว")


# Lines of another agreement


@pytest.fixture
def both(world):
    """Two agreements with the same negotiator, in the informal negotiation."""
    walks = [world.walk(code) for code in ("IMM-D1", "IMM-D2")]
    for walk in walks:
        walk.to("informal", "negotiator")
    return walks


@pytest.mark.parametrize("about", ["line", "reply_to"])
def test_a_comment_about_what_is_not_there_says_so_and_loses_nothing(world, both, send, client, about):
    theirs = both[1]
    elsewhere = say(theirs.agreement, "ที่อื่น", actor=world.people.negotiator, at=theirs.diary.later())
    foreign = {"line": theirs.agreement.lines.first().pk, "reply_to": elsewhere.pk}[about]
    sent = {"text": TYPED, "line": "", "reply_to": "", "idempotency": new_key()}
    for strange in (foreign, 0, "9" * 30, "๑x"):
        answer = send(world.people.negotiator, "desk:comment", D1, **sent | {about: strange})
        form = answer.context["form"]
        assert (answer.status_code, form["text"].value(), form[about].value()) == (422, TYPED, "")
        assert "ข้อความที่ท่านพิมพ์ยังอยู่ครบ" in str(form.non_field_errors())
        assert "ที่อื่น" not in answer.content.decode()
    assert list(Comment.objects.all()) == [elsewhere]

    # Sent once more as the page shows it: about the whole agreement.
    again = {name: form[name].value() for name in sent}
    assert client.post(reverse("desk:comment", args=[D1]), again).status_code == 302
    kept = Comment.objects.get(text=TYPED)
    assert (kept.line, kept.reply_to, kept.round.agreement.code) == (None, None, D1)


def test_a_line_taken_out_while_somebody_comments_on_it_takes_no_text_along(world, send):
    walk = world.walk()
    walk.to("informal", "staff")
    line = walk.line("4.1")
    gone, _deleted = line.pk, line.delete()
    sent = {"text": TYPED, "line": gone, "reply_to": "", "idempotency": new_key()}
    answer = send(world.people.staff, "desk:comment", D1, **sent)
    assert (answer.status_code, answer.context["form"]["text"].value()) == (422, TYPED)


def test_answers_to_the_questions_of_another_agreement_are_refused_with_their_texts(world, both, send):
    theirs = both[1]
    walk = both[0]
    ours = type(walk.agreement).objects.for_detail().get(pk=walk.agreement.pk)
    foreign, own = theirs.agreement.lines.first().pk, ours.lines.first().pk
    before = list(ThreeAnswers.objects.order_by("pk").values())
    sent = filled(QuestionsForm(agreement=ours)) | {f"develops-{foreign}": TYPED, f"develops-{own}": "ของเรา"}
    _to_staff(world, walk)
    answer = send(world.people.staff, "desk:questions", D1, **sent)

    form = answer.context["form"]
    assert (answer.status_code, form[f"develops-{own}"].value()) == (422, "ของเรา")
    assert TYPED in str(form.non_field_errors())
    assert list(ThreeAnswers.objects.order_by("pk").values()) == before


def _to_staff(world, walk):
    say(walk.agreement, "ขอให้ตอบ", actor=world.people.negotiator, at=walk.diary.later())
    walk.move("hand_back", walk.people.negotiator)


def test_minutes_decide_on_no_line_of_another_agreement(world, send):
    ours, theirs = world.walk("IMM-D1"), world.walk("IMM-D2")
    for walk in (ours, theirs):
        walk.to("formal", "negotiator")
    foreign = theirs.agreement.lines.first().pk
    for typed in ({f"decision-{foreign}": "stands"}, {f"decision-{foreign}": "deferred", f"reason-{foreign}": TYPED}):
        answer = send(world.people.negotiator, "desk:minutes", D1, **minutes_sent(ours.agreement, **typed))
        form = answer.context["form"]
        assert (answer.status_code, form["decisions"].value()) == (422, TYPED)
        assert "ไม่อยู่ (หรือไม่อยู่แล้ว) ในรายการนี้" in str(form.non_field_errors())
    assert minutes_of(ours.agreement) is None
    # What is left undecided of them says nothing.
    sent = minutes_sent(ours.agreement, **{f"decision-{foreign}": "not_yet", f"reason-{foreign}": " "})
    assert send(world.people.negotiator, "desk:minutes", D1, **sent).status_code == 302


# Somebody was first


def test_what_was_written_for_a_turn_that_is_over_stands_on_the_page_that_refuses_it(world, send, both):
    """A colleague hands the pen over while a comment, a decline, an offer is being written."""
    walk, negotiator = both[0], world.people.negotiator
    line = walk.line("1.1")
    _to_staff(world, walk)
    comment = {"text": f"{TYPED}\n<b>สอง</b>", "line": line.pk}
    offer = {"definition": "นิยามเดิม", "initial-definition": "นิยามเดิม", "reason": TYPED}
    minutes = {"decisions": TYPED, "place": "ห้อง 2", "version": "0"}
    for (route, *args), sent, typed in (
        (("comment", D1), comment, [comment["text"]]),
        (("offer", D1, line.pk), offer, [TYPED]),
        (("minutes", D1), minutes, [TYPED, "ห้อง 2"]),
    ):
        answer = send(negotiator, f"desk:{route}", *args, **sent, idempotency=new_key())
        assert (route, answer.status_code, answer.context["typed"]) == (route, 403, typed)
        assert "<b>สอง" not in answer.content.decode()


def test_a_reason_for_an_answer_that_came_second_is_not_lost_and_no_password_is_shown(world, sitting, send):
    walk = sitting[D1]
    walk.agreement.refresh_from_db()
    sent = {"version": walk.agreement.version - 1, "reason": TYPED, "idempotency": new_key(), "password": "รหัส ลับ มาก"}
    answer = send(world.people.superior, "desk:refuse_to_sign", D1, **sent)
    assert (answer.status_code, answer.context["typed"]) == (409, [TYPED])
    assert "รหัส ลับ" not in answer.content.decode()


# The sitting


@pytest.fixture
def sitting(world):
    walks = {f"2570-{code}": world.walk(code) for code in ("IMM-D1", "IMM-D2")}
    for walk in walks.values():
        walk.to("signing", "superior")
    return walks


def _shown(sitting, code, **changed):
    agreement = sitting[code].agreement
    seen = {"name": code, "version": agreement.version, "sha256": agreed_snapshot(agreement).sha256}
    return Shown(**seen | changed)


def test_a_sitting_with_the_hashes_of_two_agreements_swapped_signs_neither(world, sitting, client):
    superior = world.people.superior
    hashes = {code: agreed_snapshot(walk.agreement).sha256 for code, walk in sitting.items()}
    swapped = [_shown(sitting, D1, sha256=hashes[D2]), _shown(sitting, D2, sha256=hashes[D1])]
    client.force_login(superior)
    sent = {"shown": seal(swapped, superior), "chosen": [D1, D2], "idempotency": new_key(), "password": world.password}
    answer = client.post(reverse("desk:sitting"), sent, follow=True)

    assert answer.status_code == 200
    assert answer.content.decode().count("ยังไม่ได้ลงนาม:") == 2
    assert not Signature.objects.filter(slot="receiver").exists()


def test_a_page_of_hashes_is_of_use_to_nobody_but_whom_it_was_shown_to(world, sitting, client):
    """Whoever gets hold of a superior's page, of one sealed by another key, or of one that was cut, signs nothing by it."""
    superior, other = world.people.superior, world.people.head
    whole = seal([_shown(sitting, D1)], superior)
    client.force_login(other)
    for shown in (whole, whole[:-1], whole[::-1], "", whole + whole):
        sent = {"shown": shown, "chosen": [D1], "idempotency": new_key(), "password": world.password}
        assert client.post(reverse("desk:sitting"), sent).status_code == 422
    assert not Signature.objects.filter(slot="receiver").exists()


def test_reading_one_with_the_hash_of_another_is_not_kept(world, sitting, send):
    other = agreed_snapshot(sitting[D2].agreement).sha256
    answer = send(world.people.superior, "desk:read_to_sign", D1, sha256=other, idempotency=new_key())
    assert answer.status_code == 409
    assert not Entry.objects.filter(act="agreement.read_to_sign").exists()


# Print runs


def bound(world, unit):
    """A run of the staff's over the documents there are; a page of a file stands for each of them."""
    sha256, _size = vault.store([evidence_file("เอกสาร", ["1"]).read()])
    Document.objects.filter(sha256="").update(sha256=sha256, rendered_at=world.at())
    run = ask_for_run(OrgUnit.objects.get(code=unit), world.year, by=world.people.staff, at=world.at())
    bind_run(run, lambda done, total: None)
    return run


@pytest.fixture
def run(world):
    world.agreement("assessment")
    return bound(world, "IMM")


@pytest.mark.parametrize("who", ["stranger", "planner", "administrator", "nobody", "neighbour"])
def test_a_stranger_with_the_id_of_a_print_run_gets_nothing_of_it(world, run, visit, send, words, who):
    person, jobs = world.people.get(who), Entry.objects.count()
    assert visit(person, "desk:print_run_file", run.pk).status_code == 404
    assert send(person, "desk:print_run_again", run.pk).status_code == 404
    progress = visit(person, "desk:print_agreements", "IMM", 2570, run=run.pk)
    assert reverse("desk:print_run_file", args=[run.pk]) not in progress.content.decode()
    assert Entry.objects.count() == jobs


def test_a_run_with_a_proof_ends_with_the_right_to_follow_not_with_the_right_to_read(world, visit):
    """The staff of a unit below served their superior's unit as well, and printed its proof. They may go on reading what
    is signed there; how it came about is no longer theirs.
    """
    world.draft  # noqa: B018 - by it the unit is below its superior's
    walk = world.walk("IMM")
    walk.to("signing", "head")
    staff, imm = world.people.staff, OrgUnit.objects.get(code="IMM")
    term = {"by": THE_SYSTEM, "at": world.at()}
    grant(staff, Role.STAFF, imm, **term)
    run = bound(world, "IMM")
    assert visit(world.people.staff, "desk:print_run_file", run.pk).status_code == 200

    walk.to("assessment")
    withdraw(staff, Role.STAFF, imm, **term)
    again = world.people.staff
    assert visit(again, "desk:documents", "2570-IMM").status_code == 200, "what is signed there they read"
    assert visit(again, "desk:print_run_file", run.pk).status_code == 404


# Files sent to be verified


def bomb_of_pages():
    """A PDF whose one stream unpacks to a hundred megabytes."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        packed = zlib.compress(bytes(100_000_000), 9)
        stream = pikepdf.Stream(pdf, b"")
        stream.write(packed, filter=pikepdf.Name.FlateDecode)
        pdf.pages[0].Contents = pdf.make_indirect(stream)
        out = BytesIO()
        pdf.save(out)
    return out.getvalue()


def nested(depth):
    """A CMS that holds itself, so many times over: what reads it by calling itself runs out of room."""
    inner = b"\x30\x80" * depth
    return b"%PDF-1.7\n<" + inner.hex().encode().ljust(1200, b"0") + b">\n/ByteRange [0 9 99 9]\n%%EOF"


HOSTILE = {
    "unpacks to much": bomb_of_pages(),
    "javascript": b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF",
    "launches": b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/Launch/F(cmd.exe)>>>>endobj\n%%EOF",
    "points at itself": b"%PDF-1.7\nxref\n0 1\ntrailer<</Prev 9/Root 1 0 R>>\nstartxref\n9\n%%EOF",
    "nested": nested(300_000),
    "a length of four gigabytes": b"%PDF-1.7\n<" + (b"\x30\x84\xff\xff\xff\xff" * 300).hex().encode() + b">\n%%EOF",
    "a thousand holes": b"%PDF-1.7\n" + b"<" + b"30820100" * 200 + b">" + (b"<" + b"0" * 1000 + b">") * 1000 + b"%%EOF",
    "ranges of nowhere": b"%PDF-1.7\n" + b"/ByteRange [999999999 999999999 0 999999999]\n" * 50,
    "another zip": REFUSED["a zip bomb"][1],
}


@pytest.fixture
def ever_sealed(db):
    """Something was sealed here once, so that a file is looked at."""
    told = {
        "subject": "กองยุทธศาสตร์",
        "is_self_made": True,
        "valid_until": timezone.now(),
        "first_used_at": timezone.now(),
    }
    SealCertificate.objects.create(fingerprint="0" * 64, pem=holder().pem, **told)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_on_the_page_of_verification_is_none_of_ours(ever_sealed, client, words, name):
    file = SimpleUploadedFile("<script>alert(1)</script>.pdf", HOSTILE[name])
    answer = client.post(reverse("desk:verify_file"), {"file": file})
    assert (answer.status_code, "ไฟล์นี้ไม่ใช่ของระบบนี้" in words(answer)) == (200, True)
    assert b"<script>alert" not in answer.content


def test_a_hundred_files_in_one_request_fill_no_memory(ever_sealed, client, monkeypatch):
    """The first is looked at; what comes with it is not even gathered."""
    gathered = []

    class Counted(BytesIO):
        def write(self, data):
            gathered.append(len(data))
            return super().write(data)

    monkeypatch.setattr(uploads, "BytesIO", Counted)
    many = {f"f{n}": SimpleUploadedFile(f"{n}.pdf", bytes(10_000)) for n in range(50)}
    answer = client.post(reverse("desk:verify_file"), {"file": SimpleUploadedFile("a.pdf", b"%PDF-"), **many})
    assert (answer.status_code, sum(gathered)) == (200, 5)
