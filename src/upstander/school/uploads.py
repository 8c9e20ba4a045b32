"""A pack that somebody brings: a folder in a zip file, or one YAML file. Nothing of it is kept unless somebody says so."""

from __future__ import annotations

import io
import lzma
import re
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext

from upstander.policy import compiled, loader, scenarios
from upstander.policy.loader import Source
from upstander.policy.model import Pack
from upstander.policy.problems import PackErrors, Problem
from upstander.ui import languages

LARGEST = 5 * 1024 * 1024
LARGEST_UNPACKED = 20 * 1024 * 1024
MOST_FILES = 600


class NoPack(Exception):
    """The file cannot be a pack; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: the pack if it can run, its files, all problems, and the scenarios that do not hold."""

    pack: Pack | None
    source: Source
    problems: Sequence[Problem]
    scenarios: int = 0
    failures: Sequence[str] = ()


def check(name: str, data: bytes) -> Checked:
    """Read and check a pack. Raises NoPack for what is neither YAML nor a zip file, or is too large."""
    if len(data) > LARGEST:
        raise NoPack(gettext("The file is larger than 5 MB."))
    with tempfile.TemporaryDirectory() as folder:
        source = loader.source_of(_laid_out(name, data, Path(folder)))
    pack, problems = loader.check_source(source)
    if pack is None:
        return Checked(None, source, problems)
    count, failures = _tried(pack, source)
    return Checked(pack, source, problems, count, failures)


def _tried(pack: Pack, source: Source) -> tuple[int, list[str]]:
    try:
        found = loader.scenarios_of(source)
    except PackErrors as errors:
        return 0, [each.in_words(languages.current().tag) for each in errors.problems]
    return len(found), [failure for _, each in found for failure in scenarios.run(pack, each, compiled.picture)]


def _laid_out(name: str, data: bytes, folder: Path) -> Path:
    """The uploaded file as a file or folder that the loader reads."""
    stem = re.sub(r"[^a-z0-9-]+", "-", PurePosixPath(name.replace("\\", "/")).stem.lower()).strip("-")[:60] or "pack"
    if name.lower().endswith((".yaml", ".yml")):
        path = folder / f"{stem}.yaml"
        path.write_bytes(data)
        return path
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise NoPack(gettext("This is neither a zip file of a pack’s folder nor a YAML file."))
    place = folder / stem
    place.mkdir()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _unpack(archive, place)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, OSError, ValueError) as broken:
        raise NoPack(gettext("The zip file is broken or locked. Make it again without a password.")) from broken
    return place


def _unpack(archive: zipfile.ZipFile, place: Path) -> None:
    entries = [each for each in archive.infolist() if not each.is_dir() and not each.filename.startswith("__MACOSX")]
    if len(entries) > MOST_FILES or sum(each.file_size for each in entries) > LARGEST_UNPACKED:
        raise NoPack(gettext("There is too much in the zip file: at most 600 files and 20 MB."))
    paths = [PurePosixPath(each.filename.replace("\\", "/")) for each in entries]
    top = _common_top(paths)
    left = LARGEST_UNPACKED
    for entry, path in zip(entries, paths, strict=True):
        inner = PurePosixPath(*path.parts[top:])
        if path.is_absolute() or ".." in path.parts or len(inner.parts) not in (1, 2):
            continue
        with archive.open(entry) as content:
            data = content.read(left + 1)
        left -= len(data)
        if left < 0:
            raise NoPack(gettext("There is too much in the zip file: at most 600 files and 20 MB."))
        target = place.joinpath(*inner.parts)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)


def _common_top(paths: Sequence[PurePosixPath]) -> int:
    """How many folders stand around the pack's own."""
    found = [path for path in paths if path.name == "pack.yaml"]
    return min((len(path.parts) - 1 for path in found), default=0)
