"""The past of a record on its spine: newest first, corrections with both versions, late writing said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upstander.cases import parts
from upstander.cases.looking import Looking
from upstander.policy.model import FieldType
from upstander.ui import dates
from upstander.ui.parts import Entry

SHORT = 12
"""So many entries stand on the record's page; the rest stands on a page of its own."""
OPEN = 4
"""So many of them stand open; those before are folded."""
BRIEF = 3
"""So many answers of an entry stand on the record's page, the words before the ticks; all of them on its own."""
LONGEST = 280


def entries(looking: Looking, most: int | None = None, *, brief: bool = False) -> tuple[list[Entry], int]:
    """The entries, newest first, at most ``most``; and how many there are in all. ``brief``: not every answer."""
    found = parts.tale(looking)
    by_id = {str(each.id): each for each in found}
    replaced = {str(each.instead_of) for each in found if each.instead_of}
    shown = [each for each in found if not (each.voided and str(each.id) in replaced)]
    shown.sort(key=lambda each: (each.at, each.recorded), reverse=True)
    return [entry(looking, each, by_id, brief=brief) for each in shown[:most]], len(shown)


def entry(looking: Looking, each: Any, by_id: Mapping[str, Any], *, brief: bool = False) -> Entry:
    """One entry; what it corrects stands in it struck through."""
    before = by_id.get(str(each.instead_of)) if each.instead_of else None
    details = _answers(looking, each, BRIEF if brief else None)
    if each.hidden:
        details.append(_("Sealed. Only some people may open it."))
    if each.waits:
        details.append(_("Sealed for now. Those who were there may read it."))
    details += breaches(looking, str(each.id))
    if each.anyway:
        details.append(_("Recorded as having happened: %(reason)s") % {"reason": each.anyway})
    if each.voided and each.void_reason:
        details.append(_("Struck: %(reason)s") % {"reason": each.void_reason})
    return Entry(
        id=f"e-{each.id}",
        when=dates.moment(each.at, looking.lang, looking.now),
        title=title(looking, each),
        url=looking.url("event", each.id),
        details=details,
        by=by_line(looking, each),
        was=_difference(looking, before, each) if before is not None else "",
        was_by=_("Corrected by %(name)s.") % {"name": each.by_name} if before is not None and each.by_name else "",
        late=late(looking, each),
        strong=str(each.id) in raised(looking),
        void=each.voided,
    )


def _answers(looking: Looking, each: Any, most: int | None) -> list[str]:
    """The answers in the order of the form; where not all of them fit, words before ticks, and how many more."""
    given = [field for field in each.fields if field.values]
    kept = given
    if most is not None and len(given) > most + 1:
        in_words = {FieldType.LONG_TEXT.value, FieldType.TEXT.value}
        chosen = sorted(given, key=lambda field: field.type not in in_words)[:most]
        kept = [field for field in given if field in chosen]
    lines = [_short(f"{field.label}{_colon(looking)}{looking.words.joined(field.values)}") for field in kept]
    left = len(given) - len(kept)
    if left:
        lines.append(ngettext("and %(n)d more answer", "and %(n)d more answers", left) % {"n": left})
    return lines


def title(looking: Looking, each: Any) -> str:
    """What was done, and with whom."""
    names = looking.words.joined(list(dict.fromkeys(name for _id, _title, found in each.people for name in found)))
    return _("%(done)s: %(names)s") % {"done": each.done, "names": names} if names else each.done


def by_line(looking: Looking, each: Any) -> list[str]:
    """Who did it and in which role."""
    if not each.by_name:
        return [each.by_role_title] if each.by_role_title else []
    if not each.by_role_title:
        return [each.by_name]
    return [_("%(name)s (%(role)s)") % {"name": each.by_name, "role": each.by_role_title}]


def late(looking: Looking, each: Any) -> str:
    """How much later than it happened it was written down; empty within half an hour."""
    later = dates.written_later(each.at, each.recorded, looking.lang)
    if not later:
        return ""
    when = dates.moment(each.recorded, looking.lang, looking.now)
    return _("Written down %(when)s, %(later)s") % {"when": when, "later": later}


def breaches(looking: Looking, event: str) -> list[str]:
    """Which limits an event broke: shown where it stands, for as long as it stands."""
    rules = dict.fromkeys(each.rule for each in looking.picture.breaches if each.event == event)
    return [
        _("The policy asks for something else here: %(limit)s") % {"limit": limit_label(looking, rule)}
        for rule in rules
    ]


def limit_label(looking: Looking, rule: str) -> str:
    """A limit's name; of a closure, that it was closed before its time."""
    return looking.words.limit(rule) if rule in looking.pack.limits else _("closed before all criteria held")


def raised(looking: Looking) -> frozenset[str]:
    """The ids of the events that brought duties about."""
    if "raised" not in looking.memo:
        looking.memo["raised"] = frozenset(each for duty in looking.picture.duties for each in duty.because)
    found: frozenset[str] = looking.memo["raised"]
    return found


def _difference(looking: Looking, before: Any, after: Any) -> str:
    """What stood there before, of the fields that were changed."""
    now = {field.id: field.values for field in after.fields}
    changed = [looking.words.joined(field.values) for field in before.fields if now.get(field.id) != field.values]
    if before.at != after.at:
        changed.insert(0, dates.moment(before.at, looking.lang, looking.now))
    return _short(looking.words.joined(changed)) or before.done


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "…"


def _colon(looking: Looking) -> str:
    return "：" if looking.lang in ("ja", "zh-Hans") else ": "


def tale_ids(looking: Looking) -> frozenset[str]:
    """The ids of the entries that the viewer reads and that still stand."""
    return frozenset(str(each.id) for each in parts.tale(looking) if not each.voided and not each.hidden)
