"""数据: who may ask about what, what is told and what never is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import huiyin
from huiyin.records.models import Posting
from huiyin.rules import intervals, metrics
from huiyin.selectors import desk as lists_of_cases
from huiyin.selectors import insight
from huiyin.selectors.insight import Subject
from huiyin.web.desk import insight as page
from tests.world import World

Desk = Callable[[str], Client]

MONEY = re.compile(r"amount|fine[sd]?\b|sum_|yuan|penalt|paid|money|罚款|金额|罚没", re.IGNORECASE)


def test_a_department_a_compound_and_an_item_tell_their_acts_and_their_few(desk: Desk, clock: World) -> None:
    for _ in range(5):
        clock.echoed()
    client = desk("zhoumin")
    for query in (f"department={clock.body('chengguan')}", f"compound={clock.compound().pk}", "item=QL-05"):
        text = client.get(f"/desk/insight/?{query}").content.decode()
        assert "5 / 5，有 95% 的把握" in text and "件数少" in text and "一劝" in text and "回音" in text, query
    assert "罚款" not in re.sub(r"不算罚款", "", text)


def test_items_and_narrowed_lists_lead_to_their_figures_for_who_may_read_them(desk: Desk, clock: World) -> None:
    from huiyin.selectors import lists

    item = lists.find("QL-05", clock.now.date())
    assert item is not None
    page = f"/desk/lists/versions/{item.version_id}/items/{item.pk}/"
    officer, place = desk("liuzhiqiang"), clock.compound().pk
    assert "/desk/insight/?item=QL-05" in officer.get(page).content.decode()
    assert f"/desk/insight/?compound={place}" in officer.get(f"/desk/cases/?tab=all&compound={place}").content.decode()
    assert "/desk/insight/" not in officer.get("/desk/cases/?tab=all").content.decode().partition("<main")[2]
    firm = Posting.objects.filter(role="pro").values_list("person__username", flat=True)[0]
    assert "/desk/insight/" not in desk(firm).get(page).content.decode()


def test_without_a_question_everybody_is_told_of_what_they_may_see(desk: Desk, clock: World) -> None:
    for _ in range(5):
        clock.echoed()
    for who, named, told in (
        ("zhoumin", "全县", True),
        ("liuzhiqiang", "您看得到的件", True),
        (clock.head("xiaofang"), "您看得到的件", False),
    ):
        text = desk(who).get("/desk/insight/").content.decode()
        assert named in text and ("5 / 5，有 95% 的把握" in text) is told, who


def test_one_case_tells_the_level_it_reached_and_its_steps(desk: Desk, clock: World) -> None:
    number = clock.echoed().number
    text = desk("wangxiulan").get(f"/desk/insight/?case={number}").content.decode()
    assert "<b>劝导</b>" in text and "这一件到现在为止" in text and "签收" in text


def test_fewer_than_five_give_no_share(desk: Desk, clock: World) -> None:
    clock.echoed()
    text = desk("zhoumin").get("/desk/insight/?item=QL-05").content.decode()
    assert "不到 5 件" in text and "%</b>" not in text


def test_what_comes_back_within_sixty_days_is_counted_once_they_are_over(clock: World) -> None:
    for _ in range(5):
        clock.echoed()
    at = clock.now + timedelta(days=61)
    found = insight.view(clock.actor("zhoumin"), at, Subject(item="QL-05"))
    assert found is not None and (found.returned.hits, found.returned.total) == (4, 5)
    early = insight.view(clock.actor("zhoumin"), clock.now, Subject(item="QL-05"))
    assert early is not None and early.returned.total == 0


def test_an_officer_is_told_of_to_the_officer_the_head_and_the_coordinator_alone(desk: Desk, clock: World) -> None:
    clock.echoed()
    person = clock.person("liuzhiqiang").pk
    for who, status in (
        ("liuzhiqiang", 200), (clock.head("chengguan"), 200), ("zhoumin", 200), ("heyong", 404), ("jiangyuanshan", 404),
        ("wangxiulan", 404), (clock.head("xiaofang"), 404),
    ):  # fmt: skip
        assert desk(who).get(f"/desk/insight/?officer={person}").status_code == status, who


@pytest.mark.parametrize("query", ["department=999999", "compound=x", "item=XX-99", "case=2611-99999", "officer=0"])
def test_what_is_not_there_is_not_found(desk: Desk, query: str) -> None:
    assert desk("zhoumin").get(f"/desk/insight/?{query}").status_code == (404 if query != "officer=0" else 200)


def test_what_the_police_lead_is_counted_for_the_police_alone(desk: Desk, clock: World) -> None:
    receipt = clock.report(item="QL-03")
    clock.do("wangxiulan", receipt.number, "assign", item="QL-03", lead=clock.body("gongan"))
    officer = Posting.objects.filter(body__code="gongan", role="off")[0].person.username
    clock.do(officer, receipt.number, "accept")
    clock.do(officer, receipt.number, "attend", found="没有狗")
    clock.do(officer, receipt.number, "coordinate", partners=[clock.body("nongye")], done="谈好了")
    clock.do("wangxiulan", receipt.number, "call", report=receipt.report, reached="yes", said="好了")
    clock.do(officer, receipt.number, "resolve", result="coordinated", proof="word", done="谈好了")
    for who, many in (("zhoumin", 0), ("jiangyuanshan", 0), (officer, 1)):
        found = insight.view(clock.actor(who), clock.now, Subject(item="QL-03"))
        assert found is not None and (found.many, found.without_police) == (many, who != officer)
    assert desk("zhoumin").get(f"/desk/insight/?case={receipt.number}").status_code == 404
    assert "不计入" in desk("zhoumin").get("/desk/insight/?item=QL-03").content.decode()


def test_the_page_asks_at_most_ten_times(desk: Desk, clock: World) -> None:
    clock.echoed()
    client = desk(clock.head("chengguan"))
    client.get("/desk/insight/?item=QL-05")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/desk/insight/?item=QL-05&compound={clock.compound().pk}&officer={clock.person('liuzhiqiang').pk}")
    assert len(asked) <= 10


def test_no_figure_no_order_and_no_column_can_reward_fines() -> None:
    """行政处罚法 74: fines are linked to nobody's marks. No name of a figure, of an order or of what lists read knows a sum."""
    source = Path(huiyin.__file__).parent
    orders = re.findall(r"order_by\(([^)]*)\)|_order\b.*?return ([^\n]*)", (source / "selectors" / "desk.py").read_text("utf-8"))
    names = [
        *metrics.FIGURES,
        *lists_of_cases._LINE,
        *lists_of_cases.Filters.__dataclass_fields__,
        *insight.View.__dataclass_fields__,
        *page.STEPS,
        *(" ".join(found) for found in orders),
    ]
    assert not [name for name in names if MONEY.search(name)]
    code = re.compile(r'"""[\s\S]*?"""|#[^\n]*')
    for path in (source / "rules" / "metrics.py", source / "selectors" / "insight.py", source / "web" / "desk" / "insight.py"):
        plain = code.sub("", path.read_text("utf-8")).replace("spot_penalty", "")
        assert not MONEY.search(plain), path
    for path in (source / "web" / "templates" / "desk").glob("*.html"):
        said = path.read_text("utf-8").replace("不算罚款", "")
        assert not re.search(r"\.amount|\.paid|罚款|罚没", said), f"{path} is a list or a figure page and tells of sums"
    assert intervals.Share(0, 0).value is None


def test_nobody_is_put_in_an_order_by_a_figure(desk: Desk, clock: World) -> None:
    text = desk("zhoumin").get("/desk/insight/").content.decode()
    assert "不排名次" in text and "%</b>" not in text
