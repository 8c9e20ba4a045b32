"""Any form is shown in the look: label, hint and error hang together, and what was given stays."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from lxml import html

from upstander.ui import forms as look
from upstander.ui.patterns import Sample


def page(form: forms.BaseForm) -> html.HtmlElement:
    """Return the form as it is shown."""
    return html.fromstring(f"<form>{form}</form>")


def sample(**given: object) -> Sample:
    """Return the sample form sent with some answers, all else blank."""
    data: MultiValueDict = MultiValueDict()
    for name, value in given.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return Sample(data, MultiValueDict())


@pytest.mark.parametrize("form", [Sample(), sample()], ids=["fresh", "with errors"])
def test_every_input_has_a_label_and_what_describes_it_is_there(form: Sample) -> None:
    tree = page(form)
    ids = {each.get("id") for each in tree.iter() if each.get("id")}
    labelled = {each.get("for") for each in tree.iter("label")}
    inputs = [each for each in tree.iter("input", "select", "textarea") if each.get("type") != "hidden"]
    assert len(inputs) > 40
    for each in inputs:
        assert each.get("id") in labelled
    for each in tree.iter():
        for wanted in (each.get("aria-describedby") or "").split():
            assert wanted in ids


def test_ids_are_given_once() -> None:
    ids = [each.get("id") for each in page(sample()).iter() if each.get("id")]
    assert len(ids) == len(set(ids))


def test_the_summary_leads_to_every_field_with_an_error() -> None:
    form = sample(what="At the lockers")
    tree = page(form)
    summary = tree.xpath("//div[@role='alert']")[0]
    targets = [link.get("href").lstrip("#") for link in summary.iter("a")]
    assert len(targets) == len(form.errors)
    for target in targets:
        assert tree.xpath(f"//*[@id='{target}']")[0].tag in ("input", "select", "textarea")
    assert "id_what" not in targets
    assert summary.xpath(".//h2")[0].text == "7 more things, then we can go on"


def test_no_summary_before_anything_was_sent() -> None:
    assert page(Sample()).xpath("//div[@role='alert']") == []
    assert look.problems(Sample()) == []


def test_answers_stay_when_something_else_is_missing() -> None:
    form = sample(standing="saw-it", place=["gym", "unknown"], what="<b>😀</b> \u202eabc", at_0="2026-03-10", at_1="")
    assert not form.is_valid()
    tree = page(form)
    checked = {each.get("value") for each in tree.iter("input") if each.get("checked") is not None}
    assert checked == {"saw-it", "gym", "unknown"}
    assert tree.xpath("//textarea")[0].text.strip() == "<b>😀</b> \u202eabc"
    assert tree.xpath("//input[@name='at_0']")[0].get("value") == "2026-03-10"


def test_a_long_text_is_never_cut_by_the_browser_and_says_its_limit() -> None:
    form = sample(what="å" * 201)
    tree = page(form)
    box = tree.xpath("//textarea")[0]
    assert box.get("maxlength") is None
    assert box.get("data-max") == "200"
    assert len(box.text.strip()) == 201
    assert form.errors["what"] == ["This is too long: at most 200 characters. Nothing you wrote is lost."]


def test_the_browser_does_not_answer_in_its_own_language() -> None:
    tree = page(Sample())
    assert tree.xpath("//*[@required]") == []
    assert tree.xpath("//*[@maxlength]") == []


@pytest.mark.parametrize(
    ("code", "said"),
    [("ja", "この中から一つ選んでください。"), ("nl", "Kies er één."), ("zh-hans", "请选择一项。")],
)
def test_errors_speak_the_readers_language(code: str, said: str) -> None:
    with translation.override(code):
        form = sample()
        assert form.errors["standing"] == [said]
        assert said in str(form)


def test_messages_of_a_form_itself_stay() -> None:
    class Own(look.Form):
        word = forms.CharField(error_messages={"required": "Word 3 is needed to come back."})

    assert Own({}).errors["word"] == ["Word 3 is needed to come back."]


def test_a_moment_is_naive_and_of_whole_minutes() -> None:
    class When(look.Form):
        at = look.MomentField(label="When")
        day = look.DayField()

    form = When({"at_0": "2026-03-10", "at_1": "15:40:33", "day": "2026-03-11"})
    assert form.is_valid()
    assert form.cleaned_data == {"at": datetime(2026, 3, 10, 15, 40), "day": date(2026, 3, 11)}
    assert When({"at_0": "2026-02-30", "at_1": "15:40", "day": "x"}).errors == {
        "at": ["Give a day that exists."],
        "day": ["Give a day that exists."],
    }
    again = page(When(initial={"at": datetime(2026, 3, 10, 8, 5)}))
    assert [each.get("value") for each in again.iter("input")] == ["2026-03-10", "08:05", None]
    assert [each.get("type") for each in again.iter("input")] == ["date", "time", "date"]


class Files(look.Form):
    """A form for files with low limits."""

    pictures = look.FilesField(label="Pictures", required=False, most=2, most_bytes=10, most_total=15)


def sent(*sizes: int) -> Files:
    """Return the form sent with files of these sizes."""
    given = MultiValueDict({"pictures": [SimpleUploadedFile(f"写真{size}.png", b"x" * size) for size in sizes]})
    return Files(MultiValueDict(), given)


def test_several_files_come_as_a_list() -> None:
    form = sent(3, 4)
    assert form.is_valid()
    assert [file.size for file in form.cleaned_data["pictures"]] == [3, 4]
    blank = sent()
    assert blank.is_valid()
    assert blank.cleaned_data["pictures"] == []


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ((1, 2, 3), "These are too many files: at most 2."),
        ((11,), "“写真11.png” is too big: at most 0 MB for one file."),
        ((9, 10), "Together these files are too big: at most 0 MB. Send some of them later."),
        ((0,), "This file is empty. Choose another one."),
    ],
)
def test_files_that_do_not_fit_are_said_by_name(sizes: tuple[int, ...], said: str) -> None:
    assert sent(*sizes).errors["pictures"] == [said]


def test_the_question_may_be_the_heading_of_the_page() -> None:
    class One(look.Form):
        heading_field = "safe"
        safe = look.YesNoField(label="Are you safe now?")

    assert page(One()).xpath("//legend/h1")[0].text_content().strip() == "Are you safe now?"


def test_labels_of_another_language_say_so() -> None:
    class Foreign(look.Form):
        lang = "ja"
        what = forms.CharField(label="何がありましたか")

    assert page(Foreign()).xpath("//label/span")[0].get("lang") == "ja"
    with translation.override("ja"):
        assert page(Foreign()).xpath("//label/span")[0].get("lang") is None


def test_optional_is_said_only_where_the_form_wishes_it() -> None:
    assert "(optional)" not in str(Sample())
    assert page(Sample()).xpath("//span[@class='optional']")[0].text == "optional"


def test_a_foreign_form_can_be_softened() -> None:
    class Foreign(forms.Form):
        mail = forms.EmailField()

    form = Foreign({"mail": "x"})
    look.soften(form)
    assert form.errors["mail"] == ["Write an e-mail address like name@example.org."]


def test_labels_before_messages_lose_their_mark() -> None:
    assert look.strip_label("どこでしたか？") == "どこでしたか"
    assert look.strip_label("Where was it?") == "Where was it"


def test_a_hidden_field_has_no_label() -> None:
    class Hidden(look.Form):
        key = forms.CharField(widget=forms.HiddenInput)

    from django.template import engines

    shown = engines["django"].from_string("{% field form.key %}").render({"form": Hidden()})
    assert shown == '<input type="hidden" name="key" id="id_key">'
