"""The score that an indicator takes from the superior's agreement: where it stands, and why there is none yet."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from agreements.freeze import thaw
from agreements.models import Line
from results.models import Report
from results.scores import released_scores, report_card

FINISHED = (Report.Stage.CERTIFIED, Report.Stage.ACCEPTED)


@dataclass(frozen=True)
class Taken:
    """The superior's indicator and its score in a round; without one `problem` says why."""

    name: str = ""
    unit: str = ""
    score: Decimal | None = None
    problem: str = ""

    @property
    def changes(self):
        """What a result keeps of it."""
        return {"inputs": {"taken": f"{self.score:f}"}, "value": self.score}


def taken_from(report, line):
    """What a report can take for the line (as signed, results.scores.AgreedLine)."""
    carried = Line.objects.select_related("carries_line__agreement__unit").get(pk=line.key).carries_line
    if carried is None:
        return Taken(problem=_("The sheet names no indicator of the superior's whose score could be taken."))
    agreement = carried.agreement
    score = _released(agreement, carried) if report.round.is_final else None
    score = score if score is not None else _certified(agreement, report.round.position, carried)
    found = {"name": carried.name, "unit": agreement.unit.short_name}
    if score is None:
        sentence = _("The head of %(unit)s has not certified a result of this indicator for this round yet.")
        return Taken(**found, problem=sentence % {"unit": agreement.unit.short_name})
    return Taken(**found, score=score)


def _released(agreement, line):
    snapshot = released_scores(agreement)
    lines = thaw(snapshot)["lines"] if snapshot else []
    score = next((each["evaluator"]["score"] for each in lines if each["key"] == line.pk), None)
    return None if score is None else Decimal(score)


def _certified(agreement, position, line):
    report = agreement.reports.filter(round__position=position, stage__in=FINISHED).select_related("round").first()
    if report is None:
        return None
    report.agreement = agreement
    try:
        return report_card(report).row_of(line.pk).score
    except KeyError:
        return None
