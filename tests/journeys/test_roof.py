"""A house on a roof, from 立案 to the demolition by another body and the bound file: whoever leaves out a step that the law asks for is refused
with its clause, and each step leaves its papers."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pikepdf
from django.utils import timezone
from playwright.sync_api import expect

from huiyin.jobs import documents as job
from huiyin.rules.workflow.vocabulary import Tier
from tests.conftest import DESKTOP, PHONE, SHOTS
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
    of_role,
    paper,
    person,
    sends_at_last,
    today,
)
from tests.journeys.people import Staff, Town

SIX_THOUSAND = "罚款人民币陆仟元整（¥6,000）"
DECIDED = "安自然资源罚字〔2026〕1号"
ROOM = "县自然资源局三楼会议室"
SHOWN = os.environ.get("SHOTS") == "whole"


@dataclass
class Roof:
    """The case as its own department goes through it; `papers` are the titles of what it made, in their order."""

    story: Town
    number: str
    party: int = 0
    decision: int = 0
    served: date = date.min
    papers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.first, self.second, self.head = crew("ziran")
        self.reviewer = of_role("ziran", "rev")

    def at_desk(self, username: str) -> Staff:
        return self.story.staff(username, DESKTOP)

    def on_phone(self, username: str) -> Staff:
        return self.story.staff(username, PHONE)

    def leaves(self, by: Staff, title: str, **how: Any) -> str:
        self.papers.append(title)
        return paper(self.story, self.number, by, title, **how)

    def is_receipted(self, by: Staff, *says: str, **given: str) -> None:
        """What was just made is handed over, and the party signs for it."""
        self.leaves(by, "送达回证", place="受送达人", says=says, **given)

    def decides(self, **other: str) -> dict[str, Any]:
        return {
            "decision": "penalty", "basis": clause(self.story, self.number), "circumstances": "grave", "reasons": "拒不停止",
            "penalties": "fine", "amount": "6000", "removal": today(self.story, 40), **other,
        }  # fmt: skip

    def cannot_yet(self, someone: Staff, *reasons: str) -> None:
        """The page of the case says what is missing."""
        someone.opens(self.number)
        someone.unfolds()
        for reason in reasons:
            someone.see(reason)

    def is_enforced(self, officer: Staff, second: str) -> None:
        officer.begins(
            self.number, "enforce", of=self.decision, means="demolish", began=minutes_ago(self.story, 20), id_shown="yes", dwelling="no",
            second=person(self.story, second), done="拆除楼顶违法建筑",
        )  # fmt: skip


def test_who_leaves_out_a_lawful_step_is_refused_each_time_with_its_clause_until_the_roof_comes_down(inquiry: Town) -> None:
    roof = Roof(story=inquiry, number=handled(inquiry, "WJ-01", "ziran", "五栋楼顶在盖房子，天天敲"))
    with afterwards(inquiry):
        officer, colleague, chief = roof.at_desk(roof.first), roof.on_phone(roof.second), roof.at_desk(roof.head)
        _a_file_is_opened(roof, officer, colleague, chief)
        _the_roof_is_looked_at(roof, officer, colleague)
        _the_party_is_told(roof, officer, chief)
        _the_party_is_heard(roof, officer, colleague, chief)
        notified = today(inquiry)
    _a_hearing_is_held(roof, notified)
    _it_is_demanded(roof)
    _force_waits_for_its_terms(roof)
    _another_body_takes_it_down(roof)
    _the_file_is_closed_and_bound(roof)
    inquiry.record_is_sound(roof.number)
    assert inquiry.world.case(roof.number).tier == Tier.COERCED


def _a_file_is_opened(roof: Roof, officer: Staff, colleague: Staff, chief: Staff) -> None:
    story, number = roof.story, roof.number
    officer.opens(number)
    officer.shoot("nothing-done-yet")
    roof.cannot_yet(officer, "本单位还没有立案（行政处罚法第五十四条）")
    roof.party = named(story, number, "ziran")
    officer.does(
        number, "open_file", filing="yes", basis=clause(story, number), offence_on=today(story), suspected="未经许可建房", party=roof.party,
        second=person(story, roof.second),
    )  # fmt: skip
    roof.cannot_yet(officer, "第二名执法人员还没有会签")
    colleague.does(number, "countersign", yes="yes")
    roof.cannot_yet(officer, "立案还没有批准")
    chief.does(number, "approve", yes="yes")
    roof.leaves(officer, "立案审批表", also=[colleague, chief], says=(OWNER, "居民反映", "立字〔2026〕1号", "同意"))


def _the_roof_is_looked_at(roof: Roof, officer: Staff, colleague: Staff) -> None:
    roof.cannot_yet(officer, "还没有生效的检查、询问或检测记录")
    officer.begins(
        roof.number, "inspect", found="砖混房一间", began=minutes_ago(roof.story, 40), ended=minutes_ago(roof.story, 5), where="楼顶",
        id_shown="no", second=person(roof.story, roof.second), signing="signed",
    )  # fmt: skip
    is_refused(officer, "须主动出示执法证件")
    officer.fill("id_shown", "yes")
    sends_at_last(officer, roof.number)
    colleague.does(roof.number, "countersign", yes="yes")
    roof.leaves(
        officer, "现场检查（勘验）笔录", also=[colleague], place="被检查人", says=("砖混房一间", "执法证号", f"被检查人{OWNER}于"), shot="inspection",
    )  # fmt: skip


def _the_party_is_told(roof: Roof, officer: Staff, chief: Staff) -> None:
    story, number = roof.story, roof.number
    officer.begins(
        number, "advance_notice", hearing_told="no", basis=clause(story, number), penalties="fine", amount="6000", reasons="造价十万的百分之六",
        suspected="未经许可建房二十平方米", delivered_on=today(story), due=today(story, 3), party=roof.party,
    )  # fmt: skip
    is_refused(officer, "须告知当事人有权要求听证")
    officer.shoot("hearing-must-be-offered")
    officer.fill("hearing_told", "yes")
    sends_at_last(officer, number)
    told = {"also": [chief], "says": (SIX_THOUSAND, "造价十万的百分之六", "第四十四条"), "拟责令内容": "限期自行拆除楼顶房屋"}
    roof.leaves(officer, "行政处罚事先告知书", **told, **CONTACT)
    roof.leaves(officer, "行政处罚听证告知书", **told)
    roof.is_receipted(officer, "罚告字〔2026〕1号", "听告字〔2026〕1号", "送达日期2026年11月24日")


def _the_party_is_heard(roof: Roof, officer: Staff, colleague: Staff, chief: Staff) -> None:
    chief.begins(roof.number, "decide", **roof.decides())
    is_refused(chief, "还没有听取陈述、申辩")
    officer.does(roof.number, "hear", heard="stated", statement="要求听证", adopted="unfounded", asks_hearing="yes")
    roof.leaves(officer, "陈述申辩笔录", also=[colleague], place="陈述申辩人", says=("要求听证", "不成立"), 陈述地点=ROOM)
    chief.begins(roof.number, "decide", **roof.decides())
    is_refused(chief, "当事人要求听证，还没有听证")
    there = {"听证时间": "2026年12月7日9时", "听证地点": ROOM, "主持人": roof.story.world.person(roof.head).name}
    roof.leaves(officer, "行政处罚听证通知书", also=[chief], says=("2026年12月7日9时", ROOM), **there)
    roof.is_receipted(officer, "行政处罚听证通知书（", "听通字〔2026〕1号", 送达日期="2026年11月24日")


def _a_hearing_is_held(roof: Roof, notified: str) -> None:
    story, number = roof.story, roof.number
    hearing = {"hearing_end": "held", "chair": person(story, roof.head), "notified_on": notified, "statement": "双方质证"}
    with afterwards(story, days=8):
        chief = roof.at_desk(roof.head)
        chief.begins(number, "hold_hearing", held_on=today(story), **hearing)
        is_refused(chief, "七个工作日前通知")
    with afterwards(story, days=5):
        chief = roof.at_desk(roof.head)
        chief.does(number, "hold_hearing", held_on=today(story), **hearing)
        roof.leaves(chief, "听证笔录", place="当事人", says=("双方质证", ROOM), 听证地点=ROOM, 参加人="调查人员二人、当事人一人")
        _it_is_reviewed_talked_over_and_decided(roof, chief)


def _it_is_reviewed_talked_over_and_decided(roof: Roof, chief: Staff) -> None:
    story, number = roof.story, roof.number
    decision = roof.decides(removal=today(story, 10))
    chief.begins(number, "decide", **decision)
    is_refused(chief, "须先经法制审核（行政处罚法第五十八条）")
    reviewer = roof.at_desk(roof.reviewer)
    reviewer.does(number, "review", shot="review", passed="yes", opinion="同意")
    roof.leaves(
        reviewer, "行政处罚法制审核意见书", says=("审核通过", "法审字〔2026〕1号", story.world.person(roof.reviewer).name)
    )
    chief.begins(number, "decide", **decision)
    is_refused(chief, "须先集体讨论（行政处罚法第五十七条）")
    chief.does(number, "deliberate", members=person(story, roof.first), opinions="一致同意")
    here = {"讨论地点": ROOM, "主持人": story.world.person(roof.head).name}
    roof.leaves(chief, "重大案件集体讨论记录", says=("一致同意", story.world.person(roof.first).name), **here)
    chief.begins(number, "decide", **{**decision, "amount": "7000"})
    is_refused(chief, "比告知的更重")
    chief.does(number, "decide", shot="decide", **decision)
    roof.decision = story.last(number).seq
    roof.leaves(
        chief, "行政处罚决定书", shot="decision",
        says=(OWNER, SIX_THOUSAND, DECIDED, "举行了听证", "责令当事人于2026年12月17日前自行拆除", "申请行政复议", "1980年1月1日出生"),
    )  # fmt: skip
    _the_decision_is_served(roof)


def _the_decision_is_served(roof: Roof) -> None:
    story, number = roof.story, roof.number
    officer = roof.at_desk(roof.first)
    officer.opens(number)
    officer.unfolds()
    officer.shoot("decided")
    officer.see("还没有送达")
    officer.does(number, "serve", of=roof.decision, way="direct", receiver="party", served_on=today(story))
    roof.served = story.world.now.date()
    roof.leaves(
        officer, "送达回证", place="受送达人", refused=True, says=(f"行政处罚决定书（{DECIDED}）", "受送达人拒绝签名（", "社区工作人员小周"),
    )  # fmt: skip
    officer.begins(number, "demand", of=roof.decision, demanded="拆除", due=today(story, 5), delivered_on=today(story))
    is_refused(officer, "过了才能催告")


def _it_is_demanded(roof: Roof) -> None:
    story = roof.story
    with afterwards(story, days=20):
        officer, chief = roof.at_desk(roof.first), roof.at_desk(roof.head)
        officer.does(
            roof.number, "demand", shot="demand", of=roof.decision, demanded="拆除楼顶房屋", due=today(story, 12), delivered_on=today(story),
        )  # fmt: skip
        roof.leaves(officer, "履行行政决定催告书", also=[chief], says=(DECIDED, "拆除楼顶房屋", "百分之三", CONTACT["联系地址"]))
        roof.is_receipted(officer, "履行行政决定催告书（")


def _force_waits_for_its_terms(roof: Roof) -> None:
    story, number = roof.story, roof.number
    with afterwards(story, days=14):
        officer, chief = roof.at_desk(roof.first), roof.at_desk(roof.head)
        roof.is_enforced(officer, roof.second)
        is_refused(officer, "须先报负责人批准")
        officer.does(number, "propose", proposed="enforce", suspected="逾期不拆，拟强制拆除")
        chief.does(number, "approve", yes="yes")
        roof.is_enforced(officer, roof.second)
        is_refused(officer, "强制拆除要先公告")
        officer.does(number, "announce", of=roof.decision, due=today(story, 10), done_on=today(story))
        roof.leaves(
            officer, "限期自行拆除公告", also=[chief], says=("第四十四条", DECIDED, "拆告字〔2027〕1号"), shot="announced"
        )
    with afterwards(story, days=15):
        officer = roof.at_desk(roof.first)
        roof.is_enforced(officer, roof.second)
        is_refused(officer, "复议、诉讼期限到")
        officer.shoot("terms-not-over")
    with afterwards(story, days=(_half_a_year(roof.served) - story.world.now.date()).days + 3):
        officer, chief = roof.at_desk(roof.first), roof.at_desk(roof.head)
        roof.is_enforced(officer, roof.second)
        officer.fill("began", f"{today(story)}T02:30")
        is_refused(officer, "不得在夜间")
        officer.fill("began", minutes_ago(story, 20))
        officer.fill("means", "cut_off")
        officer.fill("dwelling", "yes")
        is_refused(officer, "不得对居民生活停水")
        roof.leaves(
            officer, "行政强制执行决定书", also=[chief], says=("送达催告书", "当事人逾期没有拆除", "执行方式：强制拆除", "强执字〔2027〕1号"),
            强制执行方式="强制拆除", 强制执行时间="2027年7月1日9时",
        )  # fmt: skip
        roof.is_receipted(officer, "行政强制执行决定书（", 送达日期=_said(story.world.now.date()))


def _half_a_year(day: date) -> date:
    return day + timedelta(days=190)


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _another_body_takes_it_down(roof: Roof) -> None:
    """Another department does what the government charged it with (城乡规划法 68): not without its document, and with its head's word."""
    story, number = roof.story, roof.number
    first, second, head = crew("chengguan")
    with afterwards(story):
        officer = roof.at_desk(first)
        officer.does(number, "propose", proposed="enforce", suspected="县政府责成拆除")
        roof.at_desk(head).does(number, "approve", yes="yes")
        roof.is_enforced(officer, second)
        is_refused(officer, "要有政府责成执行的文件号（城乡规划法第六十八条）")
        officer.fill("mandate", "安府字〔2027〕8号")
        sends_at_last(officer, number)
        roof.on_phone(second).does(number, "countersign", yes="yes")
        officer.opens(number)
        officer.shoot("taken-down")


