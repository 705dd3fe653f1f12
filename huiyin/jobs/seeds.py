"""Loads what a county starts with from the TOML files beside the code: the two lists and the work calendar. Running it again changes nothing."""

from __future__ import annotations

import tomllib
from datetime import datetime
from importlib.resources import files
from typing import Any

from huiyin.services import lists, places
from huiyin.services.lists import Brought

LISTS = ("enforcement", "service")


def load_lists(at: datetime) -> dict[str, Brought]:
    """Bring both reference lists into force on the day of `at` where they are not yet; what became of each, by name."""
    return {name: lists.bring_in(_read("lists", f"{name}.toml"), actor="sys", at=at) for name in LISTS}


def load_calendar() -> list[int]:
    """Enter the years that are not in the work calendar yet, and those whose notice has come since. Returns the years that changed."""
    return places.put_calendar(_read("calendar.toml")["years"], actor="sys")


def _read(*path: str) -> dict[str, Any]:
    return tomllib.loads(files("huiyin.seed").joinpath(*path).read_text(encoding="utf-8"))
