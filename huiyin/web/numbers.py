"""Numbers that come in addresses and forms, where anything may stand."""

from __future__ import annotations

DIGITS = 15  # no id, year or page has more, and every column holds them


def whole(raw: str | None) -> int | None:
    """The number, or None for what is none or is longer than anything that is kept."""
    return int(raw) if raw and len(raw) <= DIGITS and raw.isdecimal() else None
