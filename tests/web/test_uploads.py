"""Files go to the disk as they arrive; one that is too large is dropped, and what was typed beside it stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory

Sent = Callable[..., Any]


@pytest.fixture
def sent() -> Iterator[Sent]:
    requests: list[HttpRequest] = []

    def send(*files: SimpleUploadedFile) -> HttpRequest:
        requests.append(RequestFactory().post("/", {"before": "前", "photos": list(files), "after": "后"}))
        return requests[-1]

    yield send
    for request in requests:
        request.close()


def test_even_a_small_photo_lies_on_the_disk_and_not_in_memory(sent: Sent) -> None:
    request = sent(SimpleUploadedFile("a.jpg", b"x" * 100))
    assert isinstance(request.FILES["photos"], TemporaryUploadedFile)
    assert request.FILES["photos"].size == 100


def test_a_photo_that_is_too_large_is_dropped_and_named_and_the_text_stays(settings: Any, sent: Sent) -> None:
    settings.MAX_PHOTO_BYTES = 100_000
    request = sent(SimpleUploadedFile("big.jpg", b"x" * 300_000), SimpleUploadedFile("small.jpg", b"y" * 50))
    assert [file.name for file in request.FILES.getlist("photos")] == ["small.jpg"]
    assert (request.POST["before"], request.POST["after"]) == ("前", "后")
    assert request.oversized == ["big.jpg"]
