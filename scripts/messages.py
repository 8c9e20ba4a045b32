"""Keep the catalogues of messages: ``update ROOM…``, ``check [ROOM…]``, ``compile``.

Needs none of gettext's programs: Python sources are read with ``ast``, templates with Django's own reader, catalogues with
polib. British English is the language of the sources; each room has ``locale/<language>/LC_MESSAGES/django.po``
(the room ``policy``, which knows no Django, has ``policy.po``). Compiled catalogues are not kept in the repository.

    python scripts/messages.py update ui tell     # add new messages, take out what is no longer used
    python scripts/messages.py check              # exit code 1 where anything is missing, fuzzy, unused or does not fit
    python scripts/messages.py compile            # write the .mo files that the running program reads
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "src" / "upstander"
LANGUAGES = {"ja": 1, "nl": 2, "zh_Hans": 1}
"""The folder of each catalogue and how many plural forms the language has."""
PLURALS = {1: "nplurals=1; plural=0;", 2: "nplurals=2; plural=(n != 1);"}

Key = tuple[str, str, str]
"""Context, message, plural; empty where there is none."""

CALLS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("_", "N_", "gettext", "gettext_lazy", "gettext_noop", "worded"), ("message",)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), ("message", "plural")),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ("context", "message")),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ("context", "message", "plural")),
}
_TEMPLATE_CALL = re.compile(r"(?<![\w.])(npgettext|ngettext|pgettext|gettext|_)\(")
_NAMED = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-z]")
_POSITIONAL = re.compile(r"(?<!%)%[#0\-+]*\d*(?:\.\d+)?[sdrfi](?![\w])|\{\d*\}")
_TAG = re.compile(r"</?[a-z]+")


@dataclass
class Found:
    """What a room's sources ask for: each message with the files that use it, and what is wrong in them."""

    messages: dict[Key, set[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, key: Key, path: Path, line: int) -> None:
        """Note a message; one with a placeholder without a name is a problem."""
        if not key[1]:
            return
        self.messages.setdefault(key, set()).add(path.relative_to(ROOT).as_posix())
        for text in key[1:]:
            if _POSITIONAL.search(text):
                self.problems.append(f"{_place(path, line)}: a placeholder without a name in {text!r}")


def _place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def rooms() -> list[str]:
    """Return the rooms of the house that may have messages."""
    return sorted(path.name for path in HOUSE.iterdir() if path.is_dir() and not path.name.startswith(("_", "packs")))


def domain(room: str) -> str:
    """Return the name of a room's catalogue."""
    return "policy" if room == "policy" else "django"


def catalogue(room: str, language: str) -> Path:
    """Return where a room's catalogue of one language lies."""
    return HOUSE / room / "locale" / language / "LC_MESSAGES" / f"{domain(room)}.po"


# --- reading the sources -------------------------------------------------------------------------------


def extract(room: str) -> Found:
    """Return every message in a room's modules and templates (not in its tests)."""
    found = Found()
    for path in sorted((HOUSE / room).rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(HOUSE).parts):
            _read_python(path, found)
    for folder in sorted((HOUSE / room).rglob("templates")):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".html", ".txt", ".xml"}:
                _read_template(path, found)
    return found


def _read_python(path: Path, found: Found) -> None:
    """Add the messages of a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in CALLS or (isinstance(node.func, ast.Attribute) and name in ("_", "N_")):
            continue
        _add_call(name, node, path, node.lineno, found)


def _add_call(name: str, node: ast.Call, path: Path, line: int, found: Found) -> None:
    """Add the message of one call; a message put together at run time is a problem, a name is looked up elsewhere."""
    parts = {"context": "", "message": "", "plural": ""}
    for part, argument in zip(CALLS[name], node.args, strict=False):
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            parts[part] = argument.value
        elif isinstance(argument, ast.JoinedStr | ast.BinOp):
            found.problems.append(f"{_place(path, line)}: a message must be one plain string, not put together")
            return
        else:
            return
    found.add((parts["context"], parts["message"], parts["plural"]), path, line)


def _read_template(path: Path, found: Found) -> None:
    """Add the messages of a template, through Django's own translation of templates to calls."""
    from django.utils.translation.template import templatize

    text = templatize(path.read_text("utf-8"), origin=str(path))
    for start in _TEMPLATE_CALL.finditer(text):
        call = _call_at(text, start.start())
        if call is not None:
            _add_call(start[1], call, path, text.count("\n", 0, start.start()) + 1, found)


