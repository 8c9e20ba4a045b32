"""The log and what is derived from it.

``Event``, ``SealedField``, ``StoredFile``, ``Reading`` and ``Checkpoint`` are append-only: triggers refuse everything else.
``DutyRow``, ``FactRow`` and ``Named`` are caches that ``upstander rebuild`` makes again from the log.
"""

from __future__ import annotations

import uuid

from django.db import models

from upstander.people.models import School
from upstander.records.fields import CivilMinute
from upstander.vault.fields import SealedText


def _school() -> models.ForeignKey:
    # No cascade anywhere: a school with records cannot be deleted.
    return models.ForeignKey(School, on_delete=models.DO_NOTHING, related_name="+")


class Living(models.Manager["Record"]):
    """The records that retention has not destroyed: for every page, query and deed the others are not there."""

    def get_queryset(self) -> models.QuerySet[Record]:
        return super().get_queryset().filter(destroyed_at=None)


class Record(models.Model):
    """One matter. ``number``: its random reference for people; ``next_change``: when its picture changes by time alone.

    ``head`` and ``length`` say where its chain ends. ``opened_at`` and ``next_change`` are civil minutes of the school.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = _school()
    kind = models.CharField(max_length=80)
    number = models.CharField(max_length=12)
    opened_at = CivilMinute()
    pack_version = models.CharField(max_length=120)
    next_change = CivilMinute(null=True, db_index=True)
    closed = models.BooleanField(default=False)
    length = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True, default="")
    changed_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)
    """Retention has destroyed what it held; a ``Destruction`` says so. Only ``everything`` finds it."""

    objects = Living()
    everything: models.Manager[Record] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["school", "kind", "closed"])]
        constraints = [models.UniqueConstraint(fields=["school", "number"], name="record_number_once")]

    def __str__(self) -> str:
        return self.number


class Event(models.Model):
    """One event of a record's log, chained by hash. ``at`` is civil time, ``recorded_at`` the server's.

    ``about``: {role: [ids]}; ``fields``: the plain fields; ``sealed``: {path: {"commitment", "cipher"}} (SHA-256, hex).
    ``echo_of``: the event of another record that brought this one here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = _school()
    record = models.ForeignKey(Record, on_delete=models.DO_NOTHING, related_name="events")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=80)
    at = CivilMinute()
    recorded_at = models.DateTimeField()
    by_person = models.UUIDField(null=True)
    by_role = models.CharField(max_length=80, blank=True, default="")
    about = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)
    sealed = models.JSONField(default=dict)
    instead_of = models.UUIDField(null=True)
    echo_of = models.UUIDField(null=True, db_index=True)
    previous_hash = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["record", "position"]
        constraints = [models.UniqueConstraint(fields=["record", "position"], name="event_position_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class SealedField(models.Model):
    """An encrypted field of an event. ``path``: the field's id, or ``outside:ID``, ``file:ID``, ``anyway``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = _school()
    record = models.ForeignKey(Record, on_delete=models.DO_NOTHING, related_name="sealed_fields")
    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, related_name="sealed_fields")
    path = models.CharField(max_length=120)
    ciphertext = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "path"], name="sealed_path_once")]

    def __str__(self) -> str:
        return f"{self.path} of {self.event_id}"


class StoredFile(models.Model):
    """An encrypted file of an event; its name, type and size lie in the sealed field ``file:ID``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = _school()
    record = models.ForeignKey(Record, on_delete=models.DO_NOTHING, related_name="files")
    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, related_name="files")
    ciphertext = models.BinaryField()

    def __str__(self) -> str:
        return f"file {self.id}"


class DutyRow(models.Model):
    """The present state of one instance of a duty (a cache). ``key``: ``target=s1;place=gym`` in the rule's order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = _school()
    record = models.ForeignKey(Record, on_delete=models.DO_NOTHING, related_name="duties")
    rule = models.CharField(max_length=80)
    key = models.CharField(max_length=300, blank=True, default="")
    occurrence = models.PositiveIntegerField(default=0)
    version = models.CharField(max_length=60)
    state = models.CharField(max_length=20)
    open = models.BooleanField()
    strength = models.CharField(max_length=10)
    arose = CivilMinute()
    due = CivilMinute(null=True)
    due_from = CivilMinute(null=True)
    settled_event = models.CharField(max_length=40, blank=True, default="")
    settled_at = CivilMinute(null=True)
    clause = models.JSONField(default=list)
    who = models.JSONField(default=list)
    because = models.JSONField(default=list)
    why = models.JSONField(default=list)
    flags = models.JSONField(default=list)

    class Meta:
        ordering = ["rule", "key", "occurrence"]
        indexes = [models.Index(fields=["school", "open", "due"])]
        constraints = [models.UniqueConstraint(fields=["record", "rule", "key", "occurrence"], name="duty_once")]

    def __str__(self) -> str:
        return f"{self.rule} {self.key} {self.state}"


class FactRow(models.Model):
    """A stretch in which a fact held that access, seals, closure, forms or guidance ask for (a cache). ``last`` None: still."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = _school()
    record = models.ForeignKey(Record, on_delete=models.DO_NOTHING, related_name="facts")
    fact = models.CharField(max_length=80)
    key = models.CharField(max_length=300, blank=True, default="")
    first = CivilMinute()
    last = CivilMinute(null=True)

    class Meta:
        ordering = ["fact", "key", "first"]
        indexes = [models.Index(fields=["record", "fact"])]
        constraints = [models.UniqueConstraint(fields=["record", "fact", "key", "first"], name="fact_stretch_once")]

    def __str__(self) -> str:
        return f"{self.fact} {self.key}"


class Named(models.Model):
    """Who or what is named in a record, in which role (a cache, without what voided events named)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = _school()
    record = models.ForeignKey(Record, on_delete=models.DO_NOTHING, related_name="named")
    role = models.CharField(max_length=80)
    person = models.CharField(max_length=60)

    class Meta:
        ordering = ["role", "person"]
        indexes = [models.Index(fields=["school", "person"])]
        constraints = [models.UniqueConstraint(fields=["record", "role", "person"], name="named_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.person}"


class Link(models.Model):
    """Two records that belong together (a concern and its case). ``a`` has the smaller id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = _school()
    a = models.ForeignKey(Record, on_delete=models.DO_NOTHING, related_name="links_a")
    b = models.ForeignKey(Record, on_delete=models.DO_NOTHING, related_name="links_b")
    by_person = models.UUIDField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["a", "b"], name="link_once")]

    def __str__(self) -> str:
        return f"{self.a_id} - {self.b_id}"


