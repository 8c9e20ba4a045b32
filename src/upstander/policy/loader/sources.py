"""The files of a pack as they were read, and as a school keeps them: what is in force must not change with a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from upstander.policy.loader.tree import MOST_BYTES, Map, Scalar, Unreadable, parse
from upstander.policy.model import Mark
from upstander.policy.problems import Problem, problem
from upstander.policy.words import worded

PACKS = Path(__file__).parents[2] / "packs"
FOLDERS = {
    "guidance": ".md",
    "i18n": ".yaml",
    "scenarios": ".yaml",
    "letters": ".md",
    "surveys": ".yaml",
    "agreements": ".yaml",
    "questions": ".yaml",
}
"""What a pack's folder may hold in folders of its own, and how the names of their files end."""
_BESIDE = ("README.md", "tests", "pictures")
MOST_LAYERS = 8


@dataclass
class Source:
    """``files``: {path within the folder: content}; a pack of one file has ``single`` and that one file.

    ``base``: the files of the pack that this one extends, by name. ``problems``: what could not be read.
    """

    name: str
    files: dict[str, bytes | str]
    single: bool = False
    base: Source | None = None
    base_name: str = ""
    problems: list[Problem] = field(default_factory=list)

    def base_named(self, name: str) -> Source | None:
        return self.base if self.base is not None and self.base_name == name else None

    def data(self) -> dict[str, Any]:
        """As plain data that JSON can hold. Only for files that are text."""
        found: dict[str, Any] = {
            "name": self.name,
            "files": {
                path: content if isinstance(content, str) else content.decode("utf-8-sig")
                for path, content in self.files.items()
            },
        }
        if self.single:
            found["single"] = True
        if self.base is not None:
            found["base"] = {"name": self.base_name, "of": self.base.data()}
        return found


def from_data(data: Mapping[str, Any]) -> Source:
    """The source back from its data."""
    base = data.get("base")
    return Source(
        name=data["name"],
        files=dict(data["files"]),
        single=bool(data.get("single")),
        base=from_data(base["of"]) if base else None,
        base_name=base["name"] if base else "",
    )


def find(name: str | Path) -> Path:
    """The folder or file of a pack: a path, or the bare name of a pack that comes with Upstander."""
    path = Path(name)
    if isinstance(name, str) and re.fullmatch(r"[a-z0-9-]+", name) and not path.exists():
        return PACKS / name
    return path


def read(path: Path) -> Source:
    """The files of a pack and of what it extends. Never raises: what cannot be read is among the problems."""
    source = _read(path)
    layer, here, seen = source, path, {path.name}
    for _ in range(MOST_LAYERS + 1):
        name = _extends(layer)
        below = next((each for each in _places(here, name) if each.exists()), None) if name else None
        if below is None or name in seen:
            break
        seen.add(name)
        layer.base, layer.base_name = _read(below), name
        layer, here = layer.base, below
    return source


def read_text(data: bytes | str, name: str) -> Source:
    """The source of one file's content; what it extends is looked for among the packs that come with Upstander."""
    source = Source(name, {name: data}, single=True)
    base = _extends(source)
    below = next((each for each in _places(Path(name), base) if each.exists()), None) if base else None
    if below is not None:
        source.base, source.base_name = read(below), base
    return source


def _places(path: Path, name: str) -> list[Path]:
    return [path.parent / name, path.parent / f"{name}.yaml", PACKS / name]


def _extends(source: Source) -> str:
    """The name of the pack that this one extends; empty where it extends none or its head cannot be read."""
    content = next(iter(source.files.values()), b"") if source.single else source.files.get("pack.yaml", b"")
    if (b"extends" if isinstance(content, bytes) else "extends") not in content:  # type: ignore[operator]
        return ""
    try:
        tree = parse(content, source.name)
    except Unreadable:
        return ""
    said = tree.entries.get("extends") if isinstance(tree, Map) else None
    name = said.text.partition("@")[0] if isinstance(said, Scalar) and not said.nothing else ""
    return name if re.fullmatch(r"[\w.-]+", name) else ""


def _read(path: Path) -> Source:
    source = Source(path.name, {}, single=not path.is_dir())
    if path.is_dir():
        for inner, each in _listed(path):
            content = _content(each, f"{path.name}/{inner}", source.problems)
            if content is not None:
                source.files[inner] = content
    elif path.is_file():
        content = _content(path, path.name, source.problems)
        if content is not None:
            source.files[path.name] = content
    else:
        source.problems.append(problem(Mark(path.name, 0, 0), "E0", worded("there is no such pack"), names_known()))
    return source


def _listed(path: Path) -> Iterator[tuple[str, Path]]:
    """Everything in the folder that is the pack's, names before folders' contents, in order."""
    for each in sorted(path.iterdir()):
        if each.name.startswith((".", "_")) or each.name in _BESIDE:
            continue
        if not each.is_dir():
            yield each.name, each
            continue
        ending = FOLDERS.get(each.name)
        inner = sorted(each.iterdir()) if ending else []
        kept = [one for one in inner if not one.name.startswith((".", "_")) and one.name != "README.md"]
        yield from ((f"{each.name}/{one.name}", one) for one in kept)
        if ending is None:
            yield f"{each.name}/", each


def _content(path: Path, shown: str, problems: list[Problem]) -> bytes | None:
    if path.is_dir():
        return b""
    try:
        if path.stat().st_size > MOST_BYTES:
            problems.append(
                problem(Mark(shown, 1, 1), "E0", worded("larger than {most} MB", most=MOST_BYTES // 1_000_000))
            )
            return None
        return path.read_bytes()
    except OSError as error:
        problems.append(problem(Mark(shown, 0, 0), "E0", worded("cannot be read: {reason}", reason=error.strerror)))
    return None


def names_known() -> str:
    """The packs that come with Upstander, as a hint."""
    known = sorted(each.name for each in PACKS.iterdir() if each.is_dir()) if PACKS.is_dir() else []
    return worded("packs that come with Upstander: {packs}", packs=", ".join(known)) if known else ""
