"""What a teller sees of their own concern: the talk both ways, the steps that were done, who reads it by when.

Never who is in the case and never about whom. Which steps of a case a teller learns of, the pack decides: those that a kind of
event echoes to the concern. They are shown in the words of their ``done`` and by their day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from upstander.access.viewer import Viewer
from upstander.policy import labels
from upstander.policy.model import Pack
from upstander.policy.verdict import DutyInstance, Picture
from upstander.records import queries as records
from upstander.records.models import Record
from upstander.records.timeline import TimelineEntry
from upstander.ui import dates
from upstander.ui.parts import Entry, Letter

READ = "acknowledged"
TALK = frozenset({READ, "asked", "answered", "step-shared"})
"""What staff write for the teller to read: their ``words``."""
OWN = frozenset({"told", "told-more", "identity-given", "wish-changed", "withdrawn", "confirmed"})
"""What the teller wrote."""
_TEXTS = ("what", "words", "wish-words", "reason", "teller-name", "teller-contact")


@dataclass(frozen=True, slots=True)
class Reader:
    """By when it will be read, as a phrase (``by Thu 12 March``), and which posts read it."""

    by: str
    who: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A concern as its teller sees it. ``named``: the school knows the teller's name; ``steps``: newest first."""

    number: str
    letters: tuple[Letter, ...]
    steps: tuple[Entry, ...]
    read: bool
    reader: Reader | None
    withdrawn: bool
    named: bool
    asked: bool
    to_confirm: bool
    closed: bool


def reader_of(pack: Pack, picture: Picture | None, now: datetime, lang: str) -> Reader | None:
    """Who is asked by the policy to read a concern, and until when; None where no such duty is open."""
    if picture is None:
        return None
    duty = next((each for each in picture.duties if each.state.open and each.due and _is_reading(pack, each)), None)
    if duty is None or duty.due is None:
        return None
    roles = [bearer["role"] for bearer in duty.who if "role" in bearer]
    titles = [labels.label(pack, f"roles.{role}.title", lang) for role in roles if role in pack.roles]
    return Reader(dates.by(max(duty.due, now), now, lang), _joined(titles, lang))


def _is_reading(pack: Pack, duty: DutyInstance) -> bool:
    rule = pack.duties.get(duty.rule)
    return rule is not None and any(
        alternative.kind == READ for pattern in rule.must for alternative in pattern.alternatives
    )


def _joined(titles: list[str], lang: str) -> str:
    return ("、" if lang in ("ja", "zh-Hans") else ", ").join(dict.fromkeys(titles))


def matter_of(viewer: Viewer, record_id: UUID, now: datetime, lang: str) -> Matter:
    """The concern that the viewer's receipt opens. Raises NotFound."""
    record = records.get(viewer, record_id)
    entries = [each for each in records.timeline(viewer, record, lang) if not each.voided_by]
    entries = sorted(entries, key=lambda each: (each.recorded, each.at))
    kinds = [each.kind for each in entries]
    last = {kind: place for place, kind in enumerate(kinds)}
    told_of = max((last.get(kind, -1) for kind in ("step-shared", "answered")), default=-1)
    told_of = max([told_of, *(place for place, each in enumerate(entries) if each.echo)])
    return Matter(
        number=record.number,
        letters=tuple(letter for each in entries if (letter := _letter(viewer.pack, each, now, lang))),
        steps=tuple(reversed([step for each in entries if (step := _step(viewer.pack, each, now, lang))])),
        read=any(kind in TALK for kind in kinds),
        reader=reader_of(viewer.pack, records.picture_of(record, now), now, lang),
        withdrawn="withdrawn" in last,
        named=_is_named(entries),
        asked=last.get("asked", -1) > max(last.get("told-more", -1), last.get("answered", -1)),
        to_confirm=told_of > last.get("confirmed", -1),
        closed=record.closed,
    )


def _is_named(entries: Iterable[TimelineEntry]) -> bool:
    return any(field.id == "teller-name" and field.value for each in entries for field in each.fields)


def _letter(pack: Pack, entry: TimelineEntry, now: datetime, lang: str) -> Letter | None:
    """What somebody wrote, as a letter; None for what carries no words for the teller."""
    values = {field.id: str(field.value) for field in entry.fields if field.value}
    when = dates.moment(entry.at, lang, now)
    if entry.kind in TALK:
        return (
            Letter(who=entry.by_role_title or _("The school"), when=when, text=values.get("words", ""))
            if "words" in values
            else None
        )
    if entry.kind not in OWN:
        return None
    lines = [values[name] for name in _TEXTS if name in values]
    lines += [_("What you wish: %(wish)s") % {"wish": values["wish"]}] if "wish" in values else []
    if entry.kind == "withdrawn":
        lines.insert(0, _("You took this back."))
    if entry.kind == "confirmed":
        lines.insert(0, _("You said: it was done.") if values.get("was-done") else "")
    files = sum(len(field.files) for field in entry.fields)
    if files:
        lines.append(_("Files sent: %(number)d") % {"number": files})
    text = "\n\n".join(line for line in lines if line)
    return Letter(who=pgettext("the teller, to themselves", "You"), when=when, text=text, mine=True) if text else None


def _step(pack: Pack, entry: TimelineEntry, now: datetime, lang: str) -> Entry | None:
    """One thing that happened, in the policy's words, on the spine of the past."""
    when = dates.moment(entry.at, lang, now)
    if entry.echo:
        return Entry(when=when, title=labels.label(pack, f"events.{entry.kind}.done", lang), strong=True)
    own = {
        "told": _("You told us"),
        "withdrawn": _("You took it back"),
        READ: _("It was read"),
        "asked": _("The school asked you something"),
        "answered": _("The school answered"),
        "step-shared": _("The school told you about a step"),
        "confirmed": _("You said whether it was done"),
    }
    title = own.get(entry.kind)
    return Entry(when=when, title=title, strong=entry.kind in TALK) if title else None


def concern_of(viewer: Viewer, record_id: UUID) -> Record:
    """The teller's own concern, to write into. Raises NotFound."""
    return records.get(viewer, record_id, log=False)
