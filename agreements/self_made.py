"""A certificate that an installation makes for itself, so that a trial can seal. Nobody vouches for it, and it says so."""

import os
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

from agreements.seal import self_made_file

# A name holds at most 64 bytes: 21 Thai letters.
NAME, ORGANISATION = "ตราประทับสาธิต", "ใช้ทดลองเท่านั้น"
TERM = timedelta(days=5 * 365)


def make_certificate(at: datetime):
    """Make it where there is none; gives the file. Made once, however many ask at once."""
    file = self_made_file()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = file.with_name(f"part-{os.getpid()}")
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(_pkcs12(at))
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(part, file)  # refuses where another was first, so that its certificate stays
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return file


def _pkcs12(at):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TH"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, NAME),
        ]
    )
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only"), False
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + TERM)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, decipher_only=False, **usage), critical=True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    return pkcs12.serialize_key_and_certificates(NAME.encode(), key, certificate, None, NoEncryption())
