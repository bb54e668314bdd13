"""The emblem on documents: one image file, named by the setting DOCUMENT_EMBLEM. Without it, none is printed."""

from base64 import b64encode
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
LARGEST = 1024 * 1024


def emblem() -> str:
    """The emblem as a `data:` URI, so that it is carried in the document; "" where none is set."""
    if not settings.DOCUMENT_EMBLEM:
        return ""
    file = Path(settings.DOCUMENT_EMBLEM)
    kind = KINDS.get(file.suffix.lower())
    if kind is None or not file.is_file() or file.stat().st_size > LARGEST:
        raise ImproperlyConfigured(f"DOCUMENT_EMBLEM must be a svg, png or jpg file of at most 1 MB: {file}")
    return f"data:{kind};base64,{b64encode(file.read_bytes()).decode()}"
