"""What a school is preparing of its policy, and what it has decided about it. What is in force stands in ``people``."""

from __future__ import annotations

import uuid

from django.db import models

from upstander.people.models import School


class PolicyDraft(models.Model):
    """A version that a school is preparing; one of each pack at a time.

    ``files``: what ``policy.loader.Source.data`` makes of the pack it is built on; ``changes``: {duty: its new deadline, as the
    language writes it}; ``answers``: ``{"params": {…}, "words": {…}}``, all that differ from the pack's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    pack = models.CharField(max_length=100)
    files = models.JSONField()
    changes = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "pack"], name="one_draft_of_a_pack")]

    def __str__(self) -> str:
        return f"draft of {self.pack}"


class PolicyDecision(models.Model):
    """What somebody of the school decided about its policy, and when; rows are only added.

    ``item``: what was decided, such as ``word:promptly``, ``flaw:3`` or ``law:L1``; ``about``: a fingerprint of what stood there
    then, so that a decision about another text is none; ``answer``: the answer, as the language writes it, or a code.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    pack = models.CharField(max_length=100)
    item = models.CharField(max_length=200)
    about = models.CharField(max_length=64)
    answer = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    by_person = models.UUIDField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at"]
        indexes = [models.Index(fields=["school", "pack", "item"])]

    def __str__(self) -> str:
        return f"{self.item}: {self.answer}"
