"""Deeds of a school's office: making the school, inviting staff."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from upstander.access import office
from upstander.people import actions as people
from upstander.people import clock, queries
from upstander.people.models import School
from upstander.people.packs import pack_of
from upstander.policy import loader
from upstander.policy.problems import PackErrors
from upstander.school import posts
from upstander.ui import languages

RESERVED = frozenset({"in", "s", "me", "card", "demo", "tour", "static", "health", "api", "admin"})
"""First parts of addresses that the site itself uses."""


class CannotMake(Exception):
    """The school could not be made; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class NewSchool:
    """What the maker of a school needs next: its address, and the link for its head (empty without a mail address)."""

    school: School
    name: str
    address: str
    invitation: str


def new_school(
    name: str, *, pack: str, beside: Sequence[str] = (), slug: str | None = None, head_mail: str | None = None
) -> NewSchool:
    """Make a school that runs ``pack`` (and the packs ``beside`` it), and invite its head.

    Raises CannotMake: no usable address, an address that is taken, a mail address that is none, packs that do not fit together.
    """
    address = _address(name, slug)
    policy = loader.load(pack)
    if head_mail:
        try:
            validate_email(head_mail)
        except ValidationError as problem:
            raise CannotMake(_("“{text}” is no mail address.").format(text=head_mail)) from problem
    with transaction.atomic():
        try:
            school = people.make_school(
                address, name, pack=pack, packs_beside=beside, language=policy.language, timezone=policy.timezone
            )
        except PackErrors as problem:
            raise CannotMake(problem.in_words(languages.current().tag)) from problem
        invitation = _invite_head(school, head_mail) if head_mail else ""
    return NewSchool(school, name, f"{settings.INSTALLATION.site_url}/{address}/", invitation)


def _address(name: str, slug: str | None) -> str:
    plain = unicodedata.normalize("NFKD", slug or name)
    made = slugify(plain)[:60]
    if not made:
        raise CannotMake(_("Give the school's part of the address with --slug: the name has no Latin letters."))
    if slug and made != slug:
        raise CannotMake(_("“{slug}” cannot stand in an address; “{made}” can.").format(slug=slug, made=made))
    if made in RESERVED or queries.slug_taken(made):
        raise CannotMake(_("The address “{slug}” is taken; give another with --slug.").format(slug=made))
    return made


def _invite_head(school: School, mail: str) -> str:
    person = posts.add(school, re.sub(r"@.*", "", mail), by=None, email=mail)
    posts.give(school, person, office.head_role(pack_of(school)), clock.now(school).date(), by=None)
    return posts.invite(school, person, by=None)
