"""Loads the demo: the lists, the calendar, the made-up county, and its stories told through the services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.utils import timezone

from huiyin.jobs import deliver
from huiyin.jobs.seeds import load_calendar, load_lists
from huiyin.jobs.stories import play
from huiyin.rules.deadlines import SHANGHAI
from huiyin.selectors import memory
from huiyin.services.places import set_up_county
from huiyin.sim.county import DEMO_LOGINS, DEMO_PASSWORD, made_up_county
from huiyin.sim.stories import STORIES

#: The lists have to be in force when the oldest story begins, 62 days ago.
LISTS_SINCE = timedelta(days=90)


def load(progress: Callable[[str], None]) -> list[list[str]]:
    """Load everything; one line of progress at a time. Returns [who, user name, password] of the logins to try."""
    now = timezone.now()
    load_calendar()
    load_lists(now - LISTS_SINCE)
    model = made_up_county(now.astimezone(SHANGHAI).date())
    county = set_up_county(model, actor="sys", at=now)
    memory.forget_all()
    progress(f"{county.name}（虚构）：{len(model.communities)} 个社区、{len(model.compounds)} 个小区、{len(model.people)} 个人")
    tell = partial(_every_tenth, progress)
    played = play(STORIES, model, now=now, progress=tell, deliver=deliver.run)
    for story, action, why in played.stopped:
        progress(f"故事 {story} 停在 {action}：{why}")
    progress(f"{len(played.receipts)} 件虚构的反映，各个阶段都有")
    return [[f"{login.name}（{login.place}）：{login.look}", login.username, DEMO_PASSWORD] for login in DEMO_LOGINS]


def _every_tenth(progress: Callable[[str], None], done: int, of: int) -> None:
    if done * 10 // of != (done - 1) * 10 // of:
        progress(f"讲故事 {done}/{of}")
