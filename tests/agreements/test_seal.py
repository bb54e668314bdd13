"""The seal: what it reaches, whose it is, and what poppler says of it."""

import re
import subprocess
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from threading import Thread

import pikepdf
import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from django.core.management import CommandError, call_command
from django.utils import timezone
from pyhanko.keys.internal import translate_pyca_cryptography_key_to_asn1
from pyhanko.sign.timestamps import DummyTimeStamper
from weasyprint import HTML

from agreements.seal import Unsealable, certificate_in_use, sealed, self_made_file
from agreements.seal_check import check_seal
from agreements.self_made import make_certificate
from prove.forging import seal_of
from prove.judging import pdfsig_is_content
from prove.keys import holder

AT = timezone.now()


@pytest.fixture(scope="module")
def pdf():
    """A small file that says it is PDF/A-3."""
    out = BytesIO()
    with pikepdf.open(BytesIO(HTML(string="<title>คำรับรอง</title><p>Agreement").write_pdf())) as file:
        with file.open_metadata() as facts:
            facts["pdfaid:part"], facts["pdfaid:conformance"] = "3", "A"
        file.save(out)
    return out.getvalue()


@pytest.fixture
def own(settings, tmp_path):
    """The organisation's certificate, with a password, as it would be set in production."""
    made = holder("กองยุทธศาสตร์")
    file = tmp_path / "seal.p12"
    lock = BestAvailableEncryption("ลับ".encode())
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", made.key, made.certificate, None, lock))
    settings.SEAL_PKCS12, settings.SEAL_PASSWORD = str(file), "ลับ"
    return made


def pdfsig(content, tmp_path):
    """{what pdfsig says: of the only signature}"""
    file = tmp_path / "sealed.pdf"
    file.write_bytes(content)
    said = subprocess.run(["pdfsig", file], capture_output=True, check=False, text=True).stdout
    assert said.count("Signature #") == 1
    return dict(re.findall(r"- ([\w ]+): (.*)", said)) | {"whole": "Total document signed" in said}


def test_poppler_finds_one_valid_seal_of_the_organisation_over_the_whole_file(pdf, own, tmp_path):
    seal = sealed(pdf, AT)
    said = pdfsig(seal.content, tmp_path)

    assert (said["Signature Validation"], said["whole"]) == ("Signature is Valid.", True)
    assert said["Signature Type"] == "ETSI.CAdES.detached"
    assert said["Signer Certificate Common Name"] == "กองยุทธศาสตร์"
    assert (seal.level, seal.subject) == ("B-B", "กองยุทธศาสตร์, สำนักงานตำรวจแห่งชาติ")
    assert seal.content.startswith(pdf)


def test_the_seal_forbids_every_change_and_leaves_the_archive_format_as_it_was(pdf, own, tmp_path):
    with pikepdf.open(_file(tmp_path, sealed(pdf, AT).content)) as file:
        assert file.Root.Perms.DocMDP.Reference[0].TransformParams.P == 1
        assert 'pdfaid:part="3"' in file.Root.Metadata.read_bytes().decode()


def _file(folder, content):
    file = folder / "file.pdf"
    file.write_bytes(content)
    return file


