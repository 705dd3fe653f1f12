"""A resident's report is handled by 劝、督、查 and comes back as an echo; nothing acknowledged is lost on the way."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.records.models import Case, Delivery, Entry, Notice, Report, Words
from huiyin.rules import ledger
from huiyin.rules.texts import Bad
from huiyin.rules.workflow.judge import Refused, Stale, Unknown
from huiyin.selectors import cases as seen
from huiyin.services import cases, receipts
from huiyin.services.cases import Conflict, Missing, NotFound
from tests.world import GOOD_REPLY, World


def counted(queries: CaptureQueriesContext) -> list[str]:
    quiet = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    return [query["sql"] for query in queries if not query["sql"].startswith(quiet)]


def test_a_report_becomes_a_case_that_can_be_opened_with_its_code(world: World) -> None:
    receipt = world.report(phone="199 0000 0001", name="吴女士")
    case = world.case(receipt.number)
    assert (case.stage, case.suggested, case.compound.name) == ("reported", "QL-05", "锦绣家园")
    assert case.due_dispatch is not None
    opened = receipts.open_receipt(number_raw=receipt.number, code_raw=receipt.code.lower(), at=world.now, client_ip="10.0.0.1")
    assert opened == receipt.report


def test_intake_takes_at_most_twelve_queries(world: World) -> None:
    world.report()
    with CaptureQueriesContext(connection) as queries:
        world.report(phone="19900000001", words="又一件：楼道里堆着旧家具")
    assert len(counted(queries)) <= 12, "\n".join(counted(queries))


def test_the_same_submission_is_done_once_and_shows_the_same_code(world: World) -> None:
    key = secrets.token_urlsafe(24)
    first, again = world.report(key=key), world.report(key=key)
    assert (again.number, again.code, again.repeated) == (first.number, first.code, True)
    assert Case.objects.count() == 1
    with pytest.raises(Conflict):
        world.report(key=key, words="另外一件完全不同的事情")


def test_neither_words_nor_contact_stand_in_the_ledger(world: World) -> None:
    world.report(words="三栋养鸡的味道很大", phone="19900000001", name="吴女士")
    kept = str(list(Entry.objects.values()))
    assert "养鸡" not in kept and "19900000001" not in kept and "吴女士" not in kept
    reporter = str(list(Report.objects.get().reporter.__dict__.values()))
    assert "19900000001" not in reporter and "吴女士" not in reporter


def test_the_whole_story_ends_filed_with_an_echo(world: World) -> None:
    receipt = world.echoed()
    number = receipt.number
    world.do(world.resident(receipt), number, "dispute", words="第二天又跑回来了")
    assert world.case(number).stage == "handling"
    world.do("heyong", number, "recheck", state="stopped", found="确实没有了")
    world.do("wangxiulan", number, "call", report=receipt.report, reached="yes")
    world.do("liuzhiqiang", number, "resolve", result="stopped", proof="word", done="又去了一次")
    with pytest.raises(Refused, match="换一位同事"):
        world.do("liuzhiqiang", number, "echo", reply=GOOD_REPLY)
    world.do("wangxiulan", number, "echo", reply=GOOD_REPLY)
    world.do(world.resident(receipt), number, "feedback", satisfied="yes")
    world.do("wangxiulan", number, "close")
    case = world.case(number)
    assert (case.stage, case.tier, case.outcome, case.disputes) == ("closed", "persuaded", "stopped", 1)
    assert ledger.check_chain(seen.entries_of(case.pk)) == []


def test_an_order_counts_once_the_second_officer_signs(world: World) -> None:
    receipt = world.handled()
    dossier = seen.load(world.case(receipt.number), world.now)
    basis = next(pk for pk, row in dossier.context.bases.items() if row.kind == "liability")
    due = world.now.date() + timedelta(days=3)
    second = world.person("heyong").pk
    world.do("liuzhiqiang", receipt.number, "order", basis=basis, facts="限期清走", due=due, second=second)
    assert world.case(receipt.number).tier == "" and world.case(receipt.number).waiting_second
    assert Notice.objects.filter(person=second, kind="countersign").exists()
    order = world.case(receipt.number).seq
    with pytest.raises(Refused, match="没有等您会签"):
        world.do("liuzhiqiang", receipt.number, "countersign", of=order, yes="yes")
    world.do("heyong", receipt.number, "countersign", of=order, yes="yes")
    assert world.case(receipt.number).tier == "ordered"
    world.do("liuzhiqiang", receipt.number, "comply", of=order, corrected="yes", found="都送走了")
    with pytest.raises(Refused, match="照片或记录"):
        world.do("liuzhiqiang", receipt.number, "resolve", result="corrected", proof="photo", done="清走了")


def test_two_officers_acting_at_once_do_not_overwrite_each_other(world: World) -> None:
    receipt = world.handled()
    page = world.case(receipt.number).seq
    world.do(
        "liuzhiqiang",
        receipt.number,
        "urge",
        firm=world.firm(),
        duty="物业管理条例第四十五条",
        due=world.now.date(),
        release="请清扫",
    )
    with pytest.raises(Stale, match="刚由他人处理"):
        world.do("heyong", receipt.number, "request_help", body=world.body("nongye"), release="请来看看",
                 due=world.now.date(), seen=page)  # fmt: skip


def test_a_fact_that_arrives_late_is_kept_and_moves_nothing(world: World) -> None:
    receipt = world.settled()
    before = world.now
    done = world.do("liuzhiqiang", receipt.number, "attend", found="前天拍的", claimed_at=before - timedelta(hours=2))
    case = world.case(receipt.number)
    assert done.late and case.stage == "resolved" and case.late_facts
    assert Entry.objects.get(case=case, seq=done.seq).claimed_at == before - timedelta(hours=2)


def test_a_stranger_gets_nothing_and_a_wrong_role_a_reason(world: World) -> None:
    receipt = world.assigned()
    stranger = world.head("xiaofang")
    with pytest.raises(NotFound):
        world.do(stranger, receipt.number, "accept")
    with pytest.raises(Unknown):
        world.do("wangxiulan", receipt.number, "order")


def test_what_is_missing_is_named(world: World) -> None:
    receipt = world.report()
    with pytest.raises(Missing) as refused:
        world.do("wangxiulan", receipt.number, "assign")
    assert set(refused.value.fields) == {"item", "lead"}


def test_a_reply_that_says_nothing_is_no_echo(world: World) -> None:
    receipt = world.settled()
    with pytest.raises(Refused, match="收到"):
        world.do("liuzhiqiang", receipt.number, "echo", reply="您的反映已收悉，已转相关部门处理，感谢支持。")


def test_an_empty_report_is_refused_in_words(world: World) -> None:
    with pytest.raises(Bad, match="还没有写字"):
        world.report(words="  \u200b ", item="")


def test_a_refusal_is_echoed_and_can_be_disputed(world: World) -> None:
    receipt = world.report(words="孩子上学划片的问题", item="")
    world.do("wangxiulan", receipt.number, "refuse", refusal="off_list", turn_to="县教育局 0700-555 0190")
    world.do("wangxiulan", receipt.number, "echo", reply="学区划片不在两张清单里，请向县教育局反映，电话 0700-555 0190。")
    world.do(world.resident(receipt), receipt.number, "dispute", words="教育局说不归他们管")
    case = world.case(receipt.number)
    assert (case.stage, case.outcome, case.lead) == ("reported", "", None)


def test_somebody_who_complains_again_while_the_case_is_back_is_heard_but_not_counted_twice(world: World) -> None:
    receipt = world.report(words="孩子上学划片的问题", item="")
    world.do("wangxiulan", receipt.number, "refuse", refusal="off_list", turn_to="县教育局 0700-555 0190")
    world.do("wangxiulan", receipt.number, "echo", reply="学区划片不在两张清单里，请向县教育局反映，电话 0700-555 0190。")
    for words in ("教育局说不归他们管", "怎么还没有人管", "第三次问了"):
        world.do(world.resident(receipt), receipt.number, "dispute", words=words)
    case = world.case(receipt.number)
    said = [entry for entry in seen.entries_of(case.pk) if entry.action == "supplement"]
    assert (case.disputes, [entry.data["dispute"] for entry in said]) == (1, ["yes", "yes"])


def test_neighbours_join_keep_their_own_receipts_and_follow_a_merge(world: World) -> None:
    one, other = world.report(), world.report(words="同一处花坛养鸡")
    joined = cases.join(actor=None, at=world.now, key=secrets.token_urlsafe(24), number=other.number, words="我家也听得见")
    world.do("wangxiulan", other.number, "merge", survivor=one.number, why="同一件事")
    merged = world.case(other.number)
    assert (merged.stage, merged.outcome, merged.survivor.number) == ("closed", "merged", one.number)
    assert Report.objects.filter(case__number=one.number).count() == 3
    again = receipts.open_receipt(number_raw=other.number, code_raw=joined.code, at=world.now, client_ip="10.0.0.1")
    assert again == joined.report
    for number in (one.number, other.number):
        assert ledger.check_chain(seen.entries_of(world.case(number).pk)) == []
    world.do("wangxiulan", one.number, "split", reports=[joined.report], why="不是一回事")
    assert Report.objects.get(pk=joined.report).case.stage == "reported"


def test_the_last_report_taken_back_ends_the_case_with_an_echo(world: World) -> None:
    receipt = world.report()
    world.do(world.resident(receipt), receipt.number, "retract")
    case = world.case(receipt.number)
    assert (case.stage, case.outcome) == ("echoed", "withdrawn")


def test_a_phone_only_reporter_lands_on_the_call_list_and_three_tries_count(world: World) -> None:
    receipt = world.settled(phone="19900000001")
    world.do("liuzhiqiang", receipt.number, "echo", reply=GOOD_REPLY)
    assert Delivery.objects.get(report=receipt.report).state == "call"
    for hours in (1, 24, 1):
        world.later(hours=hours)
        world.do("wangxiulan", receipt.number, "call", report=receipt.report, reached="no")
    assert Delivery.objects.get(report=receipt.report).state == "sent"
    assert world.case(receipt.number).closes_at is not None


def test_a_clerk_sees_one_number_for_one_call_and_the_reporter_sees_the_count(world: World) -> None:
    receipt = world.report(phone="19900000001", name="吴女士")
    assert (
        cases.reveal_for_call(actor=world.actor("wangxiulan"), at=world.now, number=receipt.number, report=receipt.report)
        == "19900000001"
    )
    looked = cases.disclose(
        actor=world.actor("shenruolan"),
        at=world.now,
        number=receipt.number,
        report=receipt.report,
        asked_by="县公安局治安大队",
        why="核实伤情",
    )
    assert (looked.name, looked.phone) == ("吴女士", "19900000001")
    assert Report.objects.get().looks == 2
    with pytest.raises((Unknown, NotFound)):
        cases.disclose(
            actor=world.actor("liuzhiqiang"),
            at=world.now,
            number=receipt.number,
            report=receipt.report,
            asked_by="我",
            why="看看",
        )


def test_masking_a_report_leaves_the_chain_whole_and_nothing_to_read(world: World) -> None:
    receipt = world.report(words="四楼张家的狗", phone="19900000001")
    world.do("zhoumin", receipt.number, "mask", mask_what="report", mask_ground="request", report=receipt.report)
    assert not Words.objects.exclude(text="").exists()
    assert ledger.check_chain(seen.entries_of(world.case(receipt.number).pk)) == []


def test_a_lost_code_is_replaced_only_for_who_knows_the_number(world: World) -> None:
    receipt = world.report(phone="19900000001")
    with pytest.raises(Refused, match="不一致"):
        cases.reissue(
            actor=world.actor("wangxiulan"), at=world.now, number=receipt.number, report=receipt.report, phone="19900000002"
        )
    fresh = cases.reissue(
        actor=world.actor("wangxiulan"), at=world.now, number=receipt.number, report=receipt.report, phone="199 0000 0001"
    )
    assert fresh.code != receipt.code
    with pytest.raises(receipts.WrongCode):
        receipts.open_receipt(number_raw=receipt.number, code_raw=receipt.code, at=world.now, client_ip="10.0.0.1")


def test_wrong_codes_are_slowed_at_once_and_never_locked(world: World) -> None:
    receipt = world.report()
    guess = "0" * 12
    for _ in range(6):
        with pytest.raises((receipts.WrongCode, receipts.Slow)):
            receipts.open_receipt(number_raw=receipt.number, code_raw=guess, at=world.now, client_ip="10.0.0.9")
    with pytest.raises(receipts.Slow) as slowed:
        receipts.open_receipt(number_raw=receipt.number, code_raw=receipt.code, at=world.now, client_ip="10.0.0.9")
    assert 1 <= slowed.value.seconds <= 60
    neighbour = receipts.open_receipt(number_raw=receipt.number, code_raw=receipt.code, at=world.now, client_ip="10.0.0.8")
    assert neighbour == receipt.report


def test_a_declined_case_is_settled_and_not_passed_on(world: World) -> None:
    receipt = world.assigned()
    world.do("liuzhiqiang", receipt.number, "decline", reason="not_ours", why="这是农业的事")
    assert world.case(receipt.number).settle_needed
    with pytest.raises(Refused, match="管辖协调"):
        world.do("wangxiulan", receipt.number, "assign", item="QL-05", lead=world.body("chengguan"))
    world.do("zhoumin", receipt.number, "settle", item="QL-05", lead=world.body("chengguan"), ground="agreed", why="两家商定")
    assert world.case(receipt.number).stage == "assigned"
    with pytest.raises(Refused, match="已经协调确定"):
        world.do("liuzhiqiang", receipt.number, "decline", reason="not_ours", why="还是不想办")


def test_a_case_page_is_read_in_seven_queries(world: World) -> None:
    receipt = world.echoed()
    seen.load(world.case(receipt.number), world.now)
    case = seen.with_places(Case.objects.filter(number=receipt.number)).get()
    with CaptureQueriesContext(connection) as queries:
        seen.load(case, world.now)
    assert len(counted(queries)) <= 6, "\n".join(counted(queries))
