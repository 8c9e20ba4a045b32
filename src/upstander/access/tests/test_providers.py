"""Signing in through the school's own provider, against a real one on this machine."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pydantic import ValidationError

from upstander.people import actions as people
from upstander.people.models import Account, Person
from upstander.records.tests import place as places
from upstander.records.tests.place import Place
from upstander.web.settings import OidcProvider

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
PEOPLE = {
    "head": {"email": "head@school.example", "email_verified": True, "name": "Head Example"},
    "unchecked": {"email": "head@school.example", "email_verified": False},
    "stranger": {"email": "stranger@elsewhere.example", "email_verified": True},
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the provider's own libraries warn of one another
        import oidc_provider_mock

    users = [oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in PEOPLE.items()]
    with oidc_provider_mock.run_server_in_thread(user_claims=users) as found:
        yield f"http://localhost:{found.server_port}"


@pytest.fixture
def place(db: None, settings, server: str) -> Place:
    provider = OidcProvider(id="board", name="The board", server=server, client_id="upstander", secret="s")
    use(settings, provider)
    found = places.make()
    people.make_account(found.people["Head"], "head@school.example", None)
    found.people["Head"].refresh_from_db()
    return found


def use(settings, provider: OidcProvider) -> None:
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"oidc": [provider]})
    app = {
        "provider_id": provider.id,
        "name": provider.name,
        "client_id": provider.client_id,
        "secret": provider.secret,
        "settings": {"server_url": provider.server, "oauth_pkce_enabled": True},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}


def come_in(who: str, client: Client | None = None) -> tuple[Client, object]:
    """Press the button, say at the provider who one is, and come back."""
    browser = client or Client(headers={"accept-language": "en"})
    away = browser.post("/in/account/oidc/board/login/?process=login").headers["Location"]
    assert "code_challenge=" in away
    back = requests.post(away, data={"sub": who}, allow_redirects=False, timeout=10).headers["Location"]
    return browser, browser.get(f"{urlsplit(back).path}?{urlsplit(back).query}")


def test_the_button_stands_on_the_page_of_signing_in_only_where_a_provider_is_set(place: Place, settings) -> None:
    assert (
        "Sign in with The board" in Client(headers={"accept-language": "en"}).get("/in/account/login/").content.decode()
    )
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"oidc": []})
    assert (
        "Sign in with The board"
        not in Client(headers={"accept-language": "en"}).get("/in/account/login/").content.decode()
    )


def test_whoever_the_school_names_comes_in_and_sets_up_a_second_factor_unless_the_provider_asks_for_one(
    place: Place, settings
) -> None:
    today = f"/s/{place.school.slug}/today"
    browser, answer = come_in("head")
    assert answer.status_code == 302
    assert browser.get(today).headers["Location"].endswith("/2fa/totp/activate/")

    strong = settings.INSTALLATION.oidc[0].model_copy(update={"second_factor": True})
    use(settings, strong)
    browser, _answer = come_in("head")
    assert browser.get(today).status_code == 200
    assert list(SocialAccount.objects.values_list("uid", "extra_data")) == [("head", {})]


def test_an_address_that_nobody_here_has_makes_no_account(place: Place) -> None:
    before = Account.objects.count(), Person.objects.count()
    browser, answer = come_in("stranger")

    assert answer.status_code == 403
    assert "No place for you here" in answer.content.decode()
    assert (Account.objects.count(), Person.objects.count(), SocialAccount.objects.count()) == (*before, 0)
    assert browser.get("/in/").headers["Location"].startswith("/in/account/login/")


def test_an_address_that_the_provider_has_not_checked_opens_nothing_unless_it_is_trusted(
    place: Place, settings
) -> None:
    assert come_in("unchecked")[1].status_code == 403
    use(settings, settings.INSTALLATION.oidc[0].model_copy(update={"trusts_email": True}))
    assert come_in("unchecked")[1].status_code == 302


def test_whoever_has_left_stays_out_although_the_provider_still_knows_them(place: Place) -> None:
    come_in("head")
    people.leave(place.people["Head"], places.TODAY)

    browser, answer = come_in("head")

    assert answer.status_code == 403
    assert browser.get("/in/").headers["Location"].startswith("/in/account/login/")


def test_an_answer_with_a_state_that_we_did_not_give_is_not_taken(place: Place) -> None:
    query = urlencode({"code": "guessed", "state": "guessed"})
    answer = Client(headers={"accept-language": "en"}).get(f"/in/account/oidc/board/login/callback/?{query}")

    assert "did not answer as it should" in answer.content.decode()


def test_somebody_elses_sign_in_is_not_tied_to_a_session(place: Place) -> None:
    people.make_account(place.people["Chen"], "chen@school.example", None)
    place.people["Chen"].refresh_from_db()
    browser = Client()
    browser.force_login(place.people["Chen"].account)

    assert come_in("head", browser)[1].status_code == 403


@pytest.mark.parametrize("server", ["http://board.example", "ftp://x", "board.example"])
def test_a_provider_without_encryption_is_not_taken(server: str) -> None:
    with pytest.raises(ValidationError):
        OidcProvider(id="board", name="x", server=server, client_id="y")


def test_a_provider_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    from upstander.web.settings import Installation

    said = '[{"id": "board", "name": "The board", "server": "https://id.board.example/realm", "client_id": "u"}]'
    monkeypatch.setenv("UPSTANDER_OIDC", said)

    (found,) = Installation().oidc
    assert (found.origin, found.second_factor, found.trusts_email) == ("https://id.board.example", False, False)
