"""A register answers while one types, and to its button where there is no script."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
NAME = "空野"


@pytest.mark.parametrize("scripts", [True, False])
def test_the_filter_of_a_register(shared_visitor: Callable[..., Visitor], scripts: bool) -> None:
    visitor = shared_visitor(scripts=scripts)
    visitor.be("見本 榎")
    visitor.go("/s/aoba/cases/")
    page = visitor.page
    everything = page.locator("#shown").inner_text()
    page.locator("#q").fill(NAME)
    if not scripts:
        page.get_by_role("button", name="Show").click()
    page.wait_for_url("**q=*")
    page.wait_for_function("before => document.getElementById('shown').textContent !== before", arg=everything)
    assert all(NAME in row for row in page.locator("#found tbody tr").all_inner_texts())
    assert page.locator("#q").input_value() == NAME
    if scripts:
        assert page.evaluate("document.activeElement.id") == "q"
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.locator("#found tbody a").first.click()
    page.go_back()
    assert page.locator("#q").input_value() == NAME
