"""三查 at the screens of those who do it: what the law asks first is refused with its clause until it is there, and then goes through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from huiyin.records.models import Party, Posting
from huiyin.rules.workflow.vocabulary import Tier
from huiyin.selectors import cases as seen
from tests.conftest import DESKTOP, PHONE
from tests.journeys.people import Album, Staff, Town
from tests.world import World

OWNER = "屋主钱某某"


@pytest.fixture
def story(request: pytest.FixtureRequest, town: World, live_server: Any, visitor: Callable[..., Page], settings: Any) -> Town:
    """The committed county behind a server, as in the demo, where nobody needs a second factor; an album named after the test."""
    settings.DEMO = True
    return Town(world=town, url=live_server.url, visitor=visitor, album=Album(request.node.name.removeprefix("test_")[:40]))


@contextmanager
def afterwards(story: Town, **span: float) -> Iterator[None]:
    """The world, the server and everybody's browser some time later."""
    story.world.later(minutes=1, **span)
    with time_machine.travel(story.world.now, tick=True):
        yield
    story.world.later(minutes=30)


def crew(code: str) -> tuple[str, str, str]:
    """Two officers and the head of a department."""
    held = Posting.objects.filter(body__code=code, role="off").order_by("pk").values_list("person__username", flat=True)
    return (
        held[0],
        held[1],
        str(Posting.objects.filter(body__code=code, role="head").values_list("person__username", flat=True)[0]),
    )


def handled(story: Town, item: str, code: str, words: str) -> str:
    """Reported, assigned to the department, taken on by its first officer."""
    world = story.world
    receipt = world.report(words=words, item=item)
    world.do("wangxiulan", receipt.number, "assign", item=item, lead=world.body(code))
    world.do(crew(code)[0], receipt.number, "accept")
    return receipt.number


def clause(story: Town, number: str, kind: str = "liability", law: str = "") -> int:
    bases = seen.load(story.world.case(number), story.world.now).context.bases
    return next(pk for pk, row in bases.items() if row.kind == kind and law in row.law_code)


def named(story: Town, number: str, code: str) -> int:
    """The party, written down by an officer."""
    story.world.do(crew(code)[0], number, "name_party", party_kind="person", party_name=OWNER, party_id="360000198001010000")
    return Party.objects.get(case__number=number).pk


def person(story: Town, username: str) -> int:
    return int(story.world.person(username).pk)


def is_refused(someone: Staff, text: str) -> None:
    """What was typed stands there still, and the page says why not."""
    someone.page.forgiven.append("status of 409")  # type: ignore[attr-defined]
    someone.sends()
    someone.see(text)
    assert someone.page.locator("form[data-draft]").count() == 1


def today(story: Town, days: int = 0) -> str:
    return (story.world.now.date() + timedelta(days=days)).isoformat()


