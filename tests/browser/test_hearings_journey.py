"""Two who are named tell it differently: laid side by side, planned apart, heard again and read back; a contradiction stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import steps
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
SCHOOL = "aoba"
FIRST, SECOND = "例原 ひばり", "見本 湊"
HEARERS = ["空見 檀", "仮井 蓮"]
AXE = Axe().axe_script
RULES = "() => axe.run(document).then(found => found.violations.map(each => each.id + ' ' + each.nodes[0].html))"


def sound(visitor: Visitor) -> None:
    """Axe finds nothing, and the page does not scroll sideways."""
    visitor.page.evaluate(AXE)
    assert visitor.page.evaluate(RULES) == [], visitor.page.url
    page = "document.documentElement"
    assert visitor.page.evaluate(f"{page}.scrollWidth <= {page}.clientWidth"), visitor.page.url


def both_sizes(visitor: Visitor) -> None:
    """The page as it is, on a telephone and at a desk."""
    for width in (360, 1280):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        sound(visitor)


def plan(visitor: Visitor, case: str, who: str, time: str, day: str = "2026-11-17") -> bool:
    """Plan the next hearing of somebody; whether it was planned."""
    visitor.go(f"{case}/hearings")
    row = visitor.page.locator("ol.spine > li", has_text=who)
    visitor.follow(row.get_by_role("link", name="予定").first)
    steps.tick_people(visitor, {"staff": HEARERS})
    steps.fill(visitor, {"day": day, "time": time, "minutes": "20", "room": "counselling"})
    visitor.follow(visitor.page.locator("main form button.main").last)
    return "recorded=" in visitor.page.url


def hear_again(visitor: Visitor, child: Visitor, case: str, who: str, said: Mapping[str, str]) -> None:
    """Hear somebody again and let them confirm it on a telephone of the school."""
    visitor.go(f"{case}/hearings")
    row = visitor.page.locator("ol.spine > li", has_text=who)
    visitor.follow(row.get_by_role("link", name="聴").first)
    steps.tick_people(visitor, {"staff": HEARERS})
    visitor.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    steps.fill(visitor, {"apart": "yes", "account": f"「{who}の話」", **said})
    steps.send(visitor)
    assert "/read-back" in visitor.page.url
    child.go(visitor.page.url.removeprefix(visitor.site.url))
    assert said["what"] in child.main()
    sound(child)
    steps.fill(child, {"changed": "no", "initials": "H"})
    steps.send(child)


def test_two_accounts_that_contradict_each_other(visitor: Callable[..., Visitor]) -> None:
    """In Japanese, at a desk; the pupils read and confirm on a telephone."""
    lead, child = visitor("ja"), visitor("ja", phone=True)
    lead.be("空見 檀")
    child.be("空見 檀")
    case = steps.case_of(lead, SCHOOL, "仮沢 すず")

    lead.go(f"{case}/hearings/accounts")
    both_sizes(lead)
    row = lead.page.locator("tbody#row-what")
    for box in row.locator("input[name=said]").all():
        box.check()
    lead.follow(row.locator("button"))
    both_sizes(lead)
    steps.fill(lead, {"words": "だれが外したか"})
    steps.send(lead)
    assert "食い違い1：何を" in lead.main()
    lead.go(f"{case}/hearings/accounts/1/settle")
    steps.fill(lead, {"outcome": "stands"})
    lead.follow(lead.page.locator("main form button.main"))
    assert "JP-F.5a" in lead.page.content(), "nobody settles it before both were heard again"

    assert plan(lead, case, FIRST, "15:40")
    assert not plan(lead, case, SECOND, "16:05"), "they would meet at the door"
    assert "JP-F.2.2a" in lead.page.content()
    assert plan(lead, case, SECOND, "16:10")
    both_sizes(lead)
    assert "15:40–16:00" in lead.main()

    lead.move_clock(SCHOOL, "2026-11-17T16:02")
    hear_again(lead, child, case, FIRST, {"what": "「やはり湊さんに言われた」"})
    lead.move_clock(SCHOOL, "2026-11-17T16:32")
    hear_again(lead, child, case, SECOND, {"what": "「ぜったいに言っていない」"})
    lead.move_clock(SCHOOL, "2026-11-17T17:00")
    lead.go(f"{case}/hearings/accounts/1/settle")
    both_sizes(lead)
    steps.fill(lead, {"outcome": "stands", "words": "二人の話は合わなかった。"})
    steps.send(lead)
    told = lead.page.locator("#difference-1").inner_text()
    assert "矛盾として残す" in told
    assert "やはり湊さんに言われた" in told
    assert "ぜったいに言っていない" in told
    both_sizes(lead)

    # Somebody else is named now: until they have spoken, nobody but those who were there reads what the others said.
    steps.do(lead, case, "person-added", {}, {"actor": "空野"})
    head = visitor("ja", phone=True)
    head.be("例山 楓")
    head.go(f"{case}/hearings/accounts")
    assert "やはり湊さんに言われた" not in head.page.content()
    assert "封じて" in head.main()
    sound(head)
