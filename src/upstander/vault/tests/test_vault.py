"""Keys in two steps, boxes that open only where they lie, names that lie encrypted."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from upstander.people import actions
from upstander.people.models import Person, School
from upstander.vault import box, keys, root
from upstander.vault.models import RecordKey, SchoolKey


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_a_box_opens_to_what_was_put_in(content: bytes, place: bytes) -> None:
    key = box.new_key()

    assert box.open_(key, box.seal(key, content, place), place) == content


@given(st.binary(min_size=1, max_size=60), st.integers(0, 10_000), st.integers(0, 7))
def test_a_changed_box_does_not_open(content: bytes, where: int, bit: int) -> None:
    key = box.new_key()
    sealed = bytearray(box.seal(key, content, b"here"))
    sealed[where % len(sealed)] ^= 1 << bit

    with pytest.raises(box.CannotOpen):
        box.open_(key, bytes(sealed), b"here")


def test_a_box_opens_nowhere_else() -> None:
    key = box.new_key()

    with pytest.raises(box.CannotOpen):
        box.open_(key, box.seal(key, b"x", b"here"), b"there")


@pytest.fixture
def school(db: None) -> School:
    return actions.make_school("rei", "例", pack="starter", language="ja", timezone="Asia/Tokyo")


def test_names_lie_encrypted_and_read_as_text(school: School) -> None:
    person = actions.add_person(school, "staff", "Chen Example", email="chen@school.example")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, email FROM people_person")
        raw = b"".join(bytes(value) for value in cursor.fetchone())

    assert b"Chen" not in raw
    assert b"chen" not in raw
    again = Person.objects.get(id=person.id)
    assert (again.name, again.email, again.phone) == ("Chen Example", "chen@school.example", "")
    assert Person.objects.only("school_id", "name").get(id=person.id).name == "Chen Example"


def test_a_name_moved_to_another_row_does_not_open(school: School) -> None:
    one, two = actions.add_person(school, "pupil", "Aiko"), actions.add_person(school, "staff", "Bram")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM people_person WHERE kind = 'staff'")
        moved = bytes(cursor.fetchone()[0])
    Person.objects.filter(id=one.id).update(name=moved)

    assert Person.objects.get(id=two.id).name == "Bram"
    with pytest.raises(box.CannotOpen):
        _ = Person.objects.get(id=one.id).name


def test_sealed_text_is_not_set_in_bulk_or_searched(school: School) -> None:
    with pytest.raises(TypeError):
        Person.objects.filter(school=school).update(name="x")
    with pytest.raises(TypeError):
        list(Person.objects.filter(name="x"))


def test_a_commitment_binds_salt_path_and_text(school: School) -> None:
    record = uuid4()
    cipher = keys.make_record_key(record, school.id)
    sealed = cipher.seal("e/what", b"words")
    opened = keys.record_cipher(record).open_with_salt("e/what", sealed.ciphertext)

    assert opened.plaintext == b"words"
    assert keys.commitment(opened.salt, "e/what", b"words") == sealed.commitment
    assert keys.commitment(opened.salt, "e/wha", b"twords") != sealed.commitment
    assert cipher.seal("e/what", b"words").commitment != sealed.commitment


def test_a_destroyed_key_opens_nothing_any_more(school: School) -> None:
    record = uuid4()
    keys.make_record_key(record, school.id)
    keys.destroy_record_key(record)

    with pytest.raises(keys.KeyDestroyed):
        keys.record_cipher(record)
    assert bytes(RecordKey.objects.get(record_id=record).wrapped) == b""


def test_hashes_differ_by_school_and_purpose(school: School) -> None:
    other = actions.make_school("other", "Other", pack="starter", language="nl", timezone="Europe/Amsterdam")
    hashes = {
        keys.keyed_hash(school.id, "receipt", b"x"),
        keys.keyed_hash(school.id, "card", b"x"),
        keys.keyed_hash(other.id, "receipt", b"x"),
    }

    assert len(hashes) == 3
    assert keys.keyed_hash(school.id, "card", b"x") in hashes


def test_a_signature_is_of_one_school_and_one_message(school: School) -> None:
    other = actions.make_school("other", "Other", pack="starter", language="nl", timezone="Europe/Amsterdam")
    signature = keys.sign(school.id, b"heads")

    assert keys.verify(school.id, b"heads", signature)
    assert not keys.verify(school.id, b"tails", signature)
    assert not keys.verify(other.id, b"heads", signature)


@pytest.fixture
def key_file(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A root key in a file of this test's own."""
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"root_key_file": str(tmp_path / "root.key")})
    keys.forget_cached_keys()
    yield tmp_path / "root.key"
    keys.forget_cached_keys()


