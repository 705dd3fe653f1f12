"""Numbers of addresses and forms: what is none is None, and none is too long for what it is looked up in."""

from __future__ import annotations

import pytest

from huiyin.web.numbers import DIGITS, whole


@pytest.mark.parametrize("raw", [None, "", " ", "-1", "+1", "1.5", "1e3", "0x10", "²", "一", "9" * (DIGITS + 1), "9" * 5_000])
def test_what_is_no_number_or_too_long_is_none(raw: str | None) -> None:
    assert whole(raw) is None


@pytest.mark.parametrize(("raw", "number"), [("0", 0), ("007", 7), ("９", 9), ("9" * DIGITS, 10**DIGITS - 1)])
def test_a_whole_number_is_read_and_every_column_holds_it(raw: str, number: int) -> None:
    assert whole(raw) == number < 2**63
