"""Time stamps from outside for the seal (RFC 3161): checked when they come, and refused unless they can be trusted."""

from asn1crypto import cms
from pyhanko.keys import load_certs_from_pemder
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

SECONDS = 10
# What the parsing of an answer that is no answer ends in.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError)


class NoStamp(Exception):
    """The server did not answer, refused, or its stamp is not one that its roots vouch for."""


class TrustedTimeStamper(HTTPTimeStamper):
    """Asks `url` for a stamp and takes it if it is over the digest sent, and leads to one of `roots` (a PEM file)."""

    def __init__(self, url: str, *, roots: str):
        super().__init__(url, timeout=SECONDS)
        self.roots = list(load_certs_from_pemder([roots]))

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """The stamp over `message_digest`. Raises `NoStamp`."""
        try:
            stamp = await super().async_timestamp(message_digest, md_algorithm)
            facts = await validate_tst_signed_data(
                stamp["content"],
                ValidationContext(trust_roots=self.roots, allow_fetching=False),
                lambda _algorithm: message_digest,
            )
        except (TimestampRequestError, SignatureValidationError, *UNREADABLE) as error:
            raise NoStamp(f"{type(error).__name__}: {error}") from error
        status = TimestampSignatureStatus(**facts)
        if not (status.intact and status.valid and status.trusted):
            raise NoStamp(status.summary())
        return stamp
