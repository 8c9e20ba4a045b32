"""Registers: all records of a kind that a viewer sees, counted, filtered, sorted and searched.

Names and texts lie encrypted, so no database can look into them. Names of people are opened for everybody named, for a school has
only so many; texts and people from outside only in the ``MOST_SEARCHED`` newest records, and the answer says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from upstander.access import decide
from upstander.access.decide import TELLER
from upstander.access.viewer import Viewer
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy.arithmetic import LAST_MOMENT
from upstander.policy.model import FieldType, Pack
from upstander.policy.verdict import State
from upstander.records import clock, columns, kinds, queries, reading, steps
from upstander.records.columns import Column, Values
from upstander.records.models import DutyRow, Named, Reading, Record, SealedField
from upstander.vault import keys

RECEIVED, CASE = "concern-received", "case"
MOST_SEARCHED = 300
TAKEN = "register"
"""What the reading log says of a register that was taken away as a file."""
SHOWS = ("open", "late", "due", "closed", "all")
_RANK = {State.OVERDUE: 0, State.DUE: 1, State.PENDING: 2, State.PAUSED: 3, State.UPCOMING: 4}
Rank = tuple[int, datetime, str]


# --- one register --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What the reader asked for. ``coded``: {column's id: code}; ``sort``: empty (what presses), ``name``, ``due``, ``opened``,
    ``number`` or a column's id; ``down``: the other way round.
    """

    show: str = "open"
    mine: bool = False
    q: str = ""
    coded: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    down: bool = False


@dataclass
class Row:
    """A record of a register. ``names``: whom it is about, as (id, name); ``duty``: the open one that presses most.

    ``people``: {role: names} of the other subjects; ``words``: {column's id: words}.
    """

    record: Record
    names: tuple[tuple[str, str], ...] = ()
    duty: DutyRow | None = None
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    """{column's id: value as the log keeps it}, of answers that are not sealed."""
    subjects: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


@dataclass
class Found:
    """The records that fit, in order. ``total``: all that the viewer sees; ``late``: how many of those are late.

    ``searched``: in how many of the records texts were looked into; None where no words were asked for or all were read.
    """

    records: list[Record]
    total: int
    late: int
    searched: int | None = None
    duties: dict[UUID, DutyRow] = field(default_factory=dict)


@dataclass(frozen=True)
class Register:
    """A kind of record as a viewer looks at it. ``now``: civil minute; ``lang``: the reader's language."""

    viewer: Viewer
    school: School
    kind: str
    columns: Sequence[Column]
    now: datetime
    lang: str

    @property
    def pack(self) -> Pack:
        return self.viewer.pack

    @property
    def main(self) -> str:
        """The name under which a record says whom or what it is about; empty where it says so under none."""
        return next(iter(self.pack.records[self.kind].subjects), "")


def register(viewer: Viewer, school: School, kind: str, now: datetime, lang: str) -> Register:
    """The register of a kind. Raises NotFound for one of which the viewer sees nothing and may open nothing."""
    if kind not in kinds.seen(viewer):
        raise decide.NotFound
    return Register(viewer, school, kind, tuple(columns.columns(viewer, kind, lang)), now, lang)


def find(search: Register, wanted: Wanted) -> Found:
    """The records that fit, sorted."""
    records = list(queries.visible(search.viewer, search.kind).select_related(None))
    for record in records:
        record.school = search.school
    duties = pressing(search.school, search.kind)
    late = [each for each in records if not each.closed and _is_late(duties.get(each.id))]
    found = Found(records, len(records), len(late), None, duties)
    found.records = [each for each in records if _shown(each, duties.get(each.id), wanted.show, search.now)]
    if wanted.mine:
        found.records = _mine(search, found.records)
    _by_values(search, wanted, found)
    if wanted.q.strip():
        _by_words(search, wanted.q.casefold().strip(), found)
    if wanted.sort not in {column.id for column in search.columns}:
        _sort(search, wanted, found)
    return found


def _is_late(duty: DutyRow | None) -> bool:
    return duty is not None and duty.state == State.OVERDUE.value and duty.strength != "may"


def pressing(school: School, kind: str, ids: Sequence[UUID] | None = None) -> dict[UUID, DutyRow]:
    """{record's id: its open duty that presses most}, of all records of a kind or of these."""
    found: dict[UUID, DutyRow] = {}
    duties = DutyRow.objects.filter(school=school, open=True, record__kind=kind)
    for duty in duties if ids is None else duties.filter(record__in=ids):
        before = found.get(duty.record_id)
        if before is None or _presses(duty) < _presses(before):
            found[duty.record_id] = duty
    return found


