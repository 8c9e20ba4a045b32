"""The virus scanner: asked before anything opens a file; where it does not answer, the file is not taken and the words are."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from upstander.records import files, scanning

Scanner = Callable[[bytes], None]
BAD = b"X5O-a-virus-for-this-test"


def read(line: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size and (part := line.recv(size - len(found))):
        found += part
    return found


def serve(listening: socket.socket, answer: bytes | None, heard: list[bytes]) -> None:
    """One conversation in clamd's protocol; ``answer`` None: as clamd would, by what was sent."""
    line, _ = listening.accept()
    with line:
        word = b""
        while not word.endswith(b"\0"):
            word += line.recv(1)
        if word == b"zINSTREAM\0":
            content = b""
            while size := struct.unpack(">I", read(line, 4))[0]:
                content += read(line, size)
            heard.append(content)
        said = b"PONG" if word == b"zPING\0" else b"stream: Eicar FOUND" if BAD in b"".join(heard) else b"stream: OK"
        line.sendall((said if answer is None else answer) + b"\0")


@pytest.fixture
def scanner(settings, tmp_path: Path) -> Iterator[Callable[..., list[bytes]]]:
    """Starts a scanner for one file; gives what it heard."""
    at = tmp_path / "clamd.sock"
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(at))
    listening.listen()
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"clamav": str(at)})
    threads: list[threading.Thread] = []

    def start(answer: bytes | None = None) -> list[bytes]:
        heard: list[bytes] = []
        threads.append(threading.Thread(target=serve, args=(listening, answer, heard)))
        threads[-1].start()
        return heard

    yield start
    for thread in threads:
        thread.join(timeout=10)
    listening.close()


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.txt", content)


def test_a_clean_file_is_sent_whole_and_taken(scanner) -> None:
    heard = scanner()
    content = b"words " * 40_000

    assert files.prepare(upload(content)).content == content
    assert heard == [content]


def test_a_file_with_a_virus_is_refused_with_what_to_do(scanner) -> None:
    scanner()

    with pytest.raises(files.RefusedFile, match="virus") as refused:
        files.prepare(upload(b"words " + BAD))
    assert refused.value.code == "file-virus"


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR", b"", b"hello"])
def test_an_answer_that_says_nothing_counts_as_none(scanner, answer: bytes) -> None:
    scanner(answer)

    with pytest.raises(files.RefusedFile) as refused:
        files.prepare(upload(b"words"))
    assert refused.value.code == "file-scan"


@pytest.mark.parametrize("where", ["/nowhere/clamd.sock", "127.0.0.1:1", "no port"])
def test_where_nobody_answers_the_file_is_not_taken(settings, where: str) -> None:
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"clamav": where})

    with pytest.raises(files.RefusedFile, match="without it") as refused:
        files.prepare(upload(b"words"))
    assert refused.value.code == "file-scan"
    assert not scanning.answers()


def test_the_doctor_hears_whether_it_is_there(scanner) -> None:
    scanner()

    assert scanning.answers()
