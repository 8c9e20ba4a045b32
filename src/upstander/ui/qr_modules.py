"""The modules of a QR code for a short address: what segno draws, from tables, in a tenth of the time.

A code is linear in its data: the frame (finders, timing, format, mask) of one size never changes, and every codeword has its
fixed place. Frame and places are taken from segno once for each size and error level; then a code costs the division that makes
the error words, and one pass over the places. A test compares both.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import zip_longest
from typing import Any, Final, NamedTuple

import segno
import segno.consts
import segno.encoder

consts: Any = segno.consts
encoder: Any = segno.encoder
"""The library types only its front door."""

MASK: Final = 3
"""One mask for all: trying all eight for the prettiest takes most of the time of a receipt, and every reader takes each."""
_SIZES: Final = range(1, 10)
"""Versions whose length is written in eight bits: up to 180 signs."""
_LEVELS: Final = (consts.ERROR_LEVEL_M, consts.ERROR_LEVEL_Q, consts.ERROR_LEVEL_H)


class _Shape(NamedTuple):
    """One size at one error level. ``places``: the module of each bit; ``frame``: the modules where all bits are 0."""

    size: int
    words: int
    blocks: tuple[tuple[int, int], ...]
    places: tuple[int, ...]
    frame: bytes


def modules(text: str) -> list[bytes]:
    """The rows of the code, a byte 1 for each dark module (error correction M or better)."""
    found = _shape_for(len(text)) if text.isascii() and any(map(str.islower, text)) else None
    if found is None:  # other writings have denser codes, which segno knows
        return [bytes(row) for row in segno.make(text, error="m", micro=False, mask=MASK).matrix]
    bits, drawn = _bits(found, _data(found, text)), bytearray(found.frame)
    for place, bit in zip(found.places, bits, strict=False):
        if bit == "1":
            drawn[place] ^= 1
    size = found.size
    return [bytes(drawn[start : start + size]) for start in range(0, size * size, size)]


def _shape_for(signs: int) -> _Shape | None:
    """The smallest size that holds so many signs, at the best error level that it leaves room for."""
    needed = 12 + 8 * signs
    for version in _SIZES:
        room = consts.SYMBOL_CAPACITY[version]
        if needed <= room[consts.ERROR_LEVEL_M]:
            level = max((each for each in _LEVELS if needed <= room[each]), key=_LEVELS.index)
            return _shape(version, level)
    return None


@lru_cache(maxsize=32)
def _shape(version: int, level: int) -> _Shape:
    size = 17 + 4 * version
    blank = encoder.make_matrix(size, size)
    encoder.add_finder_patterns(blank, size, size)
    encoder.add_alignment_patterns(blank, size, size)
    order = [list(row) for row in blank]
    total = sum(row.count(2) for row in order)
    encoder.add_codewords(order, range(_NUMBERED, _NUMBERED + total), version)
    place_of = {number: y * size + x for y, row in enumerate(order) for x, number in enumerate(row)}
    places = tuple(place_of[_NUMBERED + number] for number in range(total))
    blocks = tuple(
        (part.num_data, part.num_total - part.num_data)
        for part in consts.ECC[version][level]
        for _ in range(part.num_blocks)
    )
    words = sum(data for data, _ in blocks)
    bare = _Shape(size, words, blocks, places, b"")
    example = "a" * ((consts.SYMBOL_CAPACITY[version][level] - 12) // 8)
    drawn = segno.make(example, error=_NAMES[level], version=version, mask=MASK, boost_error=False)
    frame = bytearray(b"".join(drawn.matrix))
    for place, bit in zip(places, _bits(bare, _data(bare, example)), strict=False):
        frame[place] ^= bit == "1"
    return bare._replace(frame=bytes(frame))


_NUMBERED: Final = 8
"""Above every value that a module of an empty matrix has."""
_NAMES: Final = {consts.ERROR_LEVEL_M: "m", consts.ERROR_LEVEL_Q: "q", consts.ERROR_LEVEL_H: "h"}


def _data(shape: _Shape, text: str) -> bytes:
    """Mode, length, signs, end (a zero byte more than needed, as segno writes it), and filling up to the size."""
    signs = len(text)
    number = (0b0100 << 8 | signs) << 8 * signs | int.from_bytes(text.encode("ascii"))
    filled = (number << 4).to_bytes(signs + 2)
    return (filled + b"\0" + b"\xec\x11" * shape.words)[: shape.words]


def _bits(shape: _Shape, data: bytes) -> str:
    """Data and error words, interleaved, as a row of 0 and 1."""
    blocks, errors, start = [], [], 0
    for length, checks in shape.blocks:
        block = data[start : start + length]
        blocks.append(block)
        errors.append(_division(block, checks))
        start += length
    words = bytes(word for parts in (blocks, errors) for row in zip_longest(*parts) for word in row if word is not None)
    return f"{int.from_bytes(words):0{8 * len(words)}b}"


def _division(block: bytes, checks: int) -> bytes:
    """The error words of a block: what its division by the generator leaves."""
    table, rest = _multiples(checks), 0
    mask, top = (1 << 8 * checks) - 1, 8 * (checks - 1)
    for word in block:
        rest = (rest << 8 & mask) ^ table[word ^ rest >> top]
    return rest.to_bytes(checks)


@lru_cache(maxsize=32)
def _multiples(checks: int) -> tuple[int, ...]:
    """Every multiple of the generator with so many error words, without its leading word."""
    generator = [1]
    for power in range(checks):
        root = _power(power)
        generator = [one ^ _times(other, root) for one, other in zip([*generator, 0], [0, *generator], strict=True)]
    return tuple(int.from_bytes(bytes(_times(word, factor) for word in generator[1:])) for factor in range(256))


def _power(exponent: int) -> int:
    found = 1
    for _ in range(exponent):
        found = _times(found, 2)
    return found


def _times(one: int, other: int) -> int:
    """The product in the field of the code, whose polynomial is 0x11d."""
    found = 0
    while other:
        if other & 1:
            found ^= one
        one = one << 1 ^ (0x11D if one & 0x80 else 0)
        other >>= 1
    return found
