"""What was sent to whom, and when each regular job last ran."""

from __future__ import annotations

import uuid

from django.db import models

from upstander.people.models import Person, School


class Mail(models.Model):
    """A mail that was sent. It says only that something needs somebody; ``day`` is set on the one digest a day."""

    class Kind(models.TextChoices):
        NOTICE = "notice"
        DIGEST = "digest"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.DO_NOTHING, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    day = models.DateField(null=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day"], condition=models.Q(kind="digest"), name="one_digest_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id}"


class Tick(models.Model):
    """A regular job; whoever moves ``last_run`` forward does it, so that two clocks never do it twice."""

    job = models.CharField(max_length=100, primary_key=True)
    last_run = models.DateTimeField()

    def __str__(self) -> str:
        return self.job