def _the_file_is_closed_and_bound(roof: Roof) -> None:
    story, number = roof.story, roof.number
    with afterwards(story, days=1):
        officer, chief = roof.at_desk(roof.first), roof.at_desk(roof.head)
        officer.does(number, "perform", of=roof.decision, performed="all", paid="6000", done_on=today(story))
        officer.does(number, "close_file", closing="performed", why="罚款已缴，房屋已拆除")
        chief.does(number, "approve", yes="yes")
        roof.leaves(
            officer, "行政处罚案件结案报告", also=[chief], says=(DECIDED, "罚款已缴，房屋已拆除", "已全部履行", "决定已履行或执行完毕"), shot="closed",
        )  # fmt: skip
        _is_bound(officer, number, roof.papers)


def _is_bound(officer: Staff, number: str, papers: Sequence[str]) -> None:
    officer.page.goto(f"{officer.url}/desk/cases/{number}/documents/")
    officer.shoot("all-papers")
    officer.page.get_by_role("button", name="装订案卷").click()
    expect(officer.page.get_by_text("正在排版")).to_be_visible()
    assert job.run_binding(timezone.now()) == 1
    officer.page.reload()
    officer.shoot("bound")
    cover, _, index = officer.reads(officer.page.url).partition("卷内目录")
    assert OWNER not in cover and "行政执法案卷" in cover and DECIDED in cover, "no party on the cover: it lies on desks"
    assert f"共{len(papers)}件" in cover
    assert [title for title in papers if title not in index] == []
    if SHOWN:  # for somebody to look at, as the pages are
        (SHOTS / "file-of-the-roof-story.pdf").write_bytes(officer.downloads(officer.page.url))
    with pikepdf.open(io.BytesIO(officer.downloads(officer.page.url))) as whole, whole.open_outline() as outline:
        marks = [str(item.title) for item in outline.root][1:]
    assert [mark.startswith(title) for mark, title in zip(marks, papers, strict=True)] == [True] * len(papers), marks
