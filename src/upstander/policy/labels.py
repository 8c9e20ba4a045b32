"""Every text of a pack that a person reads, by its path, in any language of the screens.

Paths are dotted: ``events.parents-told.fields.how.label``, ``options.places.gym.label``, ``clauses.JP-F.7a.text``. The pack's own
files hold its language, its ``i18n`` folder the others; what every pack has comes from the catalogue of this room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from upstander.policy import writing_labels
from upstander.policy.model import EventKind, Pack, RecordKind
from upstander.policy.words import translated

THINGS = "things"
"""The list of names that stand for no person."""


def sources(pack: Pack) -> dict[str, str]:
    """{path: text in the pack's own language} of everything that can be translated; empty texts are left out."""
    return {path: text for path, text in _all(pack) if text}


def label(pack: Pack, path: str, lang: str) -> str:
    """The text at a path in a language.

    Falls back to the pack's own language, from a deed without a past form to its label, and from an empty text to the id made
    readable. Raises ``KeyError`` for a path that no pack could have.
    """
    path = of_thing(pack, path)
    found = pack.words.get(lang, {}).get(path)
    if found:
        return found
    text = lookup(pack, path)
    if not text:
        deed = path.removesuffix(".done") + ".label" if path.endswith(".done") else ""
        return label(pack, deed, lang) if deed and lookup(pack, deed) else _readable(path)
    source = pack.builtin_words.get(path)
    return translated(source, lang) if source is not None else text


def role(pack: Pack, name: str, lang: str, *, found: bool = True) -> str:
    """The title of a role in a language; what somebody is called in it who is only named so far, where nothing is ``found`` yet."""
    info = pack.roles.get(name)
    neutral = not found and info is not None and info.named_as
    return label(pack, f"roles.{name}.{'named_as' if neutral else 'title'}", lang)


def of_thing(pack: Pack, path: str) -> str:
    """The path itself; of the title of a name that no person has (a post, an object), its place in the list ``things``."""
    section, _, rest = path.partition(".")
    name = rest.removesuffix(".title")
    if section != "roles" or name in pack.roles:
        return path
    # Of several policies in one school each keeps its own list, the later ones under their own names.
    lists = (each for each in pack.options if each.split("-")[-1] == THINGS and name in pack.options[each])
    found = next(lists, "")
    return f"options.{found}.{name}.label" if found else path


def lookup(pack: Pack, path: str) -> str:
    """The text at a path in the pack's own language; empty where the pack says nothing."""
    section, _, rest = path.partition(".")
    if section == "pack":
        return pack.title
    if section == "talk-to":
        role, _, attribute = rest.rpartition(".")
        return next((str(getattr(each, attribute)) for each in pack.talk_to if each.role == role), "")
    if section == "params" and rest.startswith("words."):
        word = pack.vague.get(rest.removeprefix("words.").removesuffix(".title"))
        return word.title if word is not None else ""
    owner: Mapping[str, object] = getattr(pack, _SECTIONS[section])
    if section == "events":
        return _in_event(pack, rest)
    if section == "options":
        name, code, attribute = rest.split(".", 2)
        option = pack.options.get(name, {}).get(code)
        return str(getattr(option, attribute)) if option is not None else ""
    if section in writing_labels.SECTIONS and rest.count(".") > 1:
        return writing_labels.inner(pack, section, rest)
    name, _, attribute = rest.rpartition(".")
    if section == "records" and "." in name:
        record, _, known = name.split(".", 2)
        kind = pack.records.get(record)
        return next((each.label for each in kind.known if each.id == known), "") if kind is not None else ""
    if section == "guidance" and "." in name:
        return _guidance_line(pack, rest)
    entry = owner.get(name)
    return str(getattr(entry, _ATTRIBUTES.get(attribute, attribute))) if entry is not None else ""


_SECTIONS = {
    "roles": "roles",
    "records": "records",
    "events": "events",
    "options": "options",
    "facts": "facts",
    "duties": "duties",
    "limits": "limits",
    "clauses": "clauses",
    "params": "params",
    "guidance": "guidance",
    "contacts": "contacts",
    "letters": "letters",
    "surveys": "surveys",
    "agreements": "agreements",
    "questions": "questions",
    "plan": "plan",
}
_ATTRIBUTES = {"definition": "definition_intro"}


def _in_event(pack: Pack, rest: str) -> str:
    parts = rest.split(".")
    kind = pack.events.get(parts[0])
    if kind is None:
        return ""
    if len(parts) == 2:
        return str(getattr(kind, parts[1]))
    field = kind.fields.get(parts[2])
    return str(getattr(field, parts[3])) if field is not None else ""


def _guidance_line(pack: Pack, rest: str) -> str:
    name, part, number = rest.split(".", 2)
    card = pack.guidance.get(name)
    lines: tuple[str, ...] = getattr(card, part) if card is not None else ()
    return lines[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(lines) else ""


def _readable(path: str) -> str:
    parts = path.split(".")
    name = parts[-2] if len(parts) > 1 else parts[-1]
    return name.replace("-", " ")


# --- all of them --------------------------------------------------------------------------------------------------


def _all(pack: Pack) -> Iterator[tuple[str, str]]:
    yield "pack.title", pack.title
    for name, role in pack.roles.items():
        yield f"roles.{name}.title", role.title
        yield f"roles.{name}.named_as", role.named_as
    for name, record in pack.records.items():
        yield from _of_record(f"records.{name}", record)
    for name, kind in pack.events.items():
        yield from _of_event(f"events.{name}", kind)
    for name, options in pack.options.items():
        for code, option in options.items():
            yield f"options.{name}.{code}.label", option.label
            yield f"options.{name}.{code}.help", option.help
    for section, rules in (("facts", pack.facts), ("duties", pack.duties), ("limits", pack.limits)):
        for name, rule in rules.items():
            yield f"{section}.{name}.label", rule.label
    for name, clause in pack.clauses.items():
        yield f"clauses.{name}.text", clause.text
        yield f"clauses.{name}.not_automated", clause.not_automated
    yield from _of_papers(pack)


def _of_record(path: str, record: RecordKind) -> Iterator[tuple[str, str]]:
    yield f"{path}.label", record.label
    yield f"{path}.plural", record.plural
    yield f"{path}.definition", record.definition_intro
    for known in record.known:
        yield f"{path}.known.{known.id}.label", known.label


def _of_event(path: str, kind: EventKind) -> Iterator[tuple[str, str]]:
    yield f"{path}.label", kind.label
    yield f"{path}.done", kind.done
    for name, field in kind.fields.items():
        yield f"{path}.fields.{name}.label", field.label
        yield f"{path}.fields.{name}.help", field.help


def _of_papers(pack: Pack) -> Iterator[tuple[str, str]]:
    for name, param in pack.params.items():
        yield f"params.{name}.title", param.title
    for name, word in pack.vague.items():
        yield f"params.words.{name}.title", word.title
    for name, card in pack.guidance.items():
        yield f"guidance.{name}.title", card.title
        yield f"guidance.{name}.body", card.body
        for part, lines in (("say", card.say), ("never", card.never)):
            for number, line in enumerate(lines, 1):
                yield f"guidance.{name}.{part}.{number}", line
    for name, contact in pack.contacts.items():
        yield f"contacts.{name}.title", contact.title
        yield f"contacts.{name}.hours", contact.hours
        yield f"contacts.{name}.note", contact.note
    yield from writing_labels.everything(pack)
    for each in pack.talk_to:
        yield f"talk-to.{each.role}.place", each.place
        yield f"talk-to.{each.role}.hours", each.hours
