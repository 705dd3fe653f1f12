"""三查 through services: a roof extension from 立案 to demolition by another body, a spot fine, and what lies encrypted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from huiyin.records.models import Entry, Notice, Party, Posting
from huiyin.rules import ledger
from huiyin.rules.workflow.judge import Refused
from huiyin.selectors import cases as seen
from huiyin.selectors import earlier, portal
from tests.world import World

OWNER = "屋主钱某某"


def crew(world: World, code: str) -> tuple[str, str]:
    """Two officers of a department."""
    held = Posting.objects.filter(body__code=code, role="off").order_by("pk").values_list("person__username", flat=True)
    return held[0], held[1]


def of_role(code: str, role: str) -> str:
    return str(Posting.objects.filter(body__code=code, role=role).values_list("person__username", flat=True)[0])


def handled(world: World, item: str, code: str, words: str = "楼顶有人在搭房子，天天敲") -> str:
    receipt = world.report(words=words, item=item)
    world.do("wangxiulan", receipt.number, "assign", item=item, lead=world.body(code))
    world.do(crew(world, code)[0], receipt.number, "accept")
    return receipt.number


def liability(world: World, number: str, law: str = "") -> int:
    bases = seen.load(world.case(number), world.now).context.bases
    return next(pk for pk, row in bases.items() if row.kind == "liability" and law in row.law_code)


def filed(world: World, number: str, code: str, **more: object) -> int:
    """A file that the second officer signed and the head approved; the seq of its opening."""
    first, second = crew(world, code)
    world.do(
        first,
        number,
        "name_party",
        party_kind="person",
        party_name=OWNER,
        party_id="360000198001010000",
        party_address="三栋 602",
    )
    party = Party.objects.get(case__number=number).pk
    given = {
        "filing": "yes", "basis": liability(world, number), "offence_on": world.now.date(), "suspected": "楼顶搭建约二十平方米",
        "party": party, "second": world.person(second).pk, **more,
    }  # fmt: skip
    opened = world.do(first, number, "open_file", **given)
    world.do(second, number, "countersign", of=opened.seq, yes="yes")
    world.do(of_role(code, "head"), number, "approve", of=opened.seq, yes="yes")
    return opened.seq


def inspected(world: World, number: str, code: str) -> None:
    first, second = crew(world, code)
    began = world.now - timedelta(minutes=40)
    done = world.do(
        first, number, "inspect", found="测得搭建 21 平方米", began=began, ended=world.now, where="三栋楼顶", id_shown="yes",
        second=world.person(second).pk, signing="signed",
    )  # fmt: skip
    world.do(second, number, "countersign", of=done.seq, yes="yes")


def test_a_roof_extension_is_filed_told_heard_decided_and_served(world: World) -> None:
    number = handled(world, "WJ-01", "ziran")
    first, _ = crew(world, "ziran")
    filed(world, number, "ziran")
    assert Notice.objects.filter(kind="approve", body__code="ziran").exists()
    with pytest.raises(Refused, match="还没有生效的检查"):
        _tell(world, number, first)
    inspected(world, number, "ziran")
    _tell(world, number, first)
    with pytest.raises(Refused, match="听取陈述"):
        _decide(world, number)
    world.do(first, number, "hear", heard="stated", statement="希望少罚", adopted="unfounded", asks_hearing="no")
    with pytest.raises(Refused, match="可以要求听证"):
        _decide(world, number)
    world.later(days=9)
    decided = _decide(world, number)
    case = world.case(number)
    assert (case.tier, case.filed) == ("coerced", True)
    with pytest.raises(Refused, match="没有作出决定并送达"):
        world.do(first, number, "resolve", result="punished", proof="record", done="罚了")
    world.do(first, number, "serve", of=decided, way="direct", receiver="party", served_on=world.now.date())
    world.do(first, number, "resolve", result="punished", proof="record", done="已作出决定")
    assert world.case(number).stage == "resolved"
    assert ledger.check_chain(seen.entries_of(case.pk)) == []


def _tell(world: World, number: str, first: str) -> None:
    world.do(
        first, number, "advance_notice", basis=liability(world, number), penalties=["fine"], amount=6000, suspected="未批先建",
        reasons="造价六万元的百分之十", delivered_on=world.now.date(), due=world.now.date() + timedelta(days=7), hearing_told="yes",
    )  # fmt: skip


def _decide(world: World, number: str) -> int:
    return world.do(
        of_role("ziran", "head"), number, "decide", decision="penalty", basis=liability(world, number), circumstances=["none"],
        reasons="未批先建，拒不改正", penalties=["fine"], amount=6000,
    ).seq  # fmt: skip


def test_who_the_party_is_stands_in_no_entry_and_is_sealed_in_its_row(world: World) -> None:
    number = handled(world, "WJ-01", "ziran")
    filed(world, number, "ziran")
    kept = str(list(Entry.objects.values())) + str(list(Party.objects.values()))
    assert OWNER not in kept and "360000198001010000" not in kept and "三栋 602" not in kept
    dossier = seen.load(world.case(number), world.now)
    [party] = dossier.parties.values()
    assert (party.name, party.detail["id_no"], party.kind_name) == (OWNER, "360000198001010000", "公民")
    assert seen.sees_parties(dossier, world.actor(crew(world, "ziran")[0]))
    assert not seen.sees_parties(dossier, world.actor("wangxiulan"))


def test_the_same_party_is_known_again_in_another_case_and_not_fined_twice(world: World) -> None:
    first = _spot(world, handled(world, "HW-01", "chengguan", "楼下又倒了一堆装修垃圾"))
    assert world.case(first).tier == "coerced"
    with pytest.raises(Refused, match="已经罚过款"):
        _spot(world, handled(world, "HW-01", "chengguan", "后门也倒了一堆垃圾"), offence=world.now.date() - timedelta(days=1))
    world.later(days=3)
    again = handled(world, "HW-01", "chengguan", "大门边又倒了一堆垃圾")
    assert world.case(_spot(world, again)).tier == "coerced"


def _spot(world: World, number: str, *, offence: date | None = None, **more: Any) -> str:
    first, second = crew(world, "chengguan")
    world.do(first, number, "name_party", party_kind="person", party_name=OWNER, party_id="360000198001010000")
    party = Party.objects.get(case__number=number).pk
    done = world.do(
        first, number, "spot_penalty", spot_kinds=["fine"], basis=liability(world, number), party=party, amount=100,
        offence_on=offence or world.now.date(), suspected="倒了三袋装修垃圾", id_shown="yes", rights_told="yes", heard_there="yes",
        collection="bank", second=world.person(second).pk, **more,
    )  # fmt: skip
    assert world.case(number).tier == ""
    world.do(second, number, "countersign", of=done.seq, yes="yes")
    return number


def test_what_is_made_public_names_nobody_and_is_taken_down_with_a_reason(world: World) -> None:
    number = _spot(world, handled(world, "HW-01", "chengguan", "楼下又倒了一堆装修垃圾"))
    head, made = of_role("chengguan", "head"), Entry.objects.get(case__number=number, action="spot_penalty").seq
    for words, why in ((f"{OWNER}倒垃圾，罚款 100 元", "姓名"), ("三栋 602 室倒垃圾，罚款 100 元", "门牌号")):
        with pytest.raises(Refused, match=why):
            world.do(head, number, "publish", of=made, public=words)
    world.do(head, number, "publish", of=made, public="某住户在路边倾倒装修垃圾，罚款 100 元")
    [shown], more = portal.published_decisions(1)
    assert (shown.amount, shown.penalties, shown.withdrawn_at, more) == (100, ["fine"], None, False)
    with pytest.raises(Refused, match="已经公示"):
        world.do(head, number, "publish", of=made, public="再公示一次")
    world.do(head, number, "unpublish", of=made, why="决定已被撤销")
    [shown], _ = portal.published_decisions(1)
    assert (shown.words, shown.amount, shown.why) == ("", 0, "决定已被撤销")
    with pytest.raises(Refused, match="没有公示"):
        world.do(head, number, "unpublish", of=made, why="再撤一次")


def test_a_decision_under_the_police_law_is_never_made_public(world: World) -> None:
    number = handled(world, "ZS-05", "gongan", "楼上的狗整夜叫")
    first, second = crew(world, "gongan")
    world.do(first, number, "name_party", party_kind="person", party_name=OWNER)
    done = world.do(
        first, number, "spot_penalty", spot_kinds=["warning"], basis=liability(world, number, "zhian"),
        party=Party.objects.get(case__number=number).pk, offence_on=world.now.date(), suspected="狗叫扰民", id_shown="yes",
        rights_told="yes", heard_there="yes", collection="none", second=world.person(second).pk,
    )  # fmt: skip
    world.do(second, number, "countersign", of=done.seq, yes="yes")
    with pytest.raises(Refused, match="封存"):
        world.do(of_role("gongan", "head"), number, "publish", of=done.seq, public="某住户养狗扰民，警告")
    assert portal.published_decisions(1) == ([], False)


def test_a_masked_party_is_gone_and_the_chain_is_whole(world: World) -> None:
    number = handled(world, "WJ-01", "ziran")
    filed(world, number, "ziran")
    seq = Party.objects.get(case__number=number).seq
    world.do("zhoumin", number, "mask", mask_what="party", mask_ground="retention", of=seq)
    row = Party.objects.get(case__number=number)
    assert (row.name, row.detail, row.mac, row.salt) == ("", "", "", None)
    dossier = seen.load(world.case(number), world.now)
    assert [party.masked for party in dossier.parties.values()] == [True]
    assert ledger.check_chain(dossier.state.entries) == []


def _priors(world: World, number: str, party: int) -> set[tuple[str, str, str]]:
    case = world.case(number)
    found = earlier.before(case, seen.load(case, world.now).state, [world.body("chengguan")], party)
    return {(prior.kind, prior.same, prior.case) for prior in found}


def _named(world: World, number: str, name: str, ident: str) -> int:
    world.do(crew(world, "chengguan")[0], number, "name_party", party_kind="person", party_name=name, party_id=ident)
    return int(Party.objects.filter(case__number=number).order_by("-pk").values_list("pk", flat=True)[0])


def test_what_was_said_at_the_place_before_anybody_was_named_counts_and_what_hit_others_does_not(world: World) -> None:
    first = crew(world, "chengguan")[0]
    nameless = handled(world, "HW-01", "chengguan", "花坛边有人倒垃圾")
    world.do(first, nameless, "dissuade", persuader="department", method="face", response="agreed", stopped="yes", how="讲了规定")
    theirs = _spot(world, handled(world, "HW-01", "chengguan", "后门有人倒垃圾"))
    world.do(first, theirs, "dissuade", persuader="department", method="face", response="agreed", stopped="yes", how="讲了规定")
    now = handled(world, "HW-01", "chengguan", "大门边有人倒垃圾")
    stranger = _named(world, now, "路人孙某某", "360000199001010000")
    assert _priors(world, now, stranger) == {("dissuade", "place", nameless)}
    same = _named(world, now, OWNER, "360000198001010000")
    assert _priors(world, now, same) == {
        ("dissuade", "place", nameless),
        ("dissuade", "party", theirs),
        ("fine", "party", theirs),
    }


def test_a_party_that_was_registered_twice_on_one_case_is_not_fined_twice(world: World) -> None:
    number = _spot(world, handled(world, "HW-01", "chengguan", "楼下又倒了一堆装修垃圾"))
    again = _named(world, number, OWNER, "360000198001010000")
    assert _priors(world, number, again) == {("fine", "party", number)}
    first, second = crew(world, "chengguan")
    given = {
        "spot_kinds": ["fine"], "basis": liability(world, number), "party": again, "amount": 100, "offence_on": world.now.date(),
        "suspected": "倒了三袋装修垃圾", "id_shown": "yes", "rights_told": "yes", "heard_there": "yes", "collection": "bank",
        "second": world.person(second).pk,
    }  # fmt: skip
    with pytest.raises(Refused, match="已经罚过款"):
        world.do(first, number, "spot_penalty", **given)
    world.later(days=1)
    world.do(first, number, "spot_penalty", **{**given, "offence_on": world.now.date()})


def test_what_went_before_is_asked_for_in_seven_queries(world: World, django_assert_max_num_queries: Any) -> None:
    for words in ("楼下倒垃圾", "后门倒垃圾", "大门边倒垃圾"):
        _spot(world, handled(world, "HW-01", "chengguan", words), other_act="yes")
    number = handled(world, "HW-01", "chengguan", "花坛边倒垃圾")
    party = _named(world, number, OWNER, "360000198001010000")
    case = world.case(number)
    state = seen.load(case, world.now).state
    with django_assert_max_num_queries(7):
        assert len(earlier.before(case, state, [world.body("chengguan")], party)) == 3
