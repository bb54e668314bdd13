"""Writing results, evidence and findings. Each verb refuses unless the actor may; a stale save changes nothing."""

from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from acts import vault
from acts.engine import Refused
from acts.log import acting
from acts.refusals import Conflict
from acts.versions import save_seen
from agreements.models import Agreement
from agreements.named import named_in
from agreements.standing import As
from agreements.who_can_help import refused_for_role
from results.evidence import NotEvidence, read_upload
from results.flags import flags_of, held_up
from results.models import Collected, Evidence, Finding, Result
from results.oversee import no_longer_judged
from results.rules import acceptable, may_collect, may_evaluate, may_give_figure, may_report, may_report_line
from results.scores import agreed_of, evaluation_card
from thai.numbers import plain_number
from thai.text import one_line

LOGGED = 200


@contextmanager
def writing(agreement, thing, may, *, actor, at, idempotency=""):
    """Hold the agreement's row, judge on what is committed, and give the act's `record`."""
    with acting(actor, at=at, idempotency=idempotency) as record:
        Agreement.objects.select_for_update().get(pk=agreement.pk)
        refusal = may(type(thing).objects.get(pk=thing.pk), actor, at)
        if refusal:
            raise Refused([refusal])
        yield record


def save_result(result, changes, *, version, actor, at, page=""):
    """Set fields of one line's result, read at `version`. Raises acts.versions.Stale with the row as it stands."""
    agreement = result.report.agreement
    with writing(agreement, result, may_report_line, actor=actor, at=at) as record:
        _only_words(result, changes, actor=actor, at=at)
        kept = save_row(result, changes, (version, page), agreement, record, "report_result")
        if "value" in changes and result.line_id in named_in(actor, agreement).carries:
            _keep_figure(result, {"value": kept.value}, actor=actor, at=at)
        return kept


def _only_words(result, changes, *, actor, at):
    """A collector who doesn't carry the score writes the words; their own figure stands beside the result."""
    figures = {name for name in ("value", "inputs") if name in changes and changes[name] != getattr(result, name)}
    if figures and not may_give_figure(result, actor, at):
        sentence = _(
            "Your figure stands beside the result; the result itself is that of who carries the score, or of the staff."
        )
        raise Refused([refused_for_role(sentence, result.report.agreement, As.STAFF, at)])


def save_figure(result, changes, *, actor, at):
    """Keep what a collector reports of a line as their own: `value`, `note`. It becomes no result by itself."""
    agreement = result.report.agreement
    with writing(agreement, result, may_collect, actor=actor, at=at) as record:
        before, kept = _keep_figure(result, changes, actor=actor, at=at)
        changed = {name: value for name, value in changes.items() if getattr(before, name, None) != value}
        if changed:
            difference = {name: [_short(getattr(before, name, None)), _short(value)] for name, value in changed.items()}
            record("collect", agreement, change=difference, text=str(result)[:LOGGED])
    return kept


def _keep_figure(result, changes, *, actor, at):
    """(the collector's row before, as it is now): one row a person, so nobody else's is ever written over."""
    before = Collected.objects.filter(result=result, user=actor).first()
    kept, _made = Collected.objects.update_or_create(result=result, user=actor, defaults=changes | {"reported_at": at})
    return before, kept


def take_figure(collected, *, version, actor, at, page=""):
    """Staff make a collector's figure the result. Raises Stale as `save_result` does."""
    result = collected.result
    agreement = result.report.agreement
    with writing(agreement, result.report, may_report, actor=actor, at=at) as record:
        change = {"value": Collected.objects.get(pk=collected.pk).value}
        return save_row(result, change, (version, page), agreement, record, "take_figure")


def save_finding(finding, changes, *, version, actor, at, page=""):
    """Set the evaluator's result or reason of one line, read at `version`. Raises Stale as `save_result` does."""
    evaluation = finding.evaluation
    agreement = evaluation.report.agreement
    with writing(agreement, evaluation, may_evaluate, actor=actor, at=at) as record:
        kept = Finding.objects.get(evaluation=evaluation, line_id=finding.line_id)
        return save_row(kept, changes, (version, page), agreement, record, "evaluate")


