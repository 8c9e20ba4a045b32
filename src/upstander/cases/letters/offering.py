"""Which letters are offered in a record, for whose family, and why one is not now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upstander.access import decide
from upstander.cases.looking import Looking
from upstander.cases.words import Words
from upstander.people import queries as people
from upstander.policy.model import Letter
from upstander.policy.verdict import Key
from upstander.ui.parts import Clause, Deed

KEPT_WITH = "file-added"
"""The kind of event, of every pack, with which the letter as it was sent is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A letter. ``not_now``: why it is not offered as things stand, empty where it is."""

    title: str
    lang: str
    clauses: list[Clause]
    not_now: str
    deed: Deed | None


def way(looking: Looking) -> Deed | None:
    """The way to the letters from the record's page; None where there is none or the viewer may not keep one."""
    if not letters(looking) or not looking.may(KEPT_WITH):
        return None
    return Deed(label=_("Letters"), url=looking.url("letters"), icon="paper")


def letters(looking: Looking) -> list[Letter]:
    """The letters of the pack for records of this kind."""
    return [each for each in looking.pack.letters.values() if not each.on or looking.record.kind in each.on]


def offers(looking: Looking) -> list[Offer]:
    """Every letter of this record, with what stands against it now."""
    return [_offer(looking, each) for each in letters(looking)]


def _offer(looking: Looking, letter: Letter) -> Offer:
    families = children(looking, letter)
    reasons = {child: not_now(looking, letter, child) for child in families}
    open_for = [child for child, reason in reasons.items() if not reason]
    reason = "" if open_for else next(iter(reasons.values()), _("Nobody is named yet to whose family it could go."))
    path = f"letters.{letter.id}.title"
    return Offer(
        title=looking.words.label(path),
        lang=looking.words.lang_of(path),
        clauses=looking.words.clauses(letter.clause[:1]),
        not_now=reason,
        deed=Deed(label=_("Write it"), url=looking.url("letter", letter.id)) if open_for else None,
    )


def children(looking: Looking, letter: Letter) -> Mapping[str, tuple[str, str]]:
    """{id: (role, name)} of the pupils to whose family this letter can go: those whom its event can name, else the parties."""
    pack = looking.pack
    if letter.sent_with is not None:
        about = pack.events[letter.sent_with.alternatives[0].kind].about
        named = [member for name in about for member in (name, *pack.members(name))]
    else:
        named = [blank.name for blank in letter.blanks if blank.sort == "name"]
    parties = decide.party_roles(pack, pack.records[looking.record.kind])
    roles = [role for role in named if role in parties] or [role for role in pack.roles if role in parties]
    pupils = people.pupils_written(looking.school, looking.names)
    found: dict[str, tuple[str, str]] = {}
    for role in dict.fromkeys(roles):
        for ident in looking.named.get(role, ()):
            if ident in pupils and role not in letter.never_name:
                found.setdefault(ident, (role, looking.names[ident]))
    return found


def not_now(looking: Looking, letter: Letter, child: str) -> str:
    """Which fact stands against this letter for this child's family, in words; empty where none does."""
    key: Key = tuple((role, child) for role, ids in looking.named.items() if child in ids)
    for fact in letter.unless:
        if _holds(looking, fact, key):
            return _("Not now: %(fact)s.") % {"fact": looking.words.fact(fact)}
    for fact in letter.if_:
        if not _holds(looking, fact, key):
            return _("Only when: %(fact)s.") % {"fact": looking.words.fact(fact)}
    return ""


def _holds(looking: Looking, fact: str, key: Key) -> bool:
    """Whether a fact holds for this child; one that names somebody else counts if it holds for anybody."""
    rule = looking.pack.facts.get(fact)
    names = [each.name for each in rule.for_each] if rule is not None else []
    for name in names:
        for role, person in key:
            if role == name or role in looking.pack.members(name) or name in looking.pack.members(role):
                return looking.picture.holds(fact, ((name, person),))
    return looking.picture.holds(fact)


def languages(looking: Looking, letter: Letter) -> list[str]:
    """The languages in which the pack has this letter, its own first."""
    path = f"letters.{letter.id}.body"
    return [looking.pack.language, *(lang for lang, texts in looking.pack.words.items() if path in texts)]


def spoken(looking: Looking, child: str, known: list[str]) -> str:
    """The language of this child's family, as far as the letter has it."""
    guardians = people.guardians_of(looking.school, [child]).get(child, [])
    for each in guardians:
        for lang in known:
            if each.language and each.language.split("-")[0] == lang.split("-")[0]:
                return lang
    return known[0]


def words_in(looking: Looking, lang: str) -> Words:
    """The pack's words in the language of a letter."""
    return Words(looking.pack, lang, looking.school.slug)
