"""How an installation keeps passwords; the tests themselves hash them without their slowness (``conftest.py``)."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.test import override_settings

from upstander.web import settings as installed


def test_an_installation_hashes_passwords_slowly_and_with_much_memory() -> None:
    with override_settings(PASSWORD_HASHERS=installed.PASSWORD_HASHERS):
        kept = make_password("a long password of ours")
        said = identify_hasher(kept).decode(kept)

        assert said["algorithm"] == "argon2"
        assert said["variety"] == "argon2id"
        # OWASP's password storage cheat sheet: 19 MiB and two rounds at the least.
        assert said["memory_cost"] >= 19 * 1024
        assert said["time_cost"] >= 2
        assert check_password("a long password of ours", kept)
        assert not check_password("a long password of theirs", kept)
