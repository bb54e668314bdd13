"""`manage.py check --deploy`: can the certificate seal today, and for a while yet?"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core import checks
from django.utils import timezone

from agreements.seal import Certificate, Unsealable, certificate_in_use

SOON = timedelta(days=30)


def check_seal(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Nothing to say where nothing seals: documents claim no seal then."""
    try:
        certificate = certificate_in_use()
    except Unsealable as error:
        return [checks.Error(str(error), hint="See SEAL_PKCS12 and SEAL_PASSWORD.", id="agreements.E001")]
    return list(_messages(certificate)) if certificate else []


def _messages(certificate: Certificate) -> Iterator[checks.CheckMessage]:
    now, until = timezone.now(), f"{certificate.valid_until:%Y-%m-%d}"
    if not certificate.valid_from <= now <= certificate.valid_until:
        sentence = f"The certificate of the seal is not valid today (until {until}): no document can be made."
        yield checks.Error(sentence, hint="Renew it; documents that wait are made then.", id="agreements.E002")
    elif certificate.valid_until < now + SOON:
        sentence = f"The certificate of the seal ends on {until}; no document can be made from then on."
        yield checks.Warning(sentence, hint="Renew it.", id="agreements.W001")
    if certificate.is_self_made:
        sentence = "The certificate of the seal was made by itself: nobody vouches for it."
        yield checks.Warning(sentence, hint="Set SEAL_PKCS12 to one by an authority.", id="agreements.W002")
