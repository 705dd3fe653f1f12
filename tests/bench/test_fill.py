"""The filled database of the bench is an honest one: it would verify like a real county's."""

from __future__ import annotations

from bench.fill import fill
from huiyin.records.models import Case
from huiyin.selectors import verifying
from tests.world import World


def test_what_the_bench_fills_in_verifies(world: World) -> None:
    fill(300, world.now)
    assert Case.objects.count() == 300
    assert [str(trouble) for trouble in verifying.check_all()] == []
