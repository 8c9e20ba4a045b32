"""The printed cards of pupils, the shared buckets of the rate limits, the office's log, and what was opened in an emergency."""

from __future__ import annotations

import uuid

from django.db import models

from upstander.people.models import Account, Person, School
from upstander.vault.fields import SealedText


class Bucket(models.Model):
    """A token bucket that all processes share. ``key``: a keyed hash, from which no address can be read."""

    key = models.CharField(max_length=64, primary_key=True)
    school_id = models.UUIDField(db_index=True)
    tokens = models.FloatField()
    filled_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key[:8]


class Counted(models.Model):
    """What allauth counts or remembers for a while, for all processes: ``shared_cache``. ``key``: keyed hash; ``value``: JSON."""

    key = models.CharField(max_length=64, primary_key=True)
    value = models.TextField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key[:8]


class Card(models.Model):
    """A printed card with which a pupil comes in. ``code``: the keyed hash of its words; the words are nowhere else.

    ``made_by`` and ``revoked_by``: persons of the school. ``words_in_path``: its QR code leads to an address that holds the
    words, which a server's log would keep; such cards are to be printed anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="cards")
    code = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    words_in_path = models.BooleanField(default=False)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "code"], name="card_code_once")]

    def __str__(self) -> str:
        return f"card {self.id}"


class OfficeEntry(models.Model):
    """What was done in the school's office: posts, absences, ways to sign in. Written once (triggers refuse anything else).

    ``person``: whom it is about; ``by``: who did it, None for the technical administrator. ``role``, ``unit``, ``first_day``
    and ``last_day`` as far as the deed has them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    deed = models.CharField(max_length=30)
    person = models.UUIDField(null=True)
    by = models.UUIDField(null=True)
    role = models.CharField(max_length=80, blank=True, default="")
    unit = models.CharField(max_length=60, blank=True, default="")
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["school", "at"], name="access_offi_school__idx")]

    def __str__(self) -> str:
        return f"{self.deed} {self.person}"


class NewLink(models.Model):
    """Somebody of the office asks that a colleague may sign in anew; a second person confirms it. ``done_at``: used or dropped.

    ``without_phone``: the second factor is taken away, too, because the phone is lost.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    without_phone = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(done_at=None), name="new_link_asked_once")
        ]

    def __str__(self) -> str:
        return f"new link for {self.person_id}"


class Emergency(models.Model):
    """Somebody opened what is on record about a pupil beyond their own classes, for a reason and for some hours.

    ``by``: who did; ``second``: who was told of it; ``told_at``: when the mail to them went out, ``seen_at``: when they
    looked at it; ``until``: when it ends by
    itself; ``ended_at``: when somebody ended it before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    by = models.UUIDField()
    second = models.UUIDField()
    reason = SealedText()
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["school", "by", "until"], name="access_emergency_by_idx")]

    def __str__(self) -> str:
        return f"emergency {self.id}"


class SignIn(models.Model):
    """A browser in which an account is signed in. ``key``: of its session; ``device``: browser and system, no address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=60, blank=True, default="")
    at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.device} {self.at}"
