"""三查 at the screens of those who do it: what the law asks first is refused with its clause until it is there, then goes through, and its
papers are made, signed and read as PDF. The roof has its own file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from huiyin.records.models import Document, Party
from huiyin.rules.workflow.vocabulary import Tier
from tests.conftest import DESKTOP, PHONE
from tests.journeys.inquiry import (
    CONTACT,
    OWNER,
    afterwards,
    clause,
    crew,
    handled,
    is_refused,
    minutes_ago,
    named,
    paper,
    person,
    seal_holds,
    sends_at_last,
    today,
)
from tests.journeys.people import Staff, Town

TWO_HUNDRED = "罚款人民币贰佰元整（¥200）"


def spot(story: Town, number: str, code: str, *, amount: str, kinds: str = "fine", law: str = "") -> dict[str, Any]:
    return {
        "spot_kinds": kinds, "basis": clause(story, number, law=law), "party": Party.objects.get(case__number=number).pk, "amount": amount,
        "offence_on": today(story), "suspected": "照实写的事实", "second": person(story, crew(code)[1]), "collection": "bank",
    }  # fmt: skip


# ── a spot fine, and one yuan more ───────────────────────────────────────────────────────────


def test_a_spot_fine_of_200_yuan_stands_and_one_of_201_is_refused(inquiry: Town) -> None:
    story = inquiry
    number = handled(story, "HW-01", "chengguan", "后门口又倒了一堆装修垃圾")
    named(story, number, "chengguan")
    first, second, _ = crew("chengguan")
    with afterwards(story):
        officer = story.staff(first, PHONE)
        officer.begins(number, "spot_penalty", **spot(story, number, "chengguan", amount="201"))
        officer.shoot("two-hundred-and-one")
        is_refused(officer, "行政处罚法第五十一条")
        officer.shoot("refused")
        assert not Document.objects.exists(), "what was refused leaves no paper"
        officer.fill("amount", "200")
        sends_at_last(officer, number)
        officer.see("待会签")
        assert story.world.case(number).tier == ""
        colleague = story.staff(second, PHONE)
        colleague.does(number, "countersign", yes="yes")
        assert story.world.case(number).tier == Tier.COERCED
        officer.opens(number)
        officer.shoot("fined")
        paper(
            story, number, officer, "当场行政处罚决定书", also=[colleague], place="当事人", refused=True, shot="spot-decision",
            says=(OWNER, TWO_HUNDRED, "当罚字〔2026〕1号", "应当先", "当事人拒绝签名（", "看了以后不肯签　见证人：社区工作人员小周"),
        )  # fmt: skip
        officer.shoot("spot-decision-signed")
    story.record_is_sound(number)


# ── 广场舞 ───────────────────────────────────────────────────────────────────────────────────


def test_a_dance_is_persuaded_begins_again_is_ordered_and_fined_after_that(inquiry: Town) -> None:
    story = inquiry
    number = handled(story, "ZS-03", "gongan", "小广场跳舞的音响开到最大，天天跳到十点多")
    papers = [_persuaded(story, number), _ordered(story, number), _fined(story, number)]
    with afterwards(story):
        seal_holds(story, number, "wangxiulan", words=("200 元", OWNER, "当场处罚"), papers=papers)
    story.record_is_sound(number)


def _persuaded(story: Town, number: str) -> str:
    first = crew("gongan")[0]
    with afterwards(story):
        officer = story.staff(first, PHONE)
        officer.does(
            number, "dissuade", persuader="department", method="face", response="agreed", stopped="yes", how="当面讲了，答应调低",
        )  # fmt: skip
        named(story, number, "gongan")
        return paper(
            story, number, officer, "劝导记录", place="行为人", says=("当面讲了，答应调低", "劝导、调解不是行政处罚", f"行为人{OWNER}于"),
        )  # fmt: skip


def _ordered(story: Town, number: str) -> str:
    first, second, head = crew("gongan")
    with afterwards(story, days=3):
        officer = story.staff(first, PHONE)
        officer.does(number, "attend", found="九点四十还在跳，音量更大")
        officer.begins(number, "spot_penalty", **spot(story, number, "gongan", amount="200", law="shengtai"))
        is_refused(officer, "以先行责令改正")
        officer.shoot("no-order-yet")
        officer.begins(
            number, "order", facts="音量调低，九点前结束", second=person(story, second), basis=clause(story, number, law="shengtai"),
            due=today(story, 2),
        )  # fmt: skip
        officer.sends()
        officer.see("待会签")
        colleague = story.staff(second, PHONE)
        colleague.does(number, "countersign", yes="yes")
        made = paper(
            story, number, officer, "责令改正通知书", also=[colleague, story.staff(head, DESKTOP)], shot="order",
            says=("责改字〔2026〕1号", "2026年11月29日前改正", "音量调低，九点前结束", "责令改正不是行政处罚"), **CONTACT,
        )  # fmt: skip
        paper(
            story, number, officer, "送达回证", place="受送达人", 送达日期="2026年11月27日",
            says=("责令改正通知书（", "责改字〔2026〕1号）", "直接送达", f"受送达人{OWNER}于"),
        )  # fmt: skip
    assert story.world.case(number).tier == Tier.ORDERED
    return made


def _fined(story: Town, number: str) -> str:
    first, second, _ = crew("gongan")
    with afterwards(story, days=4):
        officer = story.staff(first, PHONE)
        officer.does(number, "comply", corrected="no", found="第四天晚上又跳到十点")
        officer.does(number, "spot_penalty", shot="fine", **spot(story, number, "gongan", amount="200", law="shengtai"))
        colleague = story.staff(second, PHONE)
        colleague.does(number, "countersign", yes="yes")
        made = paper(
            story, number, officer, "当场行政处罚决定书", also=[colleague], place="当事人", says=(TWO_HUNDRED, "生态环境法典", "当罚字〔2026〕1号"),
        )  # fmt: skip
        officer.opens(number)
        officer.shoot("police-case")
    assert story.world.case(number).tier == Tier.COERCED
    return made


# ── a child bitten: the police's own file ────────────────────────────────────────────────────


def test_a_bitten_child_is_a_police_file_that_nobody_else_reads(inquiry: Town) -> None:
    story = inquiry
    number = handled(story, "QL-03", "gongan", "孩子在楼下被没拴绳的大狗咬了")
    first, second, head = crew("gongan")
    party = named(story, number, "gongan")
    with afterwards(story):
        officer, colleague, chief = story.staff(first, DESKTOP), story.staff(second, PHONE), story.staff(head, DESKTOP)
        papers = _filed_by_police(story, number, party, officer, colleague, chief)
        papers += _both_were_asked(story, number, party, officer, colleague)
        papers += _told_and_decided(story, number, party, officer, colleague, chief)
        officer.opens(number)
        officer.shoot("police-see-all")
        seal_holds(
            story, number, "wangxiulan", "zhoumin", "hejianping", words=("500 元", OWNER, "未拴绳咬伤儿童", "罚款"), papers=papers,
        )  # fmt: skip
    assert story.world.case(number).filed
    assert set(Document.objects.values_list("police", flat=True)) == {True}
    story.record_is_sound(number)


def _filed_by_police(story: Town, number: str, party: int, officer: Staff, colleague: Staff, chief: Staff) -> list[str]:
    officer.does(
        number, "open_file", shot="file", filing="yes", basis=clause(story, number), offence_on=today(story), suspected="未拴绳咬伤儿童",
        second=person(story, colleague.username), party=party,
    )  # fmt: skip
    colleague.does(number, "countersign", yes="yes")
    chief.page.goto(f"{story.url}/desk/")
    chief.shoot("head-today")
    chief.does(number, "approve", shot="approve", yes="yes")
    return [paper(story, number, officer, "立案审批表", also=[colleague, chief], says=(OWNER, "未拴绳咬伤儿童", "同意"))]


def _both_were_asked(story: Town, number: str, party: int, officer: Staff, colleague: Staff) -> list[str]:
    """Who had the dog, and the child, whose name is on no record and is asked for."""
    mate = person(story, colleague.username)
    there = {
        "where": "派出所执法办案场所",
        "id_shown": "yes",
        "rights_told": "yes",
        "signing": "signed",
        "recorded": "yes",
        "second": mate,
    }
    officer.does(
        number, "interview", shot="interview", subject="party", answers="问：拴绳了吗？答：没有。", began=minutes_ago(story, 40),
        ended=minutes_ago(story, 5), guardian="adult", party=party, **there,
    )  # fmt: skip
    colleague.does(number, "countersign", yes="yes")
    papers = [
        paper(
            story, number, officer, "询问笔录", also=[colleague], place="被询问人", says=(f"{OWNER}（当事人）", "问：拴绳了吗？")
        )
    ]
    officer.begins(number, "advance_notice", **_notice(story, number, party))
    is_refused(officer, "只有本人陈述，没有其他证据的，不能处罚")
    officer.does(
        number, "interview", subject="harmed", answers="问：怎么咬的？答：从后面扑上来。", began=minutes_ago(story, 30),
        ended=minutes_ago(story, 10), guardian="present", **there,
    )  # fmt: skip
    colleague.does(number, "countersign", yes="yes")
    child = paper(
        story, number, officer, "询问笔录", also=[colleague], place="被询问人", name="郑小某", 被询问人="郑小某",
        says=("郑小某（被侵害人）", "未满十八周岁，监护人到场", "从后面扑上来", "被询问人郑小某于"),
    )  # fmt: skip
    assert OWNER not in officer.reads(child), "the child's record is not called by the name of who had the dog"
    return [*papers, child]


def _notice(story: Town, number: str, party: int) -> dict[str, Any]:
    return {
        "basis": clause(story, number), "penalties": "fine", "amount": "500", "suspected": "未拴绳咬伤儿童", "reasons": "事实清楚",
        "delivered_on": today(story), "due": today(story, 1), "party": party,
    }  # fmt: skip


def _told_and_decided(story: Town, number: str, party: int, officer: Staff, colleague: Staff, chief: Staff) -> list[str]:
    law = "《中华人民共和国治安管理处罚法》"
    officer.does(number, "advance_notice", **_notice(story, number, party))
    papers = [
        paper(
            story,
            number,
            officer,
            "行政处罚事先告知书",
            also=[chief],
            says=(f"{law}第一百一十二条", "父母或者其他监护人"),
            **CONTACT,
        )
    ]
    officer.does(number, "hear", heard="stated", statement="认错", adopted="nothing")
    papers.append(
        paper(
            story,
            number,
            officer,
            "陈述申辩笔录",
            also=[colleague],
            place="陈述申辩人",
            陈述地点="派出所",
            says=("认错", f"陈述申辩人{OWNER}于"),
        )  # fmt: skip
    )
    chief.does(
        number, "decide", shot="decide", decision="penalty", basis=clause(story, number), circumstances="none", reasons="事实清楚",
        penalties="fine", amount="500",
    )  # fmt: skip
    made = story.last(number).seq
    papers.append(
        paper(
            story,
            number,
            chief,
            "行政处罚决定书",
            shot="decision",
            says=("罚款人民币伍佰元整（¥500）", law, "1980年1月1日出生", "申请行政复议"),
        )  # fmt: skip
    )
    for receiver, name, where in (("party", OWNER, ""), ("harmed", "郑小某的母亲陈某", "安和县文昌路12号")):
        officer.does(number, "serve", of=made, way="direct", receiver=receiver, served_on=today(story))
        given = {"受送达人姓名": name, "送达地点": where} if where else {}
        papers.append(
            paper(
                story,
                number,
                officer,
                "送达回证",
                place="受送达人",
                name=name,
                says=(name, "行政处罚决定书（", "罚字〔2026〕1号"),
                **given,
            )  # fmt: skip
        )
    assert OWNER not in officer.reads(papers[-1])
    return papers


# ── 首违不罚 ─────────────────────────────────────────────────────────────────────────────────


def test_a_first_slight_offence_is_taught_not_punished(inquiry: Town) -> None:
    story = inquiry
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
        paper(
            story, number, chief, "不予行政处罚决定书", shot="no-penalty",
            says=(OWNER, "不罚字〔2026〕1号", "初次违法，已清理", "第三十三条", "教育", "申请行政复议"),
        )  # fmt: skip
        officer = story.staff(first, PHONE)
        officer.does(number, "serve", of=made, way="direct", receiver="party", served_on=today(story))
        paper(story, number, officer, "送达回证", place="受送达人", says=("不予行政处罚决定书（", "不罚字〔2026〕1号）"))
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
