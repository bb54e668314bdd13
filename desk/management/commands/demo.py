"""`manage.py demo`: the demonstration's data. Run again it adds what is missing and changes nothing."""

import unicodedata

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.self_made import make_certificate
from desk.demo.people import ACCOUNTS, PASSWORD
from desk.demo.scene import build


class Command(BaseCommand):
    help = "Makes the demonstration's data: units, people, three fiscal years, agreements at every stage."

    def add_arguments(self, parser):
        parser.add_argument("--accounts", action="store_true", help="only print who can sign in, and how")

    def handle(self, *, accounts, **options):
        if accounts:
            self.stdout.write(_("Everything here is invented for the demonstration: names, figures, texts, documents."))
            self.stdout.write(accounts_table())
        else:
            make_certificate(timezone.now())  # before the first document is made
            build(now=timezone.now(), tell=self._tell)

    def _tell(self, line):
        self.stdout.write(f"  {line}")
        self.stdout.flush()


def accounts_table():
    """Role, name, user name and password of those who walk an agreement and those who look on."""
    rows = [(_("Role"), _("Name"), _("User name"), _("Password"))]
    rows += [(person.duty, person.as_user("").short_name_with_rank, person.username, PASSWORD) for person in ACCOUNTS]
    widths = [max(shown_width(row[column]) for row in rows) for column in range(4)]
    return "\n".join("  ".join(padded(text, width) for text, width in zip(row, widths, strict=True)) for row in rows)


def padded(text, width):
    """`text` filled with spaces to `width` columns."""
    return text + " " * (width - shown_width(text))


def shown_width(text):
    """Columns on a terminal: Thai vowels and tone marks above and below a letter take none."""
    return sum(unicodedata.category(character) != "Mn" for character in text)
