"""What the police did is told to the police alone (治安管理处罚法 136): planted, and looked for everywhere; and nothing differs by it.

The same case is told twice or three times from the same moment: somebody is punished, nobody is, nothing is filed. Everybody else opens every
address of the resolver in each; no planted word is found, and no page differs but for the times of day.
"""

from __future__ import annotations

import difflib
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

import huiyin
from huiyin.jobs import photos
from huiyin.jobs.seeds import load_calendar, load_lists
from huiyin.records.models import Attachment, Delivery, Entry, Notice, Party, Posting
from huiyin.rules import sealing
from huiyin.rules.workflow.judge import Refused
from huiyin.rules.workflow.table import ACTIONS
from huiyin.selectors import cases as seen
from huiyin.selectors import earlier, memory, verifying
from huiyin.services.places import set_up_county
from huiyin.sim.county import made_up_county
from tests.web.test_permissions import (
    NINE,
    PASSWORD,
    Scene,
    _cookies,
    _key_with_photos,
    _set,
    _tracking,
    nothing_remembered,
    variants,
)
from tests.world import World

__all__ = ["nothing_remembered"]

#: Stands in everything sealed that is written in words; nobody else may ever read it.
PLANTED = "麒麟"
PARTY, NUMBER, DOOR, AMOUNT = "唐麒麟", "360000197702031234", "麒麟苑九栋", 813
SMALLER = 97  # under any line for a hearing
SECRETS = re.compile(rf"{PLANTED}|{NUMBER}|(?<![\d.]){AMOUNT}(?![\d.])")
REPLY = "公安机关已依法处理。派出所 0700-555 0110"
#: In whose eyes the county sees an act without person and outcome.
OVERSIGHT = frozenset({"co", "deputy", "sup_own"})
AGAIN = ("co", "sup_own", "com_own", "off_lead", "resident")
LATER = NINE + timedelta(days=3)


