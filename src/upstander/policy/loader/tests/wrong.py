"""Wrong packs, each from a seed: a good pack with bytes, lines, words or branches changed; and files built to do harm."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from typing import Any

import yaml

from upstander.policy.loader.tests.packs import SMALL

CHAPTER = Path(__file__).resolve().parents[5] / "docs" / "language" / "for-authors.md"
ODD_WORDS = (
    "", "~", "null", "yes", "no", "0", "-1", "1e9", "99999999999999999999", "0.0001", ".inf", ".nan", "0x1F", "12:30", "25:99",
    "P", "PT", "P0D", "PT0M", "P9000Y", "P1.5D", "-P1D", "0 school days", "99999 school days", "1 school days", "same day",
    "judged", "each term", "every P1M", "closed", "watched", "void", "close", "target of the case", "of the case", "2026-02-30",
    "9999-12-31", "0001-01-01", "02-29", "month 13", "month 5", "term 2", "number of target", "role", "day", "school", "すぐ",
    "🙂", "\u202e", "a" * 300, "[", "{", "*a", "&a", "!!python/object:os.system", "|", ">", "#", "'", '"', "%YAML 1.1", "---",
    "...", "\t", "? x", "<<", "=",
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 1.5, "", "x", [], {}, [[]], [{}], {"": ""}, ["x", "x"], {"param": "nothing"},
    {"param": ["x"]}, {"not": []}, {"at least": "x"}, {"at least": 9, "at most": 1}, {"becomes true": "x"}, {"overdue": "x"},
    {"breach": "x"}, {"all of": []}, {"after": "x"}, {"before": []}, {"date": "x", "less": "P1D", "plus": "P1D"},
    {"any of": ["pupil"]}, [None], [[["x"]]], {1: 2}, "same day", "P1D",
)  # fmt: skip
MANY = 60_000


def good() -> list[str]:
    """The packs that are changed: the small one and the worked examples."""
    blocks = re.findall(r"```yaml\n(.*?)```", CHAPTER.read_text(encoding="utf-8"), re.DOTALL)
    return [SMALL, *(block for block in blocks if block.startswith("id: "))]


GOOD = good()


def drawn(seed: int) -> bytes:
    """One wrong (or by chance still good) pack."""
    random = Random(seed)
    text = random.choice(GOOD)
    change = random.choice((_bytes, _lines, _lines, _words, _words, _branches, _branches, _branches, _names, _names))
    return change(random, text)


def _bytes(random: Random, text: str) -> bytes:
    data = bytearray(text.encode())
    for _ in range(random.randint(1, 12)):
        at, length = random.randrange(len(data)), random.randint(1, 40)
        match random.randrange(4):
            case 0:
                data[at] = random.randrange(256)
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = bytes(random.randrange(256) for _ in range(length))
            case _:
                other = random.randrange(len(data))
                data[at:at] = data[other : other + length]
        data = data or bytearray(b"x")
    return bytes(data)


def _lines(random: Random, text: str) -> bytes:
    lines = text.splitlines()
    for _ in range(random.randint(1, 6)):
        at, other = random.randrange(len(lines)), random.randrange(len(lines))
        match random.randrange(5):
            case 0:
                lines.insert(at, lines[other])
            case 1 if len(lines) > 1:
                del lines[at]
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = " " * random.randint(1, 5) + lines[at]
            case _:
                lines[at] = lines[at].lstrip()
    return "\n".join(lines).encode()


def _words(random: Random, text: str) -> bytes:
    """Words of the pack exchanged for odd ones, or for each other."""
    words = list(re.finditer(r"[\w-]+", text))
    for word in sorted(random.sample(words, min(len(words), random.randint(1, 5))), key=lambda found: -found.start()):
        new = random.choice(ODD_WORDS) if random.random() < 0.6 else random.choice(words)[0]
        text = text[: word.start()] + new + text[word.end() :]
    return text.encode()


def _branches(random: Random, text: str) -> bytes:
    """Nodes of the tree exchanged for values of other types, for other nodes, left out or put under another name."""
    tree = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - texts only, nothing is made of them
    for _ in range(random.randint(1, 4)):
        places = list(_places(tree))
        owner, key = random.choice(places)
        match random.randrange(4):
            case 0:
                owner[key] = random.choice(ODD_VALUES)
            case 1:
                other, there = random.choice(places)
                owner[key] = yaml.load(yaml.dump(other[there]), Loader=yaml.BaseLoader)  # noqa: S506
            case 2 if isinstance(owner, dict):
                owner[random.choice((*ODD_WORDS, "when", "must", "by", "for each", "who", "clause", "facts"))] = (
                    owner.pop(key)
                )
            case _:
                del owner[key]
    return yaml.dump(tree, allow_unicode=True, sort_keys=False).encode()


def _places(node: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    waiting = [node]
    while waiting:
        each = waiting.pop()
        keys = list(each) if isinstance(each, dict) else range(len(each)) if isinstance(each, list) else ()
        for key in keys:
            found.append((each, key))
            waiting.append(each[key])
    return found or [([node], 0)]


def _names(random: Random, text: str) -> bytes:
    """Rules that ask for each other, contradict each other, or ask for what is not there."""
    names = [f"r{n}" for n in range(random.randint(2, 30))]
    facts = ""
    for name in names:
        parts = ", ".join(random.choices([*names, "closed", "gone"], k=2))
        facts += f"  {name}: {{{random.choice(('all of', 'any of', 'none of'))}: [{parts}]}}\n"
    when = ("{becomes true: %s}", "{overdue: %s}", "{breach: %s}", "%s")
    duties = limits = ""
    for name in names:
        one, two, three = random.choices(names, k=3)
        must, by = random.choice(("close", "note-added", "gone")), random.choice(("P1D", "same day", "soon"))
        begins = random.choice(when) % one
        duties += f"  {name}: {{when: {begins}, must: {must}, if: [{two}], unless: [{three}], by: {by}, who: head}}\n"
        limits += f"  {name}: {{act: note-added, never: yes, while: [{one}], unless: [{two}]}}\n"
    for section, lines in (("facts", facts), ("duties", duties), ("limits", limits)):
        text = text.replace(f"\n{section}:\n", f"\n{section}:\n{lines}", 1) if random.random() < 0.8 else text
    return text.encode()


def _bomb(levels: int, width: int) -> str:
    """Aliases of aliases: a few lines that stand for width^levels values."""
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


BOMBS: dict[str, str | bytes] = {
    "aliases of aliases": _bomb(12, 9),
    "many aliases of much": "a: &a [" + "x," * 9_000 + "]\nb: [" + "*a," * 9_000 + "]",
    "an alias inside itself": "a: &a [*a]\nfacts: *a",
    "a mapping inside itself": "a: &a {b: *a}",
    "an alias of nothing": "facts: *nothing",
    "deep lists": "[" * MANY,
    "deep mappings": "{a: " * MANY,
    "deep indentation": "".join(" " * n + "a:\n" for n in range(1_200)),
    "deep keys": "? " * MANY + "x",
    "one long line": "x" * 1_900_000,
    "one long key": "x" * 1_900_000 + ": 1",
    "many keys": "".join(f"k{n}: 1\n" for n in range(MANY)),
    "many double keys": "facts: {}\n" * MANY,
    "many anchors": "".join(f"k{n}: &a{n} 1\n" for n in range(MANY)),
    "many documents": "---\n" * MANY,
    "many tags": "a: !!python/object:os.system x\n" * 20_000,
    "a merge": "a: &a {x: 1}\nb: {<<: *a, <<: [*a, *a]}",
    "zero bytes": b"\x00" * 100_000,
    "not text": bytes(range(256)) * 4_000,
    "UTF-16": "id: x\n".encode("utf-16") * 1_000,
    "quotes": '"' * 500_000,
    "a block": "a: |\n" + "  x\n" * 200_000,
    "numbers": "facts: {f: {count: act, at least: " + "9" * 100_000 + "}}",
    "a duration": SMALL.replace("promptly: 1 school day", "promptly: P" + "9" * 50_000 + "D"),
    "a chain of facts": SMALL.replace(
        "facts:\n",
        "facts:\n" + "".join(f"  f{n}: {{all of: [f{n + 1}]}}\n" for n in range(6_000)) + "  f6000: {all of: [kept]}\n",
    ),
    "facts of all facts": SMALL.replace(
        "facts:\n",
        "facts:\n"
        + "".join(
            f"  f{n}: {{any of: [{', '.join([f'f{m}' for m in range(n + 1, 160)] + ['kept'])}]}}\n" for n in range(160)
        ),
    ),
    "guidance of brackets": SMALL + "guidance: {g: {title: x, body: '" + "[" * 200_000 + "'}}\n",
    "words that answer each other": SMALL.replace("promptly: 1 school day", "promptly: soon, soon: promptly"),
    "params that answer each other": SMALL.replace(
        "says: school, least: 3", "says: school, least: {param: absence-run}"
    ),
}
"""Files that try to take time or memory, or to stand in themselves."""
