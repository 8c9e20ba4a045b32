"""A program with a key reads what its person reads on the pages: no more, no less, and nothing changes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from upstander.api import callers, tokens, v1
from upstander.api.models import Token
from upstander.cases.tests import school as schools
from upstander.cases.tests.school import Place, moment
from upstander.people import actions as people
from upstander.records.models import Reading, Record
from upstander.web.tests.lists import MORNING, at
from upstander.web.tests.test_registers import hand_in

pytestmark = pytest.mark.django_db
SNAPSHOT = Path(__file__).with_name("openapi.json")


def key(place: Place, role: str = "keeper", days: int = 30) -> str:
    return tokens.make(place.school, place.staff[role], "test", days, moment(place, MORNING))[1]


def get(place: Place, path: str, secret: str = "", *, lang: str = "en", **headers: str):
    client = Client(headers={"accept-language": lang})
    given = {"authorization": f"Bearer {secret or key(place)}", **headers}
    return client.get(f"/api/v1/{path}", headers=given)


def read(place: Place, path: str, secret: str = "") -> Any:
    answer = get(place, path, secret)
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.fixture
def device(fernhill) -> Record:
    with at(fernhill):
        hand_in(fernhill, notes="For the keeper alone.")
    return Record.objects.get(kind="device")


def test_nobody_gets_nothing(fernhill, device):
    for path in ("schools", "schools/fernhill", "schools/fernhill/registers", f"schools/fernhill/records/{device.id}"):
        answer = Client().get(f"/api/v1/{path}")

        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["status"] == 401


def test_a_key_opens_the_school_of_its_person_and_no_other(fernhill, device):
    schools.english()
    with at(fernhill):
        found = read(fernhill, "schools")

        assert [each["slug"] for each in found["schools"]] == ["fernhill"]
        assert found["schools"][0]["timezone"] == "Europe/London"
        assert found["schools"][0]["now"] == "2026-05-11T09:00"
        assert get(fernhill, "schools/larkrise").status_code == 404
        assert get(fernhill, "schools/larkrise/registers").status_code == 404


def test_a_signed_in_account_reads_the_same_as_its_key(fernhill, device):
    with at(fernhill):
        path = f"schools/fernhill/records/{device.id}"
        by_key = get(fernhill, path)
        signed_in = fernhill.client("keeper").get(f"/api/v1/{path}")

    assert signed_in.status_code == 200
    assert signed_in.json() == by_key.json()


def test_the_registers_of_a_school_are_those_that_the_person_sees(fernhill, device):
    with at(fernhill):
        keeper = read(fernhill, "schools/fernhill/registers")["registers"]
        head = read(fernhill, "schools/fernhill/registers", key(fernhill, "head"))["registers"]

    assert [each["kind"] for each in keeper] == ["device"]
    assert [each["kind"] for each in head] == ["concern", "case", "device", "training"]
    assert keeper[0]["counts"] == {"open": 1, "due": 1, "late": 0, "closed": 0}
    assert [each["id"] for each in keeper[0]["columns"]] == [
        "device-handed-in.what", "device-handed-in.mark", "device-handed-in.shelf",
    ]  # fmt: skip


def test_a_register_comes_in_stretches_that_leave_nothing_out(fernhill):
    for n in range(7):
        when = MORNING + timedelta(minutes=n // 2)  # two of one minute
        with at(fernhill, when):
            hand_in(fernhill, when=when, submit_key=f"device-number-{n}")
    with at(fernhill, MORNING + timedelta(hours=1)):
        secret, seen, path = key(fernhill), [], "schools/fernhill/registers/device?limit=3"
        while path:
            page = read(fernhill, path, secret)
            seen += [each["id"] for each in page["records"]]
            path = page["next"].partition("/api/v1/")[2] if page["next"] else ""

    assert len(seen) == len(set(seen)) == 7
    opened = [minute for _id, minute in sorted(Record.objects.values_list("id", "opened_at"))]
    assert len(opened) == 7


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 2), ("show=open", 2), ("show=late", 1), ("show=due", 1), ("show=closed", 0),
        ("where=device-handed-in.what:tablet", 1), ("where=device-handed-in.what:watch", 0),
        ("where=device-handed-in.what:tablet&where=device-handed-in.shelf:left", 1),
        ("opened_from=2026-05-12", 1), ("opened_to=2026-05-11", 1), ("changed_since=2026-05-12T00:00:00Z", 1),
        ("person=PUPIL", 1), ("person=nobody", 0), ("limit=1", 1), ("limit=0", 1), ("limit=100000", 2),
    ],
)  # fmt: skip
def test_a_register_is_filtered(fernhill, query, number):
    later = MORNING + timedelta(days=1)
    with at(fernhill):
        hand_in(fernhill, "Rowan Tern", what="tablet")
    with at(fernhill, later):
        hand_in(fernhill, when=later)
        asked = query.replace("PUPIL", str(fernhill.pupils["Rowan Tern"].id))
        found = read(fernhill, f"schools/fernhill/registers/device?{asked}")

    assert len(found["records"]) == number


@pytest.mark.parametrize(
    "query",
    ["show=some", "cursor=nonsense", "cursor=W10", "where=x", "where=device-handed-in.mark:x", "opened_from=yesterday",
     "opened_to=0", "changed_since=0", "where=:x",
     "changed_since=2026-05-12T00:00:00", "limit=many"],
)  # fmt: skip
def test_a_parameter_that_means_nothing_is_said(fernhill, device, query):
    with at(fernhill):
        answer = get(fernhill, f"schools/fernhill/registers/device?{query}")

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_record_holds_entries_duties_facts_closure_and_links(fernhill, device):
    with at(fernhill):
        found = read(fernhill, f"schools/fernhill/records/{device.id}")

    [event] = found["events"]
    assert event["kind"] == "device-handed-in"
    assert event["fields"]["what"] == {
        "label": "What it is", "type": "one-of", "value": "phone", "words": ["Telephone"], "files": [],
    }  # fmt: skip
    assert event["fields"]["mark"]["value"] == "black, a fox on it"
    assert event["by"] == {"id": str(fernhill.staff["keeper"].id), "name": "Ms Fern", "role": "keeper"}
    [duty] = found["duties"]
    assert (duty["rule"], duty["state"], duty["due"]) == ("give-back", "pending", "2026-05-11T23:59")
    assert duty["clauses"][0]["id"] == "D-1"
    assert [each["fact"] for each in found["facts"]] == ["in-the-safe"]
    assert found["closure"]["closed"] is False
    assert {each["rule"] for each in found["closure"]["missing"]} == {"give-back"}
    assert found["links"] == []
    assert found["page"].endswith(f"/s/fernhill/records/{device.id}/")


def test_what_is_secret_from_a_post_is_secret_from_its_key(fernhill, device):
    with at(fernhill):
        path = f"schools/fernhill/records/{device.id}"
        keeper, teacher = get(fernhill, path), get(fernhill, path, key(fernhill, "teacher"))

    assert b"For the keeper alone." in keeper.content
    assert b"For the keeper alone." not in teacher.content
    assert teacher.status_code == 200


def test_what_is_not_theirs_answers_like_what_is_not_there(fernhill, device):
    away = schools.english()
    with at(fernhill):
        fernhill.client("head").post(
            fernhill.url("registers/training/new/training-begun"),
            {"about-learner": str(fernhill.staff["colleague"].id), "at_0": "2026-05-11", "at_1": "09:00"},
        )
        training = Record.objects.get(kind="training")
        secret = key(fernhill)
        nowhere = get(fernhill, f"schools/fernhill/records/{uuid4()}", secret)
        hidden = [
            get(fernhill, f"schools/fernhill/records/{training.id}", secret),
            get(fernhill, "schools/fernhill/records/nonsense", secret),
            get(fernhill, "schools/fernhill/registers/training", secret),
            get(fernhill, "schools/fernhill/registers/nonsense", secret),
            get(fernhill, "nothing/at/all", secret),
            get(away, f"schools/fernhill/records/{device.id}", key(away, "headteacher")),
            get(away, f"schools/larkrise/records/{device.id}", key(away, "headteacher")),
        ]

    for each in hidden:
        assert (each.status_code, each.content) == (404, nowhere.content)


@pytest.mark.parametrize("path", ["schools", "schools/fernhill", "schools/fernhill/registers",
                                  "schools/fernhill/registers/device", "schools/fernhill/records/DEVICE"])  # fmt: skip
def test_whoever_has_an_answer_already_gets_nothing_again(fernhill, device, path):
    path = path.replace("DEVICE", str(device.id))
    with at(fernhill):
        secret = key(fernhill)
        first = get(fernhill, path, secret)
        again = get(fernhill, path, secret, **{"if-none-match": first.headers["ETag"]})
        other = get(fernhill, path, secret, **{"if-none-match": '"something else"'})

    assert first.headers["ETag"].startswith('"')
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert other.status_code == 200


def test_an_answer_has_another_name_once_anything_in_it_has_changed(fernhill, device):
    path = f"schools/fernhill/records/{device.id}"
    with at(fernhill):
        secret = key(fernhill)
        tags = [get(fernhill, path, secret).headers["ETag"], get(fernhill, path, key(fernhill, "head")).headers["ETag"]]
        fernhill.client("keeper").post(
            fernhill.url(f"records/{device.id}/do/seal-checked"), {"whole": "no", "at_0": "2026-05-11", "at_1": "09:00"}
        )
        tags.append(get(fernhill, path, secret).headers["ETag"])
    with at(fernhill, MORNING + timedelta(hours=3)):  # the seal's duty is late now, though nobody wrote anything
        tags.append(get(fernhill, path, secret).headers["ETag"])
        person = fernhill.pupils["Juniper Vale"]
        person.name = "Juniper Wren"
        person.save()
        tags.append(get(fernhill, path, secret).headers["ETag"])

    assert len(set(tags)) == 5


def test_reading_a_record_is_written_down_and_asking_whether_it_changed_is_not(fernhill, device):
    path = f"schools/fernhill/records/{device.id}"
    before = Reading.objects.count()
    with at(fernhill):
        secret = key(fernhill)
        tag = get(fernhill, path, secret).headers["ETag"]
        get(fernhill, path, secret, **{"if-none-match": tag})

    assert Reading.objects.count() == before + 1


def test_a_key_ends_when_it_is_revoked_over_or_its_person_has_left(fernhill):
    person = fernhill.staff["keeper"]
    with at(fernhill):
        secrets = [key(fernhill) for _ in range(3)]
        tokens.revoke(fernhill.school, person.id, Token.objects.order_by("made_at", "id").first().id, datetime.now(UTC))
        alive = [get(fernhill, "schools", each).status_code for each in secrets]
    with at(fernhill, MORNING + timedelta(days=31)):
        over = [get(fernhill, "schools", each).status_code for each in secrets]
    people.leave(person, MORNING.date())
    with at(fernhill, MORNING + timedelta(days=1)):
        left = [get(fernhill, "schools", each).status_code for each in secrets]

    assert sorted(alive) == [200, 200, 401]
    assert over == left == [401, 401, 401]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "upst",
        "upst__",
        "upst_x_y",
        "upst_00000000000040008000000000000000_x",
        "Bearer",
        "日本",
        "upst_" + "0" * 5000,
    ],
)
def test_what_is_no_key_opens_nothing(fernhill, text):
    assert tokens.find(text) is None


def test_a_key_is_kept_only_as_its_hash(fernhill):
    secret = key(fernhill)

    row = Token.objects.get()
    assert secret.rpartition("_")[2] not in (row.secret, row.name)
    assert tokens.find(secret) == row
    assert tokens.find(secret[:-1] + ("a" if secret[-1] != "a" else "b")) is None


def test_a_program_that_calls_too_often_is_slowed_down(fernhill, monkeypatch):
    monkeypatch.setattr(callers, "_CALLS", callers.TokenBucket("api-test", burst=2, per_minute=60))
    with at(fernhill):
        secret = key(fernhill)
        answers = [get(fernhill, "schools", secret) for _ in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "60"
    assert answers[2].headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(fernhill, device, method):
    with at(fernhill):
        answer = getattr(Client(), method)(
            f"/api/v1/schools/fernhill/records/{device.id}", headers={"authorization": f"Bearer {key(fernhill)}"}
        )

    assert answer.status_code == 405


def test_words_come_in_the_language_that_is_asked_for_and_codes_stay(fernhill, device):
    with at(fernhill):
        path = f"schools/fernhill/records/{device.id}"
        dutch = get(fernhill, path, lang="nl").json()
        japanese = get(fernhill, path, lang="ja").json()

    assert dutch["events"][0]["fields"]["what"]["value"] == japanese["events"][0]["fields"]["what"]["value"] == "phone"


def test_the_description_is_the_one_that_programs_were_written_for():
    """Whoever changes this changes a contract: add, never take away. Rewrite the file by hand, knowingly."""
    described = v1.described()
    described.pop("servers")

    assert described == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_the_description_is_served_for_programs_and_for_people(client, db):
    described = client.get("/api/v1/openapi.json")
    pages = {
        lang: client.get("/api/v1/", headers={"accept-language": lang}).content.decode()
        for lang in ("en", "ja", "nl", "zh-CN")
    }

    assert described.json()["paths"].keys() == {
        "/api/v1/schools", "/api/v1/schools/{slug}", "/api/v1/schools/{slug}/registers",
        "/api/v1/schools/{slug}/registers/{kind}", "/api/v1/schools/{slug}/records/{record_id}",
    }  # fmt: skip
    for page in pages.values():
        assert "/api/v1/schools/{slug}/records/{record_id}" in page
    assert "The schools where you work" in pages["en"]
    assert len(set(pages.values())) == 4
