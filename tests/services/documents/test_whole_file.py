"""The whole file of one roof extension, from 立案 to 强制拆除: every document in its order, bound, with what each had to say."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from huiyin.adapters import files
from huiyin.adapters.documents import press
from huiyin.jobs import documents as job
from huiyin.records.models import Document, Party
from huiyin.rules.documents.kinds import OUTSIDE, Signer
from huiyin.selectors import documents as known
from huiyin.services import documents
from tests.adapters.documents.test_press import text_of
from tests.conftest import SHOTS
from tests.services.cases.test_inquiry import crew, filed, handled, liability, of_role
from tests.services.documents.test_documents import CONTACT, STROKES, issued, loaded
from tests.services.documents.test_every_kind import wrote
from tests.world import World

OWNER = "钱某某"
ADDRESS = "安和县文昌街道锦绣家园三栋 602"
SEEN = (
    "三栋楼顶（六层平屋面）东北角有新搭建砖混结构房屋一间，红砖墙已砌到 2.6 米，屋面模板已支好，没有浇筑。\n"
    "用激光测距仪测得长 5.0 米、宽 4.2 米，面积 21.0 平方米，高 2.6 米。现场有红砖约三百块、水泥八包、搅拌机一台，没有人施工。\n"
    "屋主钱某某到场，承认是自家请人搭建，没有办理建设工程规划许可证。"
)
ASKED = (
    "问：楼顶这间房是谁建的？\n答：是我请人建的，上个月二十号开工。\n问：办过建设工程规划许可证没有？\n答：没有，我以为自家楼顶不用办。\n"
    "问：花了多少钱？\n答：材料和人工一共五万八千多，合同上写的是六万元，我可以提供。\n问：还有什么要补充的？\n答：家里三代人住不下，希望从轻处理。"
)
FOUND = "2026年11月，钱某某未取得建设工程规划许可证，在锦绣家园三栋楼顶搭建砖混结构房屋一间，面积 21.0 平方米，工程造价六万元。"


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    yield
    press.rest()


class Desk:
    """Those of one department who make documents about one case and sign them."""

    def __init__(self, world: World, number: str, code: str) -> None:
        self.world, self.number = world, number
        self.first, self.second = crew(world, code)
        self.head = of_role(code, "head")
        self.reviewer = of_role(code, "rev")

    def person(self, username: str) -> int:
        return int(self.world.person(username).pk)

    def day(self, days: int = 0) -> date:
        return self.world.now.date() + timedelta(days=days)

    def does(self, who: str, action: str, **given: Any) -> int:
        return self.world.do(who, self.number, action, **given).seq

    def issues(self, who: str, kind: str, **given: str) -> Document:
        """Made, issued, and signed by all of the house who sign it; the party signs on the screen."""
        self.world.later(minutes=1)
        made = issued(self.world, who, self.number, kind, **given)
        for role in documents.places_to_sign(made, []):
            self._signed(made, role)
        return Document.objects.get(pk=made.pk)

    def _signed(self, made: Document, role: Signer) -> None:
        asked: dict[str, Any] = {"at": self.world.now, "dossier": loaded(self.world, self.number), "document": made}
        if role in OUTSIDE:
            documents.sign_on_screen(actor=self.world.actor(self.first), role=role, name=OWNER, strokes=STROKES, **asked)
            return
        for who in (self.first, self.second, self.head, self.reviewer):
            if documents.may_sign_as(asked["dossier"], self.world.actor(who), made, role):
                documents.sign(actor=self.world.actor(who), role=role, factor=True, **asked)
                return


def the_roof(world: World) -> Desk:
    """The whole way, each act with its document on the day."""
    desk = Desk(world, handled(world, "WJ-01", "ziran"), "ziran")
    first, second, head = desk.first, desk.second, desk.head
    mate = desk.person(second)
    desk.does(
        first, "name_party", party_kind="person", party_name=OWNER, party_id="360000198001010000", party_address=ADDRESS, party_sex="male",
        party_birth="1980-01-01", party_phone="0700-555 0199",
    )  # fmt: skip
    party = Party.objects.get(case__number=desk.number).pk
    basis = liability(world, desk.number)
    opened = desk.does(
        first, "open_file", filing="yes", basis=basis, offence_on=desk.day(), party=party, second=mate,
        suspected="未取得建设工程规划许可证，在锦绣家园三栋楼顶搭建砖混结构房屋约二十平方米",
    )  # fmt: skip
    desk.does(second, "countersign", of=opened, yes="yes")
    desk.does(head, "approve", of=opened, yes="yes", why="情况属实，同意立案")
    desk.issues(first, "filing")
    looked = desk.does(
        first, "inspect", found=SEEN, began=world.now - timedelta(minutes=40), ended=world.now, where="锦绣家园三栋楼顶", id_shown="yes",
        second=mate, signing="signed", recorded="yes", party=party,
    )  # fmt: skip
    desk.does(second, "countersign", of=looked, yes="yes")
    desk.issues(first, "inspection")
    asked = desk.does(
        first, "interview", subject="party", answers=ASKED, began=world.now - timedelta(minutes=30), ended=world.now, where="幸福里联络站",
        id_shown="yes", rights_told="yes", guardian="adult", signing="signed", second=mate, party=party,
    )  # fmt: skip
    desk.does(second, "countersign", of=asked, yes="yes")
    desk.issues(first, "interview")
    world.later(days=1)
    desk.does(
        first, "advance_notice", basis=basis, penalties=["fine"], amount=6000, suspected=FOUND, reasons="无法采取改正措施消除影响，按工程造价百分之十",
        delivered_on=desk.day(), due=desk.day(7), hearing_told="yes", party=party,
    )  # fmt: skip
    desk.issues(first, "advance_notice", 拟责令内容="于2026年12月31日前自行拆除上述违法建筑物", **CONTACT)
    desk.issues(first, "hearing_rights", 拟责令内容="于2026年12月31日前自行拆除上述违法建筑物", **CONTACT)
    desk.issues(first, "notice_receipt")
    desk.does(
        first, "hear", heard="stated", statement="当事人称家中人口多、住房紧，请求从轻，并要求听证。经复核，住房困难不是法定的从轻理由。",
        adopted="unfounded", asks_hearing="yes",
    )  # fmt: skip
    desk.issues(first, "statement", 陈述地点="县自然资源局三楼会议室")
    notified = desk.day()
    held = {"听证时间": "2026年12月8日9时", "听证地点": "县自然资源局三楼会议室", "主持人": world.person(desk.reviewer).name}
    desk.issues(first, "hearing_notice", **held, **CONTACT)
    desk.issues(first, "notice_receipt", 送达日期="2026年11月25日")
    world.later(days=13)
    desk.does(
        head, "hold_hearing", hearing_end="held", chair=desk.person(desk.reviewer), notified_on=notified, held_on=desk.day(),
        statement="调查人员提出违法事实、证据和处罚建议。当事人对面积、造价没有异议，请求从轻。双方对测量记录进行了质证。",
    )  # fmt: skip
    desk.issues(head, "hearing_record", 听证地点="县自然资源局三楼会议室", 参加人="调查人员二人、当事人一人、记录人一人")
    desk.does(
        desk.reviewer, "review", passed="yes", opinion="主体、事实、证据、程序、依据、裁量、文书七项没有问题，同意提交集体讨论。"
    )
    desk.issues(desk.reviewer, "review")
    desk.does(
        head,
        "deliberate",
        members=[desk.person(head), mate],
        opinions="何某：同意罚款六千元、限期拆除。\n李某：同意。\n结论：一致同意。",
    )
    desk.issues(head, "deliberation", 讨论地点="县自然资源局二楼会议室", 主持人=world.person(head).name)
    made = desk.does(
        head, "decide", decision="penalty", basis=basis, circumstances=["grave"], reasons="无法采取改正措施消除影响", penalties=["fine"], amount=6000,
        removal=desk.day(10),
    )  # fmt: skip
    desk.issues(head, "decision", 缴款银行和账户="安和县农村商业银行，账户 1234 5678。")
    desk.does(first, "serve", of=made, way="direct", receiver="party", served_on=desk.day())
    desk.issues(first, "receipt")
    world.later(days=25)
    desk.does(
        first, "demand", of=made, demanded="缴纳罚款人民币六千元；自行拆除楼顶房屋", due=desk.day(12), delivered_on=desk.day()
    )
    desk.issues(first, "demand", **CONTACT)
    desk.issues(first, "notice_receipt")
    world.later(days=14)
    desk.does(first, "announce", of=made, due=desk.day(10), done_on=desk.day())
    desk.issues(first, "demolition", **CONTACT)
    world.later(days=190)
    asked = desk.does(first, "propose", proposed="enforce", of=made, suspected="逾期不拆，拟强制拆除")
    desk.does(head, "approve", of=asked, yes="yes")
    desk.issues(first, "enforcement", 强制执行方式="强制拆除", 强制执行时间="2027年8月10日9时", **CONTACT)
    desk.issues(first, "notice_receipt", 送达日期="2027年7月26日")
    return desk


#: Everything that is in the file, in the order in which it was issued.
ORDER = (
    "立案审批表", "现场检查（勘验）笔录", "询问笔录", "行政处罚事先告知书", "行政处罚听证告知书", "送达回证", "陈述申辩笔录", "行政处罚听证通知书",
    "送达回证", "听证笔录", "行政处罚法制审核意见书", "重大案件集体讨论记录", "行政处罚决定书", "送达回证", "履行行政决定催告书", "送达回证",
    "限期自行拆除公告", "行政强制执行决定书", "送达回证",
)  # fmt: skip
SHOWN = os.environ.get("SHOTS") == "whole"


def said_by(row: Document) -> str:
    return "".join(text_of(files.read_original(row.pdf)).split())


def test_the_file_of_a_whole_case_holds_every_document_in_its_order(world: World) -> None:
    desk = the_roof(world)
    while job.run(world.now):
        pass
    rows = list(Document.objects.order_by("frozen_at", "pk"))
    assert tuple(known.title_of(row) for row in rows) == ORDER
    assert {(row.state, row.rendering) for row in rows} == {("signed", "ready")}
    asked = documents.bind(actor=world.actor(desk.first), at=world.now, dossier=loaded(world, desk.number))
    assert job.run_binding(world.now) == 1
    whole = Document.objects.get(pk=asked.pk)
    if SHOWN:  # for somebody to look at, as the pages are
        SHOTS.mkdir(parents=True, exist_ok=True)
        (SHOTS / "file-of-the-roof.pdf").write_bytes(files.read_original(whole.pdf))
    said = said_by(whole)
    index = said[said.index("卷内目录") :]
    for number, title in enumerate(ORDER, 1):
        assert f"{title}" in index, (number, title)
    lines = ["".join(line.split()) for line in text_of(files.read_original(whole.pdf)).split("\f")[1].splitlines()]
    rows = [line for line in lines if re.search(r"20\d\d年\d+月\d+日\d+(-\d+)?$", line)]
    assert len(rows) == len(ORDER) and all("字〔" in row or "号" not in row for row in rows), "a line each, all on one page"
    assert "龚勇、汪金凤" in said and "处理决定行政处罚决定书（安自然资源罚字〔2026〕1号）" in said, "the cover says who and what"
    assert OWNER not in said[: said.index("卷内目录")], "no party on the cover: it lies on desks"


def test_what_each_document_of_the_roof_had_to_say(world: World) -> None:
    the_roof(world)
    while job.run(world.now):
        pass
    said: dict[str, str] = {}
    for row in Document.objects.order_by("pk"):
        said[row.kind] = said.get(row.kind, "") + said_by(row)
    fine, clause = "罚款人民币陆仟元整（¥6,000）", "《中华人民共和国城乡规划法》第六十四条"
    for kind, parts in {
        "filing": (OWNER, "案件来源居民反映", "1980年1月1日出生", clause, "同意情况属实", "安自然资源立字〔2026〕1号"),
        "inspection": ("8时27分至9时07分", "面积21.0平方米", "执法证号"),
        "interview": ("问：楼顶这间房是谁建的？", "答：没有，我以为自家楼顶不用办。"),
        "advance_notice": (OWNER, clause, fine, "2026年12月2日前", "自行拆除上述违法建筑物"),
        "hearing_rights": ("五个工作日内", fine),
        "hearing_notice": ("2026年12月8日9时", "魏丽华（非本案调查人员）"),
        "review": ("审核结论审核通过",),
        "deliberation": ("工程造价六万元。", "结论：一致同意。"),
        "decision": (
            fine, clause, "经本机关复核，不成立，不予采纳", "本机关于2026年12月8日举行了听证", "责令当事人于2026年12月18日前自行拆除", "十五日内",
            "安和县人民政府申请行政复议", "安自然资源罚字〔2026〕1号",
        ),
        "demand": ("（安自然资源罚字〔2026〕1号）", "自行拆除楼顶房屋。", "百分之三"),
        "demolition": ("第四十四条", "2027年1月26日前自行拆除"),
        "enforcement": ("已于2027年1月2日送达催告书", "已于2027年1月16日公告", "第三十四条、第三十七条、第四十四条", "执行方式：强制拆除"),
    }.items():  # fmt: skip
        for part in parts:
            assert part in said[kind], (kind, part)
    assert "0700-5550199" not in said["decision"], "the telephone number of who is punished is nobody's on a decision"
    assert "拟强制拆除" not in said["enforcement"], "what an officer wrote to the head does not go to the party"


def test_what_was_handed_over_is_receipted_with_its_number_and_day(world: World) -> None:
    the_roof(world)
    while job.run(world.now):
        pass
    receipts = ["".join(said_by(row).split()) for row in Document.objects.filter(kind="notice_receipt").order_by("pk")]
    told, hearing, demand, force = receipts
    assert "行政处罚事先告知书（安自然资源罚告字〔2026〕1号）" in told and "（安自然资源听告字〔2026〕1号）" in told
    assert "送达日期2026年11月25日" in told and "送达日期2026年11月25日" in hearing, (
        "the day it was notified, not the day of the hearing"
    )
    assert "行政处罚听证通知书（安自然资源听通字〔2026〕1号）" in hearing
    assert "履行行政决定催告书（安自然资源催字〔2027〕1号）" in demand and "送达日期2027年1月2日" in demand
    assert "行政强制执行决定书（安自然资源强执字〔2027〕1号）" in force and "直接送达" in force


def test_no_page_holds_signatures_alone(world: World) -> None:
    """GB/T 9704 7.3.5: something of the text goes with them."""
    the_roof(world)
    while job.run(world.now):
        pass
    for row in Document.objects.all():
        last = text_of(files.read_original(row.pdf)).rstrip("\f").split("\f")[-1]
        before = "".join(last[: last.index("签名记录")].split())
        assert len(before) > 20, (row.kind, last)


def test_a_removal_that_is_no_penalty_has_a_decision_of_its_own(world: World) -> None:
    desk = Desk(world, handled(world, "WJ-01", "ziran"), "ziran")
    file = filed(world, desk.number, "ziran")
    wrote(
        world, desk.number, desk.head, "decide", {"reasons": "无法采取改正措施消除影响"}, file=file, decision="removal",
        basis=liability(world, desk.number), circumstances=["none"], removal="2026-12-31",
    )  # fmt: skip
    kinds = {one.kind.code for one in known.offers(loaded(world, desk.number), world.actor(desk.head), [])}
    assert "removal" in kinds and not kinds & {"decision", "no_penalty"}
    made = desk.issues(desk.head, "removal", 证据="现场检查笔录1份")
    job.run(world.now)
    said = said_by(Document.objects.get(pk=made.pk))
    for part in ("限期拆除决定书", "责令当事人于2026年12月31日前自行拆除", "安自然资源限拆字〔2026〕1号", "申请行政复议"):
        assert part in said, part
    assert "行政处罚" not in said.replace("行政处罚法", "")


def test_who_is_asked_or_served_besides_the_party_is_not_called_by_the_partys_name(world: World) -> None:
    desk = Desk(world, handled(world, "WJ-01", "ziran"), "ziran")
    file = filed(world, desk.number, "ziran")
    moment = world.now.isoformat(timespec="seconds")
    asked = wrote(
        world, desk.number, desk.first, "interview", {"answers": "问：看见了吗？\n答：看见了。", "where": "楼下"}, file=file, subject="witness",
        began=moment, ended=moment, id_shown="yes", rights_told="yes", guardian="adult", signing="signed", second=desk.person(desk.second),
    )  # fmt: skip
    made = wrote(
        world, desk.number, desk.head, "decide", {"reasons": "查证属实"}, file=file, decision="penalty", basis=liability(world, desk.number),
        penalties=["fine"], amount=300,
    )  # fmt: skip
    served = wrote(world, desk.number, desk.first, "serve", of=made, way="direct", receiver="harmed", served_on="2026-11-24")
    dossier, actor = loaded(world, desk.number), world.actor(desk.first)
    about = known.offer(dossier, actor, "interview", asked)
    receipt = known.offer(dossier, actor, "receipt", served)
    assert about is not None and receipt is not None
    assert (about.values["被询问人"], about.values["被询问人情况"]) == ("", "")
    assert (receipt.values["受送达人姓名"], receipt.values["送达地点"]) == ("", "")
    drawn = desk.issues(desk.first, "interview", 被询问人="邻居孙某某")
    told = [documents.told(one) for one in known.signatures(drawn)]
    assert any(line.startswith("被询问人") for line in told), told
