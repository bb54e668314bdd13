"""Who receives an agreement, where the signing rule has alternatives: said by the unit, with the order that assigns it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from acts.versions import Versioned
from agreements.models.agreement import Agreement
from orgunits.models import Post
from orgunits.orders import order_words


class ReceiverChoice(Versioned):
    """Which of the alternative posts receives the agreement; for all but the head of that side, by which order."""

    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="receiver_choice")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name=_("receiver of the agreement"))
    order_number = models.CharField(_("order number"), max_length=100, blank=True)
    order_date = models.DateField(_("order date"), null=True, blank=True)
    order_by = models.CharField(_("assigned by"), max_length=250, blank=True)
    said_by = models.CharField(_("receiver chosen by"), max_length=200)
    said_at = models.DateTimeField(_("receiver chosen at"))

    class Meta:
        verbose_name = _("choice of the receiver")
        verbose_name_plural = _("choices of receivers")
        constraints = [
            models.CheckConstraint(
                name="assignment_order_is_whole",
                condition=Q(order_number="", order_date=None, order_by="")
                | (~Q(order_number="") & Q(order_date__isnull=False) & ~Q(order_by="")),
            ),
        ]

    def __str__(self):
        return f"{self.agreement}: {self.post}"

    @property
    def is_by_order(self):
        return bool(self.order_number)

    @property
    def order(self):
        """The order in words: คำสั่งที่ 327/2569."""
        return order_words(self.order_number)
