"""Slow work of this floor, done by a worker."""

from django.utils import timezone

from accounts.models import User
from acts.jobs import job
from fiscal.models import FiscalYear
from workflow.drafting import DRAFT_ALL, draft_for_all


@job(DRAFT_ALL)
def draft_all(progress, year, by):
    """Make the drafts that a year lacks; run again, it makes those that are still missing."""
    draft_for_all(FiscalYear.objects.get(pk=year), by=User.objects.get(pk=by), at=timezone.now(), progress=progress)
