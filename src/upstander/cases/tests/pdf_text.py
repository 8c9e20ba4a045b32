"""The text of a PDF of ours, as somebody who copies it from a viewer gets it, and whatever its other parts say."""

from __future__ import annotations

import io
import re

import pikepdf

_PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")


def text_of(content: bytes) -> str:
    """Every page's text, without the spaces that only the setting of lines put there; then title, outline and alternatives."""
    with pikepdf.open(io.BytesIO(content)) as document:
        pages = "\n".join(_page(page) for page in document.pages)
        rest = [str(each) for each in _strings(document)]
    return "\n".join([pages, *rest])


def _page(page: pikepdf.Page) -> str:
    fonts = {name: _signs(font) for name, font in page.Resources.get("/Font", {}).items()}
    found, signs = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            signs = fonts[str(operands[0])]
        for each in _shown(operands, str(operator)):
            codes = bytes(each)
            found += [signs.get(codes[n : n + 2], "?") for n in range(0, len(codes), 2)]
    return "".join(found)


def _shown(operands: list[object], operator: str) -> list[object]:
    if operator == "Tj":
        return [operands[0]]
    return [each for each in operands[0] if isinstance(each, pikepdf.String)] if operator == "TJ" else []


def _signs(font: pikepdf.Object) -> dict[bytes, str]:
    """{code: the sign that stands for it}, as the font's own table says."""
    table = font.ToUnicode.read_bytes()
    found: dict[bytes, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.S):
        for code, sign in _PAIR.findall(block):
            found[bytes.fromhex(code.decode())] = bytes.fromhex(sign.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, sign in _RANGE.findall(block):
            start = int(first, 16)
            for offset in range(int(last, 16) - start + 1):
                point = int.from_bytes(bytes.fromhex(sign.decode()), "big") + offset
                found[(start + offset).to_bytes(2, "big")] = chr(point)
    return found


def _strings(document: pikepdf.Pdf) -> list[object]:
    """Strings outside of the pages: what is read out, the title, the outline, the metadata."""
    found: list[object] = []
    for each in document.objects:
        if isinstance(each, pikepdf.Dictionary):
            found += [value for value in each.values() if isinstance(value, pikepdf.String)]
        elif isinstance(each, pikepdf.Stream) and each.get("/Type") == "/Metadata":
            found.append(each.read_bytes().decode(errors="replace"))
    return found
