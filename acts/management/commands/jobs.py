"""manage.py jobs: what waits, runs or has failed; and again, without touching the database by hand."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from acts.jobs import queue_again
from acts.models import Job


class Command(BaseCommand):
    help = "Lists the jobs that are not done. --again NUMBER asks for one anew; --again all for every failed one."

    def add_arguments(self, parser):
        parser.add_argument("--again", metavar="NUMBER")

    def handle(self, *, again=None, **options):
        for asked in _chosen(again) if again else ():
            queue_again(asked)
        for left in Job.objects.exclude(state=Job.State.DONE).order_by("pk"):
            asked_at = localtime(left.queued_at).isoformat(" ", "minutes")
            self.stdout.write(f"{left.pk}\t{left.state}\t{asked_at}\t{left}\t{left.error}")


def _chosen(again):
    if again == "all":
        return list(Job.objects.filter(state=Job.State.FAILED))
    if not again.isdecimal() or not (found := Job.objects.filter(pk=again).first()):
        raise CommandError(_("There is no job %(number)s.") % {"number": again})
    return [found]
