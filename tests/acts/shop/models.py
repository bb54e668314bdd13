"""Models of the shop. The app is installed only in the worker that tests start; here its tables are made by a fixture."""

from django.db import models
from django.utils import timezone

from acts.append_only import append_only
from acts.models import Walked


class Parcel(Walked):
    class Stage(models.TextChoices):
        OPEN = "open", "Open"
        PACKED = "packed", "Packed"
        SENT = "sent", "Sent"

    stage = models.CharField(max_length=40, choices=Stage.choices, default=Stage.OPEN)
    stage_since = models.DateTimeField(default=timezone.now)
    weight = models.PositiveIntegerField(default=1)
    label = models.CharField(max_length=100, blank=True)

    class Meta:
        app_label = "shop"

    def __str__(self):
        return f"parcel {self.pk}"

    def get_absolute_url(self):
        return f"/parcels/{self.pk}/"


@append_only
class Receipt(models.Model):
    parcel_id = models.BigIntegerField()
    text = models.CharField(max_length=100)

    class Meta:
        app_label = "shop"

    def __str__(self):
        return self.text
