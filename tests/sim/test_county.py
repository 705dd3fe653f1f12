"""The made-up county: large enough to be believed, and the same for everybody who makes it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from huiyin.sim.county import DEMO_LOGINS, STATION_HOURS, MadeUpCompound, made_up_county

TODAY = date(2026, 11, 24)
COUNTY = made_up_county(TODAY)
BODIES = {body.code: body for body in COUNTY.bodies}
DEPARTMENTS = [body.code for body in COUNTY.bodies if body.kind == "department"]


def test_the_same_day_and_seed_make_the_same_county() -> None:
    assert made_up_county(TODAY) == COUNTY
    assert made_up_county(TODAY, seed=2) != COUNTY


def test_the_county_has_the_scale_of_the_source() -> None:
    kinds = Counter(body.kind for body in COUNTY.bodies)
    assert kinds == {"department": 11, "township": 3, "community": 10, "property": 15, "utility": 3, "court": 1}
    assert (len(COUNTY.communities), len(COUNTY.compounds)) == (10, 97)


def test_the_places_that_stories_tell_of_are_there() -> None:
    places = {compound.name: compound for compound in COUNTY.compounds}
    assert places["幸福里小区"].code == "xfl1"
    assert COUNTY.community_of("xfl1").name == "幸福社区"
    assert {"锦绣家园", "桂花苑", "滨江一品", "翰林府"} <= places.keys()
    assert "文昌社区" in {community.name for community in COUNTY.communities}


def test_codes_and_names_are_given_once() -> None:
    for given in (
        [compound.code for compound in COUNTY.compounds],
        [compound.name for compound in COUNTY.compounds],
        [body.code for body in COUNTY.bodies],
        [person.username for person in COUNTY.people],
        [person.name for person in COUNTY.people],
        [posting.badge_no for posting in COUNTY.postings if posting.badge_no],
    ):
        assert len(given) == len(set(given))


@pytest.mark.parametrize("compound", COUNTY.compounds, ids=lambda compound: compound.code)
def test_a_compound_can_be_printed_on_a_board_and_drawn_on_a_map(compound: MadeUpCompound) -> None:
    assert re.fullmatch(r"[a-z0-9]{4,6}", compound.code)
    assert compound.households > compound.buildings > 0
    assert 4 <= len(compound.outline) <= 8
    assert turns_one_way(compound.outline)
    assert compound.address.startswith("安和县")


def turns_one_way(ring: tuple[tuple[float, float], ...]) -> bool:
    """A convex ring never crosses itself."""
    turns = set()
    for index in range(len(ring)):
        (ax, ay), (bx, by), (cx, cy) = (ring[(index + step) % len(ring)] for step in range(3))
        turns.add((bx - ax) * (cy - by) - (by - ay) * (cx - bx) > 0)
    return turns == {True}


def test_no_compound_lies_on_another() -> None:
    boxes = [
        (
            min(x for x, _ in place.outline),
            max(x for x, _ in place.outline),
            min(y for _, y in place.outline),
            max(y for _, y in place.outline),
        )
        for place in COUNTY.compounds
    ]
    for index, (left, right, low, high) in enumerate(boxes):
        for other_left, other_right, other_low, other_high in boxes[:index]:
            assert right < other_left or other_right < left or high < other_low or other_high < low


def test_every_telephone_belongs_to_the_invented_exchange_and_to_one_desk() -> None:
    numbers = [COUNTY.hotline, COUNTY.gas_phone, *(community.station_phone for community in COUNTY.communities)]
    numbers += [body.phone for body in COUNTY.bodies] + [body.complaint_phone for body in COUNTY.bodies if body.complaint_phone]
    numbers += [person.desk_phone for person in COUNTY.people]
    assert all(re.fullmatch(r"0700-555 \d{4}", number) for number in numbers)
    assert len(numbers) == len(set(numbers))


def test_twelve_compounds_have_no_firm_and_the_others_have_one() -> None:
    without = [place.code for place in COUNTY.compounds if COUNTY.firm_of(place.code, TODAY) is None]
    assert len(without) == 12
    for place in COUNTY.compounds:
        running = [contract for contract in COUNTY.contracts if contract.compound == place.code and contract.runs(TODAY)]
        assert len(running) == (place.code not in without)
        assert all(BODIES[contract.firm].kind == "property" for contract in running)


def test_every_firm_works_somewhere() -> None:
    assert {contract.firm for contract in COUNTY.contracts} == {body.code for body in COUNTY.bodies if body.kind == "property"}


def test_one_compound_changed_its_firm_today() -> None:
    assert COUNTY.firm_of("yly1", TODAY - timedelta(days=1)) not in {None, COUNTY.firm_of("yly1", TODAY)}


@pytest.mark.parametrize("code", DEPARTMENTS)
def test_a_department_has_a_head_a_reviewer_and_three_or_four_officers(code: str) -> None:
    assert len(COUNTY.posted("head", TODAY, body=code)) == 1
    assert len(COUNTY.posted("rev", TODAY, body=code)) == 1
    assert len(COUNTY.posted("off", TODAY, body=code)) in {3, 4}


@pytest.mark.parametrize("code", [code for code in DEPARTMENTS if BODIES[code].may_enforce])
def test_a_department_that_enforces_has_two_officers_with_valid_badges(code: str) -> None:
    """行政处罚法 42: no fewer than two officers with a badge."""
    badges = [posting.badge_expires for posting in COUNTY.posted("off", TODAY, body=code)]
    assert sum(expires is not None and expires >= TODAY for expires in badges) >= 2


def test_every_officer_and_nobody_else_carries_a_badge() -> None:
    for posting in COUNTY.postings:
        assert bool(posting.badge_no) is (posting.role in {"off", "head"})


def test_a_body_without_authority_of_its_own_orders_nothing() -> None:
    """行政处罚法 17, 20: the "两违" team's authority has to be shown first; the Justice Bureau mediates and oversees."""
    without = {body.code for body in COUNTY.bodies if body.kind == "department" and not body.may_enforce}
    assert without == {"sifa", "liangwei"}


