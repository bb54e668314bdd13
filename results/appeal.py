"""Writing an appeal: the unit's objections, and the panel's decisions. Each verb refuses unless the actor may."""

from acts.log import acting
from results.appeal_rules import may_decide, may_object
from results.models import AppealLine, AppealPanel
from results.write import save_row, writing


def save_objections(appeal, changes, *, actor, at, page=""):
    """Set objections and results asked for: [(AppealLine, {column: value}, version)], all or none. Raises Stale."""
    _save(appeal, changes, may_object, "object", actor=actor, at=at, page=page)


def save_decisions(appeal, panel, changes, *, actor, at, page=""):
    """Set what the panel decided, and who the panel is: `panel` is ({column: value}, version); all or none. Raises Stale.

    Gives the panel as it is then.
    """
    agreement = appeal.evaluation.report.agreement
    with acting(actor, at=at):
        with writing(agreement, appeal, may_decide, actor=actor, at=at) as record:
            columns, version = panel
            kept = AppealPanel.objects.get(appeal=appeal)
            named = save_row(kept, columns, (version, page), agreement, record, "name_panel")
        _save(appeal, changes, may_decide, "decide_objection", actor=actor, at=at, page=page)
    return named


def _save(appeal, changes, may, act, *, actor, at, page):
    agreement = appeal.evaluation.report.agreement
    with writing(agreement, appeal, may, actor=actor, at=at) as record:
        for line, columns, version in changes:
            kept = AppealLine.objects.get(appeal=appeal, pk=line.pk)
            save_row(kept, columns, (version, page), agreement, record, act)
