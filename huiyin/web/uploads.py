"""Takes files from a request onto the disk piece by piece, so that no photo ever lies in memory, and stops at the size limit."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler


class BoundedUpload(TemporaryFileUploadHandler):
    """A file over MAX_PHOTO_BYTES is dropped while it arrives and its name is added to request.oversized; the fields after it still get in."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """64 KB arrived. Raises SkipFile when the file has grown too large."""
        self.received += len(raw_data)
        if self.received > settings.MAX_PHOTO_BYTES:
            assert self.request is not None
            dropped = [*getattr(self.request, "oversized", []), self.file_name or ""]
            self.request.oversized = dropped  # type: ignore[attr-defined]  # ours, beside Django's
            raise SkipFile
        super().receive_data_chunk(raw_data, start)
