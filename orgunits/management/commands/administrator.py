"""The first system administrator, or a new link for one who can't sign in: who has this command has the machine."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import ranks
from accounts.invitations import address_of, invite
from accounts.models import User
from accounts.people import add_person
from acts.log import THE_SYSTEM, acting
from orgunits.administration import belong
from orgunits.grants import grant
from orgunits.models import HEADQUARTERS, OrgUnit
from orgunits.roles import Role


class Command(BaseCommand):
    help = "Makes somebody system administrator of a unit, and prints the link by which they set their password."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--unit", default=HEADQUARTERS, help=f"code of the unit (default: {HEADQUARTERS})")
        parser.add_argument("--title", default="", help="rank (พ.ต.ท.) or prefix (นาย) of somebody new")
        parser.add_argument("--first-name", default="", help="of somebody new, in Thai")
        parser.add_argument("--last-name", default="", help="of somebody new, in Thai")

    def handle(self, *args, username, unit, **named):
        at = timezone.now()
        unit = OrgUnit.objects.filter(code=unit).first()
        if unit is None:
            raise CommandError("There is no unit with this code. Load the units first: manage.py load_units.")
        with acting(THE_SYSTEM, at=at):
            user = User.objects.filter(username=User.normalize_username(username)).first()
            user = user or self._added(username, unit, at=at, **named)
            grant(user, Role.ADMINISTRATOR, unit, by=THE_SYSTEM, at=at)
            secret = invite(user, by=THE_SYSTEM, at=at)
        self.stdout.write(f"{user} ({user.username}), administrator of {unit}:\n{address_of(secret)}")

    def _added(self, username, unit, *, title, first_name, last_name, at, **_options):
        if not (title in (*ranks.RANKS, *ranks.PREFIXES) and first_name and last_name):
            raise CommandError("Somebody new needs --title (rank or prefix), --first-name and --last-name.")
        told = {"rank" if title in ranks.RANKS else "prefix": title, "first_name": first_name, "last_name": last_name}
        user = add_person(username=username, **told, by=THE_SYSTEM, at=at)
        belong(user, unit, by=THE_SYSTEM, at=at)
        return user
