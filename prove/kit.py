"""What the forgers begin with: documents sealed by the product itself, with keys made for the purpose."""

from dataclasses import dataclass
from pathlib import Path

from django.test import override_settings
from django.utils import timezone

from agreements.seal import sealed
from prove.forging import Kit
from prove.keys import holder


@dataclass(frozen=True)
class Case:
    """A kit, with what the organisation knows of its own: its certificates, and the digests that it sealed."""

    kit: Kit
    certificates: tuple[str, ...]
    known: frozenset[str]


def case(bare: bytes, other: bytes, folder: Path, *, kind: str) -> Case:
    """Two documents sealed with a new key of a `kind` ("ec", "rsa"), the first of them with its successor's too."""
    ours, renewed, stranger = holder(kind=kind), holder(kind=kind), holder()

    def seal(pdf, by):
        file = folder / f"{by.certificate.serial_number}.p12"
        file.write_bytes(by.pkcs12)
        with override_settings(SEAL_PKCS12=str(file), SEAL_PASSWORD="", SEAL_TSA=""):
            return sealed(pdf, timezone.now())

    original, second = seal(bare, ours), seal(other, ours)
    kit = Kit(
        bare=bare,
        original=original.content,
        again=seal(bare, ours).content,
        renewed=seal(bare, renewed).content,
        other=second.content,
        ours=ours,
        stranger=stranger,
    )
    return Case(kit, (ours.pem, renewed.pem), frozenset({original.digest, second.digest}))
