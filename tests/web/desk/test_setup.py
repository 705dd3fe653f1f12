"""还差什么: settings name what a county still lacks, and where it is mended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.jobs.seeds import load_lists
from huiyin.records.models import Body, Community, Compound, Contract, County, Person, Posting
from huiyin.rules.county_tables import KNOWN_CODES
from huiyin.selectors import memory, setup
from tests.world import World

Desk = Callable[[str], Client]


def kinds(world: World) -> dict[str, tuple[int, tuple[str, ...]]]:
    memory.forget_all()
    return {one.kind: (one.many, one.names) for one in setup.lacking(world.now.date())}


def test_a_whole_county_lacks_nothing_but_firms_where_there_are_none_and_lines_that_nobody_gave(world: World) -> None:
    assert set(kinds(world)) == {"firms", "hearing"}


def test_a_department_whose_hearing_lines_are_on_record_is_not_missed(world: World) -> None:
    assert kinds(world)["hearing"][0] > 1
    Body.objects.filter(may_enforce=True).update(hearing_person=2000, hearing_firm=20000)
    assert "hearing" not in kinds(world)


def test_a_body_that_the_lists_name_is_missed_by_name_and_code(world: World) -> None:
    Body.objects.filter(code="nongye").update(active=False)
    Body.objects.filter(code="ranqi").update(code="gas")
    assert kinds(world)["bodies"] == (2, ("农业农村 nongye", "燃气 ranqi"))


def test_a_lead_whose_officers_have_all_left_is_missed(world: World) -> None:
    Posting.objects.filter(body__code="xiaofang", role="head").delete()
    ended = world.now.date() - timedelta(days=1)
    Posting.objects.filter(body__code="xiaofang").update(starts=ended, ends=ended)
    assert kinds(world)["officers"] == (1, ("县消防救援大队",))
    Posting.objects.filter(body__code="xiaofang").update(ends=None)
    Person.objects.filter(postings__body__code="xiaofang").update(is_active=False)
    assert kinds(world)["officers"] == (1, ("县消防救援大队",))


def test_a_community_without_anybody_who_assigns_is_missed(world: World) -> None:
    community = Community.objects.select_related("office", "township").get(slug="xingfu")
    Posting.objects.filter(community=community, role="com").delete()
    assert "clerks" not in kinds(world), "the township's clerks assign there too"
    Posting.objects.filter(body=community.township, role="com").delete()
    assert "幸福社区" in kinds(world)["clerks"][1]
    Community.objects.filter(slug="xingfu").update(contact=None, supervisor=None)
    told = kinds(world)
    assert told["contacts"] == told["supervisors"] == (1, ("幸福社区",))


def test_places_firms_and_the_countys_own_words_are_missed(world: World) -> None:
    Compound.objects.filter(code="xfl1").update(lon=None, lat=None)
    County.objects.update(hotline="", overseer=None)
    Contract.objects.all().delete()
    told = kinds(world)
    assert told["places"] == (1, ("幸福里小区",)) and told["county"][1] == ("热线电话", "执法监督机构（司法局）")
    assert told["firms"][0] > 90 and len(told["firms"][1]) == setup.NAMED


def test_an_empty_installation_is_told_where_to_begin(db: None, world: World, desk: Desk) -> None:
    for model in (Contract, Compound):
        model.objects.all().delete()
    memory.forget_all()
    client = desk("fangzheng")
    for path in ("/desk/", "/desk/settings/"):
        text = client.get(path).content.decode()
        assert "这里还没有建县" in text and "/desk/settings/import/" in text
    assert "这里还没有建县" not in desk("zhoumin").get("/desk/settings/").content.decode()


def test_the_settings_say_what_is_missing_in_both_languages_within_ten_queries(world: World, desk: Desk) -> None:
    Body.objects.filter(code="nongye").update(active=False)
    County.objects.update(hotline="")
    memory.forget_all()
    client = desk("fangzheng")
    client.get("/desk/settings/")
    memory.forget_all()
    with CaptureQueriesContext(connection) as asked:
        text = client.get("/desk/settings/").content.decode()
    assert "还差什么" in text and "农业农村 nongye" in text and len(asked) <= 10 + 4, "four are remembered half a minute"
    client.cookies["django_language"] = "en"
    text = client.get("/desk/settings/").content.decode()
    assert "What is still missing" in text and '<span lang="zh">农业农村 nongye</span>' in text and "热线" not in text


@pytest.mark.django_db
def test_every_code_of_the_reference_lists_is_told_to_who_fills_the_table_in(world: World) -> None:
    from huiyin.selectors import lists

    load_lists(world.now)
    items = lists.in_force(world.now.date()).items.values()
    named = {code for item in items for code in (item.lead, *item.cooperating)}
    assert named - setup.LOCAL <= set(KNOWN_CODES)


def test_a_year_whose_holidays_nobody_entered_is_missed_a_month_before_it_begins(world: World) -> None:
    assert "calendar" not in {one.kind for one in setup.lacking(date(2027, 11, 30))}
    assert {one.kind: one.names for one in setup.lacking(date(2027, 12, 1))}["calendar"] == ("2028",)
    assert {one.kind: one.names for one in setup.lacking(date(2028, 12, 31))}["calendar"] == ("2028", "2029")
