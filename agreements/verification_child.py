"""What can be told of an uploaded file without trusting it. Run by itself, as a process that has nothing to lose.

`agreements.verification` starts it with no environment and the file on its standard input. It imports nothing of the
product, limits itself before it reads the first byte, and prints a few lines of JSON.

It doesn't read the file as a PDF. Our seal covers every byte but the seal itself, so all there is to know is whether
the bytes around a seal are those that our key signed; no way to read a PDF can make them so.

Input: a line of JSON {"certificates": [PEM, …]}, then the file. Output: [{"sealed_by", "signed", "outside", "intact"}, …]
of at most `MOST_SEALS` places each: whose certificate's key signed there (SHA-256, or null), the digest it signed, the
digests of what may be around it, and whether nothing but what was signed is.
"""

import hashlib
import json
import re
import resource
import sys

# All of it now: what is read before the limits hold is our own, and costs the file nothing.
import asn1crypto.tsp  # noqa: F401  (names the attribute by which a signature names its certificate)
from asn1crypto import parser
from asn1crypto.cms import ContentInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

MEMORY = 512 * 1024 * 1024
SECONDS = 5
OUTPUT = 64 * 1024
MOST_SEALS = 20
# Hex, maybe broken by blanks where somebody touched it. Possessive, so that junk costs no more than its length.
PLACE = re.compile(rb"<([0-9A-Fa-f\s]{1000,}+)>")
RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s*\]")


def main() -> None:
    """Limit ourselves, read, look, tell."""
    limit_ourselves()
    asked = json.loads(sys.stdin.buffer.readline())
    found = look(sys.stdin.buffer.read(), asked["certificates"])
    print(json.dumps(found))  # noqa: T201  (its standard output is read by who started it)


def limit_ourselves() -> None:
    """Processor, memory, nothing written to disk but the answer, no core dump: whatever the file makes us do."""
    for what, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def look(content: bytes, certificates: list[str]) -> list[dict]:
    """Every place of `content` that holds, or may have held, a seal of one of `certificates` (PEM)."""
    known = [x509.load_pem_x509_certificate(pem.encode()) for pem in certificates]
    found = [_seal(content, place, known) for place, _ in zip(PLACE.finditer(content), range(MOST_SEALS), strict=False)]
    # Where the seal itself was damaged, what is around it may still be as it was.
    found += [_around(content, span) for span, _ in zip(RANGE.finditer(content), range(MOST_SEALS), strict=False)]
    return found


def _seal(content, place, known):
    outside = _digest(content[: place.start()], content[place.end() :])
    hole = place[1]
    try:
        cms, left = _one_value(bytes.fromhex(hole.decode()))
        signed_data, signer = _signer(cms)
        sealed_by = _whose(signed_data, signer, known)
        signed = _signed_digest(signer)
    except UNREADABLE:
        return {"sealed_by": None, "signed": None, "outside": [outside], "intact": False}
    if sealed_by is None:
        return {"sealed_by": None, "signed": None, "outside": [outside], "intact": False}
    tidy = not left.strip(b"\0") and not re.search(rb"\s", hole) and _in_its_place(content, place)
    return {"sealed_by": sealed_by, "signed": signed, "outside": [outside], "intact": tidy and signed == outside}


def _in_its_place(content, place):
    """Does the file itself say, right behind the seal, that it stands there? The digest alone wouldn't show it moved."""
    said = RANGE.match(content, place.end() + 1)
    true = (0, place.start(), place.end(), len(content) - place.end())
    return said is not None and tuple(int(number) for number in said.groups()) == true


def _around(content, span):
    """As the file says itself, and counted from its end: something may have been put into the seal, or taken out."""
    first, length, second, rest = (int(number) for number in span.groups())
    before = content[first : first + length]
    said = _digest(before, content[second : second + rest])
    return {"sealed_by": None, "signed": None, "outside": [said, _digest(before, content[-rest:])], "intact": False}


def _digest(before, after):
    sha = hashlib.sha256(before)
    sha.update(after)
    return sha.hexdigest()


def _one_value(content):
    """The first DER value, and what follows it."""
    _class, _method, _tag, header, body, trailer = parser.parse(content, strict=False)
    length = len(header) + len(body) + len(trailer)
    return content[:length], content[length:]


def _signer(cms):
    """A detached CMS signature, and its only signer."""
    outer = ContentInfo.load(cms, strict=True)
    if outer["content_type"].native != "signed_data":
        raise ValueError("not signed data")
    signed = outer["content"]
    if signed["encap_content_info"]["content"].native is not None:
        raise ValueError("not detached")
    (signer,) = signed["signer_infos"]
    if signer["digest_algorithm"]["algorithm"].native != "sha256":
        raise ValueError("not SHA-256")
    return signed, signer


def _attribute(signer, name):
    """The one value of the one signed attribute of that name."""
    (attribute,) = (each for each in signer["signed_attrs"] if each["type"].native == name)
    (value,) = attribute["values"]
    return value


def _signed_digest(signer):
    if _attribute(signer, "content_type").native != "data":
        raise ValueError("not a signature over data")
    return _attribute(signer, "message_digest").native.hex()


def _whose(signed_data, signer, known):
    """Fingerprint of the certificate whose key made this signature, and which it names; None: none of ours."""
    (named,) = (each["cert_hash"].native for each in _attribute(signer, "signing_certificate_v2")["certs"])
    for certificate in known:
        fingerprint = certificate.fingerprint(SHA256())
        if fingerprint != named:
            continue
        try:
            _verify(certificate.public_key(), signer)
        except InvalidSignature:
            return None
        _names_it_throughout(signed_data, signer, certificate.public_bytes(Encoding.DER))
        return fingerprint.hex()
    return None


def _names_it_throughout(signed_data, signer, der):
    """What the signature doesn't cover must be as we write it too: the certificate itself, and who signed."""
    own = Certificate.load(der)
    if der not in [each.dump() for each in signed_data["certificates"]]:
        raise ValueError("without its certificate")
    sid = signer["sid"].chosen
    if (sid["issuer"].dump(), sid["serial_number"].native) != (own.issuer.dump(), own.serial_number):
        raise ValueError("signed by somebody else")
    if [each["algorithm"].native for each in signed_data["digest_algorithms"]] != ["sha256"]:
        raise ValueError("not SHA-256")


def _verify(key, signer):
    """Raises InvalidSignature unless `key` signed the signed attributes."""
    signature, over = signer["signature"].native, signer["signed_attrs"].untag().dump(force=True)
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, over, ec.ECDSA(SHA256()))
    elif isinstance(key, rsa.RSAPublicKey):
        pss = signer["signature_algorithm"]["algorithm"].native == "rsassa_pss"
        scheme = padding.PSS(padding.MGF1(SHA256()), padding.PSS.AUTO) if pss else padding.PKCS1v15()
        key.verify(signature, over, scheme, SHA256())
    else:
        raise TypeError("a kind of key that we never had")


# What the reading of a value that isn't what it seems ends in.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)

if __name__ == "__main__":
    main()
