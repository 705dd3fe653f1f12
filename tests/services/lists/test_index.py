"""The index of suggestions is made once for all who ask at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from huiyin.rules.triage import Elsewhere, ItemText
from huiyin.selectors import lists


def test_who_asks_while_the_index_is_made_waits_for_it_and_gets_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "_BUILT", {})
    items = [ItemText(code="QL-05", name="养鸡", plain="小区里养鸡", phrases=("楼下养鸡",), keywords=("鸡",))]
    others: tuple[Elsewhere, ...] = ()
    with ThreadPoolExecutor(max_workers=8) as pool:
        made = list(pool.map(lambda _: lists._built("v1", "", items, others), range(8)))
    assert len({id(one) for one in made}) == 1
    assert lists._built("v2", "", items, others) is not made[0], "other words, another index"
