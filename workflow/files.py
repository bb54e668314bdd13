"""Files that go with what is said and recorded: judged by their content as evidence is, their bytes in the vault."""

from django.utils.translation import gettext as _

from acts import vault
from results.evidence import NotEvidence, read_upload

AT_MOST = 5


def keep(uploads):
    """[{name, sha256, kind, size}] of uploaded files, each content once. Raises NotEvidence with a sentence."""
    if len(uploads) > AT_MOST:
        raise NotEvidence(_("At most %(count)s files at once, please.") % {"count": AT_MOST})
    read = [read_upload(each) for each in uploads]
    kept = {}
    for content, name, kind in read:
        sha256, size = vault.store([content])
        kept.setdefault(sha256, {"name": name, "sha256": sha256, "kind": kind, "size": size})
    return list(kept.values())
