"""What needs the viewer: late, today, this week, later; what they wait for; what was just told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from upstander.access.viewer import Viewer
from upstander.cases import steps
from upstander.cases.words import Words
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy.verdict import State
from upstander.records import clock, queries
from upstander.records.models import Record
from upstander.records.steps import DutyItem
from upstander.ui import dates
from upstander.ui.parts import Deed, Step

FRESH = timedelta(hours=48)
TOLD, READ = "told", "acknowledged"


@dataclass(frozen=True)
class Group:
    """Steps under one heading."""

    id: str
    title: str
    steps: list[Step]


@dataclass(frozen=True)
class News:
    """A line with a strong beginning, the rest, and where it leads."""

    label: str
    value: str
    deed: Deed | None
    lang: str = ""


MANY = 100
"""Beyond this a number beside the bell tells nobody anything."""


@dataclass
class Today:
    """The inbox as its page shows it."""

    fresh: list[News] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    later: list[Step] = field(default_factory=list)
    waiting: list[Step] = field(default_factory=list)
    settled: list[Step] = field(default_factory=list)
    heard: list[News] = field(default_factory=list)
    unfilled: list[News] = field(default_factory=list)
    late: int = 0
    due: int = 0

    @property
    def nothing(self) -> bool:
        return not (self.fresh or self.groups or self.later)


def count_of(viewer: Viewer, now: datetime) -> int:
    """How many things need the viewer now, late or due today; ``MANY`` stands for as many and more."""
    return min(sum(queries.counts_for(viewer, now, most=MANY)), MANY)


def today(viewer: Viewer, school: School, now: datetime, lang: str) -> Today:
    """Everything of the page, in the reader's language."""
    words = Words(viewer.pack, lang, school.slug)
    found = queries.duties_for(viewer, now, lang)
    sorted_ = _sorted(found.mine, now.date())

    def line(item: DutyItem) -> Step:
        return steps.step(words, school, item.step, now, inbox=True)

    titles = {"late": _("Late"), "today": _("Due today"), "week": _("This week")}
    groups = [
        Group(name, title, steps.quoted_once(line(item) for item in sorted_[name]))
        for name, title in titles.items()
        if sorted_[name]
    ]
    others = [item for item in (*found.waiting, *found.team) if item.step.state in _PRESSING]
    return Today(
        fresh=_fresh(viewer, school, now, words),
        groups=groups,
        later=[line(item) for item in sorted_["later"]],
        waiting=[_waiting(words, school, item, now) for item in others[:8]],
        settled=_settled(viewer, school, now, words),
        heard=_heard(viewer, school, now, words),
        unfilled=_unfilled(viewer, school, now, words),
        late=len(sorted_["late"]),
        due=len(sorted_["today"]),
    )


_PRESSING = frozenset({State.OVERDUE.value, State.DUE.value, State.PENDING.value})


def _sorted(items: list[DutyItem], day: date) -> dict[str, list[DutyItem]]:
    """Late, today, this week, later; what is paused, to come or without a moment is later unless it is due this week."""
    groups: dict[str, list[DutyItem]] = {"late": [], "today": [], "week": [], "later": []}
    for item in items:
        due = item.step.due.date() if item.step.due else None
        if item.step.late:
            groups["late"].append(item)
        elif item.step.state in (State.UPCOMING.value, State.PAUSED.value) or due is None:
            groups["later"].append(item)
        elif due <= day:
            groups["today"].append(item)
        else:
            groups["week" if due < day + timedelta(days=7) else "later"].append(item)
    return groups


def _waiting(words: Words, school: School, item: DutyItem, now: datetime) -> Step:
    line = steps.step(words, school, item.step, now, inbox=True)
    who = words.joined([steps.bearer(words, each) for each in item.step.bearers])
    # A duty toward oneself (one's own training) names its bearer once.
    whom = [name for _role, _title, _id, name in item.step.key if name != who]
    return Step(
        state=line.state,
        word=line.margin[-1] if item.step.late and line.margin else line.word,
        label=line.label,
        lang=line.lang,
        url=steps.record_url(school, item.record),
        margin=() if item.step.late else line.margin[-1:],
        notes=[who, *(whom or [item.record.number])],
    )


