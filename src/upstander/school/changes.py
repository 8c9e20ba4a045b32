"""What is different between two versions of a policy, in words: answers, steps, limits, closing, what is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from upstander.people import packs
from upstander.people.models import School
from upstander.people.packs import Version
from upstander.policy import labels, sentences, versions
from upstander.policy.model import Closure, Duty, Pack, Said
from upstander.policy.versions import Changed, Rule
from upstander.school import dry_run
from upstander.ui import dates

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is not as it was. ``lang``: of its name, where that is not the reader's."""

    what: str
    was: str
    will: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Since:
    """What changed with a version: against which one, in words, and the lines."""

    before: str
    lines: tuple[Line, ...]


def lines(before: Pack, after: Pack, lang: str) -> list[Line]:
    """Everything that differs: the school's answers first, then rules that differ by more than an answer said anew."""
    found = [
        Line(new.asked, old.answer if old else NOTHING, new.answer, new.lang)
        for old, new in dry_run.answers(before, after, lang)
    ]
    return [*found, *_rules(before, after, lang)]


def _rules(before: Pack, after: Pack, lang: str) -> Iterator[Line]:
    for changed in versions.compare(before, after):
        if changed.before is None or changed.after is None:
            new = changed.before is None
            pack, rule = (after, changed.after) if new else (before, changed.before)
            said = _sentence(pack, rule, lang)
            yield Line(
                _name(pack, changed, lang), *((NOTHING, said) if new else (said, _("gone"))), _lang(pack, changed, lang)
            )
        elif not _only_answered_anew(changed.before, changed.after):
            yield Line(_name(after, changed, lang), *_sides(before, after, changed, lang), _lang(after, changed, lang))


def _sides(before: Pack, after: Pack, changed: Changed, lang: str) -> tuple[str, str]:
    was, will = changed.before, changed.after
    if changed.by_facts:
        names = [labels.label(after, f"facts.{each}.label", lang) for each in changed.by_facts if each in after.facts]
        said = _("it looks at something that is not as it was: %(facts)s") % {"facts": ", ".join(names)}
        return _sentence(before, was, lang), said
    if isinstance(was, Duty) and isinstance(will, Duty) and replace(was, by=will.by, mark=will.mark) == will:
        return _by(before, was, lang), _by(after, will, lang)
    return _sentence(before, was, lang), _sentence(after, will, lang)


def _only_answered_anew(was: Rule, will: Rule) -> bool:
    """A deadline that stands behind a word is told with the word's answer, not once more for each rule."""
    return (
        isinstance(was, Duty)
        and isinstance(will, Duty)
        and isinstance(was.by, Said)
        and isinstance(will.by, Said)
        and was.by.said == will.by.said
        and versions.plain(replace(was, by=None)) == versions.plain(replace(will, by=None))
    )


def _by(pack: Pack, duty: Duty, lang: str) -> str:
    return sentences.deadline_words(pack, duty.by, lang) if duty.by is not None else NOTHING


def _sentence(pack: Pack, rule: Rule | None, lang: str) -> str:
    return sentences.sentence(pack, replace(rule, clause=()), lang) if rule is not None else NOTHING


def _path(changed: Changed) -> str:
    return (
        f"records.{changed.name}.label" if changed.section == "closure" else f"{changed.section}.{changed.name}.label"
    )


def _name(pack: Pack, changed: Changed, lang: str) -> str:
    name = labels.label(pack, _path(changed), lang)
    if isinstance(changed.after or changed.before, Closure):
        return pgettext("rule", "Closing: %(record)s") % {"record": name}
    return name


def _lang(pack: Pack, changed: Changed, lang: str) -> str:
    own = pack.language == lang or _path(changed) in pack.words.get(lang, {})
    return "" if own else pack.language


def since_the_last(school: School, pack: Pack, lang: str, version: Version | None = None) -> Since | None:
    """What a version (the one in force by default) changed against the one before it; None where it is the first."""
    chain = [
        each for each in packs.versions(school) if each.name == pack.id and each.state != "withdrawn" and not each.ends
    ]
    here = next((each for each in chain if (each.id == version.id if version else each.state == "in force")), None)
    earlier = [each for each in chain if here is not None and each.from_date < here.from_date]
    if here is None or not earlier:
        return None
    last = max(earlier, key=lambda each: each.from_date)
    day = dates.long_day(last.from_date, lang)
    before = _("Version %(version)s, in force from %(day)s.") % {"version": last.version, "day": day}
    return Since(before, tuple(lines(packs.pack_in(last), pack if version is None else packs.pack_in(here), lang)))
