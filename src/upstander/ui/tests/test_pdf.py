"""Paper: tagged, in its language, with our fonts inside, and what people wrote is never markup."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from upstander.ui import pdf

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
SHEET = """#import "/ui/reports/sheet.typ": *
#show: sheet.with(title: data.title)
= #data.title
#said("zh-Hans", data.words)
"""


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A sheet in a house of its own that has only the shared one beside it."""
    shared = Path(pdf.__file__).parent / "reports" / "sheet.typ"
    (tmp_path / "ui" / "reports").mkdir(parents=True)
    (tmp_path / "ui" / "reports" / "sheet.typ").write_text(shared.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "one.typ").write_text(SHEET, encoding="utf-8")
    monkeypatch.setattr(pdf, "_ROOMS", tmp_path)
    return "one.typ"


def fonts_of(document: pikepdf.Pdf) -> set[str]:
    return {
        str(font.DescendantFonts[0].BaseFont).partition("+")[2]
        for page in document.pages
        for font in page.Resources.get("/Font", {}).values()
        if "/DescendantFonts" in font and "/FontDescriptor" in font.DescendantFonts[0]
    }


def test_a_sheet_is_tagged_says_its_language_and_carries_its_fonts(sheet: str) -> None:
    made = pdf.make(sheet, {"title": "第一報", "words": "报告"}, lang="ja", now=NOW)

    with pikepdf.open(io.BytesIO(made)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith("ja")
        assert str(document.docinfo["/Title"]) == "第一報"
        assert {"NotoSansJP", "NotoSansSC"} <= {name.partition("-")[0] for name in fonts_of(document)}


def test_equal_data_at_an_equal_time_gives_equal_bytes(sheet: str) -> None:
    one, two = (pdf.make(sheet, {"title": "A", "words": "b"}, lang="nl", now=NOW) for _ in range(2))

    assert one == two != pdf.make(sheet, {"title": "A", "words": "c"}, lang="nl", now=NOW)


@pytest.mark.parametrize(
    "text", ['#panic("no")', '#read("/etc/passwd")', "= [ *", "$", '"] #set page(', "مرحبا 👋🏽", ""]
)
def test_what_people_wrote_is_shown_and_never_run(sheet: str, text: str) -> None:
    assert pdf.make(sheet, {"title": "T" + text, "words": text}, lang="en-GB", now=NOW).startswith(b"%PDF")


def test_a_sheet_that_cannot_be_made_says_where(sheet: str) -> None:
    with pytest.raises(pdf.SheetError, match=r"one\.typ"):
        pdf.make(sheet, {}, lang="en-GB", now=NOW)


def test_a_sign_that_no_font_has_is_named_so_that_nothing_said_is_lost(sheet: str) -> None:
    assert pdf.shown("ok 👋 𓀀\u200d!") == "ok 👋 [U+13000 EGYPTIAN HIEROGLYPH A001]\u200d!"
    assert pdf.make(sheet, {"title": "𓀀", "words": "ខ្មែរ 한국어 हिन्दी"}, lang="nl", now=NOW).startswith(b"%PDF")
