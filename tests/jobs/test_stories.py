"""The made-up cases are played by the same services as real ones, and none of them is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.jobs.seeds import load_calendar, load_lists
from huiyin.jobs.stories import Played, play
from huiyin.records.models import Attachment, Case, Entry, Report
from huiyin.rules import ledger
from huiyin.rules.workflow.vocabulary import Outcome, Stage, Tier
from huiyin.selectors import memory
from huiyin.selectors.cases import entries_of
from huiyin.services.places import set_up_county
from huiyin.sim.county import made_up_county
from huiyin.sim.stories import STORIES, Story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered(settings: Any) -> Iterator[None]:
    settings.GATEWAY_ON = settings.MAIL_ON = False
    memory.forget_all()
    yield
    memory.forget_all()


def played(stories: tuple[Story, ...], at: datetime) -> Played:
    county = made_up_county(at.date())
    load_calendar()
    load_lists(at - timedelta(days=90))
    set_up_county(county, actor="sys", at=at)
    return play(stories, county, now=at)


def test_every_story_is_played_to_its_end_and_shows_all_that_can_become_of_a_case(at: datetime) -> None:
    done = played(STORIES, at)
    assert done.stopped == ()

    cases = Case.objects.all()
    assert {case.stage for case in cases} == set(Stage)
    assert {case.outcome for case in cases} == {"", *Outcome}
    assert {case.tier for case in cases} == set(Tier)
    assert {case.listing for case in cases} == {"", "enforcement", "service"}
    assert cases.filter(waiting_second=True).exists()
    assert cases.filter(waiting_head=True).exists() and cases.filter(filed=True).count() >= 4
    assert cases.filter(paused=True).exists()
    assert cases.filter(settle_needed=True).exists()
    assert cases.filter(compound=None).exists()
    assert cases.filter(reports_count__gt=2).exists()
    assert cases.filter(due_next__lt=at, stage__in=["reported", "assigned", "handling", "resolved"]).count() >= 3
    assert cases.filter(disputes=3, stage="echoed").count() == 2

    assert Report.objects.count() == len(done.receipts)
    assert not Entry.objects.filter(at__gt=at).exists()
    assert all(not list(ledger.check_chain(entries_of(case.pk))) for case in cases)
    assert not Attachment.objects.filter(case=None).exists()


def test_a_story_that_the_law_of_its_day_does_not_allow_ends_before_the_act(at: datetime) -> None:
    """The fumes of a restaurant are ordered away under a code that is in force from 2026-08-15."""
    before = at.replace(month=9, day=1)
    story = next(story for story in STORIES if story.key == "kitchen-filter")
    done = played((story,), before)
    assert [stopped[:2] for stopped in done.stopped] == [("kitchen-filter", "order")]
    assert "不在有效期内" in done.stopped[0][2]
    assert Case.objects.get().stage == Stage.HANDLING
