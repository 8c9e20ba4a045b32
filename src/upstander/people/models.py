"""Schools, the people in them, the posts they hold, classes, families and the school's calendar."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from upstander.vault.fields import SealedText


class School(models.Model):
    """One school. ``pack``: name or folder of its (first) policy; which versions are in force says ``PackInForce``.

    ``policy``: a fingerprint of these versions and the school's answers, so that a process knows when to load them anew.
    ``language`` and ``look`` are for its public pages; ``exit_url`` is where the quick exit leads.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, default="en-GB")
    timezone = models.CharField(max_length=60, default="Europe/London")
    pack = models.CharField(max_length=300)
    policy = models.CharField(max_length=64, blank=True, default="")
    exit_url = models.URLField(blank=True, default="")
    look = models.JSONField(default=dict, blank=True)
    demo = models.BooleanField(default=False)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; there is no superuser, because no account may see everything."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> Account:
        account = self.model(email=self.normalize_email(email).lower(), **more)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """A way to sign in with an address and a password; who that is in a school says ``Person``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("E-mail address"), max_length=254, unique=True)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return self.email

    def get_short_name(self) -> str:
        return self.email


class Person(models.Model):
    """Somebody in one school. Names and contacts lie encrypted; ``left_on`` is the first day they are no longer here."""

    class Kind(models.TextChoices):
        STAFF = "staff", _("Staff")
        PUPIL = "pupil", _("Pupil")
        GUARDIAN = "guardian", _("Parent or guardian")
        OTHER = "other", _("Somebody else")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="people")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = SealedText()
    reading = SealedText()
    email = SealedText()
    phone = SealedText()
    language = models.CharField(max_length=10, blank=True, default="")
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="persons")
    number = models.CharField(max_length=60, blank=True, default="")
    left_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["school", "kind"])]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "number"], condition=~models.Q(number=""), name="person_number_once"
            ),
            models.UniqueConstraint(fields=["school", "account"], name="person_account_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class SchoolClass(models.Model):
    """A class in one school year. ``year`` is the calendar year in which the school year begins; ``grade`` as text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="classes")
    year = models.PositiveSmallIntegerField()
    grade = models.CharField(max_length=20)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["-year", "grade", "code"]
        constraints = [models.UniqueConstraint(fields=["school", "year", "code"], name="class_code_once")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in a class, from ``since``; ``until`` is the last day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.CASCADE, related_name="memberships")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person_id} in {self.school_class_id}"


class Guardianship(models.Model):
    """Who looks after whom. ``relation``: a word of the family (mother, foster parent, …), encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT)
    guardian = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="guards")
    pupil = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="guardians")
    relation = SealedText()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["guardian", "pupil"], name="guardianship_once")]

    def __str__(self) -> str:
        return f"{self.guardian_id} of {self.pupil_id}"


class RoleHeld(models.Model):
    """A post that a person holds, in the whole school, a grade or a class; ``until`` and ``away_until`` are last days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="roles_held")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles_held")
    role = models.CharField(max_length=80)
    school_class = models.ForeignKey(SchoolClass, null=True, blank=True, on_delete=models.CASCADE)
    grade = models.CharField(max_length=20, blank=True, default="")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    away_from = models.DateField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["school", "role"])]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"


class SchoolCalendar(models.Model):
    """The school's calendar as it was frozen: the data of a calendar file. The newest row counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="calendars")
    data = models.JSONField()
    frozen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-frozen_at"]

    def __str__(self) -> str:
        return f"calendar of {self.school_id}"


class PackFiles(models.Model):
    """The files of a policy pack as they were when a school put it in force. ``digest``: SHA-256 of ``files``, hexadecimal.

    ``files``: what ``policy.loader.Source.data`` makes. Never changed: what arose under them is explained by them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    files = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "digest"], name="pack_files_once")]

    def __str__(self) -> str:
        return self.digest


class PackInForce(models.Model):
    """A version of a policy, with the school's answers, in force from a day (00:00, civil) until the next one of this pack.

    ``pack``: the pack's id; ``answers``: ``{"params": {…}, "words": {…}}``; ``by_person`` None: the software itself.
    ``files`` None: from this day on the school does not run this pack. ``withdrawn_at``: taken back before it came in force.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="packs_in_force")
    pack = models.CharField(max_length=100)
    version = models.CharField(max_length=60)
    files = models.ForeignKey(PackFiles, null=True, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    from_date = models.DateField()
    by_person = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["from_date", "made_at"]
        indexes = [models.Index(fields=["school", "from_date"])]

    def __str__(self) -> str:
        return f"{self.pack}@{self.version} from {self.from_date}"


class Portrait(models.Model):
    """A photograph of one of the staff for the page of whom to talk to; base64 of a small square JPEG, encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="portraits")
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="portrait")
    picture = SealedText()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"portrait {self.person_id}"


class DemoClock(models.Model):
    """How far the clock of a demo school is ahead, in seconds (behind, if negative). Only schools of the demo have one."""

    school = models.OneToOneField(School, primary_key=True, on_delete=models.CASCADE, related_name="+")
    ahead = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.ahead} s ahead"
