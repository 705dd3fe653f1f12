"""Joins the stylesheets of static/huiyin/css/ in their order into the one huiyin.css that a page loads."""

from __future__ import annotations

import sys
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "huiyin" / "web" / "static" / "huiyin"
ORDER = (
    "tokens",
    "ground",
    "layout",
    "bar",
    "buttons",
    "status",
    "cards",
    "forms",
    "steps",
    "tables",
    "pictures",
    "overlay",
    "shell",
    "desk",
    "charts",
    "documents",
    "narrow",
    "print",
)
HEAD = "/* Made by tools/build_css.py from css/*.css. Change those, then run it. */\n"


def built() -> str:
    """The stylesheet as it should be. Raises ValueError when a file in css/ is missing from ORDER."""
    found = {path.stem for path in (STATIC / "css").glob("*.css")}
    if found != set(ORDER):
        raise ValueError(f"css/ and ORDER differ: {sorted(found ^ set(ORDER))}")
    return HEAD + "\n".join((STATIC / "css" / f"{name}.css").read_text("utf-8") for name in ORDER)


if __name__ == "__main__":
    (STATIC / "huiyin.css").write_text(built(), "utf-8")
    sys.stdout.write(f"{STATIC / 'huiyin.css'}: {len(built().encode())} bytes\n")
