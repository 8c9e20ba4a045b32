"""QR codes as one small inline SVG path, without style attributes."""

from __future__ import annotations

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

_MASK = 3
"""One mask for all: trying all eight for the prettiest takes most of the time of a receipt, and every reader takes each."""
_QUIET = 2
"""Modules of white inside the picture; the stylesheet adds as much again around it."""


def svg(data: str, label: str) -> SafeString:
    """Return the code for some text as ``svg.qr`` with an accessible label (error correction M)."""
    matrix = segno.make(data, error="m", micro=False, mask=_MASK).matrix
    size = len(matrix) + 2 * _QUIET
    return format_html(
        '<svg class="qr" viewBox="{0} {0} {1} {1}" role="img" aria-label="{2}" data-qr="{3}">'
        '<path fill="none" stroke="currentColor" d="{4}"/></svg>',
        -_QUIET,
        size,
        label,
        len(matrix),
        _path(matrix),
    )


def _path(matrix: tuple[bytearray, ...]) -> str:
    """Return the dark modules as horizontal strokes of width 1, one for each run."""
    parts: list[str] = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                parts.append(f"M{start} {y}.5h{x - start}")
            x += 1
    return "".join(parts)
