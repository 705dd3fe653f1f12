"""Whatever is typed into a form or written into an address is never a fault of ours: said in words, or taken as meant."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.web.test_permissions import EXPECTED, Scene, _expected, scene, staged, variants
from tests.world import nothing_remembered

__all__ = ["nothing_remembered", "scene", "staged"]

NONSENSE = {
    "signs": "养鸡\x00\u202e\ufeff\ufffd🐔𠮷",
    "long": "长" * 12_000,
    "first day": "0001-01-01T00:00",
    "broken": "[{\"'%<",
    "too many digits": "9" * 5_000,
    "more than a column holds": "9" * 30,
}
FIELD = re.compile(r'<(?:input|textarea|select|button)\b[^>]*\bname="([^"]+)"')
ASKED = re.compile(r"[?&;]([a-z_]+)=")
#: What scripts post to addresses that have no page.
SENT = (
    "key", "name", "text", "compound", "words", "building", "number", "code", "do", "report", "of", "yes", "photo", "photos_missing", "path",
    "next", "language", "care", "size", "offset", "hash",
)  # fmt: skip


def _fields(scene: Scene, who: str, url: str) -> set[str]:
    """Names of what can be filled in on a page and of what its links say."""
    page = scene.ask(who, url)
    if page.status_code == 405 or page.streaming:
        return set()
    text = page.content.decode(errors="replace")
    return {*FIELD.findall(text), *ASKED.findall(text)}


def _opener(scene: Scene, name: str, where: str, method: str) -> str | None:
    """Somebody who is let in there."""
    line = EXPECTED.get(name, {}).get(f"{method} {where}".strip())
    got: Mapping[str, str] = _expected(line, frozenset(scene.cookies)) if line else {}
    return next((who for who in got if got[who] not in {"404", "405", "login"}), None)


def _status(scene: Scene, who: str, url: str, method: str, data: Mapping[str, str]) -> int:
    """What is answered; 500 for whatever a view raises."""
    return scene.ask(who, url, method, data, raises=False).status_code


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_in_every_field_of_every_form_is_never_a_fault_of_ours(scene: Scene, nonsense: str) -> None:
    wrong = []
    for name, rows in variants(scene).items():
        for where, url in rows.items():
            who = _opener(scene, name, where, "POST")
            if who is None:
                continue
            fields = _fields(scene, who, url) or frozenset(SENT)
            status = _status(scene, who, url, "POST", dict.fromkeys(fields, nonsense))
            wrong += [f"{name} {where} by {who}: {status}"] if status >= 500 else []
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "nonsense",
    ["\x00", "0000", "9" * 5_000, "9" * 30],
    ids=["signs", "no year", "too many digits", "more than a column holds"],
)
def test_nonsense_in_an_address_is_never_a_fault_of_ours(scene: Scene, nonsense: str) -> None:
    wrong = []
    for name, rows in variants(scene).items():
        where, url = next(iter(rows.items()))
        who = _opener(scene, name, where, "GET")
        if who is None:
            continue
        status = _status(scene, who, url, "GET", dict.fromkeys(_fields(scene, who, url), nonsense))
        wrong += [f"{name} {where} by {who}: {status}"] if status >= 500 else []
    assert not wrong, "\n".join(wrong)
