"""Pages are tested in Chinese unless a test says otherwise; a request in English leaves the thread in English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import override
from playwright.sync_api import expect

expect.set_options(timeout=15_000)  # as the pages' own, for a machine that is busy


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    with override("zh-hans"):
        yield
