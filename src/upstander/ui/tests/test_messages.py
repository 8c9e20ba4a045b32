"""The script that keeps the catalogues finds every message and everything that is wrong with one."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import polib
import pytest

ROOT = Path(__file__).resolve().parents[4]


def load_script() -> ModuleType:
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("messages_script", ROOT / "scripts" / "messages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["messages_script"] = module
    spec.loader.exec_module(module)
    return module


script = load_script()


@pytest.mark.parametrize("room", script.rooms())
def test_every_message_of_every_room_is_there_in_every_language(room: str) -> None:
    assert script.check(room) == []


def test_two_rooms_do_not_translate_one_message_differently() -> None:
    assert script.clashes(script.rooms()) == []


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an invented room with a module and a template."""
    monkeypatch.setattr(script, "ROOT", tmp_path)
    monkeypatch.setattr(script, "HOUSE", tmp_path)
    place = tmp_path / "den"
    (place / "templates" / "den").mkdir(parents=True)
    (place / "views.py").write_text(
        "from django.utils.translation import gettext, ngettext, pgettext\n"
        'gettext("Plain " "and joined")\npgettext("state", "Open")\n'
        'ngettext("%(n)d thing", "%(n)d things", 2) % {"n": 2}\n'
        "gettext(variable)\n",
        "utf-8",
    )
    (place / "templates" / "den" / "page.html").write_text(
        '{% translate "It’s (here)" %} {% blocktranslate trimmed count n=n %}\n  {{ n }} <b>day</b>\n'
        "{% plural %}\n  {{ n }} <b>days</b>\n{% endblocktranslate %}"
        '{% translate "Open" context "state" %} {% include "x" with a=_("In an argument") %}',
        "utf-8",
    )
    return place


def test_messages_are_found_in_modules_and_templates(room: Path) -> None:
    assert set(script.extract("den").messages) == {
        ("", "Plain and joined", ""),
        ("state", "Open", ""),
        ("", "%(n)d thing", "%(n)d things"),
        ("", "It’s (here)", ""),
        ("", "%(n)s <b>day</b>", "%(n)s <b>days</b>"),
        ("", "In an argument", ""),
    }
    assert script.extract("den").problems == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('gettext(f"Hello {name}")', "not put together"),
        ('gettext("Hello " + name)', "not put together"),
        ('gettext("Hello %s" % name)', "not put together"),
        ('gettext("Hello %s")', "without a name"),
        ('gettext("Hello {}")', "without a name"),
        ('ngettext("%d day", "%d days", 2)', "without a name"),
    ],
)
def test_what_cannot_be_translated_is_a_problem(room: Path, line: str, said: str) -> None:
    (room / "views.py").write_text(line + "\n", "utf-8")
    assert any(said in problem and "den/views.py:1" in problem for problem in script.extract("den").problems)


def fill(path: Path, **words: str) -> None:
    """Translate every message of a catalogue, each word replaced as given."""
    po = polib.pofile(str(path))
    for entry in po:
        if entry.msgid_plural:
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, words.get("plural", entry.msgid_plural))
        else:
            entry.msgstr = words.get(entry.msgid.split()[0], f"訳：{entry.msgid}")
    po.save(str(path))


def test_a_catalogue_is_made_kept_and_checked(room: Path) -> None:
    assert len(script.update("den")) == 3
    path = script.catalogue("den", "ja")
    assert len(script.check("den")) == 18
    for language in script.LANGUAGES:
        fill(script.catalogue("den", language), plural="%(n)s <b>日</b>" if language == "ja" else "%(n)s <b>x</b>")
    wrong = "\n".join(script.check("den"))
    assert "nl/LC_MESSAGES/django.po: other tags than the source: '%(n)d thing'" in wrong
    assert "not translated" not in wrong
    before = path.read_text("utf-8")
    script.update("den")
    assert path.read_text("utf-8") == before


def test_what_is_fuzzy_foreign_or_gone_is_said(room: Path) -> None:
    script.update("den")
    path = script.catalogue("den", "ja")
    fill(path)
    po = polib.pofile(str(path))
    po.find("It’s (here)").msgstr = "It’s (here)"
    po.find("In an argument").flags.append("fuzzy")
    po.append(polib.POEntry(msgid="Gone", msgstr="ない"))
    po.find("Plain and joined").msgstr = "%(other)s"
    po.save(str(path))
    said = "\n".join(line for line in script.check("den") if "/ja/" in line)
    for part in ("still in English: 'It’s", "fuzzy: 'In an", "no longer used: 'Gone'", "other placeholders than"):
        assert part in said


def test_compiled_catalogues_are_what_the_program_reads(room: Path) -> None:
    script.update("den")
    path = script.catalogue("den", "nl")
    fill(path)
    assert script.compile_all() == 3
    compiled = polib.mofile(str(path.with_suffix(".mo")))
    assert {entry.msgid for entry in compiled} >= {"Plain and joined", "In an argument"}
    assert compiled.metadata["Plural-Forms"] == "nplurals=2; plural=(n != 1);"


def test_a_message_that_another_room_has_translated_is_remembered(room: Path) -> None:
    script.update("den")
    fill(script.catalogue("den", "ja"))
    other = room.parent / "cave"
    other.mkdir()
    (other / "views.py").write_text('gettext("In an argument")\ngettext("New here")\n', "utf-8")
    assert "cave/ja: 2 messages, 1 to translate, 0 taken out" in script.update("cave")
    assert polib.pofile(str(script.catalogue("cave", "ja"))).find("In an argument").msgstr == "訳：In an argument"
