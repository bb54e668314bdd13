"""Says which certificate seals the documents; with --make, makes one for a trial."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agreements.seal import Unsealable, certificate_in_use
from agreements.self_made import make_certificate


class Command(BaseCommand):
    """Shows, or makes, what agreements.seal uses."""

    help = "Says which certificate seals the documents, until when, and with whose time stamps."

    def add_arguments(self, parser):
        parser.add_argument("--make", action="store_true", help="Make a certificate for a trial, where there is none.")

    def handle(self, *, make, **options):
        if make and not settings.SEAL_PKCS12:
            make_certificate(timezone.now())
        try:
            certificate = certificate_in_use()
        except Unsealable as error:
            raise CommandError(error) from error
        if certificate is None:
            self.stdout.write(
                "Nothing seals the documents. Set SEAL_PKCS12 and SEAL_PASSWORD, or --make one for a trial."
            )
            return
        self.stdout.write(f"{certificate.subject}, valid until {certificate.valid_until:%Y-%m-%d}")
        self.stdout.write(f"SHA-256 {certificate.fingerprint}")
        if certificate.is_self_made:
            self.stdout.write("Made by itself: nobody vouches for it. For trials only.")
        self.stdout.write(f"Time stamps: {settings.SEAL_TSA or 'none'}")