def _call_at(text: str, start: int) -> ast.Call | None:
    """Return the call that begins here: up to the first closing bracket with which it is whole."""
    for closing in re.finditer(r"\)", text[start : start + 4000]):
        try:
            tree = ast.parse(text[start : start + closing.end()].replace("\n", " "), mode="eval").body
        except SyntaxError:
            continue
        return tree if isinstance(tree, ast.Call) else None
    return None


# --- catalogues -----------------------------------------------------------------------------------------


def load(path: Path, language: str) -> polib.POFile:
    """Return a catalogue, a new one where there is none."""
    po = polib.pofile(str(path), wrapwidth=110) if path.exists() else polib.POFile(wrapwidth=110)
    po.metadata = {
        "Project-Id-Version": "upstander",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[LANGUAGES[language]],
    }
    return po


def key_of(entry: polib.POEntry) -> Key:
    """Return what identifies an entry."""
    return (entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def update(room: str) -> list[str]:
    """Bring a room's catalogues to its sources; return a line for each catalogue."""
    found = extract(room)
    said: list[str] = []
    memory = {language: _memory(room, language) for language in LANGUAGES}
    for language, forms in LANGUAGES.items():
        path = catalogue(room, language)
        if not found.messages and not path.exists():
            continue
        po = load(path, language)
        known = {key_of(entry): entry for entry in po if not entry.obsolete}
        fresh = polib.POFile(wrapwidth=110)
        fresh.metadata = po.metadata
        for key in sorted(found.messages, key=lambda each: (sorted(found.messages[each])[0], each)):
            entry = known.get(key) or _new_entry(key, forms)
            _remember(entry, memory[language])
            entry.occurrences = [(place, "") for place in sorted(found.messages[key])]
            fresh.append(entry)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text("utf-8") != str(fresh):
            path.write_text(str(fresh), "utf-8")
        blank = sum(not _translated(entry) for entry in fresh)
        gone = len(known.keys() - found.messages.keys())
        said.append(f"{room}/{language}: {len(fresh)} messages, {blank} to translate, {gone} taken out")
    return said


def _memory(room: str, language: str) -> dict[Key, polib.POEntry]:
    """Return what other rooms have translated already, the look's own words first."""
    found: dict[Key, polib.POEntry] = {}
    for other in ["ui", *rooms()]:
        path = catalogue(other, language)
        if other != room and path.exists():
            for entry in load(path, language):
                if _translated(entry):
                    found.setdefault(key_of(entry), entry)
    return found


def _remember(entry: polib.POEntry, memory: dict[Key, polib.POEntry]) -> None:
    """Give an entry without words those that another room uses for the same message."""
    other = memory.get(key_of(entry))
    if other is not None and not _translated(entry):
        entry.msgstr, entry.msgstr_plural = other.msgstr, dict(other.msgstr_plural)


def _new_entry(key: Key, forms: int) -> polib.POEntry:
    """Return an entry that waits for its translation."""
    context, message, plural = key
    entry = polib.POEntry(msgid=message, msgctxt=context or None)
    if plural:
        entry.msgid_plural = plural
        entry.msgstr_plural = dict.fromkeys(range(forms), "")
    return entry


def _translated(entry: polib.POEntry) -> bool:
    """Whether every form of an entry has its words."""
    return all(entry.msgstr_plural.values()) if entry.msgid_plural else bool(entry.msgstr)


def check(room: str) -> list[str]:
    """Return everything that is wrong with a room's messages, a line each."""
    found = extract(room)
    problems = list(found.problems)
    for language, forms in LANGUAGES.items():
        path = catalogue(room, language)
        if not found.messages and not path.exists():
            continue
        entries = {key_of(entry): entry for entry in load(path, language) if not entry.obsolete}
        name = path.relative_to(ROOT)
        missing = [key[1] for key in found.messages if key not in entries]
        problems += [f"{name}: missing: {text!r} (run: scripts/messages.py update {room})" for text in missing]
        for key, entry in entries.items():
            if key not in found.messages:
                problems.append(f"{name}: no longer used: {key[1]!r}")
            else:
                problems += [f"{name}: {said}" for said in _wrong(entry, language, forms)]
    return problems


def _wrong(entry: polib.POEntry, language: str, forms: int) -> Iterator[str]:
    """Say what is wrong with one translation."""
    if entry.fuzzy:
        yield f"fuzzy: {entry.msgid!r}"
    if not _translated(entry) or (entry.msgid_plural and len(entry.msgstr_plural) != forms):
        yield f"not translated: {entry.msgid!r}"
        return
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    allowed = set(_NAMED.findall(entry.msgid)) | set(_NAMED.findall(entry.msgid_plural or ""))
    needed = set(_NAMED.findall(entry.msgid)) & set(_NAMED.findall(entry.msgid_plural or entry.msgid))
    for text in texts:
        names = set(_NAMED.findall(text))
        if not needed <= names <= allowed:
            yield f"other placeholders than the source: {entry.msgid!r}"
        if sorted(_TAG.findall(text)) != sorted(_TAG.findall(entry.msgid)):
            yield f"other tags than the source: {entry.msgid!r}"
        if text[:1].isspace() != entry.msgid[:1].isspace() and language == "nl":
            yield f"other space at the start than the source: {entry.msgid!r}"
        if language != "nl" and text == entry.msgid and " " in text and re.search(r"[a-z]{3}", text):
            yield f"still in English: {entry.msgid!r}"


def clashes(names: Iterable[str]) -> list[str]:
    """Return messages that two rooms translate differently: only the first room's words would be shown."""
    said: list[str] = []
    for language in LANGUAGES:
        first: dict[Key, tuple[str, str]] = {}
        for room in [room for room in ("ui", *names) if room != "policy"]:
            path = catalogue(room, language)
            for entry in load(path, language) if path.exists() else ():
                key = (entry.msgctxt or "", entry.msgid, "")
                words = entry.msgstr or "|".join(entry.msgstr_plural.values())
                kept = first.setdefault(key, (room, words))
                if kept[1] and words and kept[1] != words:
                    said.append(f"{room}/{language}: {entry.msgid!r} is {words!r} here, {kept[1]!r} in {kept[0]}")
    return said


def compile_all() -> int:
    """Write the compiled catalogues that are older than their sources; return how many were written."""
    written = 0
    for path in sorted(HOUSE.glob("*/locale/*/LC_MESSAGES/*.po")):
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime <= path.stat().st_mtime:
            polib.pofile(str(path)).save_as_mofile(str(compiled))
            written += 1
    return written


# --- the command line -----------------------------------------------------------------------------------


def _over(names: list[str], deed: Callable[[str], list[str]]) -> list[str]:
    """Do something for some rooms, for all where none is named."""
    unknown = set(names) - set(rooms())
    if unknown:
        raise SystemExit(f"no such room: {', '.join(sorted(unknown))}")
    return [line for room in names or rooms() for line in deed(room)]


def main(arguments: list[str]) -> int:
    """Run one command; 0 fine, 1 something is to be mended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("update", "check", "compile"))
    parser.add_argument("rooms", nargs="*", help="all rooms where none is named")
    given = parser.parse_args(arguments)
    if given.command == "compile":
        compile_all()
        return 0
    if given.command == "update":
        print("\n".join(_over(given.rooms, update)))
        return 0
    problems = _over(given.rooms, check)
    problems += clashes(rooms()) if not given.rooms else []
    print("\n".join(problems) or "Every message is there in every language.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
