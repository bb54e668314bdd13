"""What is announced to the public (ประกาศให้ประชาชนทราบ): which snapshot of an agreement, since when, or no longer and why.

An agreement has up to three, each announced and withdrawn by itself: its negotiated draft, what was signed first, and the
text as amended last. An earlier amended text gives way to the later one.
"""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from acts.models import Walked
from agreements.models import Agreement, Snapshot
from thai.found import spellings


class PublicationQuerySet(models.QuerySet):
    """Questions about what the public may read."""

    def in_force(self):
        """Those that are announced now."""
        return self.filter(stage=Publication.Stage.PUBLISHED)

    def foremost(self):
        """One of each agreement: what was amended rather than what it took the place of, that rather than its draft."""
        found, rest = self.in_force(), self.model.objects.in_force().filter(agreement=OuterRef("agreement"))
        for place, kind in enumerate(Publication.LATEST_FIRST):
            found = found.exclude(Q(kind=kind) & Exists(rest.filter(kind__in=Publication.LATEST_FIRST[:place])))
        return found

    def in_year(self, year):
        return self.filter(agreement__fiscal_year__year=year)

    def holding(self, words):
        """Those whose unit or indicators hold each of the words, in Thai digits or Arabic."""
        found = self
        for word in words:
            found = found.filter(reduce(or_, [Q(words__icontains=spelt) for spelt in sorted(spellings(word))]))
        return found

    def for_list(self):
        """In the order of the units, without the texts that a list shows nothing of."""
        found = self.select_related("agreement__unit", "agreement__fiscal_year", "snapshot")
        found = found.defer("words", "snapshot__content")
        return found.order_by("agreement__unit__tree_id", "agreement__unit__lft", "pk")


class Publication(Walked):
    """An agreement's negotiated draft, or a signed text of it, before the public. Walked by `workflow.publication`."""

    class Kind(models.TextChoices):
        DRAFT = "draft", _("negotiated draft")
        SIGNED = "signed", _("signed agreement")
        AMENDED = "amended", _("amended agreement")

    LATEST_FIRST = (Kind.AMENDED, Kind.SIGNED, Kind.DRAFT)

    class Stage(models.TextChoices):
        UNPUBLISHED = "unpublished", _("not announced")
        PUBLISHED = "published", _("announced")
        WITHDRAWN = "withdrawn", _("withdrawn")

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="publications", verbose_name=_("agreement"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.UNPUBLISHED)
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, related_name="publications", verbose_name=_("snapshot")
    )
    published_at = models.DateTimeField(_("announced at"), null=True)
    reason = models.TextField(_("why it was withdrawn"), blank=True)
    # What the public finds it by: the unit's names and those of the indicators, as they were announced.
    words = models.TextField(_("words to be found by"), blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["agreement_id", "kind"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["agreement", "kind"], name="one_publication_per_agreement_and_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=["draft", "signed", "amended"]), name="publication_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(stage="unpublished")
                | Q(stage="published", reason="")
                | (Q(stage="withdrawn") & ~Q(reason="")),
                name="publication_withdrawn_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(stage="unpublished") | Q(snapshot__isnull=False, published_at__isnull=False),
                name="publication_announced_with_its_snapshot",
            ),
        ]

    def __str__(self):
        return f"{self.agreement}: {self.get_kind_display()}"

    @property
    def is_published(self):
        return self.stage == self.Stage.PUBLISHED

    @property
    def is_withdrawn(self):
        return self.stage == self.Stage.WITHDRAWN
