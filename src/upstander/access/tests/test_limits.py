"""Token buckets: so many at once, so many a minute; a class gets through, a flood does not; no address is kept."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client, RequestFactory

from upstander.access.limits import TokenBucket, address_of, forget_full
from upstander.access.models import Bucket, Counted
from upstander.access.shared_cache import SharedCache
from upstander.people import actions
from upstander.people.models import School

NOW = datetime(2026, 5, 11, 1, 20, tzinfo=UTC)


@pytest.fixture
def school(db: None) -> School:
    return actions.make_school("rei", "例", pack="starter", language="ja", timezone="Asia/Tokyo")


@pytest.mark.parametrize("shared", [False, True])
def test_a_bucket_empties_and_fills_again(school: School, shared: bool) -> None:
    bucket = TokenBucket("door", burst=3, per_minute=2, shared=shared)

    assert [bucket.take(school.id, "192.0.2.1", NOW) for _ in range(4)] == [True, True, True, False]
    assert bucket.take(school.id, "192.0.2.2", NOW)
    assert not bucket.take(school.id, "192.0.2.1", NOW + timedelta(seconds=29))
    assert bucket.take(school.id, "192.0.2.1", NOW + timedelta(seconds=30))


def test_a_class_of_thirty_gets_through_from_one_address_and_a_flood_does_not(school: School) -> None:
    bucket = TokenBucket("door", burst=60, per_minute=30)

    taken = [bucket.take(school.id, "192.0.2.1", NOW + timedelta(seconds=second / 10)) for second in range(500)]

    assert all(taken[:30])
    assert sum(taken) < 100


def test_a_clock_set_back_takes_nothing_away(school: School) -> None:
    bucket = TokenBucket("door", burst=2, per_minute=1)
    bucket.take(school.id, "a", NOW)

    assert bucket.take(school.id, "a", NOW - timedelta(hours=1))


def test_no_address_is_written_down(school: School) -> None:
    bucket = TokenBucket("card", burst=2, per_minute=1, shared=True)
    bucket.take(school.id, "192.0.2.77", NOW)

    row = Bucket.objects.get()
    assert "192.0.2.77" not in row.key
    assert len(row.key) == 64
    assert forget_full(NOW + timedelta(days=2)) == 1


def test_an_address_behind_a_trusted_proxy_is_the_one_that_the_proxy_saw(settings: object) -> None:
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR="198.51.100.9, 203.0.113.5", REMOTE_ADDR="10.0.0.1")

    assert address_of(request) == "10.0.0.1"
    installation = settings.INSTALLATION  # type: ignore[attr-defined]
    settings.INSTALLATION = installation.model_copy(update={"trusted_proxies": 1})  # type: ignore[attr-defined]
    assert address_of(request) == "203.0.113.5"


def test_what_one_web_process_counts_every_other_one_knows(db: None) -> None:
    here, there = (SharedCache("", {}) for _ in range(2))

    assert here.add("used/123456", True, timeout=60)
    assert not there.add("used/123456", True, timeout=60)
    here.set("tries", [1.5], timeout=60)
    assert there.get("tries") == [1.5]
    with time_machine.travel(time.time() + 61):
        assert there.get("tries") is None
        assert there.add("used/123456", True, timeout=60)
        assert forget_full(datetime.now(UTC)) == 1
    with pytest.raises(TypeError):
        here.set("tries", object())


def test_wrong_passwords_are_counted_for_all_processes_and_no_address_is_written_down(
    school: School, caplog: pytest.LogCaptureFixture
) -> None:
    person = actions.add_person(school, "staff", "Head")
    actions.make_account(person, "head@school.example", "violet tractor ninety")
    person.refresh_from_db()
    browser = Client(headers={"accept-language": "en"}, REMOTE_ADDR="192.0.2.77")

    def sign_in(password: str) -> HttpResponse:
        return browser.post("/in/account/login/", {"login": "head@school.example", "password": password})

    for _ in range(6):
        sign_in("wrong")
    assert sign_in("violet tractor ninety").status_code == 200, "too many tries, whatever the next one is"
    assert f"a sign-in failed: account {person.account_id}" in caplog.text
    assert "head@" not in caplog.text
    assert "192.0.2" not in caplog.text
    rows = list(Counted.objects.values_list("key", "value"))
    assert rows
    assert not [row for row in rows if "192.0.2" in str(row) or "head" in str(row)]
    Counted.objects.all().delete()
    assert sign_in("violet tractor ninety").status_code == 302
