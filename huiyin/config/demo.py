"""Prepares the demo in a process of its own: tables, key, static files, and the made-up county once."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> int:
    """Loads the county unless it is there. What an interrupted load left behind is thrown away first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    import django
    from django.conf import settings

    from huiyin import launcher
    from huiyin.adapters.keys import KeyTrouble
    from huiyin.config.trouble import NotReady

    data = Path(settings.HUIYIN_DATA)
    loaded = data / launcher.DEMO_LOADED
    if not loaded.is_file():
        _forget_half(data)
    django.setup()
    try:
        _prepare(data, loaded)
    except (KeyTrouble, NotReady) as trouble:
        print(f"huiyin: {trouble}\nThe demo holds nothing that matters: start it with --fresh.", file=sys.stderr)
        return 2
    return 0


def _prepare(data: Path, loaded: Path) -> None:
    from huiyin import launcher
    from huiyin.config import installation
    from huiyin.jobs import demo

    installation.prepare(installation.announce)
    if loaded.is_file():
        installation.announce("the county is there already (--fresh starts over)")
        return
    with installation.timed(installation.announce, "the whole county"):
        logins = demo.load(installation.announce)
    (data / launcher.DEMO_LOGINS).write_text(json.dumps(logins, ensure_ascii=False), encoding="utf-8")
    loaded.touch()


def _forget_half(data: Path) -> None:
    for file in data.glob("huiyin.sqlite3*"):
        file.unlink()


if __name__ == "__main__":
    sys.exit(main())
