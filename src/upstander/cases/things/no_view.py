"""The path on which nobody looks: one press, and from then on no file is taken, none is shown, and only these steps are left."""

from __future__ import annotations

from uuid import uuid4

from django.utils.translation import gettext as _

from upstander.access.decide import NotFound
from upstander.cases import parts
from upstander.cases.looking import Looking
from upstander.cases.serious.room import helpline
from upstander.people import queries as people
from upstander.policy.model import FieldType
from upstander.policy.model.things import NoViewRoom
from upstander.records import actions, unseen
from upstander.records.models import Event
from upstander.ui.parts import Deed, Helpline


def room_of(looking: Looking) -> NoViewRoom | None:
    """What the pack says of this kind of record; None where it knows no such path."""
    return looking.rooms.no_view


def enter(looking: Looking) -> NoViewRoom:
    """The room. Raises NotFound where the pack has none."""
    room = room_of(looking)
    if room is None:
        raise NotFound
    return room


def is_on(looking: Looking) -> bool:
    """Whether an image that nobody may see is suspected here, or where it belongs to."""
    return unseen.suspected(looking.record, looking.pack)


def offered(looking: Looking, kind: str) -> bool:
    """Whether the switch belongs on the form of this kind of event: it takes files, or is a step of the search."""
    room = room_of(looking)
    if room is None or kind == room.switch or is_on(looking) or not looking.may(room.switch):
        return False
    steps = looking.rooms.search.steps if looking.rooms.search else ()
    files = any(each.type is FieldType.FILE for each in looking.pack.events[kind].fields.values())
    return files or kind in steps


def stop(looking: Looking) -> dict[str, str]:
    """What the one big button needs; no address where it is pressed already or is not the viewer's."""
    room = room_of(looking)
    if room is None or is_on(looking) or not looking.may(room.switch):
        return {"stop_url": ""}
    words = looking.words
    return {
        "stop_url": looking.url("no_view"),
        "stop_label": words.deed(room.switch),
        "stop_lang": words.lang_of(f"events.{room.switch}.label"),
        "stop_key": uuid4().hex,
    }


def around(looking: Looking, kind: str) -> dict[str, object]:
    """What stands around the form of a kind of event: the button, or that nobody looks."""
    if offered(looking, kind):
        return dict(stop(looking))
    takes = any(each.type is FieldType.FILE for each in looking.pack.events[kind].fields.values())
    if room_of(looking) is None or not is_on(looking):
        return {}
    return {"nobody_looks": Deed(label=_("What to do now"), url=looking.url("no_view")), "no_files": takes}


def switch(looking: Looking, submit_key: str) -> Event:
    """Say that it may be such an image. Nothing needs to be written first; whose it is, is said where one only can be meant."""
    room = enter(looking)
    about = {
        role: list(ids)
        for role in looking.pack.events[room.switch].about
        if len(ids := looking.named.get(role, ())) == 1
    }
    return actions.record(looking.viewer, looking.record, room.switch, about=about, submit_key=submit_key)


def call(looking: Looking) -> list[Helpline]:
    """Whom to call, from the pack's directory, in its order."""
    contacts = looking.pack.contacts
    return [helpline(looking, contacts[each]) for each in enter(looking).call if each in contacts]


def tell(looking: Looking) -> list[tuple[str, str, str]]:
    """(post, its language, who holds it today): to whom to go."""
    directory = people.directory(looking.school, looking.now.date(), looking.pack)
    found = []
    for role in enter(looking).tell:
        names = people.names(looking.school, [str(each) for each in directory.everyone(role)])
        lang = looking.words.lang_of(looking.words.role_path(role))
        found.append((looking.words.role(role), lang, looking.words.joined(sorted(names.values()))))
    return found


def cards(looking: Looking) -> list[parts.Card]:
    """The pack's guidance for this moment."""
    return parts.cards(looking, before=enter(looking).switch)


def way(looking: Looking) -> Deed | None:
    """The way into this room from the record's page, while it is on."""
    if room_of(looking) is None or not is_on(looking):
        return None
    return Deed(label=_("Nobody looks: what to do now"), url=looking.url("no_view"), icon="seal")