@pytest.fixture(scope="module")
def staged(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    with django_db_blocker.unblock(), time_machine.travel(NINE, tick=True), transaction.atomic():
        load_calendar()
        load_lists(NINE)
        set_up_county(made_up_county(NINE.date()), actor="sys", at=NINE, password=PASSWORD)
        memory.forget_all()
        yield _set(World(now=NINE))
        transaction.set_rollback(True)


@pytest.fixture
def scene(staged: Scene, db: None) -> Scene:
    return replace(staged, world=World(now=staged.world.now))


# ── two stories of the police, told with and without a punishment ────────────────────────────


def police(world: World) -> tuple[str, str, str]:
    """Two officers and the head."""
    rows = Posting.objects.filter(body__code="gongan", role="off").order_by("pk")
    first, second = rows.values_list("person__username", flat=True)[:2]
    return first, second, world.head("gongan")


def bitten(scene: Scene) -> Scene:
    """A dog has bitten; the police lead, 城管 helps, the firm was asked, and another household joined. `own` is that case."""
    world = scene.world
    receipt = world.report("孩子在楼下被大狗咬了小腿", item="QL-03", phone="19900000002")
    first = police(world)[0]
    world.do(
        "wangxiulan", receipt.number, "assign", item="QL-03", lead=world.body("gongan"), cooperating=[world.body("chengguan")]
    )
    world.do("wangxiulan", receipt.number, "ask_dissuade", firm=world.firm(), release="请提醒养犬的住户牵绳")
    world.do(first, receipt.number, "accept")
    world.do(first, receipt.number, "attend", found="大型犬，没有拴绳")
    return _as_own(scene, receipt)


def sprayed(scene: Scene) -> Scene:
    """Painted walls; 城管 leads and asks the police to help. `own` is that case."""
    world = scene.world
    receipt = world.report("楼道里又喷满了小广告", item="HW-02", phone="19900000003")
    lead = world.body("chengguan")
    world.do("wangxiulan", receipt.number, "assign", item="HW-02", lead=lead, cooperating=[world.body("gongan")])
    world.do("liuzhiqiang", receipt.number, "accept")
    world.do("liuzhiqiang", receipt.number, "attend", found="三层到五层都喷了")
    asked = {"release": "请查是谁喷的", "due": date(2026, 11, 27)}
    world.do("liuzhiqiang", receipt.number, "request_help", body=world.body("gongan"), **asked)
    return _as_own(scene, receipt)


def _as_own(scene: Scene, receipt: Any) -> Scene:
    return replace(scene, own=receipt)


def basis(world: World, number: str) -> int:
    bases = seen.load(world.case(number), world.now).context.bases
    return next(pk for pk, row in bases.items() if row.kind == "liability" and not row.requires_first)


def filed(world: World, number: str) -> int:
    """名, 立案, 询问 with its photo, each signed by the second and approved; the number of the file's entry."""
    first, second, head = police(world)
    named = {"party_kind": "person", "party_name": PARTY, "party_id": NUMBER, "party_address": DOOR, "party_birth": "1977-02-03"}
    world.do(first, number, "name_party", **named)
    party = Party.objects.get(case__number=number).pk
    two = {"second": world.person(second).pk}
    opened = world.do(
        first, number, "open_file", filing="yes", basis=basis(world, number), offence_on=world.now.date(), suspected=f"{PLANTED}没有拴绳",
        party=party, **two,
    )  # fmt: skip
    world.do(second, number, "countersign", of=opened.seq, yes="yes")
    world.do(head, number, "approve", of=opened.seq, yes="yes")
    looked = world.do(
        first, number, "inspect", found=f"{PLANTED}量得体高 61 厘米", began=world.now - timedelta(hours=2), ended=world.now,
        where=f"{PLANTED}楼下", id_shown="yes", signing="signed", **two,
    )  # fmt: skip
    world.do(second, number, "countersign", of=looked.seq, yes="yes")
    asked = world.do(
        first, number, "interview", subject="party", answers=f"{PLANTED}答：一时没注意", began=world.now - timedelta(hours=1),
        ended=world.now, where=f"{PLANTED}办案区", id_shown="yes", rights_told="yes", guardian="adult", signing="signed", party=party,
        key=_key_with_photos(world, 1), **two,
    )  # fmt: skip
    world.do(second, number, "countersign", of=asked.seq, yes="yes")
    return opened.seq


def punished(world: World, number: str) -> None:
    first, _, head = police(world)
    filed(world, number)
    sum_ = AMOUNT if world.case(number).police else SMALLER
    today, given = world.now.date(), {"basis": basis(world, number), "penalties": ["fine"], "amount": sum_}
    world.do(
        first, number, "advance_notice", suspected=f"{PLANTED}养犬咬人", reasons=f"{PLANTED}情节", delivered_on=today,
        due=today + timedelta(days=7), hearing_told="no", **given,
    )  # fmt: skip
    world.do(first, number, "hear", heard="stated", statement=f"{PLANTED}说愿意赔", adopted="unfounded", asks_hearing="no")
    made = world.do(
        head, number, "decide", decision="penalty", circumstances=["none"], reasons=f"{PLANTED}罚款 {AMOUNT} 元", **given
    )
    _served(world, number, made.seq)


def let_off(world: World, number: str) -> None:
    filed(world, number)
    made = world.do(
        police(world)[2], number, "decide", decision="no_facts", basis=basis(world, number), circumstances=["none"],
        reasons=f"{PLANTED}违法事实不能成立，不予处罚",
    )  # fmt: skip
    _served(world, number, made.seq)


def _served(world: World, number: str, decision: int) -> None:
    first = police(world)[0]
    world.do(first, number, "serve", of=decision, way="direct", receiver="party", served_on=world.now.date())
    world.do(first, number, "serve", of=decision, way="direct", receiver="harmed", served_on=world.now.date())


def nothing(world: World, number: str) -> None:
    """Nobody opened a file."""


Told = Callable[[World, str], None]


def led(scene: Scene, told: Told) -> None:
    """The police's own case to its end, and what they still do after it."""
    world, number = scene.world, scene.own.number
    first = police(world)[0]
    told(world, number)
    world.now = NINE + timedelta(days=1)
    result = "unfounded" if told is nothing else "punished"
    done = f"{PLANTED}，{told.__name__}：拘留五日或者没有罚"
    world.do(first, number, "resolve", result=result, proof="record", done=done, key=_key_with_photos(world, 1))
    world.now = NINE + timedelta(days=1, hours=1)
    world.do(first, number, "correct", of=world.case(number).seq, fact="words", words=f"{PLANTED}更正为拘留三日")
    world.now = NINE + timedelta(days=1, hours=2)
    world.do(first, number, "echo", reply=REPLY)
    _closed(world, number, told)
    photos.run(world.now)


def _closed(world: World, number: str, told: Told) -> None:
    """What the police still do when the resident has had the answer: a note, the payment, the end of the file."""
    if told is nothing:
        return
    first, _, head = police(world)
    world.do(first, number, "note", words=f"{PLANTED}内部备注")
    if told is punished:
        made = Entry.objects.get(case__number=number, action="decide").seq
        world.do(first, number, "perform", of=made, performed="all", done_on=world.now.date(), paid=1, ticket=f"{PLANTED}7")
    closing = "performed" if told is punished else "not_punished"
    ended = world.do(first, number, "close_file", closing=closing, why=f"{PLANTED}已执行")
    world.do(head, number, "approve", of=ended.seq, yes="yes")


def helped(scene: Scene, told: Told) -> None:
    """The police's part in another department's case, which its lead then settles, and what they still do after that."""
    world, number = scene.world, scene.own.number
    first = police(world)[0]
    asked = Entry.objects.get(case__number=number, action="request_help").seq
    if told is not nothing:
        _signed(world, number)
    told(world, number)
    world.now = NINE + timedelta(days=1)
    done = f"{PLANTED}：{told.__name__}，拘留五日"
    world.do(first, number, "help", of=asked, done=done, key=_key_with_photos(world, 1))
    world.now = NINE + timedelta(days=1, hours=1)
    world.do("liuzhiqiang", number, "coordinate", partners=[world.body("zhujian")], done="物业把墙刷白了")
    world.do("liuzhiqiang", number, "recheck", state="stopped", found="没有新的", key=_key_with_photos(world, 1))
    world.do(
        "liuzhiqiang", number, "resolve", result="coordinated", proof="photo", done="墙刷白了", key=_key_with_photos(world, 1)
    )
    world.now = NINE + timedelta(days=1, hours=2)
    world.do("liuzhiqiang", number, "echo", reply="城管队员 11月25日到现场，物业已把墙刷白。县城市管理局 0700-555 0145")
    _closed(world, number, told)
    photos.run(world.now)


def _signed(world: World, number: str) -> None:
    """An order of the police, so that a tier is reached too."""
    first, second, _ = police(world)
    due = world.now.date() + timedelta(days=2)
    done = world.do(
        first, number, "order", basis=basis(world, number), facts=f"{PLANTED}立即停止", due=due, second=world.person(second).pk
    )
    world.do(second, number, "countersign", of=done.seq, yes="yes")


# ── looking everywhere ───────────────────────────────────────────────────────────────────────

#: Everything about the one that is no time of day and no token.
TOKENS = re.compile(r"[A-Za-z0-9_\-]{24,}")
TIMES = re.compile(r"\d{1,2}[:：]\d{2}|\d{4}-\d\d-\d\dT[\d:.+Z]+")
#: Numbers that run through the whole county: one more photo somewhere is nobody's photo. And how full the disk is.
RUNNING = re.compile(r"/(notices|photo|evidence)/\d+/|(name=\"(?:photos|file)\" value)=\"\d+\"|\d+ MB|id_photos_\d+")
TABS = ("mine", "dispatch", "sign", "handling", "echo", "echoed", "all")
SEARCHED = (PLANTED, "拘留", str(AMOUNT), NUMBER[:6], "没有拴绳")
INSIDE = frozenset({"police"})


def plain(text: str) -> str:
    return RUNNING.sub(r"\1\2", TIMES.sub("", TOKENS.sub("", text)))


#: Who has nothing to do with the case; they are asked where something of it could be.
STRANGERS = frozenset({"pro_other", "com_other", "off_other", "off_former", "head_other", "sup_other", "cus", "admin", "grv"})
GUESTS = frozenset({"anonymous", "resident"})
#: Addresses of accounts, settings and drafts of lists, which no case reaches: the coordinator and the administrator ask there.
APART = (
    "account_",
    "mfa_",
    "desk:settings",
    "desk:import",
    "desk:new_",
    "desk:version",
    "desk:basis",
    "desk:remove",
    "desk:publish",
)
KEEPERS = frozenset({"co", "admin"})
CORE = ("desk:case", "desk:cases", "desk:earlier", "desk:alike", "desk:today", "desk:tasks", "desk:photo", "desk:act own note")


def addresses(scene: Scene, visitor: str) -> Iterator[tuple[str, str]]:
    """(name, address) of every address of the resolver that this visitor is asked at."""
    for name, rows in variants(scene).items():
        for where, url in rows.items():
            called = f"{name} {where}".strip()
            apart = name.startswith(APART) or where == "there"
            asked = name.startswith("portal:") if visitor in GUESTS else not name.startswith("portal:")
            asked = asked and (visitor not in STRANGERS or called.startswith(CORE) or visitor in KEEPERS)
            if (
                asked
                and not where.startswith(("other", "absent"))
                and name != "account_logout"
                and (visitor in KEEPERS or not apart)
            ):
                yield called, url


def everything(scene: Scene, visitor: str) -> Iterator[tuple[str, str]]:
    """The same, and lists by tab, filter and search, every act, every photo."""
    yield from addresses(scene, visitor)
    cases, number = reverse("desk:cases"), scene.own.number
    rows = Attachment.objects.filter(case=scene.own.case).order_by("pk").values_list("pk", "seq")
    sealed = {entry.seq for entry in Entry.objects.filter(case=scene.own.case) if entry.action in sealing.WORDS_SEALED}
    route = "portal:track_photo" if visitor in GUESTS else "desk:photo"
    yield from ((f"photo {seq in sealed}", reverse(route, args=[pk])) for pk, seq in rows)
    if visitor in GUESTS:
        return
    yield from ((f"search {words}", f"{cases}?tab=all&q={words}") for words in (*SEARCHED, number))
    if visitor in STRANGERS:
        return
    yield from ((f"tab {tab}", f"{cases}?tab={tab}") for tab in TABS)
    yield from ((f"tier {tier}", f"{cases}?tab=all&tier={tier}") for tier in ("persuaded", "ordered", "coerced"))
    yield from ((f"act {action}", reverse("desk:act", args=[number, action])) for action in ACTIONS)


def look(scene: Scene, visitor: str, language: str = "zh-CN") -> dict[str, str]:
    """What a visitor is answered at every address, status first; what is the same many times is kept once."""
    client = Client(headers={"accept-language": language})
    client.cookies.load({**scene.cookies[visitor], "django_language": "en" if language == "en" else "zh-hans"})
    found: dict[str, str] = {}
    for name, url in everything(scene, visitor):
        with transaction.atomic():
            answer = client.get(url)
            transaction.set_rollback(True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        shown = body.decode("utf-8", "replace") if "image" not in answer.headers.get("Content-Type", "") else "a picture"
        said = f"{answer.status_code} {answer.headers.get('Location', '')} {plain(shown)}"
        known = found.setdefault(name, "")
        found[name] = known if said in known else known + said
    return found


@contextmanager
def told(scene: Scene, ending: Callable[[Scene, Told], None], how: Told) -> Iterator[Scene]:
    """The story told to its end, everybody signed in on a later day; taken back afterwards."""
    with transaction.atomic():
        ending(replace(scene, world=World(now=scene.world.now)), how)
        with time_machine.travel(LATER, tick=False):
            people = {**scene.visitors, "police": police(scene.world)[0]}
            signed_in = {name: _cookies(scene.world, username) for name, username in people.items()}
            yield replace(scene, cookies={"anonymous": {}, "resident": _tracking(scene.own), **signed_in})
        transaction.set_rollback(True)


def others(scene: Scene) -> list[str]:
    return sorted(scene.cookies.keys() - INSIDE)


STORIES = {"a bite, led by the police": (bitten, led), "paint, the police helping": (sprayed, helped)}
Pages = Mapping[str, Mapping[str, str]]


@pytest.mark.parametrize("story", STORIES)
def test_nobody_else_finds_what_the_police_did_anywhere_or_sees_a_difference(scene: Scene, story: str) -> None:
    begun, ending = STORIES[story]
    there = begun(scene)
    seen_by: dict[str, Pages] = {}
    for how in (punished, let_off, nothing):
        with told(there, ending, how) as ended:
            asked = AGAIN if how is let_off else others(ended)
            seen_by[how.__name__] = {visitor: look(ended, visitor) for visitor in asked}
            if how is punished:
                _not_in({visitor: look(ended, visitor, "en") for visitor in ("com_own", "co", "resident", "off_lead")})
                assert PLANTED in look(ended, "police")["desk:case own"], "the story was not told"
            _not_in(seen_by[how.__name__])
    for visitor in AGAIN:
        _same(visitor, seen_by["punished"][visitor], seen_by["let_off"][visitor])
    for visitor in seen_by["punished"].keys() - OVERSIGHT:
        _same(visitor, seen_by["punished"][visitor], seen_by["nothing"][visitor])


def _not_in(pages: Pages) -> None:
    """None of it, but where the page repeats what was searched for."""
    found = [
        (visitor, name, SECRETS.findall(text)[:3])
        for visitor, rows in pages.items()
        for name, text in rows.items()
        if SECRETS.search(text) and not name.startswith(("search", "act"))
    ]
    assert not found, found


def _same(visitor: str, one: Mapping[str, str], other: Mapping[str, str]) -> None:
    assert one.keys() == other.keys(), (visitor, one.keys() ^ other.keys())
    different = [name for name in one if one[name] != other[name]]
    assert not different, (visitor, different, _first_difference(one[different[0]], other[different[0]]))


def _first_difference(one: str, other: str) -> list[str]:
    rows = difflib.unified_diff(one.splitlines(), other.splitlines(), n=0, lineterm="")
    return [row[:400] for row in rows][:6]


# ── what leaves by other ways than pages ─────────────────────────────────────────────────────


@pytest.mark.parametrize("story", STORIES)
def test_neither_messages_nor_news_nor_the_log_nor_the_check_tell_of_it(scene: Scene, story: str, caplog: Any) -> None:
    begun, ending = STORIES[story]
    there = begun(scene)
    caplog.set_level(logging.DEBUG)
    counted: dict[str, Any] = {}
    for how in (punished, nothing):
        with told(there, ending, how):
            case = there.own.case
            news = Notice.objects.filter(case=case).exclude(body__code="gongan").exclude(person__postings__body__code="gongan")
            counted[how.__name__] = (
                sorted(news.values_list("kind", "role", "body", "person")),
                sorted(Delivery.objects.filter(case=case).values_list("kind", "channel", "state")),
                [str(trouble) for trouble in verifying.check_all()],
            )
            row = there.world.case(there.own.number)
            if row.lead_id not in seen.police():
                counted[how.__name__] += (row.tier, row.outcome, row.filed, row.waiting_head, row.waiting_second, row.late_facts)
    assert counted["punished"] == counted["nothing"]
    assert counted["punished"][2] == []
    assert not SECRETS.search(caplog.text)


def test_what_would_tell_is_not_sent_out(scene: Scene) -> None:
    there = bitten(scene)
    world, number = there.world, there.own.number
    first = police(world)[0]
    for words in ("已对养犬人罚款 500 元", "经查不予处罚", "已经立案调查", "He was fined and warned"):
        with pytest.raises(Refused, match="公安机关已依法处理"):
            world.do(first, number, "ask", question=words)
    filed(world, number)
    photo = Attachment.objects.get(case=there.own.case, seq=Entry.objects.get(case__number=number, action="interview").seq)
    with pytest.raises(Refused, match="应当封存的记录"):
        world.do(
            first, number, "urge", firm=world.firm(), duty="提醒义务", due=date(2026, 11, 30), release="请提醒", photos=[photo.pk]
        )
    world.do(first, number, "ask", question="狗还在楼下吗？公安机关已依法处理。")


@pytest.mark.parametrize("how", [punished, nothing])
def test_a_refusal_is_the_same_whether_the_police_have_a_file_or_not(scene: Scene, how: Told) -> None:
    there = bitten(scene)
    world, number = there.world, there.own.number
    other = world.assigned(item="QL-03").number
    how(world, number)
    said = []
    for who, action, data in (
        ("wangxiulan", "merge", {"survivor": other, "why": "同一条狗"}),
        ("zhoumin", "reassign", {"lead": world.body("nongye"), "why": "换"}),
        ("wangxiulan", "reclassify", {"item": "QL-05", "why": "归错"}),
        ("zhoumin", "transfer", {"transfer_kind": "crime", "to_whom": "检察院", "why": "移送"}),
    ):
        with pytest.raises(Refused) as refused:
            world.do(who, number, action, **data)
        said.append(str(refused.value))
    assert len(set(said)) == 1 and "公安机关已经接手" in said[0]


@pytest.mark.parametrize("of", ["of the police", "of nobody"])
def test_nobody_corrects_or_masks_an_entry_that_they_may_not_see(scene: Scene, of: str) -> None:
    there = bitten(scene)
    world, number = there.world, there.own.number
    seq = filed(world, number) if of == "of the police" else 90
    with pytest.raises(Refused, match="没有这一条|请选要遮蔽的那一条"):
        world.do("zhoumin", number, "mask", mask_what="entry", mask_ground="request", of=seq)
    with pytest.raises(Refused):
        world.do("zhoumin", number, "correct", of=seq, fact="words", words="改一改")


def test_in_anothers_case_the_police_finish_their_file_after_it_is_settled(scene: Scene) -> None:
    there = sprayed(scene)
    world, number = there.world, there.own.number
    first, _, head = police(world)
    filed(world, number)
    asked = Entry.objects.get(case__number=number, action="request_help").seq
    world.do(first, number, "help", of=asked, done="查到了")
    world.do("liuzhiqiang", number, "recheck", state="stopped", found="没有新的")
    world.do("liuzhiqiang", number, "coordinate", partners=[world.body("zhujian")], done="刷白了")
    world.do("wangxiulan", number, "call", report=there.own.report, reached="yes", said="墙白了")
    world.do("liuzhiqiang", number, "resolve", result="coordinated", proof="word", done="刷白了")
    made = world.do(
        head, number, "decide", decision="no_facts", basis=basis(world, number), circumstances=["none"], reasons="事实不能成立"
    )
    world.do(first, number, "serve", of=made.seq, way="direct", receiver="party", served_on=world.now.date())
    row = world.case(number)
    assert (row.stage, row.tier, row.outcome, row.filed) == ("resolved", "", "coordinated", False)


def test_the_row_of_anothers_case_holds_no_term_of_the_polices_file(scene: Scene) -> None:
    there = sprayed(scene)
    filed(there.world, there.own.number)
    assert there.world.case(there.own.number).due_law is None


def test_an_earlier_punishment_by_the_police_is_known_to_the_police_alone(scene: Scene) -> None:
    there = bitten(scene)
    punished(there.world, there.own.number)
    world = there.world
    dossier = seen.load(world.case(there.own.number), world.now)
    party = next(iter(dossier.parties))
    other = world.case(world.assigned(item="QL-03").number)
    state = seen.load(other, world.now).state
    known = earlier.before(other, state, [world.body("gongan")], party)
    assert [prior.kind for prior in known] == ["fine"]
    assert earlier.before(other, state, [world.body("chengguan")], party) == ()


def test_pages_take_a_case_only_as_the_reader_may_know_it() -> None:
    wrong = [
        str(path)
        for path in (Path(huiyin.__file__).parent / "web").rglob("*.py")
        if re.search(r"\b(seen|cases|seen_cases)\.load\(", path.read_text("utf-8"))
    ]
    assert not wrong