# --- what was told -------------------------------------------------------------------------------------------------


def _fresh(viewer: Viewer, school: School, now: datetime, words: Words) -> list[News]:
    """Concerns that nobody has acknowledged yet, the newest first."""
    if "concern" not in viewer.pack.records:
        return []
    rows = queries.visible(viewer, "concern").exclude(events__kind=READ).exclude(events__kind="triaged")
    found = []
    for record in rows.filter(opened_at__gte=(now - FRESH * 7).strftime("%Y-%m-%dT%H:%M")).order_by("-opened_at")[:5]:
        event = record.events.filter(kind=TOLD).order_by("position").first()
        if event is not None:
            found.append(_news(record, event.fields, event.at, school, now, words))
    return found


def _news(record: Record, fields: dict[str, Any], at: datetime, school: School, now: datetime, words: Words) -> News:
    parts = []
    for name in ("openness", "standing", "safe-now"):
        spec = words.pack.events[TOLD].fields.get(name)
        if spec is not None and fields.get(name):
            said = words.value(spec, fields[name], {})
            parts.append(
                _("%(question)s: %(answer)s") % {"question": words.field(TOLD, name), "answer": said}
                if name == "safe-now"
                else said
            )
    when = dates.distance(at, now, words.lang)
    return News(
        label=_("Somebody told us something new, %(when)s.") % {"when": when},
        value=" · ".join(parts),
        deed=Deed(label=_("Read it and decide what it is"), url=steps.record_url(school, record)),
    )


def _heard(viewer: Viewer, school: School, now: datetime, words: Words) -> list[News]:
    """What the viewer was told without a duty of their own, until they have opened it."""
    lines = []
    for each in queries.heard(viewer, now, words.lang):
        kind = words.label(f"records.{each.record.kind}.label")
        number = _("%(kind)s %(number)s") % {"kind": kind, "number": each.record.number}
        when = dates.moment(each.at, words.lang, now)
        said = _("%(record)s, late and has climbed to you, %(when)s") if each.climbed else _("%(record)s, %(when)s")
        lines.append(
            News(
                label=each.label,
                value=said % {"record": number, "when": when},
                deed=Deed(label=each.label, url=steps.record_url(school, each.record)),
                lang=words.lang_of(each.path),
            )
        )
    return lines


# --- what was done, who is missing ---------------------------------------------------------------------------------


def _settled(viewer: Viewer, school: School, now: datetime, words: Words) -> list[Step]:
    """What was settled or missed since yesterday in the records that the viewer sees."""
    since = (now - timedelta(days=1)).replace(hour=0, minute=0)
    rows = queries.visible(viewer).filter(changed_at__gte=clock.aware(school, since)).prefetch_related("duties")
    settled = [
        (duty, record)
        for record in rows
        for duty in record.duties.all()
        if duty.settled_at and duty.settled_at >= since and duty.state in ("met", "met-late", "waived")
    ]
    settled.sort(key=lambda pair: pair[0].settled_at or since, reverse=True)
    return [
        Step(
            state=duty.state,
            label=words.duty(duty.rule),
            lang=words.lang_of(f"duties.{duty.rule}.label"),
            url=steps.record_url(school, record),
            notes=[record.number],
        )
        for duty, record in settled[:6]
        if duty.rule in viewer.pack.duties
    ]


def _unfilled(viewer: Viewer, school: School, now: datetime, words: Words) -> list[News]:
    """Posts that the policy needs and nobody holds, in one line."""
    try:
        url = reverse("school:people", args=[school.slug])
    except NoReverseMatch:
        url = ""
    deed = Deed(label=_("Fill the role"), url=url) if url else None
    roles = list(dict.fromkeys(role for role, _unit in people.unfilled_roles(school, viewer.pack, now.date())))
    if not roles:
        return []
    titles = words.joined([words.role(role) for role in roles[:6]])
    return [
        News(
            label=_("Nobody is here for: %(roles)s.") % {"roles": titles},
            value=_("What would go to them goes to their deputies."),
            deed=deed,
        )
    ]
