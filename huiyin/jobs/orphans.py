"""Removes photos that were uploaded and never sent with a report or an act, and files that nobody names."""

from __future__ import annotations

from datetime import datetime

from huiyin.services import photos


def run(at: datetime) -> int:
    """One short turn over photos unclaimed for 48 hours; returns how many went."""
    return photos.forget_unclaimed(at=at)


def run_strays(at: datetime) -> int:
    """Goes over all files, every night; returns how many went."""
    return photos.forget_strays(at=at)
