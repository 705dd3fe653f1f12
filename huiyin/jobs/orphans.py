"""Removes photos that were uploaded and never sent with a report or an act, uploads that were never finished, and files that nobody
names."""

from __future__ import annotations

from datetime import datetime

from huiyin.services import evidence, photos


def run(at: datetime) -> int:
    """One short turn over what is unclaimed or unfinished after 48 hours; returns how many went."""
    return photos.forget_unclaimed(at=at) + evidence.forget_unfinished(at=at)


def run_strays(at: datetime) -> int:
    """Goes over all files, every night; returns how many went."""
    return photos.forget_strays(at=at)
