"""What a file is to us: every forgery gets the verdict it deserves, and poppler finds the same ones genuine."""

import hashlib
import json
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from weasyprint import HTML

from acts.vault import read, store
from agreements import verification, verification_child
from agreements.freeze import freeze
from agreements.issue import make, order
from agreements.models import Document, SealCertificate, Snapshot
from agreements.seal import sealed
from agreements.verification import Busy, Finding, Outcome, Unexamined, examine, look
from prove.forging import FORGERIES, mutations, within_the_seal
from prove.judging import pdfsig_is_content, verdict
from prove.keys import holder
from prove.kit import case
from workflow.certificate import draft_certificate

GENUINE = (Finding.ORIGINAL, Finding.NOT_KEPT)
MUTATED = 60


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two documents of two pages, with all that a forger needs."""
    bare, other = (_pages(title) for title in ("Agreement", "Another agreement"))
    return case(bare, other, tmp_path_factory.mktemp("keys"), kind="ec")


def _pages(title):
    return HTML(string=f"<title>{title}</title><p>{title}<p style='break-before: page'>Two").write_pdf()


def judged(made, content):
    """The verdict, found out within this process."""
    seals = verification_child.look(content, list(made.certificates))
    return verdict(content, made.kit.original, made.known, seals)


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_a_forgery_is_called_what_it_is_and_poppler_agrees(made, forgery):
    content = forgery.make(made.kit)
    found = judged(made, content)

    assert content != made.kit.original
    assert found == forgery.expected
    assert pdfsig_is_content(content) == (found in GENUINE or forgery.by_another_key)


def test_a_file_changed_anywhere_by_a_little_is_altered(made):
    wrong, within = {}, 0
    for mutation in mutations(made.kit.original, count=MUTATED, seed=2569):
        found = judged(made, mutation.content)
        inside = within_the_seal(made.kit.original, mutation.content)
        within += inside
        # Within the seal stands some that it doesn't cover: whoever changes that changes nothing that was sealed.
        harmless = inside and found == Finding.NOT_KEPT and pdfsig_is_content(mutation.content)
        if found != Finding.ALTERED and not harmless:
            wrong[mutation.name] = found
    assert wrong == {}
    assert 0 < within < MUTATED


def test_a_seal_with_a_key_of_the_other_kind_is_read_as_well(made, tmp_path):
    rsa = case(made.kit.bare, _pages("Another agreement"), tmp_path, kind="rsa")

    assert judged(rsa, rsa.kit.again) == Finding.NOT_KEPT
    assert judged(rsa, rsa.kit.again + b"\n") == Finding.ALTERED
    assert judged(made, rsa.kit.again) == Finding.FOREIGN


def test_a_forgery_that_would_do_is_found_out_by_each_of_these_alone(made, monkeypatch):
    """The control: without its guard, what is altered would be called sealed by us."""
    guards = {
        "_in_its_place": ("the_seal_moved_a_little", lambda *_seen: True),
        "_verify": ("a_text_signed_anew_with_a_key_that_is_not_ours", lambda *_seen: None),
    }
    forgeries = {forgery.name: forgery for forgery in FORGERIES}
    for guard, (name, taken_away) in guards.items():
        content = forgeries[name].make(made.kit)
        assert judged(made, content) != Finding.NOT_KEPT
        with monkeypatch.context() as patch:
            patch.setattr(verification_child, guard, taken_away)
            assert judged(made, content) == Finding.NOT_KEPT, guard


# The process of its own


def test_the_child_says_the_same_as_the_function(made):
    content = made.kit.again
    assert look(content, made.certificates) == verification_child.look(content, list(made.certificates))


def test_the_child_knows_nothing_of_ours(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "a secret of the server")
    child = tmp_path / "child.py"
    child.write_text("import json, os, sys; print(json.dumps([dict(os.environ), sys.path]))")
    monkeypatch.setattr(verification, "_CHILD", str(child))
    environment, path = look(b"", ())

    assert "SECRET_KEY" not in environment
    assert str(Path.cwd()) not in path


@pytest.mark.parametrize(
    "harm",
    {
        "processor": "while True: pass",
        "memory": "bytearray(1024 ** 3)",
        "disk": "open('/tmp/x-of-the-child', 'wb').write(bytes(200_000))",
        "answer": "print('x' * 1_000_000)",
        "crash": "import os; os.abort()",
    }.items(),
    ids=lambda harm: harm[0],
)
def test_a_file_that_makes_the_child_do_harm_ends_it_and_nothing_else(monkeypatch, tmp_path, harm):
    child = tmp_path / "child.py"
    begin = (
        f"import sys; sys.path.insert(0, {str(Path(verification_child.__file__).parent)!r}); import verification_child"
    )
    child.write_text(f"{begin}\nverification_child.SECONDS = 1\nverification_child.limit_ourselves()\n{harm[1]}\n")
    monkeypatch.setattr(verification, "_CHILD", str(child))
    with pytest.raises(Unexamined):
        look(b"%PDF-", ())


def test_a_child_that_only_waits_is_ended(monkeypatch, tmp_path):
    child = tmp_path / "child.py"
    child.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(verification, "_CHILD", str(child))
    monkeypatch.setattr(verification, "SECONDS", 0.5)
    began = time.monotonic()
    with pytest.raises(Unexamined):
        look(b"%PDF-", ())
    assert time.monotonic() - began < 10


def test_the_worst_files_are_done_with_in_their_limits(made, monkeypatch):
    """Of the largest size that is taken, and made to be slow to read: by the processor's time, not the clock's."""
    monkeypatch.setattr(verification, "SECONDS", 120)
    size = verification.LARGEST
    worst = {
        "hex": b"<" + b"3082" * (size // 4),
        "hex that ends": b"<" + b"3082" * (size // 4) + b">",
        "openings": b"<" * size,
        "nearly hex": (b"<" + b"0" * 999 + b"z") * (size // 1001),
        "ranges": b"/ByteRange [0 99999999 0 99999999]" * (size // 34),
        "blanks": b"/ByteRange [" + b" " * size,
        "zeros": bytes(size),
    }
    for name, content in worst.items():
        seals = look(content, made.certificates)
        assert not [seal for seal in seals if seal["sealed_by"]], name


def test_the_child_can_be_run_by_itself(made):
    asked = json.dumps({"certificates": list(made.certificates)}).encode() + b"\n" + made.kit.again
    said = subprocess.run([sys.executable, "-I", verification._CHILD], input=asked, capture_output=True, check=True)
    assert json.loads(said.stdout)[0]["intact"]


def test_the_child_leaves_no_compiled_modules_behind(tmp_path, monkeypatch):
    """It may write so few bytes to a file that a module would be cut short, for everybody who imports it."""
    child = tmp_path / "child.py"
    child.write_text("import json, sys; sys.stdin.buffer.read(); print(json.dumps(sys.dont_write_bytecode))\n")
    monkeypatch.setattr(verification, "_CHILD", str(child))

    assert verification.look(b"", []) is True


# With what is kept


@pytest.fixture
def document(world, settings, tmp_path):
    """A document made and sealed."""
    settings.SEAL_PKCS12 = str(tmp_path / "seal.p12")
    (tmp_path / "seal.p12").write_bytes(holder().pkcs12)
    snapshot = freeze(world.draft, purpose=Snapshot.Purpose.SUBMITTED, actor=world.people.office, at=world.at())
    certificate = draft_certificate(snapshot.agreement, world.at(), draft=True)
    return make(order(snapshot, kind=Document.Kind.PROOF, certificate=certificate, at=world.at()))


def test_the_document_keeps_the_level_and_the_certificate_of_its_seal(document):
    known = SealCertificate.objects.get()
    assert (document.seal_level, document.sealed_with, known.is_self_made) == ("B-B", known, True)
    assert pdfsig_is_content(read(document.sha256))


def test_the_four_verdicts_and_the_document_behind_them(document, settings, tmp_path):
    original = read(document.sha256)
    with pikepdf.open(BytesIO(original)) as file:
        out = BytesIO()
        file.save(out)
    again = sealed(_pages("Kept nowhere"), document.rendered_at).content

    assert examine(original) == Outcome(Finding.ORIGINAL, document)
    assert examine(again) == Outcome(Finding.NOT_KEPT)
    assert examine(original + b"\n") == Outcome(Finding.ALTERED, document)
    assert examine(out.getvalue()) == Outcome(Finding.ALTERED, document)
    assert examine(_pages("None of ours")) == Outcome(Finding.FOREIGN)


def test_what_was_made_before_there_was_a_seal_is_known_by_its_hash(document):
    sha256, _size = store([b"%PDF- without a seal"])
    Document.objects.update(sha256=sha256, seal_level="", sealed_with=None, seal_digest="")

    assert examine(b"%PDF- without a seal").finding == Finding.ORIGINAL
    assert examine(b"%PDF- without a seal\n").finding == Finding.FOREIGN


def test_nothing_of_a_file_is_kept(document, settings):
    before = _everything_in(settings.PRIVATE_ROOT)
    examine(b"%PDF-1.7 a file of somebody's")
    assert _everything_in(settings.PRIVATE_ROOT) == before


def _everything_in(folder):
    return {hashlib.sha256(file.read_bytes()).hexdigest() for file in Path(folder).rglob("*") if file.is_file()}


def test_more_files_at_once_than_there_are_places_are_told_to_come_again(document, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(verification, "PATIENCE", 0.1)
        with verification._a_place(), verification._a_place(), pytest.raises(Busy):
            examine(b"%PDF-")
    assert examine(b"%PDF-").finding == Finding.FOREIGN
