"""manage.py maintenance: closes the system for everybody, and opens it again. Needs no database."""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from acts.maintenance import Maintenance, begin, end, maintenance


class Command(BaseCommand):
    help = "on: everybody gets a page that says so (503). off: open again. status: which of the two."

    # It works while the database is being worked on.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("what", choices=("on", "off", "status"))
        parser.add_argument("--minutes", type=int, help="how long it will take, told on the page")
        parser.add_argument("--sentence", default="", help="what is being done, told on the page as it stands")

    def handle(self, *, what, minutes, sentence, **options):
        if what == "on":
            begin(Maintenance(timezone.now() + timedelta(minutes=minutes) if minutes else None, sentence))
        if what == "off":
            end()
        self.stdout.write(_("Closed for maintenance.") if maintenance() else _("Open."))
