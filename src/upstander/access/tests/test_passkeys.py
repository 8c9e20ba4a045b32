"""A passkey from a browser with an authenticator of its own: made as the second factor, then the only thing that is needed."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, override_settings
from playwright.sync_api import BrowserContext, Page, sync_playwright

from upstander.people import actions as people
from upstander.records.tests import place as places

PASSWORD = "violet tractor ninety"
CHROMIUM = os.environ.get("UPSTANDER_CHROMIUM", "/usr/bin/chromium")


@pytest.fixture
def context() -> Iterator[BrowserContext]:
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_context(locale="en-GB")
        browser.close()


def with_authenticator(context: BrowserContext) -> Page:
    """A page whose browser has a key that checks who holds it."""
    page = context.new_page()
    page.set_default_timeout(10_000)
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    return page


@pytest.mark.browser
@override_settings(MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN=True)
def test_a_passkey_is_made_and_then_signs_in_and_confirms_without_a_password(live_server, context) -> None:
    place = places.make()
    people.make_account(place.people["Head"], "head@school.example", PASSWORD)
    site = live_server.url.replace("127.0.0.1", "localhost")
    page = with_authenticator(context)

    page.goto(f"{site}/in/account/login/")
    page.locator("input[name=login]").fill("head@school.example")
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Use a passkey instead").click()
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("heading", name="If your phone is gone").wait_for()
    assert Authenticator.objects.filter(type="webauthn").count() == 1

    context.clear_cookies()
    page.goto(f"{site}/in/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"**/s/{place.school.slug}/today")

    page.goto(f"{site}/in/account/2fa/webauthn/reauthenticate/?next=/in/places")
    page.get_by_role("button", name="With my passkey").click()
    page.wait_for_url("**/in/places")


def test_a_made_up_passkey_opens_nothing(db: None) -> None:
    made_up = '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "clientExtensionResults": {}, "response": {}}'
    for said in (made_up, "{}", "[]", "no", ""):
        client = Client()
        client.get("/in/account/2fa/webauthn/login/", headers={"accept": "application/json"})
        answer = client.post("/in/account/2fa/webauthn/login/", {"credential": said})
        assert answer.status_code == 302
        assert client.get("/in/places").status_code == 302
