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
    """Bring both reference lists into force on the day of `at` where a county has no list yet; what became of each, by name."""
    return {name: lists.start_with(reference_list(name), at=at) for name in LISTS}


def reference_list(name: str) -> dict[str, Any]:
    """A list as the project drafted it, its items with all the phrases and short names in residents' own words."""
    source = _read("lists", f"{name}.toml")
    spoken = phrases()
    for item in source["items"]:
        more = spoken.get(item["code"], {})
        item["phrases"] = _once([*item["phrases"], *more.get("phrases", [])])
        item["keywords"] = _once([*item.get("keywords", []), *more.get("aliases", [])])
    return source


def phrases() -> dict[str, dict[str, list[str]]]:
    """{code: {phrases, aliases}} of all files under phrases/ together."""
    folder = files("huiyin.seed").joinpath("phrases")
    found: dict[str, dict[str, list[str]]] = {}
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            for code, said in tomllib.loads(file.read_text(encoding="utf-8")).items():
                for kind, texts in said.items():
                    found.setdefault(code, {}).setdefault(kind, []).extend(texts)
    return found


def _once(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def load_calendar() -> list[int]:
    """Enter the years that are not in the work calendar yet, and those whose notice has come since. Returns the years that changed."""
    return places.put_calendar(_read("calendar.toml")["years"], actor="sys")


def _read(*path: str) -> dict[str, Any]:
    return tomllib.loads(files("huiyin.seed").joinpath(*path).read_text(encoding="utf-8"))