class Reading(models.Model):
    """Who opened which record, when, and what of it (``record``, ``file:ID``, ``bundle``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = _school()
    record = models.ForeignKey(Record, on_delete=models.DO_NOTHING, related_name="readings")
    person = models.UUIDField(null=True)
    what = models.CharField(max_length=120, default="record")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["record", "at"])]

    def __str__(self) -> str:
        return f"{self.person} read {self.record_id}"


class Notice(models.Model):
    """A line of the outbox: somebody is to be told that something needs them. No names, no facts.

    ``kind``: new, remind, overdue, climb (of a duty), told (of an event, which then stands in ``event``) or keeping (its period
    ends soon: ``occurrence`` 0, or has ended: 1). ``at``: from when it is to be sent, civil time. ``once`` makes a second
    evaluation add nothing.
    """

    class Kind(models.TextChoices):
        NEW = "new"
        REMIND = "remind"
        OVERDUE = "overdue"
        CLIMB = "climb"
        TOLD = "told"
        KEEPING = "keeping"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = _school()
    person = models.UUIDField()
    record = models.ForeignKey(Record, on_delete=models.DO_NOTHING, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    rule = models.CharField(max_length=80, blank=True, default="")
    key = models.CharField(max_length=300, blank=True, default="")
    occurrence = models.PositiveIntegerField(default=0)
    event = models.UUIDField(null=True)
    at = CivilMinute()
    once = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    dropped = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["sent_at", "at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.rule} to {self.person}"


class SubmitKey(models.Model):
    """The key of one form that was sent: sending it again finds what the first sending made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = _school()
    key = models.CharField(max_length=64)
    record = models.UUIDField()
    event = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "key"], name="submit_key_once")]

    def __str__(self) -> str:
        return self.key


class Checkpoint(models.Model):
    """A signed day of a school: the heads of all chains that grew since the checkpoint before. Chained, too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = _school()
    position = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    heads = models.JSONField()
    previous_hash = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64)
    signature = models.BinaryField()

    class Meta:
        ordering = ["school", "position"]
        constraints = [models.UniqueConstraint(fields=["school", "position"], name="checkpoint_position_once")]

    def __str__(self) -> str:
        return f"checkpoint {self.position} of {self.school_id}"


class Hold(models.Model):
    """Why a record is kept although its period is over (a lawsuit, an inquiry). ``ended_at`` None: still.

    ``by_person``, ``ended_by``: None for the technical administrator.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = _school()
    record = models.ForeignKey(Record, on_delete=models.DO_NOTHING, related_name="holds")
    reason = SealedText()
    by_person = models.UUIDField(null=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_because = SealedText()

    def __str__(self) -> str:
        return f"hold on {self.record_id}"


class HandOver(models.Model):
    """A record was handed over: to whom, for which key, and the receipt that the school signed. It outlives the record.

    ``to``: the receiver in words; ``key``: their public age key; ``said``, ``signature``: the receipt (``bundle.handing``).
    ``arrived_at``, ``arrived_by``: when and by whom of the school it was written down that the receiver has it;
    ``arrived_said``: from whom that is known.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = _school()
    record = models.ForeignKey(Record, on_delete=models.DO_NOTHING, related_name="hand_overs")
    by_person = models.UUIDField(null=True)
    at = models.DateTimeField()
    to = SealedText()
    key = models.CharField(max_length=120)
    said = models.JSONField()
    signature = models.BinaryField()
    arrived_at = models.DateTimeField(null=True)
    arrived_by = models.UUIDField(null=True)
    arrived_said = SealedText()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"hand-over of {self.record_id}"


class Destruction(models.Model):
    """What is left of a destroyed record: that it was there, why and when it was destroyed, signed by the school.

    ``said``: the certificate (see ``records.keeping.certificates``), with the hashes of the chain, so that checkpoints made
    before still hold. ``signature``: Ed25519 over it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = _school()
    record = models.OneToOneField(Record, on_delete=models.DO_NOTHING, related_name="destruction")
    said = models.JSONField()
    signature = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"destruction of {self.record_id}"
