from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from orgunits.load import OUR_UNITS, BadFile, load_units


class Command(BaseCommand):
    help = (
        "Adds the units of the organisation that are missing, with posts of heads and affiliations; changes no other."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=OUR_UNITS, help="default: the file in orgunits/data")

    def handle(self, *, file, **options):
        try:
            loaded = load_units(file, at=timezone.now())
        except (BadFile, OSError) as wrong:
            raise CommandError(f"{file}: {wrong}") from wrong
        self.stdout.write(f"Added {loaded.units} units, {loaded.posts} posts, {loaded.affiliations} affiliations.")
