"""manage.py verify_audit: is the log of acts as it was written?"""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from acts.log import GENESIS, broken_promise, first_fault
from acts.models import Entry


class Command(BaseCommand):
    help = "Walks the log's chain of hashes; names the first bad row and ends with 1."

    def add_arguments(self, parser):
        parser.add_argument("--head", metavar="HASH", help="a published hash that must stand in the chain")

    def handle(self, *, head="", **options):
        fault = first_fault(Entry.objects.order_by("sequence").iterator())
        if fault:
            raise CommandError(fault.sentence)
        broken = broken_promise()
        if broken:
            raise CommandError(_("The hash that was published for %(day)s is not in the log: its end was cut off or "
                                 "rewritten.") % {"day": broken.day.isoformat()})  # fmt: skip
        if head and head != GENESIS and not Entry.objects.filter(own_hash=head).exists():
            raise CommandError(_("The published hash %(hash)s is not in the log: its end was cut off or rewritten.")
                               % {"hash": head})  # fmt: skip
        last = Entry.objects.order_by("-sequence").first()
        self.stdout.write(_("%(count)s entries, all as they were written.") % {"count": last.sequence if last else 0})
        self.stdout.write(last.own_hash if last else GENESIS)
