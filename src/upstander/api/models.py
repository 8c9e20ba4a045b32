"""Keys with which a program reads in somebody's name."""

from __future__ import annotations

import uuid

from django.db import models

from upstander.people.models import Person, School


class Token(models.Model):
    """A personal key. ``secret``: the keyed hash of its secret half, which is nowhere else; the other half is the row's id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    secret = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["school", "person"])]

    def __str__(self) -> str:
        return f"token {self.id}"
