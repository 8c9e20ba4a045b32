"""Files: what they are by their first bytes, made harmless, encrypted, shown only from a sandbox after a click.

Nothing of a file is believed but its content: not its name, not the type that the browser says.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pikepdf
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from upstander.access.viewer import Viewer
from upstander.records import scanning
from upstander.records.errors import Problem
from upstander.records.models import SealedField, StoredFile

LONGEST_NAME = 120
MOST_PIXELS = 60_000_000
EXTENSION = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "text/plain": "txt",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file made harmless, before it is encrypted."""

    id: UUID
    name: str
    type: str
    content: bytes
    received: str = ""
    """SHA-256 of the file as it was sent, before it was made harmless."""

    def description(self) -> bytes:
        """What the sealed field ``file:ID`` holds. ``sha256``: of the file as it is kept, to tell a copy by."""
        said = {"name": self.name, "type": self.type, "size": len(self.content), "sha256": sha256(self.content)}
        said |= {"received": self.received} if self.received else {}
        return json.dumps(said, ensure_ascii=False).encode()


def sha256(content: bytes) -> str:
    """The fingerprint of a file, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class RefusedFile(Exception):
    """The file is not taken; the text says why and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def prepare_all(field: str, uploads: Iterable[UploadedFile]) -> tuple[list[Prepared], list[Problem]]:
    """Check and clean the files of one field, all problems at once."""
    prepared: list[Prepared] = []
    problems: list[Problem] = []
    total = 0
    for upload in uploads:
        try:
            one = prepare(upload)
        except RefusedFile as refused:
            problems.append(Problem(field, refused.code, str(refused)))
            continue
        total += len(one.content)
        prepared.append(one)
    if total > settings.MAX_REPORT_BYTES:
        most = settings.MAX_REPORT_BYTES // (1024 * 1024)
        problems.append(
            Problem(field, "report-size", _("Together these files are too big: at most %(most)d MB.") % {"most": most})
        )
    return prepared, problems


def prepare(upload: UploadedFile) -> Prepared:
    """Find out what a file is and make it harmless. Raises RefusedFile."""
    name = _clean_name(upload.name or "")
    most = settings.MAX_FILE_BYTES
    if (upload.size or 0) > most:
        raise RefusedFile(
            "file-size",
            _("“%(name)s” is too big: at most %(most)d MB.") % {"name": name, "most": most // (1024 * 1024)},
        )
    content = upload.read(most + 1)
    kind = sniff(content)
    if kind is None:
        raise RefusedFile(
            "file-type",
            _("“%(name)s” cannot be taken. Send a picture, a PDF, a sound, a film or plain text.") % {"name": name},
        )
    _scanned(name, content)
    received = sha256(content)
    kind, content = _harmless(name, kind, content)
    return Prepared(uuid4(), f"{_stem(name)}.{EXTENSION[kind]}", kind, content, received)


def _scanned(name: str, content: bytes) -> None:
    """Ask the scanner, where there is one, before any parser of ours opens the file. Raises RefusedFile."""
    if not scanning.wanted():
        return
    try:
        found = scanning.infected(content)
    except scanning.Unreachable:
        message = _("“%(name)s” cannot be checked just now. Send your words without it, and the file later.")
        raise RefusedFile("file-scan", message % {"name": name}) from None
    if found:
        message = _("“%(name)s” holds a virus and is not taken. A photograph of the screen can be sent instead.")
        raise RefusedFile("file-virus", message % {"name": name})


def sniff(content: bytes) -> str | None:
    """The type of a file by its first bytes; None for what is not taken."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return _iso_media(content[8:12])
    if content[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"):
        return "audio/mpeg"
    return "text/plain" if _is_text(content) else None


_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
)


def _iso_media(brand: bytes) -> str | None:
    if brand in (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"avif"):
        return "image/heic"
    if brand in (b"M4A ", b"M4B "):
        return "audio/mp4"
    return (
        "video/mp4"
        if brand in (b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"iso5", b"iso6")
        else None
    )


def _is_text(content: bytes) -> bool:
    """Plain text in UTF-8; markup that a browser might run is no plain text."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if any(sign < " " and sign not in "\t\n\r\f" for sign in text):
        return False
    head = text.lstrip("\ufeff \t\r\n")[:1000].lower()
    return bool(content) and not head.startswith(("<", "#!", "{\\rtf")) and "<script" not in text.lower()


def _harmless(name: str, kind: str, content: bytes) -> tuple[str, bytes]:
    if kind.startswith("image/"):
        return _picture(name, kind, content)
    if kind == "application/pdf":
        return kind, _pdf(name, content)
    return kind, content


def _picture(name: str, kind: str, content: bytes) -> tuple[str, bytes]:
    """Draw the picture anew: place, camera and time of the photograph stay behind, and so does whatever else was in the file."""
    if kind == "image/heic":
        import pillow_heif

        pillow_heif.register_heif_opener()
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise RefusedFile("file-size", _("The picture “%(name)s” has too many pixels.") % {"name": name})
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except RefusedFile:
        raise
    except Exception:  # parsers of pictures fail in many ways; a report is never lost to one of them
        raise RefusedFile("file-type", _("“%(name)s” is damaged or is no picture.") % {"name": name}) from None
    target = {"image/gif": "image/png", "image/heic": "image/jpeg"}.get(kind, kind)
    return target, _drawn(upright, target)


def _drawn(picture: Image.Image, target: str) -> bytes:
    mode = (
        "RGB"
        if target == "image/jpeg"
        else "RGBA"
        if "A" in picture.getbands() or "transparency" in picture.info
        else "RGB"
    )
    # Only the pixels go into the new picture: no profile, no comment, no second image.
    clean = Image.new(mode, picture.size)
    clean.paste(picture.convert(mode))
    out = io.BytesIO()
    clean.save(out, format=target.removeprefix("image/").upper(), **({"quality": 88} if target != "image/png" else {}))
    return out.getvalue()


_ACTIVE = ("/OpenAction", "/AA", "/Names", "/AcroForm", "/Collection", "/Metadata", "/PieceInfo")


def _pdf(name: str, content: bytes) -> bytes:
    """Write the PDF anew without scripts, forms, attachments, metadata and what runs by itself."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            for key in _ACTIVE:
                if key in pdf.Root:
                    del pdf.Root[key]
            for page in pdf.pages:
                for key in ("/AA", "/Annots", "/Metadata", "/PieceInfo"):
                    if key in page:
                        del page[key]
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            out = io.BytesIO()
            pdf.save(out, linearize=False)
            return out.getvalue()
    except Exception:  # whatever a hostile file brings a parser to say, it is a file that cannot be read
        message = _("“%(name)s” is damaged or locked with a password. Send a picture of it instead.")
        raise RefusedFile("file-type", message % {"name": name}) from None


def _clean_name(name: str) -> str:
    """A name to show: no folders, no control signs, nothing that turns the direction of writing."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        sign
        for sign in base
        if sign.isprintable() and sign not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069<>\"'"
    )
    return kept.strip()[:LONGEST_NAME] or "file"


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0] if "." in name[1:] else name


