"""Two schools with a case each, and everybody who asks: the world in which every address is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import time_machine
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from upstander.access import cards
from upstander.access.tests.signed_in import sign_in
from upstander.access.viewer import Viewer
from upstander.cases import frame
from upstander.cases.tests import school as schools
from upstander.cases.tests import story
from upstander.cases.tests.school import Place
from upstander.people import actions as people
from upstander.people import clock
from upstander.people.models import Person, School
from upstander.records import clock as clock_of_records
from upstander.records import upkeep
from upstander.records.models import Record

URLS = "tests.whole_site"
NOW = schools.NOON.replace(hour=16, minute=40)


def routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Every route, as it is written, each once."""
    for each in patterns if patterns is not None else get_resolver(URLS).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        else:
            yield route


ROUTES = sorted(set(routes()))


@dataclass
class World:
    """Two schools with a case each, and everybody who asks."""

    home: Place
    away: Place
    concern: Record
    case: Record
    foreign: Record
    people: dict[str, Person]

    def values(self, record: str = "") -> dict[str, str]:
        """What stands for each parameter."""
        case = str(self.case.id)
        event = self.case.events.filter(echo_of=None).order_by("position").values_list("id", flat=True)[0]
        return {
            "<slug:school>": self.home.school.slug,
            "concerns/<uuid:record>": f"concerns/{record or self.concern.id}",
            "<uuid:record>": record or case,
            "<uuid:event>": str(event),
            "<uuid:file>": str(uuid4()),
            "<uuid:person>": str(self.home.staff["nurse"].id),
            "<uuid:school_class>": str(self.home.classes["2B"].id),
            "<uuid:account_id>": str(uuid4()),
            "<int:pk>": "1",
            "<str:token>": "no-such-token",
            "<str:words>": "no-such-words",
            "check/<uuid:record>/<slug:kind>": f"check/{record or case}/child-check-in",
            "<slug:kind>": "note-added",
            "<str:kind>": "note-added",
            "<str:rule>": "meet-parents",
            "<str:register>": "concern",
            "<path:rest>": "nothing/here",
            "schools/<slug>": f"schools/{self.home.school.slug}",
            "registers/<kind>": "registers/concern",
            "<record_id>": record or case,
            "<slug:rule>": "meet-parents",
            "<slug:number>": "1",
            "<slug:letter>": "appointment",
            "<str:letter>": "appointment",
            "<slug:deed>": "waive",
            "rules/<slug:section>/<slug:name>": "rules/duties/meet-parents",
            "<slug:step>": "words",
            "^(?P<provider_id>[^/]+)/": "no-such-provider/",
            "^social/": "social/",
            "^confirm-email/(?P<key>[-:\\w]+)/$": "confirm-email/nothing/",
            "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-nothing/",
        }

    def path(self, route: str, record: str = "", **other: str) -> str:
        return filled(route, {**self.values(record), **other})

    def browser(self, who: str, *, checks: bool = False) -> Client:
        """A browser in which they have come in."""
        return browser_of(self.home.school, self.people, who, checks=checks)


def filled(route: str, values: dict[str, str]) -> str:
    """A route with its parameters filled in, the longest name first."""
    for name in sorted(values, key=len, reverse=True):
        route = route.replace(name, values[name])
    assert "<" not in route, f"say what stands for the parameter in {route}"
    return f"/{route}"


def browser_of(school: School, people: dict[str, Person], who: str, *, checks: bool = False) -> Client:
    """A browser in which one of these people has come in: a pupil with a card, everybody else with an account."""
    client = Client(headers={"accept-language": "ja"}, enforce_csrf_checks=checks)
    client.raise_request_exception = False
    if who == "pupil":
        person = people["pupil"]
        card = cards.issue(school, person, by=None, at=clock.utcnow(school))
        answer = client.post(f"/card/{school.slug}/{'-'.join(card.words)}")
        assert answer.status_code == 302
    elif who in people:
        account = people[who].account
        assert account is not None
        sign_in(client, account)
    return client


@contextmanager
def framed_once() -> Iterator[None]:
    """Inside, what the frame of staff pages says is asked for once for everybody: nothing that is done stays, so it stays, too.

    It is most of the work of a page that says that there is nothing.
    """
    memo: dict[object, Any] = {}

    def once(run: Callable[..., Any]) -> Callable[..., Any]:
        def known(viewer: Viewer, *more: object) -> Any:
            key = (run, viewer.school_id, viewer.person_id)
            if key not in memo:
                memo[key] = run(viewer, *more)
            return memo[key]

        return known

    with patch.multiple(frame, count_of=once(frame.count_of), _has_registers=once(frame._has_registers)):
        yield


@contextmanager
def made() -> Iterator[World]:
    """The world, in a transaction that is taken back at the end. The site is the whole one, the clock stands still."""
    from django.conf import settings

    simple = {
        "ROOT_URLCONF": URLS,
        "INSTALLATION": settings.INSTALLATION.model_copy(update={"require_totp": False, "demo": True}),
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    }
    with override_settings(**simple), framed_once(), transaction.atomic():
        home, away = schools.japanese(), schools.english()
        away_head = away.staff["headteacher"]
        second = schools.staff(home, "homeroom-teacher", "別担任 とおる", school_class="2A")
        guardian = people.add_person(home.school, Person.Kind.GUARDIAN, "保護者 例子")
        people.make_account(guardian, "guardian@school.example", None)
        guardian.refresh_from_db()
        people.look_after(guardian, home.pupils["見本はるか"], "mother")
        concern, case = story.japanese_case(home)
        named = home.staff["guidance-lead"]
        with time_machine.travel(schools.moment(home, NOW), tick=False):
            name_somebody(home, case, named)
            foreign = foreign_case(away)
            for place in (home, away):
                up_to_date(place)
            yield World(
                home,
                away,
                concern,
                case,
                foreign,
                {
                    "head": home.staff["principal"],
                    "coordinator": home.staff["grade-head"],
                    "homeroom": home.staff["homeroom-teacher"],
                    "other-homeroom": second,
                    "teacher": home.staff["teacher"],
                    "pupil": home.pupils["見本はるか"],
                    "guardian": guardian,
                    "other-school": away_head,
                    "named": named,
                },
            )
        transaction.set_rollback(True)


def up_to_date(place: Place) -> None:
    """Let the calendar speak and the indexes look at the clock, so that not every page of the walk does it anew."""
    upkeep.refresh_due(place.school, clock_of_records.now(place.school))


def name_somebody(home: Place, case: Record, person: Person) -> None:
    """Somebody of the staff is named as doing it: from then on they see nothing of it."""
    from upstander.records import actions

    actions.record(home.viewer("principal"), case, "person-added", about={"actor": [str(person.id)]})


def foreign_case(away: Place) -> Record:
    """A case of the other school."""
    from upstander.records import actions

    viewer = away.viewer("headteacher")
    case = actions.open_record(viewer, away.school, "case")
    actions.record(viewer, case, "concern-received", about={"target": [str(away.pupils["Juniper Vale"].id)]})
    return case