def save_findings(evaluation, changes, *, accept=False, chosen=(), actor, at, page=""):
    """Save several findings in one act: [(finding, changes, version)], all or none; then accept as `accept_reported` does.

    `accept`: every line that no flag holds up, and not the `chosen` ones alone. Raises Stale with the first row that
    somebody else changed.
    """
    with acting(actor, at=at):
        for finding, changed, version in changes:
            save_finding(finding, changed, version=version, page=page, actor=actor, at=at)
        if accept or chosen:
            accept_reported(evaluation, chosen, every=accept, actor=actor, at=at)


def accept_reported(evaluation, chosen=(), *, every=True, actor, at):
    """Take over the unit's results of lines that have no finding yet, in one act; gives how many.

    Of the `chosen` lines (ids), whatever flag was seen there; with `every`, of all others that no flag holds up, too.
    """
    agreement = evaluation.report.agreement
    with writing(agreement, evaluation, may_evaluate, actor=actor, at=at) as record:
        rows = _accepted(evaluation, set(chosen), every, actor, at)
        for row in rows:
            save_seen(row.finding, {"value": row.unit.value}, version=row.finding.version)
        if rows:
            taken = {row.line.number: plain_number(row.unit.value) for row in rows}
            record("evaluate_as_reported", agreement, change={"values": taken}, text=", ".join(taken))
    return len(rows)


def _accepted(evaluation, chosen, every, actor, at):
    card, report = evaluation_card(evaluation), evaluation.report
    told = flags_of([row.unit for row in card.rows], report, agreed_of(report), reader=actor, at=at) if every else {}
    held = held_up(told)
    return [row for row in acceptable(card) if row.line.key in chosen or (every and row.line.key not in held)]


def save_row(row, changes, seen, agreement, record, act):
    """Set fields of a row that was read at `seen` (version, key of the page), and put on record what really changed."""
    version, page = seen
    before, after, changed = save_seen(row, changes, version=version, page=page)
    if changed:
        difference = {name: [_short(getattr(before, name)), _short(value)] for name, value in changed.items()}
        record(act, agreement, change=difference, text=str(row)[:LOGGED])
        if isinstance(row, Result):
            no_longer_judged(row)
    return after


def _short(value):
    return None if value is None else str(value)[:LOGGED]


def add_evidence(result, upload, *, proves, level=None, dated_on=None, actor, at):
    """Keep an uploaded file as evidence of a result, or of one level of its criteria. Raises results.evidence.NotEvidence with a sentence."""
    report = result.report
    content, name, kind = read_upload(upload)
    with writing(report.agreement, result, may_report_line, actor=actor, at=at) as record:
        sha256, size = vault.store([content])
        evidence = _insert(
            result=result,
            name=name,
            proves=one_line(proves),
            level=level,
            dated_on=dated_on,
            sha256=sha256,
            kind=kind,
            size=size,
            added_at=at,
            added_by=str(actor),
        )
        no_longer_judged(result)
        record("add_evidence", report.agreement, change={"sha256": ["", sha256]}, text=evidence.name)
    return evidence


def _insert(**values):
    try:
        with transaction.atomic():
            return Evidence.objects.create(**values)
    except IntegrityError as twice:
        raise NotEvidence(_("This file is here already, as evidence of the same indicator.")) from twice


def change_evidence(evidence, changes, *, seen, actor, at):
    """Set what a file proves, its level, its date. `seen`: what stood there when the page was made; Conflict if no longer."""
    result = evidence.result
    with writing(result.report.agreement, result, may_report_line, actor=actor, at=at) as record:
        if not changes:
            return
        if not Evidence.objects.filter(pk=evidence.pk, **seen).update(**changes):
            raise Conflict(_("Somebody else changed this file's facts, or removed it. Please read the page again."))
        no_longer_judged(result)
        difference = {name: [_short(seen[name]), _short(value)] for name, value in changes.items()}
        record("change_evidence", result.report.agreement, change=difference, text=evidence.name)


def remove_evidence(evidence, *, actor, at):
    """Take a file away from a result that is still being written. The log keeps its name and hash."""
    report = evidence.result.report
    with writing(report.agreement, evidence.result, may_report_line, actor=actor, at=at) as record:
        no_longer_judged(evidence.result)
        record("remove_evidence", report.agreement, change={"sha256": [evidence.sha256, ""]}, text=evidence.name)
        evidence.delete()
