"""What the clock starts reaches every case, whatever becomes of the one before it."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from huiyin.jobs import retention, sweep
from huiyin.records.models import Alarm, Case
from huiyin.selectors import sweeping
from huiyin.services import cases
from tests.world import World


@pytest.mark.parametrize(("job", "days", "closed"), [(sweep, 16, False), (retention, 4000, True)])
def test_a_case_that_fails_by_a_fault_of_ours_stops_no_other_and_is_told_once(
    world: World, monkeypatch: pytest.MonkeyPatch, job: ModuleType, days: int, closed: bool
) -> None:
    broken, fine = world.echoed(), world.echoed()
    if closed:
        for receipt in (broken, fine):
            world.do(world.resident(receipt), receipt.number, "feedback", satisfied="yes")
            world.do("wangxiulan", receipt.number, "close")
    act, at, did = cases.act, world.now + timedelta(days=days), list[str]()

    def stumbling(*, number: str, **more: Any) -> Any:
        if number == broken.number:
            raise KeyError("吴女士")
        did.append(number)
        return act(number=number, **more)

    monkeypatch.setattr(cases, "act", stumbling)
    assert job.run(at) == 1
    assert did == [fine.number]
    job.run(at)
    (alarm,) = Alarm.objects.all()
    assert (alarm.kind, broken.number in alarm.detail, "吴女士" in alarm.detail) == ("stuck", True, False)


def test_a_pause_ends_on_its_day_however_many_others_go_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = [world.handled() for _ in range(12)]
    due = pauses[-1]
    for receipt in pauses:
        days = 3 if receipt is due else 20
        until = (world.now + timedelta(days=days)).date().isoformat()
        world.do(world.head("chengguan"), receipt.number, "pause", pause_ground="test", until=until, why="等检测报告")
    assert Case.objects.filter(paused=True).count() == 12
    assert sweeping.pauses_over(world.now + timedelta(days=5), 1) == [due.number]
