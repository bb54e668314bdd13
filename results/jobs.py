"""What this floor does every night, by a worker."""

from datetime import time

from django.utils import timezone

from acts.daily import every_day
from acts.jobs import job, queue
from results.recompute import check_scores

CHECK_SCORES = "results.check_scores"


@job(CHECK_SCORES)
def check(progress):
    check_scores(at=timezone.now())


def ask_check():
    """What the scheduler calls."""
    queue(CHECK_SCORES, key=timezone.localdate().isoformat())


every_day(CHECK_SCORES, ask_check, at=time(1, 30))
