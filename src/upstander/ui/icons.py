"""The icon set: drawn by hand on a 24 px grid, stroke 1.75, round ends.

Data only. A mark is the inside of an ``svg`` element; its look (size, stroke, colour) comes from the
stylesheet's ``.i``. ``solid`` is a filled part, ``cut`` is drawn in the colour of the ground above it.
An icon never stands alone: there is always a word beside it, so it is hidden from screen readers.
"""

from __future__ import annotations

from typing import Final

_RING = '<circle cx="12" cy="12" r="8.5"/>'
_TICK = '<path d="m8.3 12.3 2.6 2.6 4.8-5.3"/>'
_EYE = '<path d="M3 12s3.4-6 9-6 9 6 9 6-3.4 6-9 6-9-6-9-6z"/><circle cx="12" cy="12" r="2.6"/>'
_HEAD = '<circle cx="12" cy="8" r="3.7"/><path d="M5 20c.6-4 3.3-6 7-6s6.4 2 7 6"/>'

STATES: Final[dict[str, str]] = {
    "upcoming": '<circle cx="12" cy="12" r="8.5" stroke-dasharray="3.2 3.5"/>',
    "pending": _RING,
    "due": _RING + '<path d="M12 7v5l3.2 2"/>',
    "paused": _RING + '<path d="M10 9v6M14 9v6"/>',
    "overdue": '<path class="solid" d="M12 3.5 21.5 20h-19z"/><path class="cut" d="M12 10v4.5M12 17.3v.2"/>',
    "met": '<circle class="solid" cx="12" cy="12" r="8.5"/><path class="cut" d="m8.3 12.3 2.6 2.6 4.8-5.3"/>',
    "met-late": _RING + _TICK + '<path d="M19 2.5v3.8M17.1 4.4h3.8"/>',
    "lapsed": _RING + '<path d="m6.2 17.8 11.6-11.6"/>',
    "waived": _RING + '<path d="M8.3 12h7.4"/>',
    "not-applicable": _RING + '<path d="M8.3 12h7.4"/>',
}

DEEDS: Final[dict[str, str]] = {
    "back": '<path d="m14.5 5-7 7 7 7"/>',
    "next": '<path d="m9.5 5 7 7-7 7"/>',
    "exit": '<path d="M10 4H5v16h5M14 8l4 4-4 4M18 12H9"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>',
    "seal": '<path d="M3 12s3.4-6 9-6c1.5 0 2.8.4 4 1M21 12s-3.4 6-9 6c-1.5 0-2.8-.4-4-1M4 20 20 4"/>',
    "eye": _EYE,
    "speech": '<path d="M4 5h16v11h-9l-4.5 4v-4H4z"/>',
    "person": _HEAD,
    "people": (
        '<circle cx="9" cy="8.5" r="3.2"/><path d="M3 19.5c.5-3.5 2.8-5.2 6-5.2s5.5 1.7 6 5.2'
        'M15.5 5.7a3 3 0 0 1 0 5.6M17.5 14.8c2 .7 3.2 2.3 3.5 4.7"/>'
    ),
    "home": '<path d="M3.5 11.5 12 4.5l8.5 7M6 9.7V20h12V9.7M10 20v-5.5h4V20"/>',
    "paper": '<path d="M6 3.5h8.5L18.5 8v12.5H6zM14 3.5V8.5h4.5M9 12.5h6.5M9 16h6.5"/>',
    "pen": '<path d="M4 20l1-4.5L16 4.5l3.5 3.5-11 11zM13.5 7l3.5 3.5"/>',
    "flag": '<path d="M6 21V4M6 4.5h11.5l-2.5 4 2.5 4H6"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5.5 5.5"/>',
    "calendar": '<rect x="4" y="5.5" width="16" height="14.5" rx="2"/><path d="M4 10h16M8.5 3v4M15.5 3v4"/>',
    "chart": '<path d="M4 20h16M7 20v-7M12 20V6M17 20v-10"/>',
    "book": ('<path d="M12 6.5C10 5 7.5 4.5 4 4.5v14c3.5 0 6 .5 8 2 2-1.5 4.5-2 8-2v-14c-3.5 0-6 .5-8 2zM12 6.5v14"/>'),
    "print": '<path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z"/>',
    "copy": '<rect x="8.5" y="8.5" width="11.5" height="11.5" rx="2"/><path d="M15.5 8.5V4H4v11.5h4.5"/>',
    "save": '<path d="M12 4v11M7.5 11 12 15.5 16.5 11M5 20h14"/>',
    "phone": (
        '<path d="M5 4.5h4l1.5 4.5-2.3 1.8a12 12 0 0 0 5 5l1.8-2.3 4.5 1.5v4'
        'c0 .6-.5 1-1 1C11 20 4 13 4 5.5c0-.5.4-1 1-1z"/>'
    ),
    "heart": ('<path d="M12 20s-7.5-4.6-7.5-10A4.2 4.2 0 0 1 12 7.3 4.2 4.2 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z"/>'),
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "more": '<path d="M5 7h14M5 12h14M5 17h14"/>',
    "ask": _RING + '<path d="M9.5 9.5a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.1.9-1.1 1.7M12 16.4v.2"/>',
    "list": '<path d="M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.2M4.5 12h.2M4.5 17.5h.2"/>',
    "key": '<circle cx="8" cy="15" r="4"/><path d="m11 12 8-8M16 7l2.5 2.5"/>',
    "info": _RING + '<path d="M12 11v5M12 7.8v.2"/>',
    "yes": '<path d="m5 12.5 4.5 4.5L19 7"/>',
    "no": '<path d="m6.5 6.5 11 11M17.5 6.5l-11 11"/>',
    "lamp": '<path d="M9.5 17h5M10 20.5h4M9.5 17c0-2.5-3-3.5-3-7.5a5.5 5.5 0 0 1 11 0c0 4-3 5-3 7.5"/>',
    "folder": '<path d="M3.5 6h6l2 2.5h9V19h-17z"/>',
    "sign": ('<path d="M4 19h16M5 15c3-7 5.5-10 7-9 2 1.4-4 8-2 9 1.6.7 2.5-3.5 4-3.5s.3 2.5 2 2.5c1 0 2-.5 3-1.5"/>'),
    "clip": '<path d="m8 12.5 5.5-5.5a3 3 0 0 1 4.3 4.3l-7.3 7.2a4.6 4.6 0 0 1-6.5-6.5L11 5"/>',
    "world": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17"/>',
    "warn": '<path d="M12 4 21 19.5H3zM12 10v4.5M12 17v.2"/>',
}

