"""Tables of wrapped keys. They know ids only: the rooms below say what a school or a record is."""

from __future__ import annotations

from django.db import models


class SchoolKey(models.Model):
    """A school's data key and its signing key, both wrapped by the root key; ``public`` verifies its signatures."""

    school_id = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField()
    signing_wrapped = models.BinaryField()
    public = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"key of school {self.school_id}"


class RecordKey(models.Model):
    """A record's data key, wrapped by its school's key. Destroying it (``wrapped`` empty) makes the record unreadable."""

    record_id = models.UUIDField(primary_key=True)
    school_id = models.UUIDField(db_index=True)
    wrapped = models.BinaryField()
    destroyed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"key of record {self.record_id}"
