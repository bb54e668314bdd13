"""Which agreements an appointment names, where its scope is narrower than the post."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.models.agreement import Agreement
from orgunits.models import Appointment


class AppointmentAgreement(models.Model):
    """One agreement that an appointment with the scope "named" covers."""

    appointment = models.ForeignKey(
        Appointment, models.CASCADE, related_name="named_agreements", verbose_name=_("appointment")
    )
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+", verbose_name=_("performance agreement"))

    class Meta:
        verbose_name = _("agreement named by an appointment")
        verbose_name_plural = _("agreements named by appointments")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["appointment", "agreement"], name="appointment_names_an_agreement_once"),
        ]

    def __str__(self):
        return f"{self.appointment_id} ▸ {self.agreement_id}"