def test_without_a_certificate_a_file_is_left_as_it_is_and_claims_nothing(pdf, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    seal = sealed(pdf, AT)

    assert (seal.content, seal.level, seal.subject, seal.digest) == (pdf, "", "", "")


def test_what_an_installation_made_for_itself_seals_and_is_known_as_such(pdf, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    first = make_certificate(AT).read_bytes()

    assert make_certificate(AT).read_bytes() == first, "made again, old seals would be a stranger's"
    assert self_made_file().stat().st_mode & 0o077 == 0
    seal = sealed(pdf, AT)
    assert seal.certificate.is_self_made
    assert "ใช้ทดลองเท่านั้น" in seal.subject
    assert pdfsig_is_content(seal.content)


def test_a_certificate_by_an_authority_is_not_called_self_made(settings, tmp_path):
    settings.SEAL_PKCS12 = str(tmp_path / "issued.p12")
    (tmp_path / "issued.p12").write_bytes(holder(issuer=holder("ผู้ออกใบรับรอง")).pkcs12)
    assert not certificate_in_use().is_self_made


@pytest.mark.parametrize("days", [-400, 400])
def test_a_certificate_that_is_not_valid_on_the_day_seals_nothing(pdf, own, days):
    with pytest.raises(Unsealable, match="กองยุทธศาสตร์"):
        sealed(pdf, AT + timedelta(days=days))


@pytest.mark.parametrize("change", [{"SEAL_PASSWORD": "wrong"}, {"SEAL_PKCS12": "/nowhere.p12"}])
def test_a_certificate_that_cannot_be_read_stops_the_sealing_and_never_leaves_it_out(pdf, own, settings, change):
    for name, value in change.items():
        setattr(settings, name, value)
    with pytest.raises(Unsealable):
        sealed(pdf, AT)
    with pytest.raises(CommandError):
        call_command("seal")


@pytest.mark.parametrize(("days", "said"), [(0, []), (340, ["agreements.W001"]), (400, ["agreements.E002"])])
def test_the_deployment_check_tells_before_the_certificate_ends(settings, tmp_path, monkeypatch, days, said):
    settings.SEAL_PKCS12 = str(tmp_path / "issued.p12")
    (tmp_path / "issued.p12").write_bytes(holder(issuer=holder("ผู้ออกใบรับรอง")).pkcs12)
    monkeypatch.setattr("agreements.seal_check.timezone.now", lambda: AT + timedelta(days=days))

    assert [message.id for message in check_seal()] == said


def test_the_deployment_check_tells_of_what_nobody_vouches_for_and_what_cannot_be_read(own, settings):
    assert [message.id for message in check_seal()] == ["agreements.W002"]
    settings.SEAL_PASSWORD = "wrong"
    assert [message.id for message in check_seal()] == ["agreements.E001"]


def test_the_command_says_whose_certificate_seals_and_until_when(own, capsys):
    call_command("seal")
    assert "กองยุทธศาสตร์, สำนักงานตำรวจแห่งชาติ, valid until 20" in capsys.readouterr().out


# Time stamps: from a server that is really asked


@pytest.fixture
def time_server(settings, tmp_path):
    """A time-stamp server on this machine; `answers(stamper or bytes)` says what it answers with."""
    root = holder("ผู้รับรองเวลา")
    (tmp_path / "roots.pem").write_text(root.pem)
    answering = {}

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            what = answering["with"]
            said = what if isinstance(what, bytes) else what.request_tsa_response(request).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.SEAL_TSA = f"http://127.0.0.1:{server.server_port}/"
    settings.SEAL_TSA_CA = str(tmp_path / "roots.pem")
    answering["with"] = _stamper(root)
    yield answering
    server.shutdown()
    server.server_close()


def _stamper(root, *, stamps=True):
    made = holder("นาฬิกา", issuer=root, stamps=stamps, kind="rsa")
    return DummyTimeStamper(made.asn1, translate_pyca_cryptography_key_to_asn1(made.key), fixed_dt=AT)


def test_a_trusted_stamp_makes_it_level_b_t(pdf, own, time_server):
    seal = sealed(pdf, AT)

    assert seal.level == "B-T"
    assert pdfsig_is_content(seal.content)
    assert _stamps_in(seal.content) == 1


@pytest.mark.parametrize("answer", ["a stranger's", "no stamper's", "junk", "nothing", "a shut door"])
def test_without_a_trusted_stamp_it_is_level_b_b_and_bears_none(pdf, own, time_server, settings, answer):
    strangers = _stamper(holder("ผู้รับรองเวลา"))
    answers = {
        "a stranger's": strangers,
        "no stamper's": _stamper(holder(), stamps=False),
        "junk": b"junk",
        "nothing": b"",
    }
    time_server["with"] = answers.get(answer)
    if answer == "a shut door":
        settings.SEAL_TSA = "http://127.0.0.1:9/"
    seal = sealed(pdf, AT)

    assert seal.level == "B-B"
    assert pdfsig_is_content(seal.content)
    assert _stamps_in(seal.content) == 0


def _stamps_in(content):
    unsigned = seal_of(content)["content"]["signer_infos"][0]["unsigned_attrs"].native or []
    return len([each for each in unsigned if each["type"] == "signature_time_stamp_token"])