def minutes_ago(story: Town, minutes: int) -> str:
    return (story.world.now - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")


def spot(story: Town, number: str, code: str, *, amount: str, kinds: str = "fine", law: str = "") -> dict[str, Any]:
    return {
        "spot_kinds": kinds, "basis": clause(story, number, law=law), "party": Party.objects.get(case__number=number).pk, "amount": amount,
        "offence_on": today(story), "suspected": "照实写的事实", "second": person(story, crew(code)[1]), "collection": "bank",
    }  # fmt: skip


# ── a spot fine, and one yuan more ───────────────────────────────────────────────────────────


def test_a_spot_fine_of_200_yuan_stands_and_one_of_201_is_refused(story: Town) -> None:
    number = handled(story, "HW-01", "chengguan", "后门口又倒了一堆装修垃圾")
    named(story, number, "chengguan")
    first, second, _ = crew("chengguan")
    with afterwards(story):
        officer = story.staff(first, PHONE)
        officer.begins(number, "spot_penalty", **spot(story, number, "chengguan", amount="201"))
        officer.shoot("two-hundred-and-one")
        is_refused(officer, "行政处罚法第五十一条")
        officer.shoot("refused")
        officer.fill("amount", "200")
        officer.sends()
        officer.page.wait_for_url(f"**/desk/cases/{number}/")
        officer.see("待会签")
        assert story.world.case(number).tier == ""
        story.staff(second, PHONE).does(number, "countersign", yes="yes")
        assert story.world.case(number).tier == Tier.COERCED
        officer.opens(number)
        officer.shoot("fined")
    story.record_is_sound(number)


# ── 广场舞 ───────────────────────────────────────────────────────────────────────────────────


def test_a_dance_is_persuaded_begins_again_is_ordered_and_fined_after_that(story: Town) -> None:
    world = story.world
    number = handled(story, "ZS-03", "gongan", "小广场跳舞的音响开到最大，天天跳到十点多")
    first, second, _ = crew("gongan")
    persuaded = {"persuader": "department", "method": "face", "response": "agreed", "stopped": "yes", "how": "当面讲了，答应调低"}
    world.do(first, number, "dissuade", **persuaded)
    named(story, number, "gongan")
    with afterwards(story, days=3):
        officer = story.staff(first, PHONE)
        officer.does(number, "attend", found="九点四十还在跳，音量更大")
        officer.begins(number, "spot_penalty", **spot(story, number, "gongan", amount="200", law="shengtai"))
        is_refused(officer, "以先行责令改正")
        officer.shoot("no-order-yet")
        officer.begins(number, "order", facts="音量调低，九点前结束", second=person(story, second), basis=clause(story, number, law="shengtai"),
                       due=today(story, 2))  # fmt: skip
        officer.sends()
        officer.see("待会签")
        story.staff(second, PHONE).does(number, "countersign", yes="yes")
    assert world.case(number).tier == Tier.ORDERED
    with afterwards(story, days=4):
        officer = story.staff(first, PHONE)
        officer.does(number, "comply", corrected="no", found="第四天晚上又跳到十点")
        officer.does(number, "spot_penalty", shot="fine", **spot(story, number, "gongan", amount="200", law="shengtai"))
        story.staff(second, PHONE).does(number, "countersign", yes="yes")
        officer.opens(number)
        officer.shoot("police-case")
        assert world.case(number).tier == Tier.COERCED
        clerk = story.staff("wangxiulan", DESKTOP)
        clerk.opens(number)
        clerk.shoot("clerk-sees-the-seal")
        clerk.see("公安机关依法办理中")
        for word in ("200 元", OWNER, "当场处罚"):
            expect(clerk.page.get_by_text(word)).to_have_count(0)
    story.record_is_sound(number)


# ── a child bitten: the police's own file ────────────────────────────────────────────────────


def test_a_bitten_child_is_a_police_file_that_nobody_else_reads(story: Town) -> None:
    world = story.world
    number = handled(story, "QL-03", "gongan", "孩子在楼下被没拴绳的大狗咬了")
    first, second, head = crew("gongan")
    party = named(story, number, "gongan")
    with afterwards(story):
        officer = story.staff(first, DESKTOP)
        officer.does(
            number, "open_file", shot="file", filing="yes", basis=clause(story, number), offence_on=today(story), suspected="未拴绳咬伤儿童",
            second=person(story, second), party=party,
        )  # fmt: skip
        story.staff(second, PHONE).does(number, "countersign", yes="yes")
        chief = story.staff(head, DESKTOP)
        chief.page.goto(f"{story.url}/desk/")
        chief.shoot("head-today")
        chief.does(number, "approve", shot="approve", yes="yes")
        officer.does(
            number, "interview", shot="interview", subject="party", answers="问：拴绳了吗？答：没有。", began=minutes_ago(story, 40),
            ended=minutes_ago(story, 5), where="派出所执法办案场所", guardian="adult", alone="station", recorded="yes", party=party,
        )  # fmt: skip
        notice = {
            "basis": clause(story, number), "penalties": "fine", "amount": "500", "suspected": "未拴绳咬伤儿童", "reasons": "事实清楚",
            "delivered_on": today(story), "due": today(story, 1), "party": party,
        }  # fmt: skip
        officer.begins(number, "advance_notice", **notice)
        is_refused(officer, "只有本人陈述，没有其他证据的，不能处罚")
        officer.does(
            number, "interview", subject="harmed", answers="问：怎么咬的？答：从后面扑上来。", began=minutes_ago(story, 30), ended=minutes_ago(story, 10),
            where="派出所执法办案场所", guardian="present", alone="station", recorded="yes",
        )  # fmt: skip
        officer.does(number, "advance_notice", **notice)
        officer.does(number, "hear", heard="stated", statement="认错", adopted="nothing")
        chief.does(
            number, "decide", shot="decide", decision="penalty", basis=clause(story, number), circumstances="none", reasons="事实清楚",
            penalties="fine", amount="500",
        )  # fmt: skip
        made = story.last(number).seq
        officer.does(number, "serve", of=made, way="direct", receiver="party", served_on=today(story))
        officer.does(number, "serve", of=made, way="direct", receiver="harmed", served_on=today(story))
        officer.opens(number)
        officer.shoot("police-see-all")
        for username in ("wangxiulan", "zhoumin", "hejianping"):
            other = story.staff(username, DESKTOP)
            other.opens(number)
            other.shoot(f"{username}-sees-the-seal")
            other.see("公安机关依法办理中")
            for word in ("500 元", OWNER, "未拴绳咬伤儿童", "罚款"):
                expect(other.page.get_by_text(word)).to_have_count(0)
    assert world.case(number).filed
    story.record_is_sound(number)


# ── 首违不罚 ─────────────────────────────────────────────────────────────────────────────────


def test_a_first_slight_offence_is_taught_not_punished(story: Town) -> None:
    number = handled(story, "HW-01", "chengguan", "有人把装修垃圾倒在绿化带上")
    first, second, head = crew("chengguan")
    _filed(story, number, "chengguan")
    with afterwards(story, days=1):
        chief = story.staff(head, DESKTOP)
        given = {"decision": "first", "basis": clause(story, number), "circumstances": "none", "reasons": "初次违法，已清理"}
        chief.begins(number, "decide", **given)
        is_refused(chief, "应当对当事人进行教育")
        chief.fill("educated", "yes")
        is_refused(chief, "没有“已及时改正”的记录")
        chief.shoot("not-corrected-yet")
        story.staff(second, PHONE).does(number, "recheck", state="stopped", found="清走了，补了草")
        chief.does(number, "decide", shot="taught", educated="yes", **given)
        made = story.last(number).seq
        officer = story.staff(first, PHONE)
        officer.does(number, "serve", of=made, way="direct", receiver="party", served_on=today(story))
        officer.does(number, "resolve", result="punished", proof="record", done="已清理，依法不予处罚并教育")
    case = story.world.case(number)
    assert (case.stage, case.tier) == ("resolved", "")
    story.record_is_sound(number)


def _filed(story: Town, number: str, code: str) -> None:
    """A file with an inspection, everybody's signature and the head's word."""
    world = story.world
    first, second, head = crew(code)
    party = named(story, number, code)
    opened = world.do(
        first, number, "open_file", filing="yes", basis=clause(story, number), offence_on=world.now.date(), suspected="照实写的事实",
        party=party, second=person(story, second),
    )  # fmt: skip
    world.do(second, number, "countersign", of=opened.seq, yes="yes")
    world.do(head, number, "approve", of=opened.seq, yes="yes")
    looked = world.do(
        first, number, "inspect", found="照实写的情况", began=world.now - timedelta(minutes=30), ended=world.now, where="现场", id_shown="yes",
        second=person(story, second), signing="signed", party=party,
    )  # fmt: skip
    world.do(second, number, "countersign", of=looked.seq, yes="yes")


# ── every step that the law asks for, left out in turn ───────────────────────────────────────


def test_who_leaves_out_a_lawful_step_is_refused_each_time_with_its_clause_until_the_roof_comes_down(story: Town) -> None:
    world = story.world
    number = handled(story, "WJ-01", "ziran", "五栋楼顶在盖房子，天天敲")
    first, second, head = crew("ziran")
    reviewer = str(Posting.objects.filter(body__code="ziran", role="rev").values_list("person__username", flat=True)[0])
    with afterwards(story):
        officer, chief = story.staff(first, DESKTOP), story.staff(head, DESKTOP)
        officer.opens(number)
        officer.shoot("nothing-done-yet")
        officer.unfolds()
        officer.see("本单位还没有立案（行政处罚法第五十四条）")
        party = named(story, number, "ziran")
        opening = {
            "filing": "yes",
            "basis": clause(story, number),
            "offence_on": today(story),
            "suspected": "未经许可建房",
            "party": party,
        }
        officer.does(number, "open_file", second=person(story, second), **opening)
        officer.unfolds()
        officer.see("第二名执法人员还没有会签")
        other = story.staff(second, PHONE)
        other.does(number, "countersign", yes="yes")
        officer.opens(number)
        officer.unfolds()
        officer.see("立案还没有批准")
        chief.does(number, "approve", yes="yes")
        told = {
            "basis": clause(story, number), "penalties": "fine", "amount": "6000", "suspected": "未经许可建房二十平方米", "reasons": "造价十万的百分之六",
            "delivered_on": today(story), "due": today(story, 3), "party": party,
        }  # fmt: skip
        officer.opens(number)
        officer.unfolds()
        officer.see("还没有生效的检查、询问或检测记录")
        officer.begins(
            number, "inspect", found="砖混房一间", began=minutes_ago(story, 40), ended=minutes_ago(story, 5), where="楼顶", id_shown="no",
            second=person(story, second), signing="signed",
        )  # fmt: skip
        is_refused(officer, "须主动出示执法证件")
        officer.fill("id_shown", "yes")
        officer.sends()
        officer.page.wait_for_url(f"**/desk/cases/{number}/")
        other.does(number, "countersign", yes="yes")
        officer.begins(number, "advance_notice", hearing_told="no", **told)
        is_refused(officer, "须告知当事人有权要求听证")
        officer.shoot("hearing-must-be-offered")
        officer.fill("hearing_told", "yes")
        officer.sends()
        officer.page.wait_for_url(f"**/desk/cases/{number}/")
        decision = {
            "decision": "penalty", "basis": clause(story, number), "circumstances": "grave", "reasons": "拒不停止", "penalties": "fine",
            "amount": "6000", "removal": today(story, 40),
        }  # fmt: skip
        chief.begins(number, "decide", **decision)
        is_refused(chief, "还没有听取陈述、申辩")
        officer.does(number, "hear", heard="stated", statement="要求听证", adopted="unfounded", asks_hearing="yes")
        chief.begins(number, "decide", **decision)
        is_refused(chief, "当事人要求听证，还没有听证")
    notified = today(story)
    with afterwards(story, days=8):
        chief = story.staff(head, DESKTOP)
        hearing = {"hearing_end": "held", "chair": person(story, head), "held_on": today(story), "statement": "双方质证"}
        chief.begins(number, "hold_hearing", notified_on=notified, **hearing)
        is_refused(chief, "七个工作日前通知")
    with afterwards(story, days=5):
        chief = story.staff(head, DESKTOP)
        chief.does(number, "hold_hearing", notified_on=notified, **{**hearing, "held_on": today(story)})
        decision["removal"] = today(story, 10)
        chief.begins(number, "decide", **decision)
        is_refused(chief, "须先经法制审核（行政处罚法第五十八条）")
        story.staff(reviewer, DESKTOP).does(number, "review", shot="review", passed="yes", opinion="同意")
        chief.begins(number, "decide", **decision)
        is_refused(chief, "须先集体讨论（行政处罚法第五十七条）")
        chief.does(number, "deliberate", members=person(story, first), opinions="一致同意")
        chief.begins(number, "decide", **{**decision, "amount": "7000"})
        is_refused(chief, "比告知的更重")
        chief.does(number, "decide", shot="decide", **decision)
        made = story.last(number).seq
        officer = story.staff(first, DESKTOP)
        officer.opens(number)
        officer.unfolds()
        officer.shoot("decided")
        officer.see("还没有送达")
        officer.does(number, "serve", of=made, way="direct", receiver="party", served_on=today(story))
        served = story.world.now.date()
        officer.begins(number, "demand", of=made, demanded="拆除", due=today(story, 5), delivered_on=today(story))
        is_refused(officer, "过了才能催告")
    with afterwards(story, days=20):
        officer = story.staff(first, DESKTOP)
        officer.does(
            number, "demand", shot="demand", of=made, demanded="拆除楼顶房屋", due=today(story, 12), delivered_on=today(story)
        )
    with afterwards(story, days=14):
        officer = story.staff(first, DESKTOP)
        _enforce(story, officer, number, made, second)
        is_refused(officer, "须先报负责人批准")
        officer.does(number, "propose", proposed="enforce", suspected="逾期不拆，拟强制拆除")
        story.staff(head, DESKTOP).does(number, "approve", yes="yes")
        _enforce(story, officer, number, made, second)
        is_refused(officer, "强制拆除要先公告")
        officer.does(number, "announce", of=made, due=today(story, 10), done_on=today(story))
    with afterwards(story, days=15):
        officer = story.staff(first, DESKTOP)
        _enforce(story, officer, number, made, second)
        is_refused(officer, "复议、诉讼期限到")
        officer.shoot("terms-not-over")
    with afterwards(story, days=(_half_a_year(served) - story.world.now.date()).days + 3):
        officer = story.staff(first, DESKTOP)
        _enforce(story, officer, number, made, second)
        officer.fill("began", f"{today(story)}T02:30")
        is_refused(officer, "不得在夜间")
        officer.fill("began", minutes_ago(story, 20))
        officer.fill("means", "cut_off")
        officer.fill("dwelling", "yes")
        is_refused(officer, "不得对居民生活停水")
    _another_body_takes_it_down(story, number, made)
    story.record_is_sound(number)
    assert world.case(number).tier == Tier.COERCED


def _half_a_year(day: date) -> date:
    return day + timedelta(days=190)


def _enforce(story: Town, officer: Staff, number: str, made: int, second: str) -> None:
    officer.begins(
        number, "enforce", of=made, means="demolish", began=minutes_ago(story, 20), id_shown="yes", dwelling="no",
        second=person(story, second), done="拆除楼顶违法建筑",
    )  # fmt: skip


def _another_body_takes_it_down(story: Town, number: str, made: int) -> None:
    """Another department does what the government charged it with (城乡规划法 68): not without its document, and with its head's word."""
    first, second, head = crew("chengguan")
    with afterwards(story):
        officer = story.staff(first, DESKTOP)
        officer.does(number, "propose", proposed="enforce", suspected="县政府责成拆除")
        story.staff(head, DESKTOP).does(number, "approve", yes="yes")
        _enforce(story, officer, number, made, second)
        is_refused(officer, "要有政府责成执行的文件号（城乡规划法第六十八条）")
        officer.fill("mandate", "安府字〔2027〕8号")
        officer.sends()
        officer.page.wait_for_url(f"**/desk/cases/{number}/")
        story.staff(second, PHONE).does(number, "countersign", yes="yes")
        officer.opens(number)
        officer.shoot("taken-down")
