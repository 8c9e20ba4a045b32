"""A small, safe part of Markdown for guidance texts: paragraphs, lists, bold, small headings.

Everything is escaped first; no HTML, links or pictures pass through. A pack's guidance may carry the
sections ``## Say`` and ``## Never``: their lists are shown in the reader's language as what to say and what never to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_BOLD: Final = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.S)
_BULLET: Final = re.compile(r"^\s{0,3}[-*+]\s+(.*)$")
_NUMBER: Final = re.compile(r"^\s{0,3}\d{1,3}[.)]\s+(.*)$")
_HEADING: Final = re.compile(r"^(#{1,4})\s+(.+?)\s*#*$")
_CJK_JOIN: Final = re.compile(
    r"(?<=[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef])\n(?=[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef])"
)


@dataclass(frozen=True, slots=True)
class Guidance:
    """A guidance text taken apart: what comes before the lists, what to say, what never to say."""

    intro: SafeString
    say: tuple[SafeString, ...]
    never: tuple[SafeString, ...]


def inline(text: str) -> SafeString:
    """Return one run of text, escaped, with ``**bold**`` as ``<b>``; lines are joined."""
    joined = _CJK_JOIN.sub("", text.strip()).replace("\n", " ")
    return mark_safe(_BOLD.sub(r"<b>\1</b>", str(escape(joined))))  # noqa: S308 - escaped just before


def render(text: str, *, heading: int = 3) -> SafeString:
    """Return the text as HTML. Headings of any depth become ``h<heading>`` (2 to 6)."""
    level = min(max(heading, 2), 6)
    parts = [_block(kind, lines, level) for kind, lines in _blocks(text)]
    return mark_safe("\n".join(parts))  # noqa: S308 - made of escaped parts


def guidance(text: str) -> Guidance:
    """Return a guidance body with its ``## Say`` and ``## Never`` lists taken out."""
    intro: list[str] = []
    lists: dict[str, list[str]] = {"say": [], "never": []}
    section = ""
    for line in text.splitlines():
        head = _HEADING.match(line)
        if head:
            section = head[2].strip().lower()
            if section in lists:
                continue
        if section in lists:
            lists[section].append(line)
        else:
            intro.append(line)
    return Guidance(render("\n".join(intro)), _items(lists["say"]), _items(lists["never"]))


def _items(lines: list[str]) -> tuple[SafeString, ...]:
    """Return the items of the lists within some lines; a plain paragraph counts as one item."""
    found: list[SafeString] = []
    for kind, block in _blocks("\n".join(lines)):
        found += [inline(line) for line in block] if kind in ("ul", "ol") else [inline("\n".join(block))]
    return tuple(found)


def _blocks(text: str) -> list[tuple[str, list[str]]]:
    """Cut a text into blocks: (``p`` | ``ul`` | ``ol`` | ``h``, its lines or items)."""
    blocks: list[tuple[str, list[str]]] = []
    open_block = False
    for line in text.replace("\r\n", "\n").splitlines():
        kind, content = _kind(line)
        if not kind:
            open_block = False
        elif kind == "p" and open_block and blocks[-1][0] in ("ul", "ol"):
            blocks[-1][1][-1] += "\n" + content  # a list item that runs on
        elif open_block and kind != "h" and blocks[-1][0] == kind:
            blocks[-1][1].append(content)
        else:
            blocks.append((kind, [content]))
            open_block = kind != "h"
    return blocks


def _kind(line: str) -> tuple[str, str]:
    """Return what a line is, and its content without the mark."""
    if not line.strip():
        return "", ""
    for kind, pattern, group in (("h", _HEADING, 2), ("ul", _BULLET, 1), ("ol", _NUMBER, 1)):
        found = pattern.match(line)
        if found:
            return kind, found[group]
    return "p", line.strip()


def _block(kind: str, lines: list[str], level: int) -> str:
    """Return the HTML of one block."""
    if kind == "h":
        return f"<h{level}>{inline(lines[0])}</h{level}>"
    if kind == "p":
        return f"<p>{inline(chr(10).join(lines))}</p>"
    return f"<{kind}>{''.join(f'<li>{inline(line)}</li>' for line in lines)}</{kind}>"