def _presses(duty: DutyRow) -> Rank:
    offer = 4 if duty.strength == "may" else 0
    return _RANK.get(State(duty.state), 5) + offer, duty.due or LAST_MOMENT, duty.rule


def _shown(record: Record, duty: DutyRow | None, show: str, now: datetime) -> bool:
    match show:
        case "closed":
            return record.closed
        case "open":
            return not record.closed
        case "late":
            return not record.closed and _is_late(duty)
        case "due":
            return not record.closed and duty is not None and _is_due(duty, now)
    return True


def _is_due(duty: DutyRow, now: datetime) -> bool:
    if duty.strength == "may" or duty.state == State.OVERDUE.value:
        return False
    return duty.state == State.DUE.value or (duty.due is not None and duty.due.date() <= now.date())


def _mine(search: Register, records: list[Record]) -> list[Record]:
    """Those in which the viewer has something to do."""
    rows = DutyRow.objects.filter(school=search.school, open=True, record__kind=search.kind)
    mine = steps.mine_among(search.viewer, search.school, records, rows, search.now)
    return [record for record in records if record.id in mine]


def _by_values(search: Register, wanted: Wanted, found: Found) -> None:
    """Keep those with the asked codes; sort where a column decides."""
    chosen = [each for each in search.columns if each.id in wanted.coded]
    sorting = [each for each in search.columns if each.id == wanted.sort]
    if not chosen and not sorting:
        return
    held = columns.values(search.school, search.kind, [*chosen, *sorting], search.now)
    for column in chosen:
        code = wanted.coded[column.id]
        found.records = [each for each in found.records if has(held.plain.get(each.id, {}).get(column.id), code)]
    if sorting:
        ids = [record.id for record in found.records]
        columns.open_texts(held, sorting, ids)
        place = _places(search, sorting[0], held, ids)
        blank = [record for record in found.records if record.id not in place]
        filled = [record for record in found.records if record.id in place]
        # What is blank stands last, whichever way round.
        filled.sort(key=lambda each: (place[each.id], each.number), reverse=wanted.down)
        found.records = [*filled, *blank]


def _places(search: Register, column: Column, held: Values, ids: Iterable[UUID]) -> dict[UUID, Any]:
    """By what a column sorts: codes in the pack's order, numbers and days as they are, words as words."""
    codes = list(search.pack.options.get(column.spec.options, {}))
    found: dict[UUID, Any] = {}
    words = columns.said(search.pack, search.school, held, [column], ids, search.lang)
    for record, row in words.items():
        value = held.plain.get(record, {}).get(column.id)
        if column.id not in row:
            continue
        if column.spec.type in (FieldType.NUMBER, FieldType.SCALE):
            found[record] = float(value or 0)
        elif codes:
            first = value[0] if isinstance(value, list) and value else value
            found[record] = codes.index(first) if first in codes else len(codes)
        elif column.spec.type in (FieldType.DATE, FieldType.TIME):
            found[record] = str(value)
        else:
            found[record] = "".join(row[column.id]).casefold()
    return found


def has(value: Any, code: str) -> bool:
    """Whether an answer is, or holds, this code."""
    return code in value if isinstance(value, list) else value == code


# --- words ---------------------------------------------------------------------------------------------------------


def _by_words(search: Register, q: str, found: Found) -> None:
    """Keep those in whose number, names or short answers the words stand."""
    ids = [record.id for record in found.records]
    hits = {record.id for record in found.records if q in record.number.casefold()}
    hits |= _named_so(search, q)
    held = columns.values(search.school, search.kind, search.columns, search.now)
    plain = [column for column in search.columns if not column.sealed]
    for record, row in columns.said(search.pack, search.school, held, plain, ids, search.lang).items():
        if any(q in word.casefold() for words in row.values() for word in words):
            hits.add(record)
    newest = sorted(found.records, key=lambda each: (each.opened_at, each.number), reverse=True)
    near = [record.id for record in newest[:MOST_SEARCHED]]
    hits |= _in_texts(search, held, near, q)
    if len(near) < len(ids):
        found.searched = len(near)
    found.records = [record for record in found.records if record.id in hits]


def _named_so(search: Register, q: str) -> set[UUID]:
    """The records in which somebody is named whose name holds the words; who told is never looked for."""
    rows = list(
        Named.objects.filter(school=search.school, record__kind=search.kind)
        .exclude(role=TELLER)
        .values_list("record_id", "person")
    )
    wanted = {person for _record, person in rows}
    so = {each for each in wanted if q in each.casefold() and len(each) < 36}
    for person in people.everybody(search.school):
        if str(person.id) in wanted and (q in person.name.casefold() or q in person.reading.casefold()):
            so.add(str(person.id))
    return {record for record, person in rows if person in so}


