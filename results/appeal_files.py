"""Files that the unit attaches to an objection: the unit's own until the appeal is lodged, and kept from then on."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from acts import vault
from acts.refusals import Conflict
from results.appeal_rules import may_object
from results.evidence import NotEvidence, read_upload
from results.models import AppealLine
from results.preview import DRAWN
from results.write import writing
from thai.text import one_line

MOST_KEPT = 20


@dataclass(frozen=True)
class AppealFile:
    """A file of an objection; its bytes lie in the vault by their SHA-256."""

    name: str
    proves: str
    sha256: str
    kind: str
    size: int
    added_at: datetime
    added_by: str

    @property
    def is_drawn(self):
        """Is there a small picture of it?"""
        return self.kind in DRAWN


def files_of(appealed):
    """The AppealFiles of a line of an appeal, as they were added."""
    return [AppealFile(**each | {"added_at": datetime.fromisoformat(each["added_at"])}) for each in appealed.files]


def add_file(appealed, upload, *, proves, actor, at):
    """Keep an uploaded file with an objection. Raises results.evidence.NotEvidence with a sentence."""
    content, name, kind = read_upload(upload)
    with _writing(appealed, actor=actor, at=at) as (kept, record):
        sha256, size = vault.store([content])
        _refuse_twice_or_too_many(kept, sha256)
        added = {"name": name, "proves": one_line(proves), "sha256": sha256, "kind": kind, "size": size}
        added |= {"added_at": at.isoformat(), "added_by": str(actor)}
        _keep(kept, [*kept.files, added])
        record("attach_to_objection", _agreement(kept), change={"sha256": ["", sha256]}, text=name)


def remove_file(appealed, sha256, *, actor, at):
    """Take a file away from an objection that is not lodged. The log keeps its name and hash."""
    with _writing(appealed, actor=actor, at=at) as (kept, record):
        gone = next((each for each in kept.files if each["sha256"] == sha256), None)
        if gone is None:
            raise Conflict(_("This no longer exists. Nothing was changed."))
        _keep(kept, [each for each in kept.files if each != gone])
        record("remove_from_objection", _agreement(kept), change={"sha256": [sha256, ""]}, text=gone["name"])


@contextmanager
def _writing(appealed, *, actor, at):
    """The line as it stands, and the act's `record`, under the hold on the agreement that every writer takes."""
    with writing(_agreement(appealed), appealed.appeal, may_object, actor=actor, at=at) as record:
        yield AppealLine.objects.select_related("appeal__evaluation__report__agreement").get(pk=appealed.pk), record


def _agreement(appealed):
    return appealed.appeal.evaluation.report.agreement


def _keep(appealed, files):
    AppealLine.objects.filter(pk=appealed.pk).update(files=files)


def _refuse_twice_or_too_many(appealed, sha256):
    if any(each["sha256"] == sha256 for each in appealed.files):
        raise NotEvidence(_("This file is here already, with the same objection."))
    if len(appealed.files) >= MOST_KEPT:
        raise NotEvidence(_("An objection has at most %(count)s files.") % {"count": MOST_KEPT})
