"""Stories for tests: real deeds through the real actions, at their own times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import time_machine

from upstander.access import viewer as viewers
from upstander.cases import actions as cases
from upstander.cases.tests.school import Place, moment
from upstander.people.packs import pack_of
from upstander.records import actions, queries
from upstander.records.models import Event, Record

TOLD_AT = datetime(2026, 5, 11, 9, 40)


def at(place: Place, when: datetime) -> time_machine.travel:
    """Inside, it is this civil minute in the school."""
    return time_machine.travel(moment(place, when), tick=False)


def tell(place: Place, when: datetime = TOLD_AT, /, **fields: Any) -> Record:
    """Somebody without a name tells what happened to them."""
    said = {
        "source-kind": "pupil",
        "standing": "to-me",
        "openness": "anonymous",
        "what": "部活のあと、かばんがなくなっていました。グループからも外されました。",
        "place": ["club", "online"],
        "since": "some-weeks",
        "wish": ["stop-it", "tell-me-first"],
        "wish-words": "クラスのみんなの前では話さないでほしい。部活は続けたい。",
        "not-told": ["classmates", "the-other"],
        "safe-now": "yes",
        **fields,
    }
    with at(place, when):
        viewer = viewers.teller(place.school, when.date())
        concern = actions.open_record(viewer, place.school, "concern", at=when)
        actions.record(viewer, concern, "told", at=when, fields=said)
    return concern


def do(
    place: Place,
    role: str,
    record: Record,
    kind: str,
    when: datetime,
    *,
    about: Mapping[str, Sequence[str]] | None = None,
    happened: datetime | None = None,
    **more: Any,
) -> Event:
    """Whoever holds this post records something at this minute."""
    fields = more.pop("fields", {})
    with at(place, when):
        viewer = place.viewer(role, when.date())
        found = queries.get(viewer, record.id, log=False)
        return actions.record(viewer, found, kind, at=happened or when, about=about or {}, fields=fields, **more)


def triage(
    place: Place, role: str, concern: Record, when: datetime, about: Mapping[str, Sequence[str]], **more: Any
) -> Record:
    """Whoever holds this post makes a case of a concern."""
    with at(place, when):
        viewer = place.viewer(role, when.date())
        pack = pack_of(place.school, when.date())
        decided = cases.Triage(
            decision="new-case", reason="本人の安全のため", pass_on=["what", "place", "since"], about=about, **more
        )
        found = queries.get(viewer, concern.id, log=False)
        case = cases.triage(viewer, place.school, pack, found, decided)
    assert case is not None
    return case


def japanese_case(place: Place) -> tuple[Record, Record]:
    """A concern that was read and made a case in the morning of 11 May: (concern, case)."""
    concern = tell(place)
    do(
        place,
        "grade-head",
        concern,
        "acknowledged",
        datetime(2026, 5, 11, 10, 5),
        fields={"words": "読みました。今日、学年の先生で話します。"},
    )
    haruka, sora = str(place.pupils["見本はるか"].id), str(place.pupils["例田 空"].id)
    about = {"target": [haruka], "actor": [sora]}
    case = triage(place, "grade-head", concern, datetime(2026, 5, 11, 10, 20), about)
    return concern, case


def listened(place: Place, case: Record, when: datetime) -> Event:
    """The form teacher has listened to the child, without whom nothing is found."""
    about = {"target": [str(place.pupils["見本はるか"].id)], "staff": [str(place.staff["homeroom-teacher"].id)]}
    said = {"pain": "yes", "words": "「毎日つらい」", "said": ["protect", "not-your-fault", "secret"]}
    return do(place, "homeroom-teacher", case, "talked-with-target", when, about=about, fields=said)


def day(number: int, hour: int = 12, minute: int = 0, month: int = 5) -> datetime:
    """A minute in 2026."""
    return datetime.combine(date(2026, month, number), datetime.min.time()).replace(hour=hour, minute=minute)
