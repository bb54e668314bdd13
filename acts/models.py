"""What the engine keeps: the log of acts, the keys of forms already sent, the queued jobs; and the base of what walks."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from acts.append_only import append_only


class Walked(models.Model):
    """Anything that walks through stages. Only `acts.engine.move()` writes these columns.

    A concrete model gives `stage` its choices and a CheckConstraint that names them.
    """

    stage = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    stage_since = models.DateTimeField()

    class Meta:
        abstract = True


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, thing: models.Model) -> EntryQuerySet:
        """What was done to one thing, newest first."""
        return self.filter(object_kind=thing._meta.label_lower, object_id=str(thing.pk)).order_by("-sequence")


@append_only
class Entry(models.Model):
    """One act, on record for good, chained to the one before by its hash.

    People and things stand here as frozen text and plain ids: a foreign key would want to change rows when its
    target goes, which nobody can.
    """

    # The primary key is the place in the chain: 1, 2, 3, … without gaps.
    sequence = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_text = models.TextField()
    act = models.CharField(max_length=100)
    object_kind = models.CharField(max_length=100)
    object_id = models.CharField(max_length=64)
    object_text = models.TextField()
    change = models.TextField()
    text = models.TextField()
    previous_hash = models.CharField(max_length=64, unique=True)
    own_hash = models.CharField(max_length=64, unique=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ("sequence",)
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        indexes = (
            models.Index(fields=("object_kind", "object_id", "-sequence"), name="acts_entry_about"),
            models.Index(fields=("at",), name="acts_entry_at"),
        )

    def __str__(self) -> str:
        return f"{self.sequence} {self.act} {self.object_text}"

    @property
    def changes(self) -> dict[str, Any]:
        """The difference that the act made, by field."""
        return json.loads(self.change)


@append_only
class PublishedHead(models.Model):
    """The last entry of the log when a day was over, told to everybody: a log rewritten later does not hold it."""

    day = models.DateField(primary_key=True)
    sequence = models.PositiveBigIntegerField()
    own_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ("-day",)
        verbose_name = _("published head of the log")
        verbose_name_plural = _("published heads of the log")

    def __str__(self) -> str:
        return f"{self.day} {self.sequence} {self.own_hash}"


class IdempotencyKey(models.Model):
    """A form that has had its effect, and where the effect can be seen."""

    key = models.CharField(max_length=32, unique=True)
    actor_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    url = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("form already sent")
        verbose_name_plural = _("forms already sent")

    def __str__(self) -> str:
        return self.key


class Job(models.Model):
    """Slow work that somebody asked for. It is done once, survives its worker, and its end is never silent."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting its turn")
        RUNNING = "running", _("Being done")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    UNFINISHED = (State.QUEUED, State.RUNNING)

    name = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    # Each run has a number and a lease: who holds an older number has lost the job and can write nothing.
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    queued_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-queued_at", "-pk")
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = (
            models.UniqueConstraint(
                fields=("name", "key"), condition=models.Q(state__in=("queued", "running")), name="acts_job_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("queued", "running", "done", "failed")), name="acts_job_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("queued", "running"), finished_at=None)
                | models.Q(state__in=("done", "failed"), finished_at__isnull=False),
                name="acts_job_finished",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.key}"

    @property
    def is_finished(self) -> bool:
        return self.state not in self.UNFINISHED
