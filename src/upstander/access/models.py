"""The shared buckets of the rate limits. Cards of pupils are the sign-in's."""

from __future__ import annotations

from django.db import models


class Bucket(models.Model):
    """A token bucket that all processes share. ``key``: a keyed hash, from which no address can be read."""

    key = models.CharField(max_length=64, primary_key=True)
    school_id = models.UUIDField(db_index=True)
    tokens = models.FloatField()
    filled_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key[:8]
