"""The organisation's seal on a PDF: a PAdES signature by its certificate, over every byte of the file.

The certificate and its key lie in one PKCS#12 file (settings SEAL_PKCS12 and SEAL_PASSWORD). Without one, the
certificate that this installation made for itself is used, where it made one (agreements.self_made). A time stamp comes
from the server at SEAL_TSA alone, never from our clock, and counts only if it leads to a root in SEAL_TSA_CA.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.translation import gettext as _

from agreements.models.seal import SealCertificate, SealLevel

logger = logging.getLogger(__name__)
FIELD = "Seal"
# Room for the certificates' chain and a time stamp, in bytes; what isn't used is filled with zeros.
ROOM = 16 * 1024


class Unsealable(Exception):
    """The certificate can't be read, or isn't valid on that day; its text says it to whoever runs the server."""


@dataclass(frozen=True)
class Certificate:
    """A certificate of the seal's, as people and the database know it."""

    fingerprint: str
    pem: str
    subject: str
    is_self_made: bool
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True)
class Sealed:
    """A PDF with the level of its seal. Without a certificate: as it came, level ""."""

    content: bytes
    level: str = ""
    certificate: Certificate | None = None

    @property
    def subject(self) -> str:
        """Whose seal it is."""
        return self.certificate.subject if self.certificate else ""

    @property
    def digest(self) -> str:
        """SHA-256 of everything but the seal: what the seal was put to."""
        return digest_outside_the_seal(self.content) if self.certificate else ""


def sealed(pdf: bytes, at: datetime) -> Sealed:
    """`pdf` with the seal, as its last bytes. Nothing may be changed afterwards: the seal says so itself (DocMDP).

    Raises `Unsealable` where the certificate is unreadable or not valid at `at`.
    """
    file = certificate_file()
    if file is None:
        return Sealed(pdf)
    signer, certificate = _signer_of(file)
    if not certificate.valid_from <= at <= certificate.valid_until:
        sentence = _("The certificate of the seal (%(subject)s) is not valid today. Please renew it.")
        raise Unsealable(sentence % {"subject": certificate.subject})
    stamped = _stamped(pdf, signer, at) if settings.SEAL_TSA else None
    if stamped is not None:
        return Sealed(stamped, SealLevel.B_T, certificate)
    return Sealed(_signed(pdf, signer, at), SealLevel.B_B, certificate)


def columns(seal: Sealed, at: datetime) -> dict:
    """What a `Document` keeps of its seal; the certificate is known from now on."""
    if seal.certificate is None:
        return {}
    known, _created = SealCertificate.objects.get_or_create(
        fingerprint=seal.certificate.fingerprint,
        defaults={
            "pem": seal.certificate.pem,
            "subject": seal.certificate.subject,
            "is_self_made": seal.certificate.is_self_made,
            "valid_until": seal.certificate.valid_until,
            "first_used_at": at,
        },
    )
    return {"seal_level": seal.level, "sealed_with": known, "seal_digest": seal.digest}


def certificate_file() -> Path | None:
    """The PKCS#12 file that seals; None: nothing is sealed here."""
    if settings.SEAL_PKCS12:
        return Path(settings.SEAL_PKCS12)
    own = self_made_file()
    return own if own.is_file() else None


def self_made_file() -> Path:
    """Where the certificate lies that an installation makes for itself."""
    return Path(settings.PRIVATE_ROOT) / "seal" / "self-made.p12"


def certificate_in_use() -> Certificate | None:
    """The certificate that seals now, if there is one. Raises `Unsealable`."""
    file = certificate_file()
    return _signer_of(file)[1] if file else None


def digest_outside_the_seal(pdf: bytes) -> str:
    """SHA-256 of a sealed PDF but for the seal itself, whose place its last /ByteRange says."""
    first, length, second, rest = (int(number) for number in pdf.rpartition(b"/ByteRange [")[2].split(b"]")[0].split())
    return hashlib.sha256(pdf[first : first + length] + pdf[second : second + rest]).hexdigest()


def _signer_of(file):
    # pyHanko is slow to import, and only the worker seals.
    from pyhanko.sign.signers import SimpleSigner

    password = settings.SEAL_PASSWORD.encode() if settings.SEAL_PKCS12 else None
    try:
        content = file.read_bytes()
        _key, certificate, _others = pkcs12.load_key_and_certificates(content, password)
        signer = SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=password)
    except (OSError, ValueError) as error:
        raise Unsealable(_("The certificate of the seal can't be read: %(file)s") % {"file": file}) from error
    if certificate is None:
        raise Unsealable(_("The certificate of the seal can't be read: %(file)s") % {"file": file})
    return signer, _as_certificate(certificate)


def _as_certificate(certificate: x509.Certificate) -> Certificate:
    pem = certificate.public_bytes(Encoding.PEM).decode()
    names = [
        part.value
        for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.ORGANIZATION_NAME)
        for part in certificate.subject.get_attributes_for_oid(oid)
    ]
    return Certificate(
        fingerprint=hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest(),
        pem=pem,
        subject=", ".join(names) or certificate.subject.rfc4514_string(),
        is_self_made=certificate.subject == certificate.issuer,
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
    )


def _stamped(pdf, signer, at):
    """Sealed with a time stamp; None where the server gave none that can be trusted. Never a time of our own."""
    from agreements.seal_time import NoStamp, TrustedTimeStamper

    try:
        return _signed(pdf, signer, at, TrustedTimeStamper(settings.SEAL_TSA, roots=settings.SEAL_TSA_CA))
    except NoStamp as error:
        logger.warning("Sealed without a time stamp from %s: %s", settings.SEAL_TSA, error)
        return None


def _signed(pdf, signer, at, timestamper=None):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    class SignerAt(PdfSigner):
        """Writes the time it is given; pyHanko would take its own."""

        def init_signing_session(self, *args, **kwargs):
            session = super().init_signing_session(*args, **kwargs)
            session.system_time = at
            return session

    facts = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    out = SignerAt(facts, signer, timestamper=timestamper).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=2 * ROOM
    )
    return out.getvalue()
