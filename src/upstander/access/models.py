"""The printed cards of pupils, and the shared buckets of the rate limits."""

from __future__ import annotations

import uuid

from django.db import models

from upstander.people.models import Person, School


class Bucket(models.Model):
    """A token bucket that all processes share. ``key``: a keyed hash, from which no address can be read."""

    key = models.CharField(max_length=64, primary_key=True)
    school_id = models.UUIDField(db_index=True)
    tokens = models.FloatField()
    filled_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key[:8]


class Card(models.Model):
    """A printed card with which a pupil comes in. ``code``: the keyed hash of its words; the words are nowhere else.

    ``made_by`` and ``revoked_by``: persons of the school.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="cards")
    code = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "code"], name="card_code_once")]

    def __str__(self) -> str:
        return f"card {self.id}"
