"""QR codes as one small inline SVG path, without style attributes."""

from __future__ import annotations

import re

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from upstander.ui import qr_modules

_QUIET = 2
"""Modules of white inside the picture; the stylesheet adds as much again around it."""
_DARK = re.compile(b"\x01+")


def svg(data: str, label: str) -> SafeString:
    """Return the code for some text as ``svg.qr`` with an accessible label (error correction M or better)."""
    rows = qr_modules.modules(data)
    size = len(rows) + 2 * _QUIET
    return format_html(
        '<svg class="qr" viewBox="{0} {0} {1} {1}" role="img" aria-label="{2}" data-qr="{3}">'
        '<path fill="none" stroke="currentColor" d="{4}"/></svg>',
        -_QUIET,
        size,
        label,
        len(rows),
        _path(rows),
    )


def back_label() -> str:
    """What the code of a receipt is called, as in its component."""
    return gettext("QR code that leads back to what you told us")


def _path(rows: list[bytes]) -> str:
    """Return the dark modules as horizontal strokes of width 1, one for each run."""
    return "".join(
        f"M{run.start()} {y}.5h{run.end() - run.start()}" for y, row in enumerate(rows) for run in _DARK.finditer(row)
    )