def _in_texts(search: Register, held: Values, near: Sequence[UUID], q: str) -> set[UUID]:
    sealed = [column for column in search.columns if column.sealed]
    columns.open_texts(held, sealed, near)
    hits = {record for record in near if any(q in text.casefold() for text in held.texts.get(record, {}).values())}
    outside = SealedField.objects.filter(record__in=near, path__startswith="outside:")
    boxes = list(outside.values_list("record_id", "event_id", "path", "ciphertext"))
    ciphers = keys.record_ciphers(list({box[0] for box in boxes}))
    for record, event, path, ciphertext in boxes:
        if record in ciphers:
            said = json.loads(ciphers[record].open(f"{event}/{path}", bytes(ciphertext)))
            if q in str(said.get("words", "")).casefold():
                hits.add(record)
    return hits


# --- order ---------------------------------------------------------------------------------------------------------


def _sort(search: Register, wanted: Wanted, found: Found) -> None:
    down = wanted.down
    match wanted.sort:
        case "opened":
            found.records.sort(key=lambda each: (each.opened_at, each.number), reverse=not down)
        case "number":
            found.records.sort(key=lambda each: each.number, reverse=down)
        case "due":
            due = {key: duty.due for key, duty in found.duties.items() if duty.due is not None}
            without = [each for each in found.records if each.id not in due]
            having = [each for each in found.records if each.id in due]
            having.sort(key=lambda each: (due[each.id], each.number), reverse=down)
            found.records = [*having, *without]
        case "name":
            names = subjects(search.school, search.pack, search.kind, found.records)
            by = {
                each: "".join(name for _id, name in who.get(search.main, ())).casefold() for each, who in names.items()
            }
            nameless = [each for each in found.records if not by[each.id]]
            known = [each for each in found.records if by[each.id]]
            found.records = [*sorted(known, key=lambda each: (by[each.id], each.number), reverse=down), *nameless]
        case _:
            found.records.sort(key=lambda each: _rank(each, found.duties.get(each.id)), reverse=down)


def _rank(record: Record, duty: DutyRow | None) -> tuple[int, datetime, str]:
    if record.closed:
        return 19, LAST_MOMENT, record.number
    if duty is None:
        return 18, LAST_MOMENT, record.number
    rank, due, _rule = _presses(duty)
    return rank, due, record.number


# --- the rows of a page --------------------------------------------------------------------------------------------


def subjects(
    school: School, pack: Pack, kind: str, records: Sequence[Record]
) -> dict[UUID, dict[str, tuple[tuple[str, str], ...]]]:
    """{record's id: {subject: ((id, name), …)}}; people from outside by the words of their own record."""
    roles = {member: name for name in pack.records[kind].subjects for member in (name, *pack.members(name))}
    rows = list(
        Named.objects.filter(record__in=[each.id for each in records], role__in=list(roles)).values_list(
            "record_id", "role", "person"
        )
    )
    names = people.names(school, {person for _record, _role, person in rows})
    strangers = {record for record, _role, person in rows if person.startswith("out-")}
    for record in records:
        if record.id in strangers:
            ids = [person for where, _role, person in rows if where == record.id]
            names |= reading.names_of(record, ids, reading.open_all(record))
    found: dict[UUID, dict[str, list[tuple[str, str]]]] = {record.id: {} for record in records}
    for where, role, person in rows:
        found[where].setdefault(roles[role], []).append((person, names.get(person, person)))
    return {key: {role: tuple(dict.fromkeys(who)) for role, who in each.items()} for key, each in found.items()}


def rows(search: Register, found: Found, records: Sequence[Record]) -> list[Row]:
    """These records with everything that a register shows of them."""
    ids = [record.id for record in records]
    held = columns.values(search.school, search.kind, search.columns, search.now, ids)
    columns.open_texts(held, search.columns, ids)
    words = columns.said(search.pack, search.school, held, search.columns, ids, search.lang)
    named = subjects(search.school, search.pack, search.kind, records)
    others = search.pack.records[search.kind].subjects[1:]
    return [
        Row(
            record,
            named[record.id].get(search.main, ()),
            found.duties.get(record.id),
            {role: tuple(name for _id, name in named[record.id].get(role, ())) for role in others},
            words[record.id],
            held.plain.get(record.id, {}),
            named[record.id],
        )
        for record in records
    ]


def log_taken(search: Register, records: Sequence[Record]) -> None:
    """Write down that the viewer took these records away as a list."""
    at = clock.utcnow(search.school)
    me = search.viewer.person_id
    Reading.objects.bulk_create(
        Reading(school_id=search.school.id, record=record, person=me, what=TAKEN, at=at) for record in records
    )
