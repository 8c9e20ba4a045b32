"""The papers of a pack: guidance cards, the directory, notes of law, flaws of the document, translations (§1)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from upstander.policy.loader.reading.kinds import KINDS
from upstander.policy.loader.reading.letters import front_matter
from upstander.policy.loader.reading.reader import (
    Bad,
    Key,
    Reader,
    Shape,
    as_map,
    entries,
    entries_schema,
    listed,
    object_schema,
    shown,
    table,
)
from upstander.policy.loader.reading.values import CLAUSES, DATE, FACT, ROLE, TEXT, YES_NO, one_of, scalar
from upstander.policy.loader.tree import Node, Scalar
from upstander.policy.model import Contact, Flaw, Guidance, LawNote, Mark, TalkTo
from upstander.policy.words import worded

LANGUAGES = ("en-GB", "ja", "nl", "zh-Hans")
_AUDIENCES = ("staff", "child", "guardian", "teller")
_PLACES = ("tell", "receipt", "case", "checkin", "today", "policy")
_FRONT = {
    "title": Key("title", TEXT, required=True),
    "clause": Key("clause", CLAUSES),
    "before": Key("before", KINDS),
    "show while": Key("show_while", FACT),
    "on": Key("on", listed(one_of(_PLACES))),
    "for": Key("for_", listed(one_of(_AUDIENCES))),
}
_CONTACT = {
    "title": Key("title", TEXT, required=True),
    "number": Key("number", TEXT),
    "hours": Key("hours", TEXT),
    "note": Key("note", TEXT),
    "for": Key("for_", listed(one_of(("pupil", "parent", "staff")))),
    "on door": Key("on_door", YES_NO),
    "urgent": Key("urgent", YES_NO),
    "clause": Key("clause", CLAUSES),
    "fixed": Key("fixed", YES_NO),
}
_TALK = {
    "role": Key("role", ROLE, required=True),
    "place": Key("place", TEXT),
    "hours": Key("hours", TEXT),
    "clause": Key("clause", CLAUSES),
}
_LAW = {
    "id": Key("id", TEXT, required=True),
    "clauses": Key("clauses", CLAUSES, required=True),
    "text": Key("text", TEXT, required=True),
    "source": Key("source", TEXT, required=True),
    "checked": Key("checked", DATE),
    "effect": Key("effect", one_of(("asks more", "makes void")), required=True),
}
_FLAWS = ("two routes", "missing", "one post several names", "no number", "past", "gone")
_FLAW = {
    "flaw": Key("flaw", one_of(_FLAWS), required=True),
    "at": Key("at", TEXT, required=True),
    "read as": Key("read_as", TEXT),
}


# --- guidance -----------------------------------------------------------------------------------------------------


def guidance(reader: Reader, name: str, file: str, text: str) -> Guidance:
    """A card: front matter in YAML between two lines of ``---``, then Markdown. Raises ``Bad``."""
    values, lines = front_matter(reader, name, file, text, _FRONT, "a guidance card")
    body, say, never = _sections(lines)
    return Guidance(id=name, body=body, say=say, never=never, **values, mark=Mark(file, 1, 1))


_INLINE = {**_FRONT, "body": Key("body", TEXT), "say": Key("say", listed(TEXT)), "never": Key("never", listed(TEXT))}


def inline_card(reader: Reader, name: str, node: Node, mark: Mark) -> Guidance:
    """The same card in a pack of one file."""
    return Guidance(**{"id": name, "body": "", **table(reader, node, _INLINE, f"guidance '{name}'")}, mark=mark)


def _sections(lines: list[str]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The Markdown without its lists ``## Say`` and ``## Never``, and the entries of these lists."""
    parts: dict[str, list[str]] = {"": []}
    current = ""
    for line in lines:
        heading = re.fullmatch(r"##\s+(.*?)\s*", line)
        if heading is not None:
            current = heading[1] if heading[1] in ("Say", "Never") else ""
        if heading is None or current == "":
            parts.setdefault(current, []).append(line)
    return "\n".join(parts[""]).strip(), _bullets(parts.get("Say", [])), _bullets(parts.get("Never", []))


def _bullets(lines: list[str]) -> tuple[str, ...]:
    found: list[str] = []
    for line in lines:
        start = re.match(r"[-*]\s+(.*)", line.strip())
        if start is not None:
            found.append(start[1].strip())
        elif line.strip() and found:
            found[-1] += "\n" + line.strip()
    return tuple(found)


