"""The certificates that documents were sealed with: what is ours is known by them, for ever."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from acts.append_only import append_only


class SealLevel(models.TextChoices):
    """What a seal reaches, of the levels of PAdES (ETSI EN 319 142-1): never more than was checked after sealing."""

    B_B = "B-B", _("B-B: sealed, without a time stamp from outside")
    B_T = "B-T", _("B-T: sealed, with a time stamp from outside")


@append_only
class SealCertificate(models.Model):
    """One certificate of the organisation's, with its public key alone. A renewed one is another row."""

    fingerprint = models.CharField(_("SHA-256 of the certificate"), max_length=64, unique=True)
    pem = models.TextField(_("certificate (PEM)"))
    subject = models.CharField(_("issued to"), max_length=300)
    # Issued by itself: nobody vouches for whose it is.
    is_self_made = models.BooleanField(_("made by this system itself"))
    valid_until = models.DateTimeField(_("valid until"))
    first_used_at = models.DateTimeField(_("first used at"))

    class Meta:
        verbose_name = _("certificate of the seal")
        verbose_name_plural = _("certificates of the seal")

    def __str__(self):
        return self.subject