def test_a_rotation_wraps_the_same_keys_anew_while_others_go_on(key_file: Path, school: School) -> None:
    row = SchoolKey.objects.get(school_id=school.id)
    name = keys.seal_for_school(school.id, "here", "Aiko")
    root.begin_rotation()

    # Stopped half-way: what is wrapped by the previous key opens, what is made now is wrapped by the new one.
    keys.forget_cached_keys()
    assert keys.open_for_school(school.id, "here", name) == "Aiko"
    later = actions.make_school("later", "Later", pack="starter", language="nl", timezone="Europe/Amsterdam")
    with pytest.raises(FileExistsError):
        root.begin_rotation()

    assert keys.rotate() == 1
    assert keys.rotate() == 0
    assert bytes(SchoolKey.objects.get(school_id=school.id).wrapped) != bytes(row.wrapped)
    kept = root.end_rotation()
    assert kept is not None
    assert root.end_rotation() is None
    # This process still remembers the row from before; what it cannot open any more it reads again.
    keys._row.cache_clear()
    keys._unwrapped.cache_clear()
    assert keys._row(school.id)[0] != bytes(row.wrapped)
    assert keys.open_for_school(school.id, "here", name) == "Aiko"
    assert keys.verify(later.id, b"x", keys.sign(later.id, b"x"))
    assert keys.verify(school.id, b"x", keys.sign(school.id, b"x"))


def test_without_the_previous_root_key_a_rotation_stops(key_file: Path, school: School) -> None:
    root.begin_rotation()
    root.previous_place().unlink()
    root.forget()

    with pytest.raises(root.NoRootKey):
        keys.rotate()


@pytest.mark.parametrize("how", ["root_key{}", "root_key{}_command"])
def test_a_rotation_between_keys_of_the_environment_or_a_command(how: str, school: School, settings: Settings) -> None:
    old = base64.b64encode(root.root_key()).decode()
    new = base64.b64encode(os.urandom(32)).decode()
    said = ("echo {}" if "command" in how else "{}").format
    name = keys.seal_for_school(school.id, "here", "Aiko")
    more = {how.format(""): said(new), how.format("_previous"): said(old)}
    before = settings.INSTALLATION
    settings.INSTALLATION = before.model_copy(update=more)
    keys.forget_cached_keys()

    assert keys.rotate() == 1
    settings.INSTALLATION = before.model_copy(update={how.format(""): said(new)})
    keys.forget_cached_keys()
    assert keys.open_for_school(school.id, "here", name) == "Aiko"
    keys.forget_cached_keys()


def test_a_command_that_fails_says_nothing_of_what_it_printed(tmp_path: Path) -> None:
    for command in ("false", "/no/such/program", "'unclosed", f"{sys.executable} -c \"print('c2VjcmV0'); exit(3)\""):
        with pytest.raises(root.NoRootKey) as problem:
            root._root_key("", command, "")
        assert "c2VjcmV0" not in str(problem.value)


def test_a_root_key_comes_from_the_environment_or_a_command() -> None:
    key = base64.b64encode(bytes(32)).decode()

    assert root._root_key(key, "", "") == bytes(32)
    assert root._root_key("", f"echo {key}", "") == bytes(32)
    with pytest.raises(root.NoRootKey):
        root._root_key("dG9vIHNob3J0", "", "")
    with pytest.raises(root.NoRootKey):
        root._root_key("!", "", "")


def test_a_root_key_file_is_made_once_and_only_its_owner_reads_it(tmp_path: object) -> None:
    place = tmp_path / "deep" / "root.key"  # type: ignore[operator]

    first = root._root_key("", "", str(place))

    assert root._decode(place.read_text()) == first
    assert oct(place.stat().st_mode & 0o777) == "0o600"
