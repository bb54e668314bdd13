"""Files that go with what is said and recorded: judged by their content as evidence is, their bytes in the vault."""

from django.utils.translation import gettext as _

from acts import vault
from results.evidence import LARGEST, NotEvidence, file_name, recognise, too_large

AT_MOST = 5


def keep(uploads):
    """[{name, sha256, kind, size}] of uploaded files, each content once. Raises NotEvidence with a sentence."""
    if len(uploads) > AT_MOST:
        raise NotEvidence(_("At most %(count)s files at once, please.") % {"count": AT_MOST})
    read = [_read(each) for each in uploads]
    kept = {}
    for content, name, kind in read:
        sha256, size = vault.store([content])
        kept.setdefault(sha256, {"name": name, "sha256": sha256, "kind": kind, "size": size})
    return list(kept.values())


def _read(upload):
    if upload.size > LARGEST:
        raise too_large()  # before a byte of it is read
    content, name = upload.read(), file_name(upload.name)
    return content, name, recognise(content, name)
