"""What a posting amounts to on one case: nobody wears a hat that the case does not give them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from huiyin.rules.roles import Body, Place, Posting, Standing, hats
from huiyin.rules.workflow.vocabulary import BodyKind, Role

OFFICE, TOWNSHIP, FIRM, CITY, PARKS, JUSTICE = range(1, 7)
PLACE = Place(community=1, compound=1, office=OFFICE, township=TOWNSHIP, firm=FIRM)
NOBODY_LEADS = Standing(place=PLACE, overseer=JUSTICE, deputy=99)
START = date(2026, 1, 1)


def led_by(body: int, kind: BodyKind = BodyKind.DEPARTMENT, *, head: bool = True) -> Standing:
    return replace(NOBODY_LEADS, lead=Body(id=body, kind=kind, has_head=head), cooperating=frozenset({PARKS}))


def posted(role: Role, *, body: int | None = None, community: int | None = None, person: int = 1) -> Posting:
    return Posting(id=1, person=person, role=role, body=body, community=community, starts=START)


def test_officers_and_heads_count_in_the_lead_and_in_who_cooperates_only() -> None:
    case = led_by(CITY)
    assert hats(posted(Role.OFF, body=CITY), case) == {Role.OFF, Role.LEAD}
    assert hats(posted(Role.HEAD, body=CITY), case) == {Role.HEAD, Role.LEAD, Role.LEADHEAD}
    assert hats(posted(Role.OFF, body=PARKS), case) == {Role.OFF}
    assert hats(posted(Role.HEAD, body=JUSTICE), case) == set()
    assert hats(posted(Role.OFF, body=CITY), NOBODY_LEADS) == set()


def test_a_clerk_counts_on_own_ground() -> None:
    assert hats(posted(Role.COM, community=1), NOBODY_LEADS) == {Role.COM}
    assert hats(posted(Role.COM, community=2), NOBODY_LEADS) == set()
    assert hats(posted(Role.COM, body=TOWNSHIP), NOBODY_LEADS) == {Role.COM}
    assert hats(posted(Role.COM, community=1), replace(NOBODY_LEADS, place=Place())) == set()


def test_a_clerk_speaks_for_the_office_of_the_community() -> None:
    case = led_by(OFFICE, BodyKind.COMMUNITY)
    assert hats(posted(Role.COM, community=1), case) == {Role.COM, Role.LEAD}
    assert hats(posted(Role.COM, body=OFFICE), case) == {Role.COM, Role.LEAD}
    assert hats(posted(Role.COM, community=2), case) == set()
    assert hats(posted(Role.COM, body=TOWNSHIP), case) == {Role.COM}


def test_a_firm_counts_where_it_leads_or_has_a_task() -> None:
    manager = posted(Role.PRO, body=FIRM)
    assert hats(manager, NOBODY_LEADS) == set()
    assert hats(manager, replace(NOBODY_LEADS, tasked=frozenset({FIRM}))) == {Role.PRO}
    assert hats(manager, led_by(FIRM, BodyKind.PROPERTY)) == {Role.PRO, Role.LEAD}


def test_a_supervisor_sees_own_communities() -> None:
    assert hats(posted(Role.SUP, community=1), NOBODY_LEADS) == {Role.SUP}
    assert hats(posted(Role.SUP, community=2), NOBODY_LEADS) == set()
    assert hats(posted(Role.SUP), replace(NOBODY_LEADS, place=Place())) == set()


def test_nobody_oversees_what_their_own_body_handles() -> None:
    coordinator, deputy = posted(Role.CO, body=JUSTICE), posted(Role.CO, person=99)
    assert hats(coordinator, led_by(CITY)) == {Role.CO}
    assert hats(deputy, led_by(CITY)) == set()
    assert hats(coordinator, led_by(JUSTICE)) == set()
    assert hats(deputy, led_by(JUSTICE)) == {Role.CO}


def test_the_coordinator_stands_in_where_the_lead_has_no_head() -> None:
    coordinator = posted(Role.CO, body=JUSTICE)
    assert hats(coordinator, led_by(CITY, head=False)) == {Role.CO, Role.STANDIN}
    assert hats(coordinator, NOBODY_LEADS) == {Role.CO}


def test_who_reported_as_an_officer_is_the_author() -> None:
    case = replace(NOBODY_LEADS, author=1)
    assert hats(posted(Role.OFF, body=CITY), case) == {Role.AUTHOR}
    assert hats(posted(Role.OFF, body=CITY, person=2), case) == set()
    assert hats(posted(Role.COM, community=1), case) == {Role.COM}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.LEADER, Role.GRV, Role.SYS, Role.RES])
def test_other_postings_wear_nothing_on_a_case(role: Role) -> None:
    assert hats(posted(role, body=CITY, community=1), led_by(CITY)) == set()


def test_a_reviewer_reviews_for_the_own_body_alone() -> None:
    assert hats(posted(Role.REV, body=CITY), led_by(CITY)) == {Role.REV}
    assert hats(posted(Role.REV, body=CITY), NOBODY_LEADS) == set()


def test_a_posting_holds_from_its_first_day_through_its_last() -> None:
    posting = replace(posted(Role.OFF, body=CITY), ends=START + timedelta(days=9))
    held = [posting.holds(START + timedelta(days=days)) for days in (-1, 0, 9, 10)]
    assert held == [False, True, True, False]
    assert posted(Role.OFF).holds(date(2099, 1, 1))


def test_a_badge_is_good_through_its_last_day_and_none_is_no_badge() -> None:
    posting = replace(posted(Role.OFF, body=CITY), badge_expires=START)
    assert posting.badge_valid(START)
    assert not posting.badge_valid(START + timedelta(days=1))
    assert not posted(Role.OFF, body=CITY).badge_valid(START)
