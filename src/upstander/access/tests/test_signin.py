"""The way in for staff: an invitation, a password, six digits, and only then the school."""

from __future__ import annotations

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client, RequestFactory

from upstander.access import invitations, sessions
from upstander.access.tests.signed_in import sign_in
from upstander.people import actions as people
from upstander.records.tests import place as places
from upstander.records.tests.place import Place

PASSWORD = "violet tractor ninety"


@pytest.fixture
def place(db: None) -> Place:
    found = places.make()
    people.make_account(found.people["Head"], "head@school.example", None)
    return found


def client() -> Client:
    return Client(headers={"accept-language": "en"})


def six_digits(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def today(place: Place) -> str:
    return f"/s/{place.school.slug}/today"


def invitation(place: Place) -> str:
    account = place.people["Head"].account
    assert account is not None
    return "/" + invitations.link_for(account).partition("//")[2].partition("/")[2]


def accept(browser: Client, place: Place) -> None:
    browser.post(invitation(place), {"new_password1": PASSWORD, "new_password2": PASSWORD})


def test_without_signing_in_no_page_of_a_school_opens(place: Place) -> None:
    answer = client().get(today(place))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/in/account/login/")


def test_an_invitation_sets_the_password_and_leads_to_the_second_factor(place: Place) -> None:
    browser = client()

    accept(browser, place)

    assert browser.get("/in/", follow=True).redirect_chain[-1][0].endswith("/2fa/totp/activate/")
    assert browser.get(today(place)).headers["Location"].endswith("/2fa/totp/activate/")


def test_an_invitation_works_once(place: Place) -> None:
    link = invitation(place)
    accept(client(), place)

    assert client().get(link).status_code == 410


def test_a_weak_password_is_not_taken(place: Place) -> None:
    answer = client().post(invitation(place), {"new_password1": "password", "new_password2": "password"})

    assert answer.status_code == 422


def test_a_password_alone_does_not_open_an_account_with_a_second_factor(place: Place) -> None:
    accept(client(), place)
    account = place.people["Head"].account
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    browser = client()

    browser.post("/in/account/login/", {"login": "head@school.example", "password": PASSWORD})
    assert browser.get(today(place)).status_code == 302
    browser.post("/in/account/2fa/authenticate/", {"code": six_digits(secret)})

    assert browser.get(today(place)).status_code == 200


def test_nobody_signs_up_alone(place: Place) -> None:
    before = client().get("/in/account/signup/")
    client().post("/in/account/signup/", {"email": "x@y.example", "password1": PASSWORD, "password2": PASSWORD})

    assert b"password1" not in before.content
    assert not Authenticator.objects.filter(user__email="x@y.example").exists()
    assert type(place.people["Head"].account).objects.filter(email="x@y.example").count() == 0  # type: ignore[union-attr]


def test_whoever_has_left_is_out_at_once(place: Place) -> None:
    browser = client()
    accept(browser, place)
    TOTP.activate(place.people["Head"].account, generate_totp_secret())
    assert browser.get(today(place)).status_code == 200

    people.leave(place.people["Head"], places.TODAY)

    assert browser.get(today(place)).status_code in (302, 404)


def test_somebody_of_another_school_finds_nothing(place: Place) -> None:
    other = places.make("another-school")
    browser = client()
    accept(browser, place)
    TOTP.activate(place.people["Head"].account, generate_totp_secret())

    assert browser.get(today(other)).status_code == 404


def test_the_secret_of_the_second_factor_lies_encrypted_and_lets_in(place: Place) -> None:
    account = place.people["Head"].account
    assert account is not None
    account.set_password(PASSWORD)
    account.save()
    request = RequestFactory().get("/")
    request.user = account
    secret = generate_totp_secret()
    with context.request_context(request):
        TOTP.activate(account, secret)
        RecoveryCodes.activate(account)
    kept = [each.data.get("secret") or each.data["seed"] for each in Authenticator.objects.filter(user=account)]
    assert [each.partition(":")[0] for each in kept] == ["sealed", "sealed"]
    assert secret not in str(kept)

    browser = client()
    browser.post("/in/account/login/", {"login": "head@school.example", "password": PASSWORD})
    browser.post("/in/account/2fa/authenticate/", {"code": six_digits(secret)})
    assert browser.get(today(place)).status_code == 200
    again = client()
    again.post("/in/account/login/", {"login": "head@school.example", "password": PASSWORD})
    answer = again.post("/in/account/2fa/authenticate/", {"code": six_digits(secret)})
    assert answer.status_code == 200, "the same number opens nothing a second time"


def test_one_place_too_many_ends_the_one_that_was_used_longest_ago(place: Place, settings: object) -> None:
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"require_totp": False})  # type: ignore[attr-defined]
    account = place.people["Head"].account
    assert account is not None
    browsers = [client() for _ in range(sessions.MOST + 1)]
    for browser in browsers:
        sign_in(browser, account)

    assert [each.get("/in/places").status_code for each in browsers] == [302] + [200] * sessions.MOST


@pytest.mark.parametrize("weak", ["Upstander2026", "rei-school-1234", "REI-School!rei"])
def test_a_password_of_the_schools_own_name_is_not_taken(place: Place, weak: str) -> None:
    browser = client()
    answer = browser.post(invitation(place), {"new_password1": weak, "new_password2": weak})

    assert answer.status_code == 422
    assert "easily guessed" in answer.content.decode()
    accept(browser, place)
    assert place.people["Head"].account.__class__.objects.get(email="head@school.example").check_password(PASSWORD)


def test_another_place_is_ended_only_by_whoever_showed_again_who_they_are(place: Place, settings: object) -> None:
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"require_totp": False})  # type: ignore[attr-defined]
    account = place.people["Head"].account
    assert account is not None
    other, browser, fresh = client(), client(), client()
    sign_in(other, account)
    sign_in(browser, account, minutes_ago=60)

    answer = browser.post("/in/places", {"place": ""})
    assert answer.status_code == 302
    assert answer.headers["Location"] != "/in/places"
    assert other.get("/in/places").status_code == 200
    sign_in(fresh, account)
    assert fresh.post("/in/places", {"place": ""}).headers["Location"] == "/in/places"
    assert other.get("/in/places").status_code == 302
