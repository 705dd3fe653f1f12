"""Matters that are on neither list, with where to turn: a file of the seed, the same for every county."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from huiyin.rules.triage import Elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of matter; `turn_to` is a sentence for residents."""

    code: str
    name: str
    name_en: str
    turn_to: str
    turn_to_en: str
    text: Elsewhere


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by code, in their order."""
    rows = tomllib.loads(files("huiyin.seed").joinpath("elsewhere.toml").read_text(encoding="utf-8"))["kinds"]
    return {
        row["code"]: Kind(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            turn_to=row["turn_to"],
            turn_to_en=row["turn_to_en"],
            text=Elsewhere(code=row["code"], name=row["name"], phrases=tuple(row["phrases"])),
        )
        for row in rows
    }
