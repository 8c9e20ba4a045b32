"""Files: known by their content, made harmless, encrypted, shown only from a sandbox."""

from __future__ import annotations

import io

import pikepdf
import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from upstander.access.decide import NotFound
from upstander.records import actions, files, queries
from upstander.records.errors import FormProblems
from upstander.records.models import Reading, StoredFile
from upstander.records.tests import place as places
from upstander.records.tests.place import Place


def picture(kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(out, format=kind, **more)
    return out.getvalue()


def photograph() -> bytes:
    """A JPEG that says where it was taken and holds a comment."""
    said = Image.Exif()
    said[0x010F] = "SecretCamera"
    said[0x0112] = 6
    said.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", exif=said, comment=b"SecretComment")


def upload(name: str, content: bytes, kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def heic() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (32, 32))).save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture("PNG"), "image/png"),
        (picture("JPEG"), "image/jpeg"),
        (picture("GIF"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (heic(), "image/jpeg"),
        ("Sie sagten: 「ばか」".encode(), "text/plain"),
    ],
)
def test_what_a_file_is_says_its_content_and_not_its_name(content: bytes, kind: str) -> None:
    made = files.prepare(upload("lies.exe", content, "application/x-msdownload"))

    assert made.type == kind
    assert made.name == f"lies.{files.EXTENSION[kind]}"


def test_a_photograph_forgets_where_and_with_what_it_was_taken_and_stands_upright() -> None:
    made = files.prepare(upload("IMG_1.jpg", photograph()))

    assert b"SecretCamera" not in made.content
    assert b"SecretComment" not in made.content
    drawn = Image.open(io.BytesIO(made.content))
    assert not drawn.getexif()
    assert drawn.size == (20, 40)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("a.html", b"  <!doctype html><p>x"),
        ("a.txt", b"hello <SCRIPT>x</SCRIPT>"),
        ("a.zip", b"PK\x03\x04rest"),
        ("a.docm", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"),
        ("a.exe", b"MZ\x90\x00"),
        ("a.png", b"\x89PNG\r\n\x1a\nnot really"),
        ("a.jpg", b"\xff\xd8\xff" + b"\x00" * 50),
        ("a.pdf", b"%PDF-1.7\nnot really"),
        ("empty.txt", b""),
    ],
)
def test_what_could_run_or_is_damaged_is_refused_with_a_reason(name: str, content: bytes) -> None:
    with pytest.raises(files.RefusedFile) as refused:
        files.prepare(upload(name, content))

    assert refused.value.code == "file-type"
    assert name in str(refused.value)


def test_a_picture_that_is_also_a_page_loses_the_page() -> None:
    made = files.prepare(upload("a.png", picture("PNG") + b"<script>alert(1)</script>"))

    assert b"script" not in made.content


def test_a_pdf_loses_scripts_attachments_and_metadata() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="app.alert(1)")
    pdf.docinfo["/Author"] = "SecretAuthor"
    pdf.attachments["x.exe"] = b"MZ"
    out = io.BytesIO()
    pdf.save(out)

    made = files.prepare(upload("a.pdf", out.getvalue()))

    assert b"SecretAuthor" not in made.content
    with pikepdf.open(io.BytesIO(made.content)) as clean:
        assert "/OpenAction" not in clean.Root
        assert not list(clean.attachments)


def test_a_file_that_is_too_big_is_refused(settings: object) -> None:
    settings.MAX_FILE_BYTES = 1000  # type: ignore[attr-defined]

    with pytest.raises(files.RefusedFile) as refused:
        files.prepare(upload("a.txt", b"x" * 1001))
    assert refused.value.code == "file-size"


def test_a_name_cannot_lead_elsewhere_or_turn_around() -> None:
    made = files.prepare(upload("..\\..\\etc\\pass\u202egnp.txt", b"words"))

    assert made.name == "passgnp.txt"


def test_a_file_lies_encrypted_opens_for_whoever_sees_the_record_and_is_on_record(place: Place) -> None:
    case = places.case(place)
    head = place.viewer("Head")
    event = actions.record(head, case, "file-added", files=[upload("note.txt", b"they wrote this")])
    [entry] = [each for each in queries.timeline(head, case, "en-GB") if each.id == event.id]
    [info] = entry.fields[0].files
    stored = StoredFile.objects.get()

    response = files.file_response(head, case.id, info.id)

    assert b"wrote" not in bytes(stored.ciphertext)
    assert (response.content, info.name, info.type) == (b"they wrote this", "note.txt", "text/plain")
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Content-Disposition"].startswith("attachment")
    assert Reading.objects.filter(what=f"file:{info.id}").count() == 1
    with pytest.raises(NotFound):
        files.file_response(place.viewer("Dana"), case.id, info.id)
    with pytest.raises(NotFound):
        files.file_response(head, places.concern(place).id, info.id)


def test_one_bad_file_stops_the_whole_form(place: Place) -> None:
    case = places.case(place)

    with pytest.raises(FormProblems) as found:
        actions.record(
            place.viewer("Head"), case, "file-added", files=[upload("a.txt", b"fine"), upload("b.zip", b"PK\x03\x04")]
        )
    assert [(problem.field, problem.code) for problem in found.value.problems] == [("files", "file-type")]
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("name", ["PIL.Image.open", "pikepdf.open"])
def test_a_parser_that_breaks_refuses_the_file_and_not_the_report(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> object:
        raise KeyError("deep inside")

    monkeypatch.setattr(name, broken)
    content = picture("PNG") if "PIL" in name else b"%PDF-1.7 nothing"

    with pytest.raises(files.RefusedFile):
        files.prepare(upload("a.bin", content))


def test_a_file_of_a_field_that_is_kept_from_somebody_does_not_open(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = places.case(place)
    about = {"target": [place.id("Aiko")]}
    event = actions.record(
        place.viewer("Head"),
        case,
        "hearing-held",
        about=about,
        fields={"account": "She said so."},
        files={"picture": [upload("a.png", picture("PNG"))]},
    )
    stored = StoredFile.objects.get(event=event)
    files.opened(place.viewer("Chen"), case, stored.id)

    monkeypatch.setattr("upstander.records.reading.secret_fields", lambda viewer, kind: frozenset({"picture"}))

    with pytest.raises(NotFound):
        files.opened(place.viewer("Chen"), case, stored.id)


def test_of_what_is_kept_from_somebody_no_reason_is_shown_either(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    case = places.case(place)
    about = {"target": [place.id("Aiko")]}
    event = actions.record(place.viewer("Head"), case, "act", about=about, happened_anyway="He is in hospital.")
    actions.void(place.viewer("Head"), event, "It was his brother.")
    monkeypatch.setattr("upstander.records.reading.secret_kinds", lambda viewer: frozenset({"act"}))

    entry = next(each for each in queries.timeline(place.viewer("Chen"), case, "en-GB") if each.kind == "act")

    assert entry.hidden
    assert (entry.anyway, entry.void_reason, entry.fields) == ("", "", ())
