"""Where an indicator comes from (handbook 2.2.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    MANDATORY = "mandatory", _("mandatory")
    PLAN = "plan", _("by plan")
    MISSION = "mission", _("by mission")