# --- reading -------------------------------------------------------------------------------------------------------


def file_response(viewer: Viewer, record_id: UUID, file_id: UUID) -> HttpResponse:
    """A file, decrypted, for somebody who sees the record; goes into the reading log. Raises NotFound, also while the policy
    suspects an image that nobody may see.

    The response may run nothing, reach nothing, and be framed by nobody; only pictures and PDFs open in the browser.
    """
    from upstander.access.decide import NotFound
    from upstander.records import queries, unseen

    record = queries.get(viewer, record_id, log=False)
    if unseen.suspected(record, viewer.pack):
        raise NotFound
    said, content = opened(viewer, record, file_id)
    queries.log_reading(viewer, record, f"file:{file_id}")
    response = HttpResponse(content, content_type=said["type"])
    shown = said["type"].startswith("image/") or said["type"] == "application/pdf"
    disposition = "inline" if shown else "attachment"
    response["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{escape_uri_path(said['name'])}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    # The site-wide policy must not be put over this one.
    response._csp_exempt = True  # type: ignore[attr-defined]
    return response


def opened(viewer: Viewer, record: Any, file_id: UUID) -> tuple[dict[str, Any], bytes]:
    """({name, type, size}, content) of a file of this record. Raises NotFound."""
    from upstander.access.decide import NotFound
    from upstander.vault import keys

    stored = StoredFile.objects.filter(record=record, id=file_id).select_related("event").first()
    if stored is None:
        raise NotFound
    from upstander.records import reading

    if stored.event.kind in reading.secret_kinds(viewer):
        raise NotFound
    cipher = keys.record_cipher(record.id)
    secret = reading.withheld(viewer, record, stored.event)
    for kept in SealedField.objects.filter(event_id=stored.event_id, path__in=secret):
        if str(file_id) in cipher.open(f"{stored.event_id}/{kept.path}", kept.ciphertext).decode():
            raise NotFound
    box = SealedField.objects.get(event_id=stored.event_id, path=f"file:{file_id}")
    said = json.loads(cipher.open(f"{stored.event_id}/file:{file_id}", box.ciphertext))
    return said, cipher.open(f"{stored.event_id}/content:{file_id}", stored.ciphertext)
