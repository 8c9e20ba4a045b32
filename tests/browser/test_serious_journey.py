"""A serious incident at the Japanese school: a parent's claim, thirty days away, the report to the board, three months."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import steps
from tests.browser.conftest import Visitor
from tests.browser.test_accessibility import Look

pytestmark = pytest.mark.browser
SCHOOL, NAME = "aoba", "仮沢 すず"
TARGET = {"target": NAME}
BOARD = "0475-70-0372"


def days_away(teacher: Visitor, case: str, month: str) -> None:
    """Tick every day of a month that may be ticked."""
    teacher.go(f"{case}/absence?month={month}")
    boxes = teacher.page.locator("main input[name=day]")
    for number in range(boxes.count()):
        boxes.nth(number).check()
    ticked = boxes.count()
    teacher.follow(teacher.page.locator("main form button.main"))
    assert teacher.page.locator("main .away").count() >= ticked


def report(head: Visitor, case: str, name: str, form: str, folder: Path) -> bytes:
    """Make a report in one form and take it down."""
    head.go(f"{case}/serious/{name}")
    steps.choose(head, "form", form)
    with head.page.expect_download() as taken:
        head.page.locator("main form button.main").click()
    path = folder / f"{name}.{form}"
    taken.value.save_as(path)
    return path.read_bytes()


def look_at_rooms(visitor: Visitor, case: str) -> list[str]:
    """What axe and the plain checks find on the pages of this story, on a telephone and at a desk."""
    look = Look(visitor, "ja")
    for page in ("serious", "serious/first", "absence", "plans", "letters", "letters/appointment"):
        look.at(f"{case}/{page}", page)
    return look.wrong


def test_a_claim_and_thirty_days_lead_to_the_board_and_nothing_is_closed_before_it_has_the_report(
    visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    teacher = visitor("ja", phone=True)
    teacher.be("仮井 蓮")
    case = steps.case_of(teacher, SCHOOL, NAME)

    # Days away, ticked on a telephone: a run across weekends and a holiday makes somebody judge; so do thirty in all.
    teacher.go(f"{case}/serious")
    assert not teacher.page.locator("figure.clock").count()
    days_away(teacher, case, "2026-11")
    teacher.go(f"{case}/serious")
    assert teacher.page.locator("figure.clock rect.b1").count() == 1
    days_away(teacher, case, "2026-10")
    counted = re.search(r"30のうち(\d+)", teacher.main())
    assert counted is not None
    assert int(counted[1]) >= 30

    # The parents' claim starts the clock on its own.
    steps.do(teacher, case, "serious-claimed", {"words": "学校に行けないほどの被害だと、母親が話した。"}, TARGET)
    teacher.go(f"{case}/serious")
    numbered = [each.split("　")[0] for each in teacher.page.locator("main .spine h3").all_inner_texts()[:4]]
    assert numbered == ["1", "2", "3", "4"]
    assert teacher.page.locator("figure.clock rect.b1").count() == 4
    assert teacher.page.locator(f"a[href='tel:{BOARD.replace('-', '')}']").count() == 1

    # The head reports, with names covered, as paper and as data.
    head = visitor("ja")
    head.be("例山 楓")
    assert look_at_rooms(head, case) == []
    assert report(head, case, "first", "pdf", tmp_path).startswith(b"%PDF")
    found = json.loads(report(head, case, "first", "data", tmp_path))
    assert NAME not in json.dumps(found, ensure_ascii=False)
    assert found["authority"]["number"] == BOARD
    assert [each["holds"] for each in found["days"]] == [True, True]
    said = {"taken-by": "学校教育室 係長", "how": "phone", "words": "第一報の文面のとおり。"}
    steps.do(head, case, "reported-to-board", said, TARGET)
    steps.do(
        head,
        case,
        "serious-judged",
        {"kinds": ["absence"], "result": "suspected", "reason": "欠席が続いている。"},
        TARGET,
    )

    # The committee, the inquiry, the family.
    deputy = visitor("ja")
    deputy.be("見本 桐子")
    met = {"body": "committee", "matter": ["serious", "inquiry"], "decided": "調査を始める。"}
    steps.do(deputy, case, "committee-met", met)
    steps.do(deputy, case, "inquiry-planned", {"plan": "本人、相手の二人、学級の順に聴く。"}, TARGET)
    told = {"how": "home-visit", "told": ["inquiry"]}
    steps.do(head, case, "parents-told", told, {**TARGET, "staff": ["例山 楓", "見本 桐子"]})
    steps.do(deputy, case, "inquiry-finished", {"findings": "書き込みと仲間外れがあった。"}, TARGET)
    kept = {"at-once": "席を変える。", "lasting": "毎週、面談する。"}
    steps.do(deputy, case, "measures-after", kept, TARGET)

    # Three months later the acts have stopped, but the board still waits for the report: it cannot be closed.
    head.page.set_default_timeout(90_000)  # a month of every clock in the school
    for month in ("2026-12-18", "2027-01-20"):
        head.move_clock(SCHOOL, f"{month}T10:00")
    head.be("例山 楓")
    head.go(f"{case}/closing")
    assert "行為が3か月止んでいる" in head.main()
    assert "調査の結果を文書で教育委員会に報告する" in head.main()
    assert report(head, case, "final", "pdf", tmp_path).startswith(b"%PDF")
    final = json.loads(report(head, case, "final", "data", tmp_path))
    assert [each["kind"] for each in final["entries"]][-3:] == ["inquiry-planned", "inquiry-finished", "measures-after"]
    steps.do(head, case, "report-sent", {"sent-on": "2027-01-20"}, TARGET)
    head.go(f"{case}/closing")
    assert "調査の結果を文書で教育委員会に報告する" not in head.main()
    head.go(f"{case}/serious")
    assert head.page.locator("main .spine .dot.is-overdue").count() == 0
