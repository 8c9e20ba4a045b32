"""A pack from a file: what is no pack is said, and what is broken does no harm."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from upstander.policy.loader.sources import PACKS
from upstander.school.uploads import LARGEST, NoPack, check


def zipped(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def folder(top: str, **more: bytes) -> bytes:
    files = {
        f"{top}{path.relative_to(PACKS / 'starter').as_posix()}": path.read_bytes()
        for path in sorted((PACKS / "starter").rglob("*"))
        if path.is_file()
    }
    return zipped({**files, **{f"{top}{name}": content for name, content in more.items()}})


@pytest.mark.parametrize("top", ["", "my-pack/", "deep/my-pack/"])
def test_a_folder_in_a_zip_file_is_read_wherever_it_stands_in_it(top: str) -> None:
    found = check("my pack.zip", folder(top))

    assert found.pack is not None
    assert (found.pack.id, found.failures) == ("starter", [])
    assert found.scenarios >= 2


def test_a_mistake_is_named_with_file_and_line() -> None:
    found = check("own.yaml", b"id: own\ntitel: Own\n")

    assert found.pack is None
    assert any((each.code, each.line) == ("E0", 2) and "titel" in each.message for each in found.problems)


def test_a_scenario_that_does_not_hold_is_named() -> None:
    wrong = b"name: Never\nkind: concern\nlog: []\nexpect: [{now: 2026-05-11T10:00, facts: [stopped]}]\n"

    found = check("pack.zip", zipped({**_files(), "scenarios/wrong.yaml": wrong}))

    assert found.pack is not None
    assert any("Never" in each for each in found.failures)


def _files() -> dict[str, bytes]:
    return {
        path.relative_to(PACKS / "starter").as_posix(): path.read_bytes()
        for path in sorted((PACKS / "starter").rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04broken", b"\x00" * 100])
def test_what_is_no_pack_is_said(data: bytes) -> None:
    with pytest.raises(NoPack):
        check("pack.zip", data)


def test_what_is_too_large_is_not_read() -> None:
    with pytest.raises(NoPack, match="5 MB"):
        check("pack.yaml", b"#" * (LARGEST + 1))
    with pytest.raises(NoPack, match="too much"):
        check("pack.zip", zipped({"pack.yaml": b"\0" * (21 * 1024 * 1024)}))
    with pytest.raises(NoPack, match="too much"):
        check("pack.zip", zipped({f"guidance/{n}.md": b"" for n in range(700)}))


def test_a_path_that_leaves_the_folder_is_left_out(tmp_path: Path) -> None:
    found = check("pack.zip", zipped({**_files(), "../../outside.yaml": b"a: b", "/abs.yaml": b"a: b"}))

    assert found.pack is not None
    assert not any("outside" in name or "abs" in name for name in found.source.files)


def test_a_zip_file_with_a_broken_inside_is_said() -> None:
    data = bytearray(folder(""))
    data[60:160] = bytes(100)

    with pytest.raises(NoPack, match="broken"):
        check("pack.zip", bytes(data))


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a: &a [*a]", b"[" * 5000, b"a: !!python/object:os.system x"])
def test_a_file_that_is_no_yaml_is_a_problem_and_no_traceback(content: bytes) -> None:
    found = check("pack.yaml", content)

    assert found.pack is None
    assert found.problems
