"""Reporting rounds, the unit's reports with results and evidence, and the evaluation beside them (handbook 2.1, 10–11)."""

from results.models.evaluation import Evaluation, Finding
from results.models.report import Evidence, Report, Result
from results.models.round import ReportingRound

__all__ = ["Evaluation", "Evidence", "Finding", "Report", "ReportingRound", "Result"]
