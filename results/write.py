"""Writing results, evidence and findings. Each verb refuses unless the actor may; a stale save changes nothing."""

from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from acts import vault
from acts.engine import Refused
from acts.log import acting
from acts.versions import save_seen
from agreements.models import Agreement
from results.evidence import LARGEST, NotEvidence, file_name, recognise, too_large
from results.models import Evidence, Finding
from results.rules import accepted_at_once, may_evaluate, may_report
from results.scores import evaluation_card
from thai.numbers import plain_number
from thai.text import one_line

LOGGED = 200


@contextmanager
def _writing(agreement, thing, may, *, actor, at):
    """Hold the agreement's row, judge on what is committed, and give the act's `record`."""
    with acting(actor, at=at) as record:
        Agreement.objects.select_for_update().get(pk=agreement.pk)
        refusal = may(type(thing).objects.get(pk=thing.pk), actor, at)
        if refusal:
            raise Refused([refusal])
        yield record


def save_result(result, changes, *, version, actor, at, page=""):
    """Set fields of one line's result, read at `version`. Raises acts.versions.Stale with the row as it stands."""
    report = result.report
    with _writing(report.agreement, report, may_report, actor=actor, at=at) as record:
        return _save(result, changes, (version, page), report.agreement, record, "report_result")


def save_finding(finding, changes, *, version, actor, at, page=""):
    """Set the evaluator's result or reason of one line, read at `version`. Raises Stale as `save_result` does."""
    evaluation = finding.evaluation
    agreement = evaluation.report.agreement
    with _writing(agreement, evaluation, may_evaluate, actor=actor, at=at) as record:
        kept = Finding.objects.get(evaluation=evaluation, line_id=finding.line_id)
        return _save(kept, changes, (version, page), agreement, record, "evaluate")


def save_findings(evaluation, changes, *, accept=False, actor, at, page=""):
    """Save several findings in one act: [(finding, changes, version)], all or none; `accept` then takes over the rest.

    Raises Stale with the first row that somebody else changed.
    """
    with acting(actor, at=at):
        for finding, changed, version in changes:
            save_finding(finding, changed, version=version, page=page, actor=actor, at=at)
        if accept:
            accept_reported(evaluation, actor=actor, at=at)


def accept_reported(evaluation, *, actor, at):
    """Take over the unit's result of every line that has no finding yet, in one act; gives how many."""
    agreement = evaluation.report.agreement
    with _writing(agreement, evaluation, may_evaluate, actor=actor, at=at) as record:
        rows = accepted_at_once(evaluation_card(evaluation))
        for row in rows:
            save_seen(row.finding, {"value": row.unit.value}, version=row.finding.version)
        if rows:
            taken = {row.line.number: plain_number(row.unit.value) for row in rows}
            record("evaluate_as_reported", agreement, change={"values": taken}, text=", ".join(taken))
    return len(rows)


def _save(row, changes, seen, agreement, record, act):
    version, page = seen
    before, after, changed = save_seen(row, changes, version=version, page=page)
    if changed:
        difference = {name: [_short(getattr(before, name)), _short(value)] for name, value in changed.items()}
        record(act, agreement, change=difference, text=str(row)[:LOGGED])
    return after


def _short(value):
    return None if value is None else str(value)[:LOGGED]


def add_evidence(result, upload, *, proves, actor, at):
    """Keep an uploaded file as evidence of a result. Raises results.evidence.NotEvidence with a sentence."""
    report = result.report
    if upload.size > LARGEST:
        raise too_large()  # before a byte of it is read
    content, name = upload.read(), file_name(upload.name)
    kind = recognise(content, name)
    with _writing(report.agreement, report, may_report, actor=actor, at=at) as record:
        sha256, size = vault.store([content])
        evidence = _insert(
            result=result,
            name=name,
            proves=one_line(proves),
            sha256=sha256,
            kind=kind,
            size=size,
            added_at=at,
            added_by=str(actor),
        )
        record("add_evidence", report.agreement, change={"sha256": ["", sha256]}, text=evidence.name)
    return evidence


def _insert(**values):
    try:
        with transaction.atomic():
            return Evidence.objects.create(**values)
    except IntegrityError as twice:
        raise NotEvidence(_("This file is here already, as evidence of the same indicator.")) from twice


def remove_evidence(evidence, *, actor, at):
    """Take a file away from a result that is still being written. The log keeps its name and hash."""
    report = evidence.result.report
    with _writing(report.agreement, report, may_report, actor=actor, at=at) as record:
        record("remove_evidence", report.agreement, change={"sha256": [evidence.sha256, ""]}, text=evidence.name)
        evidence.delete()
