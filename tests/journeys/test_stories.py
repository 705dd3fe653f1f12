"""The stories that the product is made for, told at the screens of everybody in them: 劝、督、查, and an echo at the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from huiyin.records.models import Case
from huiyin.rules.workflow.vocabulary import Tier
from tests.conftest import DESKTOP, PHONE
from tests.journeys.people import NO_NETWORK, Album, Town, photo
from tests.world import World

FIRST_REPLY = "城管队员 11月24日上门看了，花坛里的六只鸡已经送回老家，花坛清理干净。负责人刘志强，县城市管理局 0700-555 0145"
SECOND_REPLY = "何勇 11月24日又去看了，藏在楼顶的两只鸡也带走了，楼道冲洗过。再有鸡叫请打县城市管理局 0700-555 0145"


@pytest.fixture
def story(request: pytest.FixtureRequest, town: World, live_server: Any, visitor: Callable[..., Page]) -> Town:
    """The committed county behind a server, with an album named after the test."""
    return Town(world=town, url=live_server.url, visitor=visitor, album=Album(request.node.name.removeprefix("test_")[:40]))


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_poultry_in_xingfuli_is_persuaded_ordered_away_disputed_once_and_filed(story: Town, screen: dict[str, Any]) -> None:
    resident = story.resident(screen)
    resident.page.forgiven.extend(NO_NETWORK)  # type: ignore[attr-defined]
    resident.starts_at_the_board("xfl1")
    resident.writes("楼下花坛里有人养鸡，天不亮就打鸣，一地鸡粪", photo("coop", "brown"), photo("bed", "green"))
    resident.page.context.set_offline(True)
    resident.sends()
    resident.is_told("没有网络，已存在本机")
    resident.shoot("kept-without-network")
    assert not Case.objects.exists()
    resident.page.context.set_offline(False)
    resident.gets_a_receipt()
    number = resident.number
    case = Case.objects.get()
    assert case.number == number and case.compound.code == "xfl1"
    story.worker_runs()

    clerk = story.staff("wangxiulan", screen)
    clerk.shoot("clerk-today")
    clerk.opens(number)
    expect(clerk.page.locator("main .shots img")).to_have_count(2)
    clerk.shoot("clerk-case")
    clerk.begins(number, "assign")
    expect(clerk.page.locator("[name=item]")).to_have_value("QL-05")
    clerk.shoot("clerk-assign")
    clerk.sends()
    clerk.see("已经记下：派单")
    assert story.stage(number) == "assigned"

    officer = story.staff("liuzhiqiang", screen)
    officer.shoot("officer-today")
    officer.does(number, "accept")
    officer.does(number, "attend", photo("found", "olive"), shot="attend", found="花坛边笼子里六只鸡，地上有粪")
    officer.does(
        number, "dissuade", shot="dissuade", persuader="department", method="door", response="agreed", stopped="no",
        how="讲了邻居睡不好，住户说舍不得杀",
    )  # fmt: skip
    officer.begins(number, "order", facts="三天内把鸡移走，清理花坛")
    second = officer.page.locator("[name=second] option", has_text="何勇").get_attribute("value")
    basis = officer.page.locator("[name=basis] option", has_text="（有效）").first.get_attribute("value")
    officer.fill("second", second or "")
    officer.fill("basis", basis or "")
    officer.shoot("officer-order")
    officer.sends()
    officer.see("已经记下：责令改正")
    officer.see("待会签")
    officer.shoot("officer-order-waits")
    assert story.world.case(number).tier == Tier.PERSUADED

    other = story.staff("heyong", screen)
    other.does(number, "countersign", shot="countersign", yes="yes")
    assert story.world.case(number).tier == Tier.ORDERED

    officer.does(number, "comply", photo("clean", "teal"), shot="comply", corrected="yes", found="鸡已移走，花坛干净")
    officer.opens(number)
    officer.should_first("办结")
    officer.does(number, "resolve", shot="resolve", result="corrected", proof="photo", done="劝说后责令改正，已改好")
    assert story.stage(number) == "resolved"
    story.worker_runs()
    officer.does(number, "echo", shot="echo", reply=FIRST_REPLY)
    assert story.stage(number) == "echoed"
    story.worker_runs()

    resident.follows("first-echo")
    resident.see(FIRST_REPLY)
    resident.disputes("今天早上楼顶又有鸡叫", photo("roof", "maroon"))
    assert story.stage(number) == "handling"
    story.worker_runs()

    officer.opens(number)
    officer.should_first("到场")
    officer.shoot("officer-case-came-back")
    officer.does(
        number, "dissuade", persuader="department", method="door", response="did", stopped="yes", how="在楼顶找到两只，当场抓走"
    )
    other.does(number, "recheck", photo("roof-clean", "navy"), state="stopped", found="楼顶和花坛都没有鸡")
    officer.does(number, "resolve", result="corrected", proof="photo", done="楼顶的鸡也移走了")
    officer.opens(number)
    officer.shoot("officer-may-not-write-again")
    officer.see("第一次回音是您写的")
    other.does(number, "echo", reply=SECOND_REPLY)
    story.worker_runs()

    resident.follows("second-echo")
    resident.see(SECOND_REPLY)
    resident.is_satisfied()
    clerk.does(number, "close", shot="close")
    clerk.shoot("clerk-case-filed")
    assert story.stage(number) == "closed"

    resident.follows("filed")
    resident.was_told(
        "您反映了这件事。", "交给县城市管理局办。", "到现场看了。", "上门劝说。", "责令改正", "已经改好。", "办结：已经改正。", "给您回音。",
        "您说没解决。", "上门劝说。", "复查，已经停止。", "办结：已经改正。", "给您回音。", "您说解决了。", "归档。",
    )  # fmt: skip
    story.ends_well(
        resident, "wangxiulan", "report assign accept attend dissuade order countersign comply resolve echo dispute dissuade recheck resolve echo "
        "feedback close",
    )  # fmt: skip


def test_a_firm_is_urged_repairs_and_somebody_else_looks(story: Town) -> None:
    resident = story.resident(PHONE)
    number = resident.reports("xfl1", "楼道里堆满旧家具和纸箱，消防通道都走不过去", photo("stairs", "gray"))
    story.worker_runs()
    clerk = story.staff("wangxiulan", DESKTOP)
    clerk.does(number, "assign", shot="assign")
    case = story.world.case(number)
    lead = case.lead
    assert lead is not None
    officer = story.staff(story.officer_of(lead.code), PHONE)
    officer.does(number, "accept")
    firm_name = story.world.firm()
    clerk.does(
        number, "urge", shot="urge", firm=firm_name, duty="物业管理条例第四十五条", release="3 号楼楼道堆了旧家具，请三天内清走",
    )  # fmt: skip

    firm = story.staff("huanghaiyan", PHONE)
    firm.page.goto(f"{story.url}/desk/tasks/")
    firm.shoot("firm-tasks")
    expect(firm.page.get_by_text("消防通道都走不过去")).to_have_count(0)
    firm.page.get_by_role("link", name=case.item_name).first.click()
    firm.see("请三天内清走")
    expect(firm.page.get_by_text("消防通道都走不过去")).to_have_count(0)
    firm.shoot("firm-task")
    firm.does(number, "property_reply", photo("cleared", "white"), shot="reply", done="已经联系住户，旧家具全部清走")
    story.worker_runs()

    clerk.does(number, "recheck", photo("looked", "silver"), shot="recheck", state="stopped", found="楼道已经清空，能走")
    officer.does(number, "attend", found="楼道已经清空")
    officer.does(number, "resolve", shot="resolve", result="corrected", proof="photo", done="督促物业清走了旧家具")
    officer.does(
        number, "echo", reply=f"物业已经把楼道的旧家具清走，社区 11月24日去看过，能走了。负责单位{lead.name}，电话 {lead.phone}"
    )
    resident.follows("echo")
    resident.see("督促物业把该做的做好")
    resident.see("物业答复了做了什么。")
    resident.is_satisfied()
    assert story.stage(number) == "echoed"
    resident.was_told(
        "您反映了这件事。", f"交给{lead.name}办。", "督促物业把该做的做好", "物业答复了做了什么。", "复查，已经停止。", "到现场看了。", "办结：已经改正。",
        "给您回音。", "您说解决了。",
    )  # fmt: skip
    story.ends_well(resident, "wangxiulan", "report assign accept urge property_reply recheck attend resolve echo feedback")


def test_neighbours_are_brought_together_over_a_matter_of_the_service_list(story: Town) -> None:
    resident = story.resident(PHONE)
    resident.starts_at_the_board("xfl1")
    resident.page.get_by_label("用平常的话说").fill("楼上漏水，我家天花板湿了一大片，楼上邻居说不关他的事")
    resident.see("听起来像这件事")
    resident.shoot("suggested")
    resident.sends()
    resident.gets_a_receipt()
    number = resident.number
    clerk = story.staff("wangxiulan", DESKTOP)
    clerk.does(number, "assign", item="FS-05", shot="assign")
    case = story.world.case(number)
    lead = case.lead
    assert lead is not None and case.listing == "service"
    officer = story.staff(story.officer_of(lead.code), PHONE)
    officer.does(number, "accept")
    officer.opens(number)
    expect(officer.page.get_by_role("link", name="责令改正", exact=True)).to_have_count(0)
    officer.shoot("officer-case")
    clerk.does(
        number,
        "mediate",
        photo("signed", "ivory"),
        shot="mediate",
        consent="both",
        outcome="agreed",
        done="双方坐下来谈，楼上答应一周内补好防水",
    )
    story.worker_runs()
    officer.does(number, "resolve", shot="resolve", result="coordinated", proof="record", done="双方签了调解协议")
    officer.does(
        number,
        "echo",
        reply=f"社区 11月24日请您和楼上邻居一起谈，楼上一周内补好防水，双方签了字。负责单位{lead.name}，电话 {lead.phone}",
    )
    resident.follows("echo")
    resident.see("双方谈成了。")
    resident.see("办结：已经协调好。")
    resident.is_satisfied()
    clerk.does(number, "close")
    assert story.stage(number) == "closed"
    resident.follows("filed")
    resident.was_told(
        "您反映了这件事。", f"交给{lead.name}办。", "双方谈成了。", "办结：已经协调好。", "给您回音。", "您说解决了。", "归档。"
    )
    story.ends_well(resident, "wangxiulan", "report assign accept mediate resolve echo feedback close")


def test_a_refusal_still_gets_its_echo_and_is_looked_at_again_when_disputed(story: Town) -> None:
    resident = story.resident(PHONE)
    number = resident.reports("xfl1", "楼下花坛里有人养鸡，天不亮就打鸣")
    clerk = story.staff("wangxiulan", DESKTOP)
    clerk.does(number, "refuse", shot="refuse", refusal="other_county", turn_to="请打邻县服务热线 0700-555 0199，他们管这一片")
    assert story.stage(number) == "resolved"
    resident.follows("refused")
    resident.see("这件事不在受理范围。")
    reply = "查了地图，您说的花坛在邻县一侧，请打邻县服务热线 0700-555 0199；幸福社区联络站王秀兰 0700-555 0112 可以帮您转"
    clerk.does(number, "echo", shot="echo", reply=reply)
    story.worker_runs()
    resident.follows("echo")
    resident.see(reply)
    resident.disputes("花坛就在我们 3 号楼下，是本县的")
    resident.see(reply)
    assert story.stage(number) == "reported"
    clerk.opens(number)
    clerk.see("派单")
    clerk.shoot("clerk-case-again")
    clerk.does(number, "assign", item="QL-05")
    assert story.stage(number) == "assigned"
    resident.follows("assigned-after-all")
    resident.was_told("您反映了这件事。", "这件事不在受理范围。", "给您回音。", "您说没解决。", "交给县城市管理局办。")
    story.ends_well(resident, "wangxiulan", "report refuse echo dispute assign")


def test_a_persuasion_written_in_a_basement_comes_an_hour_late_and_moves_nothing(story: Town) -> None:
    world, begun = story.world, story.world.now
    receipt = world.handled()
    resident = story.resident(PHONE)
    resident.number, resident.code = receipt.number, receipt.code
    number = receipt.number
    officer = story.staff("liuzhiqiang", PHONE)
    officer.page.forgiven.extend([*NO_NETWORK, "401 (Unauthorized)"])  # type: ignore[attr-defined]
    officer.begins(
        number,
        "dissuade",
        persuader="department",
        method="face",
        response="agreed",
        stopped="no",
        how="在地下室碰到养鸡的住户，劝他把鸡送走",
    )
    officer.page.context.set_offline(True)
    officer.sends()
    officer.is_told("没有网络，已存在本机")
    officer.shoot("kept-in-the-basement")

    world.later(minutes=20)
    world.do(
        "heyong",
        number,
        "dissuade",
        persuader="department",
        method="door",
        response="did",
        stopped="yes",
        how="住户当场把鸡带走了",
    )
    world.do("wangxiulan", number, "recheck", state="stopped", found="没有鸡了")
    world.do("wangxiulan", number, "call", report=receipt.report, reached="yes", said="鸡没了")
    world.do("heyong", number, "resolve", result="stopped", proof="word", done="劝走了")
    before = world.case(number)
    assert before.stage == "resolved"

    with time_machine.travel(begun + timedelta(hours=1, minutes=10), tick=True):
        officer.page.clock.fast_forward("01:05:00")
        officer.page.context.set_offline(False)
        officer.see("登录过期了。写的都在，重新登录后自动发出。")
        officer.shoot("signed-out-meanwhile")
        officer.page.get_by_role("link", name="去登录").click()
        officer.gives_the_password()
        officer.page.wait_for_url(f"**/desk/cases/{number}/")
        officer.see("已经记下：一劝（补录）")
        officer.see("离线记录")
        officer.shoot("arrived")
        clerk = story.staff("wangxiulan", DESKTOP)
        clerk.opens(number)
        clerk.see("办结之后来了一条补录，请看看要不要重办。")
        clerk.shoot("clerk-sees-it")
    after = world.case(number)
    assert (after.stage, after.tier, after.outcome) == ("resolved", before.tier, before.outcome)
    assert after.late_facts and after.seq == before.seq + 1
    late = story.last(number)
    assert late.action == "dissuade" and late.to is None
    assert late.claimed_at is not None and late.at - late.claimed_at > timedelta(minutes=55)
    with time_machine.travel(begun + timedelta(hours=1, minutes=12), tick=True):
        resident.follows("way-with-the-late-word")
        resident.was_told(
            "您反映了这件事。", "到现场看了。", "上门劝说。", "复查，已经停止。", "办结：劝说以后已经停止。", "当面劝说。"
        )
        story.ends_well(resident, "wangxiulan", "report assign accept attend dissuade recheck resolve dissuade")
