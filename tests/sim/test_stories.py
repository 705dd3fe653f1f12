"""The made-up cases: told in residents' words, in an order that time allows, by people who exist, within what the table asks for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from huiyin.rules.echo import check_reply, refusal
from huiyin.rules.workflow.fields import FIELDS, Kind
from huiyin.rules.workflow.table import ACTIONS
from huiyin.sim.county import made_up_county
from huiyin.sim.stories import STORIES, Act, Story, body_for, chronicle, moments, person_for, told
from huiyin.sim.stories.telling import OUTSIDE

BEIJING = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=BEIJING)
COUNTY = made_up_county(NOW.date())
BODIES = {body.code: body for body in COUNTY.bodies}
every_story = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)


def items() -> Iterator[tuple[str, dict[str, Any]]]:
    for name in ("enforcement", "service"):
        source = tomllib.loads(files("huiyin.seed").joinpath("lists", f"{name}.toml").read_text(encoding="utf-8"))
        yield from ((item["code"], item) for item in source["items"])


ITEMS = dict(items())


def plain_week(day: date) -> bool:
    return day.weekday() < 5


def holidays(day: date) -> bool:
    return day.weekday() < 5 and not date(2027, 2, 5) <= day <= date(2027, 2, 12)


# ── what is told ─────────────────────────────────────────────────────────────────────────────


def test_there_are_enough_stories_to_look_around_in() -> None:
    assert 60 <= len(STORIES) <= 90
    assert len({story.key for story in STORIES}) == len(STORIES)
    assert len({story.words for story in STORIES}) == len(STORIES)


@every_story
def test_a_report_is_as_long_as_people_write(story: Story) -> None:
    assert 15 <= len(story.words) <= 200


@every_story
def test_the_lead_of_a_story_is_the_one_on_the_list(story: Story) -> None:
    assert (ITEMS[story.item]["lead"] if story.item else "") == story.lead
    for act in story.acts:
        if act.action in {"assign", "settle"}:
            assert ITEMS[act.fields["item"]]["lead"] == act.fields["lead"]


@every_story
def test_every_act_gives_what_the_table_asks_for_and_no_more(story: Story) -> None:
    for act in story.acts:
        rows = ACTIONS[act.action]
        if act.action == "join":
            assert {"words", "channel"} <= act.fields.keys()
            continue
        given = {name for name in act.fields if FIELDS[name].kind is not Kind.FILES}
        known = {name for row in rows for name in (*row.needs, *row.may)}
        needed = [set(row.needs) - ({"report"} if act.by.startswith("res") else set()) for row in rows]
        assert given <= known
        assert any(needs <= given for needs in needed), act
        for name in given:
            if FIELDS[name].kind is Kind.CODE:
                assert act.fields[name] in dict(FIELDS[name].choices)


def test_every_act_that_people_can_do_is_told_at_least_once() -> None:
    told_of = {act.action for story in STORIES for act in story.acts}
    assert set(ACTIONS) - told_of == {
        "report",
        "absorb",
        "deliver",
        "expire",
        "mask",
        "reissue",
        "document",  # papers are made at a desk
        "court",
    }  # the court comes half a year later


@every_story
def test_an_order_rests_on_a_clause_of_its_item_that_is_in_force(story: Story) -> None:
    for act in story.acts:
        if act.action == "order":
            clauses = {
                (row["law_code"], row["article"]): row
                for row in ITEMS[story.item]["bases"]
                if row["kind"] in {"duty", "liability"}
            }
            assert clauses[act.fields["basis"]]["valid_from"] <= date(2026, 8, 26)


@every_story
def test_an_echo_says_what_was_done_and_whom_to_ring_in_plain_words(story: Story) -> None:
    for act in story.acts:
        if act.action == "echo":
            reply = told(COUNTY, story, act.fields["reply"], NOW.date())
            checks = {check.code: check.met for check in check_reply(reply, story.words)}
            assert refusal(reply) is None
            assert "{" not in reply
            assert checks["who"], reply
            assert checks["plain"], reply


def test_residents_leave_invented_numbers_and_addresses_each_their_own() -> None:
    tellers = [story.teller for story in STORIES] + [act.teller for story in STORIES for act in story.acts if act.teller]
    phones = [teller.phone for teller in tellers if teller.phone]
    emails = [teller.email for teller in tellers if teller.email]
    assert all(re.fullmatch(r"1990000\d{4}", phone) for phone in phones)
    assert all(email.endswith("@anhe.example") for email in emails)
    assert len(phones) == len(set(phones)) > 20
    assert len(emails) == len(set(emails)) > 5


# ── who and where ────────────────────────────────────────────────────────────────────────────


def handles(story: Story) -> Iterator[tuple[str, Act | None]]:
    yield story.by, None
    for act in story.acts:
        yield act.by, act
        for name, value in act.fields.items():
            match FIELDS[name].kind if name in FIELDS else None:
                case Kind.PERSON | Kind.OFFICER:
                    yield value, act
                case Kind.PERSONS:
                    yield from ((handle, act) for handle in value)


@every_story
def test_everybody_in_a_story_is_posted_where_the_story_says(story: Story) -> None:
    usernames = {person.username for person in COUNTY.people}
    for handle, _ in handles(story):
        if not handle.startswith(("res", "sys")):
            assert person_for(COUNTY, story, handle, NOW.date()) in usernames


def test_a_resident_the_clock_and_nobody_posted_are_nobody_to_name() -> None:
    story = STORIES[0]
    for handle in ("res", "res2", "sys", "off9", "boss", "off1@nobody"):
        with pytest.raises(KeyError):
            person_for(COUNTY, story, handle, NOW.date())


def test_wuye_means_the_firm_of_that_day_and_without_one_the_communitys_office() -> None:
    by_key = {story.key: story for story in STORIES}
    dark, cardboard = by_key["dark-path"], by_key["cardboard-by-the-flowers"]
    yesterday = NOW.date() - timedelta(days=1)
    assert body_for(COUNTY, dark, "wuye", yesterday) != body_for(COUNTY, dark, "wuye", NOW.date())
    assert BODIES[body_for(COUNTY, cardboard, "wuye", NOW.date())].kind == "community"
    assert body_for(COUNTY, cardboard, "zhenjie", NOW.date()) == "sq-xingfu"


# ── when ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "is_workday"),
    [
        (NOW, plain_week),
        (datetime(2026, 11, 29, 3, 0, tzinfo=BEIJING), plain_week),
        (datetime(2027, 2, 10, 23, 30, tzinfo=BEIJING), holidays),
        (datetime(2027, 1, 1, 0, 5, tzinfo=BEIJING), plain_week),
    ],
    ids=["workday", "Sunday night", "long holiday", "new year"],
)
@every_story
def test_a_story_happens_in_order_and_before_now(story: Story, now: datetime, is_workday: Any) -> None:
    found = moments(story, now=now, is_workday=is_workday)
    assert len(found) == len(story.acts) + 1
    assert all(earlier < later for earlier, later in zip(found, found[1:], strict=False))
    assert found[-1] < now


@pytest.mark.parametrize("story", [story for story in STORIES if story.days >= 12], ids=lambda story: story.key)
def test_desks_work_in_office_hours(story: Story) -> None:
    for moment, act in zip(moments(story, now=NOW, is_workday=plain_week)[1:], story.acts, strict=True):
        if act.action not in OUTSIDE and not act.by.startswith(("res", "sys")):
            assert plain_week(moment.date())
            assert 8 <= moment.hour < 18


def test_the_chronicle_brings_all_stories_into_one_order_of_time() -> None:
    steps = chronicle(STORIES, now=NOW, is_workday=plain_week)
    assert len(steps) == sum(1 + len(story.acts) for story in STORIES)
    assert [step.moment for step in steps] == sorted(step.moment for step in steps)
    merged = next(step for step in steps if step.act and step.act.action == "merge")
    before = [step for step in steps if step.moment < merged.moment]
    assert any(step.act is None and step.story.key == merged.act.fields["survivor"] for step in before if merged.act)


def test_a_story_is_told_from_a_moment_with_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moments(STORIES[0], now=NOW.replace(tzinfo=None), is_workday=plain_week)
