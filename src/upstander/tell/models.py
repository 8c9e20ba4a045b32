"""The one table of the door: which receipt opens which concern."""

from __future__ import annotations

import uuid

from django.db import models

from upstander.people.models import School


class Receipt(models.Model):
    """A keyed hash of a receipt's eighty bits and the concern that it opens; the receipt itself is nowhere kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.DO_NOTHING, related_name="+")
    hash = models.CharField(max_length=64)
    record = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "hash"], name="receipt_hash_once")]

    def __str__(self) -> str:
        return f"receipt of {self.record}"