ROLES: Final[dict[str, str]] = {
    "target": _RING + '<circle class="solid" cx="12" cy="12" r="2.5"/>',
    "actor": '<path d="M4 12h12M11.5 7l5 5-5 5"/><path d="M20 5v14"/>',
    "aside": (
        '<circle cx="12" cy="8" r="3.7" stroke-dasharray="2.5 2"/>'
        '<path d="M5 20c.6-4 3.3-6 7-6s6.4 2 7 6" stroke-dasharray="2.5 2"/>'
    ),
}

PLACES: Final[dict[str, str]] = {
    "classroom": '<path d="M3.5 4.5h17v9.5h-17zM7 8h6M7 11h3.5M7 20v-3h10v3"/>',
    "corridor": '<path d="M3 20.5h18M6 20.5V4h12v16.5M9.5 20.5V7.5h5v13M13 14v.2"/>',
    "stairs": '<path d="M3.5 20v-4H8v-4h4.5V8H17V4h3.5M3.5 20h17V4"/>',
    "toilet": (
        '<circle cx="7.5" cy="5.5" r="2"/><path d="M5 10h5l-.7 5v5h-3.6v-5z"/><path d="M12.5 3.5v17"/>'
        '<circle cx="17" cy="5.5" r="2"/><path d="m17 10-2.8 6h5.6zM16 16v4M18 16v4"/>'
    ),
    "gym": _RING + '<path d="M3.5 12h17M12 3.5v17M6 6c3 3 3 9 0 12M18 6c-3 3-3 9 0 12"/>',
    "club": (
        '<ellipse cx="9" cy="9" rx="5" ry="5.5" transform="rotate(-45 9 9)"/>'
        '<path d="m12.8 12.8 7 7M6 6l6 6M5.5 10.5l4 3M8.5 5.5l4 4M12 6 6 12"/>'
    ),
    "way": '<path d="M8.5 20.5 11 3.5M15.5 20.5 13 3.5M12 17v-2M12 12v-1.5M12 8V7M3.5 20.5h17"/>',
    "online": '<rect x="7" y="2.5" width="10" height="19" rx="2"/><path d="M11 18.5h2M10 8h4M10 11h4"/>',
    "pin": '<path d="M12 21c-4-4.5-6.5-7.8-6.5-11.2a6.5 6.5 0 0 1 13 0C18.5 13.2 16 16.5 12 21z"/>'
    '<circle cx="12" cy="9.8" r="2.3"/>',
    "canteen": '<path d="M7 3.5v17M4.5 3.5v4a2.5 2.5 0 0 0 5 0v-4M16.5 20.5v-17c-3 1.5-3.5 5-3.5 9h3.5"/>',
    "yard": '<path d="M3 20.5h18M12 20.5V14M12 3.5 6.5 14h11zM12 9v5"/>',
    "bus": (
        '<rect x="4" y="5" width="16" height="12.5" rx="2"/><path d="M4 12.5h16M12 5v7.5"/>'
        '<circle cx="8" cy="18.5" r="1.7"/><circle cx="16" cy="18.5" r="1.7"/>'
    ),
}

_FACE = _RING + '<path d="M9 9.7v.3M15 9.7v.3"/>'

FACES: Final[dict[str, str]] = {
    "face-1": _FACE + '<path d="M8 16.6c1.2-2 2.5-2.7 4-2.7s2.8.7 4 2.7"/>',
    "face-2": _FACE + '<path d="M8.5 15.9c1.1-.9 2.2-1.3 3.5-1.3s2.4.4 3.5 1.3"/>',
    "face-3": _FACE + '<path d="M8.5 15.2h7"/>',
    "face-4": _FACE + '<path d="M8.5 14.5c1.1.9 2.2 1.3 3.5 1.3s2.4-.4 3.5-1.3"/>',
    "face-5": _FACE + '<path d="M8 13.9c1.2 2 2.5 2.7 4 2.7s2.8-.7 4-2.7"/>',
}
"""From very bad to very good, for the young: always with the word."""

ICONS: Final[dict[str, str]] = {**STATES, **DEEDS, **ROLES, **PLACES, **FACES, "unknown": DEEDS["ask"]}

MARK: Final = (
    '<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">'
    '<g fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round">'
    '<path d="M5 15v6M12 10v11M19 15v6"/></g><circle cx="12" cy="4.6" r="2.6" fill="currentColor"/></svg>'
)
"""Three strokes, the one in the middle stands up."""


def svg(name: str) -> str:
    """Return the markup of an icon, ready to stand in a page.

    An unknown name gives the plain pin (a pack may name an icon that this version does not draw):
    a picture that is missing must never break a page. Tests look for names that are not drawn.
    """
    inside = ICONS.get(name, PLACES["pin"])
    return f'<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{inside}</svg>'