# --- directory, laws, flaws ---------------------------------------------------------------------------------------


def directory(reader: Reader, node: Node) -> tuple[dict[str, Contact], tuple[TalkTo, ...]]:
    """``directory.yaml``: outside contacts, and who in the school one can talk to."""

    def contact(reader: Reader, name: str, value: Node, mark: Mark) -> Contact:
        values = table(reader, value, _CONTACT, f"contact '{name}'")
        values.pop("fixed", None)
        return Contact(id=name, **values, mark=mark)

    mapping = as_map(reader, node, "directory.yaml")
    contacts: dict[str, Contact] = {}
    talk: tuple[TalkTo, ...] = ()
    for word, value in mapping.entries.items():
        if word == "contacts":
            contacts = entries(reader, value, "contacts", contact)
        elif word == "talk to":
            talk = listed(Shape(_talk))(reader, value)
        else:
            hint = reader.hint(word, ("contacts", "talk to"))
            reader.report(mapping.place(word), worded("unknown word {word} in directory.yaml", word=shown(word)), hint)
    return contacts, talk


def _talk(reader: Reader, node: Node) -> TalkTo:
    return TalkTo(**table(reader, node, _TALK, "'talk to'"), mark=node.mark)


def laws(reader: Reader, node: Node) -> tuple[LawNote, ...]:
    """``laws.yaml``: where the law asks more than the document, or makes a clause void."""
    return listed(Shape(lambda r, n: LawNote(**{"checked": None, **table(r, n, _LAW, "a note of law")})))(reader, node)


def flaws(reader: Reader, node: Node) -> tuple[Flaw, ...]:
    """``document.yaml``: the document's own flaws and how the pack reads them."""
    return listed(Shape(lambda r, n: Flaw(**{"read_as": "", **table(r, n, _FLAW, "a flaw")}, mark=n.mark)))(
        reader, node
    )


# --- translations -------------------------------------------------------------------------------------------------


def stamp(source: str) -> str:
    """The mark of a source sentence in a translation: the first eight hexadecimal digits of its SHA-256."""
    return hashlib.sha256(source.encode()).hexdigest()[:8]


def translations(reader: Reader, node: Node, language: str, sources: Mapping[str, str]) -> dict[str, str]:
    """``i18n/LANGUAGE.yaml``: {path: {text, of}}. An unknown path is an error, a changed source the warning W8."""
    found: dict[str, str] = {}
    mapping = as_map(reader, node, f"i18n/{language}.yaml")
    for path, value in mapping.entries.items():
        mark = mapping.place(path)
        if path not in sources:
            reader.report(mark, worded("nothing is called {path}", path=shown(path)), _near(reader, path, sources))
            continue
        try:
            found[path] = _translation(reader, path, value, sources[path], mark)
        except Bad:
            continue
    return found


def _translation(reader: Reader, path: str, node: Node, source: str, mark: Mark) -> str:
    if isinstance(node, Scalar):
        return scalar(reader, node, "a text").text
    keys = {"text": Key("text", TEXT, required=True), "of": Key("of", TEXT)}
    values = table(reader, node, keys, f"the translation of '{path}'")
    if "of" in values and values["of"] != stamp(source):
        reader.report(
            mark,
            worded("the source of '{path}' has changed since it was translated", path=path),
            worded("it now reads: {source}", source=source[:80]),
            "W8",
        )
    return str(values["text"])


def _near(reader: Reader, path: str, sources: Mapping[str, str]) -> str:
    section = path.split(".", 1)[0]
    same = [each for each in sources if each.startswith(section + ".")]
    if not same:
        return reader.hint(section, {each.split(".", 1)[0] for each in sources})
    return reader.hint(path, same)


SCHEMAS: Mapping[str, Mapping[str, object]] = {
    "directory": {
        "type": "object",
        "properties": {
            "contacts": entries_schema(object_schema(_CONTACT)),
            "talk to": {"type": "array", "items": object_schema(_TALK)},
        },
        "additionalProperties": False,
    },
    "laws": {"type": "array", "items": object_schema(_LAW)},
    "document": {"type": "array", "items": object_schema(_FLAW)},
    "guidance": entries_schema(object_schema(_INLINE)),
    "i18n": {"type": "object", "propertyNames": {"enum": list(LANGUAGES)}},
}
"""{section: JSON Schema}."""
