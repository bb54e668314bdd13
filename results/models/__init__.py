"""Rounds, reports with results and evidence, the evaluation, the appeal, incentives (handbook 2.1, 10–12)."""

from results.models.alarm import ScoreAlarm
from results.models.appeal import Appeal, AppealLine, AppealPanel
from results.models.evaluation import Evaluation, Finding
from results.models.exclusion import Exclusion
from results.models.incentive import Decision, Scheme
from results.models.paper_entry import PaperEntry
from results.models.people import Collected, OverseerVerdict
from results.models.report import Evidence, Report, Result
from results.models.round import ReportingRound
from results.models.time_given import TimeGiven
from results.models.visit import Visit

__all__ = [
    "Appeal",
    "AppealLine",
    "AppealPanel",
    "Collected",
    "Decision",
    "Evaluation",
    "Evidence",
    "Exclusion",
    "Finding",
    "OverseerVerdict",
    "PaperEntry",
    "Report",
    "ReportingRound",
    "Result",
    "Scheme",
    "ScoreAlarm",
    "TimeGiven",
    "Visit",
]