def test_one_badge_ends_today_and_one_has_ended() -> None:
    ends = [posting.badge_expires for posting in COUNTY.postings if posting.badge_expires]
    assert ends.count(TODAY) == 1
    assert sum(end < TODAY for end in ends) == 1


def test_every_community_has_a_station_two_clerks_and_a_supervisor() -> None:
    for community in COUNTY.communities:
        clerks = COUNTY.posted("com", TODAY, community=community.slug)
        supervisors = COUNTY.posted("sup", TODAY, community=community.slug)
        assert [posting.body for posting in clerks] == [community.office] * 2
        assert community.contact == clerks[0].person
        assert [posting.person for posting in supervisors] == [community.supervisor]
        assert community.station_hours == STATION_HOURS
        assert BODIES[community.township].kind == "township"


def test_a_supervisor_belongs_to_no_department() -> None:
    assert not any(posting.body for posting in COUNTY.posted("sup", TODAY))


def test_every_role_of_the_county_is_held() -> None:
    held = {role: len(COUNTY.posted(role, TODAY)) for role in ("co", "cus", "leader", "admin", "grv", "pro")}
    assert held == {"co": 3, "cus": 1, "leader": 1, "admin": 1, "grv": 1, "pro": 15}


def test_the_deputy_is_not_of_the_body_that_coordinates() -> None:
    assert [posting.body for posting in COUNTY.postings if posting.person == COUNTY.deputy] == [""]
    assert BODIES[COUNTY.overseer].short_name == "司法局"


def test_the_court_and_the_utilities_have_nobody_here() -> None:
    partners = {body.code for body in COUNTY.bodies if body.kind in {"court", "utility"}}
    assert not any(posting.body in partners for posting in COUNTY.postings)


def test_the_logins_shown_are_people_of_the_county_who_hold_a_posting() -> None:
    names = {person.username: person.name for person in COUNTY.people}
    held = {posting.person for posting in COUNTY.postings if posting.holds(TODAY)}
    assert len(DEMO_LOGINS) == 10
    for login in DEMO_LOGINS:
        assert names[login.username] == login.name
        assert login.username in held


def test_a_fresh_county_of_another_day_has_the_same_people() -> None:
    later = made_up_county(TODAY + timedelta(days=400))
    assert [person.name for person in later.people] == [person.name for person in COUNTY.people]
