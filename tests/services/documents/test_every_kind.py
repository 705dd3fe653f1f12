"""Every kind of document can be made from the entries its acts leave, says what they say, and is set."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from huiyin.adapters.documents import press
from huiyin.records.models import Document
from huiyin.rules import ledger
from huiyin.rules.documents.kinds import ALWAYS, KINDS
from huiyin.rules.documents.wording import money
from huiyin.selectors import cases as seen
from huiyin.selectors import documents as known
from huiyin.selectors.documents.together import TOLD
from huiyin.services import documents
from huiyin.services.cases.record import append, copy, keep_words
from tests.services.cases.test_inquiry import crew, liability, of_role
from tests.services.documents.test_documents import decided, issued, loaded
from tests.world import World

#: Made elsewhere: by the oversight's own act, and about acts of the stories beside this one.
BESIDE = {"reminder", "dissuasion", "urging", "order", "spot_decision", "no_penalty", "removal"}


def wrote(world: World, number: str, who: str, action: str, words: dict[str, str] | None = None, **data: Any) -> int:
    """An entry as the act leaves it, without asking the guards: they have tests of their own."""
    world.later(minutes=1)
    case = world.case(number)
    state = ledger.fold(seen.entries_of(case.pk))
    actor = world.actor(who)
    held = next(posting for posting in actor.postings if posting.body is not None)
    data = {"body": held.body, "person": held.person, **data}
    if words:
        data["words"] = keep_words(case, state.seq + 1, words)
    after = append(case, state, action=action, actor=f"p{held.id}", role=held.role, at=world.now, data=data)
    copy(case, after, before=state)
    return after.seq


@pytest.fixture
def whole(world: World) -> str:
    """A case on which everything was done that a document tells of."""
    number = decided(world)
    first, second = crew(world, "ziran")
    head, day = of_role("ziran", "head"), world.now.date()
    state = loaded(world, number).state
    [file], [made] = state.inquiry.files, state.inquiry.decisions
    basis, mate = liability(world, number), world.person(second).pk
    later = (day + timedelta(days=10)).isoformat()
    issued(world, head, number, "decision")

    def by(who: str, action: str, words: dict[str, str] | None = None, **data: Any) -> int:
        return wrote(world, number, who, action, words, **{"file": file, **data})

    moment = world.now.isoformat(timespec="seconds")
    by(
        first, "interview", {"answers": "问：谁搭的？\n答：我。", "where": "联络站"}, subject="party", began=moment, ended=moment, id_shown="yes",
        rights_told="yes", guardian="adult", signing="signed", second=mate,
    )  # fmt: skip
    asked = by(first, "propose", {"suspected": "证据可能灭失"}, proposed="preserve")
    by(head, "approve", of=asked, yes="yes")
    kept = by(
        first,
        "preserve",
        {"things": "钢管 20 根\n模板 6 块", "kept_where": "物证室"},
        until=later,
        second=mate,
        proposal=asked,
        signing="signed",
    )
    asked = by(first, "propose", {"suspected": "拒不停工"}, proposed="seize")
    by(head, "approve", of=asked, yes="yes")
    by(
        first, "seize", {"things": "搅拌机 1 台", "kept_where": "物证室"}, measure="impound", basis=basis, until=later, second=mate, proposal=asked,
        rights_told="yes", heard_there="yes", signing="refused", urgent="no",
    )  # fmt: skip
    by(first, "lift", {"why": "不再需要"}, of=kept, disposal="returned")
    by(first, "hear", {"statement": "要求听证"}, heard="stated", adopted="nothing", asks_hearing="yes")
    by(
        head, "hold_hearing", {"statement": "双方陈述"}, hearing_end="held", chair=world.person(head).pk, notified_on=day.isoformat(),
        held_on=later,
    )  # fmt: skip
    by(head, "review", {"opinion": "七项都没有问题"}, passed="yes")
    by(head, "deliberate", {"opinions": "一致同意"}, members=[world.person(head).pk, mate])
    by(first, "serve", of=made, way="direct", receiver="party", served_on=day.isoformat())
    by(first, "demand", {"demanded": "缴纳罚款并拆除"}, of=made, due=later, delivered_on=day.isoformat())
    by(first, "announce", of=made, due=later, done_on=day.isoformat())
    by(first, "propose", {"suspected": "逾期不拆"}, proposed="enforce", of=made)
    by(first, "perform", of=made, performed="part", paid=1000, done_on=day.isoformat())
    by(first, "court", of=made, done_on=day.isoformat())
    by(first, "close_file", {"why": "执行完毕"}, closing="performed")
    wrote(world, number, head, "transfer", {"why": "涉嫌犯罪"}, kind="crime", to_whom="县公安局")
    return number


def test_every_kind_is_made_from_what_its_acts_leave(world: World, whole: str) -> None:
    dossier = loaded(world, whole)
    made: dict[str, str] = {}
    for who in (crew(world, "ziran")[0], of_role("ziran", "head")):
        actor = world.actor(who)
        for offer in known.offers(dossier, actor, known.of_case(dossier, actor)):
            assert offer.from_acts == (), (offer.kind.code, [slot.name for slot, _ in offer.from_acts])
            given = {slot.name: offer.values.get(slot.name) or "写在这里的" for slot in offer.asked}
            drawn = documents.make(
                actor=actor, at=world.now, dossier=dossier, kind=offer.kind.code, seq=offer.entry.seq, given=given
            )
            made[offer.kind.code] = str(known.content(drawn)["doc"]["blocks"])
    assert set(KINDS) - made.keys() == BESIDE
    assert "钢管 20 根" in made["preservation"] and "同意" not in made["preservation"]
    assert "扣押财物" in made["measure"] and "拒不停工" in made["measure_record"]
    assert "解除，退还" in made["lifting"] and "先行登记保存" in made["lifting"]
    assert "罚字〔2026〕1号" in made["demand"] and "百分之三" in made["demand"]
    assert f"罚款{money(5000)}" in made["court"], "what was paid already is not asked for again"
    assert "已于" in made["closing"] and "部分履行" in made["closing"]
    assert "县公安局" in made["transfer"] and "《行政处罚决定书》" in made["demolition"]
    assert not [code for code, said in made.items() if "None" in said or "{" in said.replace("{'", "")]
    for row in Document.objects.filter(state="draft"):
        assert press.pdf(documents.printed(row)[0]).startswith(b"%PDF-")
    press.rest()


def test_a_police_decision_waits_for_who_is_punished_to_be_known_in_full(world: World) -> None:
    """治安管理处罚法 115: name, sex, age, document and its number, address."""
    from tests.services.cases.test_inquiry import filed, handled

    number = handled(world, "QL-03", "gongan", "狗咬了孩子")
    file = filed(world, number, "gongan")
    head = of_role("gongan", "head")
    wrote(
        world,
        number,
        head,
        "decide",
        {"reasons": "查证属实"},
        file=file,
        decision="penalty",
        basis=liability(world, number),
        penalties=["fine"],
        amount=300,
    )
    offer = next(one for one in known.offers(loaded(world, number), world.actor(head), []) if one.kind.code == "decision")
    assert ("当事人基本情况", "name_party") in {(slot.name, act) for slot, act in offer.from_acts}


def test_an_order_a_spot_decision_and_one_without_penalty_are_made(world: World) -> None:
    from tests.services.cases.test_inquiry import OWNER, filed, handled

    number = handled(world, "WJ-01", "ziran")
    file = filed(world, number, "ziran")
    first, second = crew(world, "ziran")
    head, basis, mate = of_role("ziran", "head"), liability(world, number), world.person(second).pk
    party = next(iter(loaded(world, number).parties))
    due = (world.now.date() + timedelta(days=5)).isoformat()
    wrote(world, number, first, "order", {"facts": "停止搭建，拆除已搭部分"}, basis=basis, due=due, second=mate, paper="yes")
    wrote(
        world, number, first, "spot_penalty", {"suspected": "拒不停工"}, basis=basis, party=party, penalties=["warning"],
        offence_on=world.now.date().isoformat(), collection="none", id_shown="yes", rights_told="yes", heard_there="yes", second=mate,
    )  # fmt: skip
    wrote(
        world, number, head, "decide", {"reasons": "已经自行拆除"}, file=file, decision="first", basis=basis, circumstances=["none"], educated="yes"
    )  # fmt: skip
    dossier, said = loaded(world, number), {}
    for who in (first, head):
        for offer in known.offers(dossier, world.actor(who), []):
            if offer.kind.code in {"order", "spot_decision", "no_penalty"}:
                given = {slot.name: offer.values.get(slot.name) or "写在这里的" for slot in offer.asked}
                drawn = documents.make(
                    actor=world.actor(who), at=world.now, dossier=dossier, kind=offer.kind.code, seq=offer.entry.seq, given=given
                )
                said[offer.kind.code] = str(known.content(drawn)["doc"]["blocks"])
    assert said.keys() == {"order", "spot_decision", "no_penalty"}
    assert OWNER in said["order"] and "停止搭建" in said["order"] and "第二十八条" in said["order"]
    assert "罚款缴纳" not in said["spot_decision"], "a warning is not paid"
    assert "警告" in said["spot_decision"] and "应当先自收到" in said["spot_decision"]
    assert "初次违法" in said["no_penalty"] and "进行教育" in said["no_penalty"]


def test_whatever_a_document_asks_of_several_acts_together_can_be_told() -> None:
    sources = {*ALWAYS.values(), *(source for kind in KINDS.values() for slot in kind.slots for source in slot.sources)}
    assert {source.removeprefix("entry.") for source in sources if source.startswith("entry.")} == TOLD.keys()
