"""At the gate of the Chinese school: no child leaves with a stranger, and a child who has not arrived is asked after in time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from tests.browser import steps
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
SCHOOL = "qinghe"
CHILD = "小麦"
NEIGHBOUR = "楼下的阿姨"
TOMORROW = "2026-11-18"
SEEN = {"checked": "yes", "fit": "yes"}


def file_of(visitor: Visitor) -> str:
    """The address of the child's pick-up file, from the register."""
    visitor.go(f"/s/{SCHOOL}/registers/pick-up-file/")
    link = visitor.page.locator("main a[href*='/records/']", has_text=CHILD).first
    return str(link.get_attribute("href")).rstrip("/")


def write_down(visitor: Visitor, words: str, relation: str) -> None:
    """Somebody who is not in the school's register, in words."""
    page = visitor.page
    if not page.locator("[name=outside_name]").is_visible():
        page.locator("details.finder summary").click()
    page.fill("[name=outside_name]", words)
    page.fill("[name=outside_relation]", relation)
    role = page.locator("[name=outside_role]")
    if role.count() and role.first.evaluate("one => one.tagName") == "SELECT":
        role.select_option("collector")
    elif role.count():
        steps.choose(visitor, "outside_role", "collector")


def fits(visitor: Visitor) -> None:
    """The page does not run out of a narrow screen."""
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), visitor.page.url


def record(
    visitor: Visitor, file: str, kind: str, fields: Mapping[str, str | Sequence[str]], *, whom: str = NEIGHBOUR
) -> None:
    steps.do(visitor, file, kind, fields, {"child": CHILD, "collector": whom})


def test_a_stranger_is_refused_then_entrusted_and_a_missing_child_is_asked_after_in_time(
    visitor: Callable[..., Visitor],
):
    gate, teacher = visitor("zh-CN", phone=True), visitor("zh-CN")
    gate.be("石师傅")
    teacher.be("荷老师")
    file = file_of(gate)

    # Whoever is not on the list gets no child, and the page says what is missing.
    gate.go(f"{file}/do/delegate-collected")
    steps.tick_people(gate, {"child": CHILD})
    write_down(gate, NEIGHBOUR, "邻居")
    steps.fill(gate, SEEN)
    gate.follow(gate.page.locator("main form button.main").last)
    assert "委托没有生效，不把孩子交给来人" in gate.main()
    fits(gate)

    # The class teacher writes the neighbour down; with all four the gate lets the child go.
    teacher.go(f"{file}/do/delegate-named")
    steps.tick_people(teacher, {"child": CHILD})
    write_down(teacher, NEIGHBOUR, "邻居")
    steps.fill(
        teacher, {"name": NEIGHBOUR, "age": "44", "features": "戴眼镜", "relation": "neighbour", "reason": "work"}
    )
    steps.send(teacher)
    record(teacher, file, "guardian-accepted", {})
    record(teacher, file, "delegate-received", {"valid-until": "2026-12-31", "seen": "yes"})
    teacher.go(f"{file}/do/delegate-accepted")
    steps.tick_people(teacher, {"child": CHILD, "collector": NEIGHBOUR})
    teacher.page.fill("[name=signature_name]", NEIGHBOUR)
    teacher.page.locator("[name=signature_sure]").check(force=True)
    steps.send(teacher)
    record(gate, file, "delegate-collected", SEEN)
    assert "被委托人接走" in gate.main()

    # The next morning: of two children one does not come; the class teacher reaches the family within a quarter of an hour.
    teacher.move_clock(SCHOOL, f"{TOMORROW}T07:20")
    teacher.go(f"/s/{SCHOOL}/registers/day-roll/new/roll-opened")
    for name in (CHILD, "小满"):
        steps.name_person(teacher, "child", name)
    steps.fill(teacher, {"closed-campus": "yes"})
    steps.send(teacher)
    roll = teacher.page.url.split(teacher.site.url)[1].split("?")[0].rstrip("/")
    teacher.move_clock(SCHOOL, f"{TOMORROW}T07:45")
    steps.do(gate, roll, "arrived", {"part": "morning", "how": "seen-in"}, {"child": CHILD})
    teacher.move_clock(SCHOOL, f"{TOMORROW}T08:09")
    teacher.go(roll)
    assert "联系没按时到校的孩子的家长" in teacher.main()
    steps.do(teacher, roll, "guardian-reached", {"how": "phone", "words": "路上堵车"}, {"child": "小满"})
    teacher.go(f"{roll}/why/not-arrived")
    assert "按时完成" in teacher.main(), teacher.main()
    fits(teacher)
