"""An alarm is shown to the administrator until somebody has dealt with it."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from huiyin.jobs import refold
from huiyin.records.models import Alarm, Case
from tests.world import World


def test_a_copy_that_differs_is_shown_to_the_administrator_until_settled(desk: Callable[[str], Client], world: World) -> None:
    receipt = world.report()
    Case.objects.update(disputes=3)
    assert refold.run(world.now) == 1
    assert refold.run(world.now) == 0, "the same alarm is raised once"
    admin, clerk = desk("fangzheng"), desk("wangxiulan")
    assert receipt.number in admin.get("/desk/").content.decode()
    alarm = Alarm.objects.get()
    assert clerk.post(f"/desk/alarms/{alarm.pk}/").status_code == 404
    assert receipt.number in admin.get("/desk/").content.decode()
    assert admin.post(f"/desk/alarms/{alarm.pk}/").status_code == 302
    assert receipt.number not in admin.get("/desk/").content.decode()
