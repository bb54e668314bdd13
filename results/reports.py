"""The reports of one agreement, in the order of their rounds."""

from django.db.models import Exists, OuterRef

from acts.reading import once
from results.models import PaperEntry


def reports_of(agreement):
    """The agreement's reports in the order of their rounds; as they were prefetched for a list, if they were."""
    if "reports" in getattr(agreement, "_prefetched_objects_cache", {}):
        return list(agreement.reports.all())
    return once(agreement, "reports", lambda: list(_of(agreement)))


def _of(agreement):
    """With `has_paper`: was it ever entered from paper? See results.from_paper.entries_of."""
    entered = Exists(PaperEntry.objects.filter(report=OuterRef("pk")))
    return agreement.reports.select_related("round").annotate(has_paper=entered)
