"""Events from XES (IEEE 1849): a trace is a record. Read as a stream; a document type, and with it every entity, is refused."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from upstander.policy.conformance.columns import Columns, Encoder
from upstander.policy.conformance.files.jsonl import BATCH
from upstander.policy.conformance.files.names import (
    Told,
    Unreadable,
    check,
    name_of,
    persons_of,
    type_of,
    usual_kind,
    value_of,
)
from upstander.policy.model import Pack
from upstander.policy.verdict_json import BadEvent, event_from_json

USUAL = {
    "concept:name": "event",
    "time:timestamp": "at",
    "org:resource": "by.person",
    "org:role": "by.role",
    "concept:instance": "id",
}
_READ = 1 << 20


class _Reader:
    """Turns elements into events. Of a trace ``concept:name`` is the record; other attributes of a trace are left alone."""

    def __init__(self, pack: Pack, mapping: Mapping[str, str], told: Told) -> None:
        self.pack, self.told, self.mapping = pack, told, {**USUAL, **mapping}
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.buffer_text = True
        self.encoder = Encoder()
        self.depth, self.trace, self.record, self.number, self.line = 0, 0, "", 0, 0
        self.event: dict[str, str] | None = None
        self.inside = 0

    def _refuse(self, *_: Any) -> None:
        raise BadEvent("a document type is refused")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if not self.depth and name != "log":
            raise Unreadable("it is no XES")
        if name == "trace":
            self.trace += 1
            self.record = f"t{self.trace}"
        elif name == "event":
            self.event, self.inside, self.line = {}, 0, self.parser.CurrentLineNumber
        elif self.event is not None:
            self.inside += 1
            if self.inside == 1 and "key" in attributes and "value" in attributes:
                self.event[attributes["key"]] = attributes["value"]
        elif attributes.get("key") == "concept:name" and self.trace and self.depth == 2:
            self.record = attributes.get("value", self.record)
        self.depth += 1

    def _end(self, tag: str) -> None:
        self.depth -= 1
        if self.event is None:
            return
        if tag.rpartition("}")[2] == "event":
            self._add(self.event)
            self.event = None
        else:
            self.inside -= 1

    def _add(self, attributes: dict[str, str]) -> None:
        self.number += 1
        data: dict[str, Any] = {"id": f"e{self.number}", "about": {}, "fields": {}, "by": {}}
        record, kind = self.record, usual_kind(self.pack)
        try:
            for key, text in attributes.items():
                name = name_of(key, self.mapping, self.pack)
                outer, _, inner = (name or "").partition(".")
                if name is None:
                    self.told.unused[key] = None
                elif name == "record":
                    record = text
                elif name == "kind":
                    kind = text
                elif outer == "about":
                    data["about"][inner] = persons_of(text)
                elif outer == "fields":
                    data["fields"][inner] = value_of(text, type_of(self.pack, inner))
                elif outer == "by":
                    data["by"][inner] = text
                else:
                    data[name] = text
            event = event_from_json(data, self.pack.timezone)
            check(event, self.pack)
        except ValueError as error:
            self.told.broke(self.line, str(error))
            return
        self.encoder.add(record, kind, event)
        self.told.events += 1


def read(path: Path, pack: Pack, mapping: Mapping[str, str], told: Told) -> Iterator[Columns]:
    """Columns of so many events each. A file that is no XML ends with the line where it breaks."""
    reader = _Reader(pack, mapping, told)
    with path.open("rb") as file:
        stream: IO[bytes] | gzip.GzipFile = gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file
        try:
            while piece := stream.read(_READ):
                reader.parser.Parse(piece)
                if len(reader.encoder) >= BATCH:
                    yield reader.encoder.finish()
                    reader.encoder = Encoder()
            reader.parser.Parse(b"", True)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise Unreadable("it is not whole, or not compressed by gzip") from error
        except expat.ExpatError as error:
            told.broke(error.lineno, expat.errors.messages.get(error.code, str(error)))
        except BadEvent as error:
            told.broke(reader.parser.CurrentLineNumber, str(error))
    if len(reader.encoder):
        yield reader.encoder.finish()
