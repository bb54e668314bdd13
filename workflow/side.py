"""The two sides that negotiate."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """The two sides of an agreement."""

    OWNER = "owner", _("the unit")
    COUNTERPART = "counterpart", _("the superior's side")
