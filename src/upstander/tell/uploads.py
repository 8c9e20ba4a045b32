"""Receiving files at the door: in memory only, never in a temporary file in clear, and never more than the limits.

What is beyond a limit is read from the line and thrown away, so that the rest of the form arrives and the page can say at
the field what to do.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest


class LimitedUpload(FileUploadHandler):
    """Keeps a file of at most ``MAX_FILE_BYTES``; of a larger one, and beyond ``MAX_REPORT_BYTES`` together, only the size."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.together = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.content = BytesIO()
        self.arrived = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.arrived += len(raw_data)
        self.together += len(raw_data)
        if self.arrived > settings.MAX_FILE_BYTES or self.together > settings.MAX_REPORT_BYTES:
            self.content.seek(0)
            self.content.truncate()
            return
        self.content.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        self.content.seek(0)
        return InMemoryUploadedFile(
            file=self.content,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=max(file_size, self.arrived),
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


def limit_uploads(request: HttpRequest) -> None:
    """Let this request's files come in this way; must be called before its form is read."""
    request.upload_handlers = [LimitedUpload(request)]
