"""manage.py check_scores: does every frozen score come out again?"""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from results.recompute import check_scores


class Command(BaseCommand):
    help = "Works out every frozen score again; names what differs and ends with 1."

    def handle(self, **options):
        count, alarms = check_scores(at=timezone.now())
        for alarm in alarms:
            for sentence in alarm.differences:
                self.stderr.write(f"{alarm.snapshot}: {sentence}")
        said = _("%(count)s frozen scores checked, %(wrong)s differ.") % {"count": count, "wrong": len(alarms)}
        if alarms:
            raise CommandError(said)
        self.stdout.write(said)
