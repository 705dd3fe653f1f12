"""A small whole county for stories, with people of fixed roles and names: a story reads as one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from huiyin.jobs.seeds import load_calendar, load_lists
from huiyin.records.models import Body, Case, Compound, Person, Posting
from huiyin.selectors import memory
from huiyin.selectors.people import Actor, actor_of, resident
from huiyin.services import cases
from huiyin.services.cases import Done, Receipt
from huiyin.services.places import set_up_county
from huiyin.sim.county import made_up_county

GOOD_REPLY = "城管队员 11月25日到现场查看，住户已把鸡送回老家，花坛清理干净。县城市管理局 0700-555 0145"


@pytest.fixture(autouse=True)
def nothing_remembered(settings: Any) -> Iterator[None]:
    settings.GATEWAY_ON = settings.MAIL_ON = False
    memory.forget_all()
    yield
    memory.forget_all()


@dataclass
class World:
    """The county and a clock that goes on a minute with each act."""

    now: datetime
    names: dict[str, Person] = field(default_factory=dict)

    def later(self, **span: float) -> World:
        self.now += timedelta(**span)
        return self

    def person(self, username: str) -> Person:
        return Person.objects.get(username=username)

    def actor(self, username: str) -> Actor:
        return actor_of(self.person(username).pk, self.now)

    def body(self, code: str) -> int:
        return Body.objects.get(code=code).pk

    def head(self, code: str) -> str:
        return Posting.objects.filter(body__code=code, role="head").values_list("person__username", flat=True)[0]

    def firm(self) -> int:
        return self.compound().contracts.get().firm_id

    def compound(self, name: str = "锦绣家园") -> Compound:
        return Compound.objects.get(name=name)

    def report(self, words: str = "楼下花坛里有人养鸡，天不亮就打鸣", **more: Any) -> Receipt:
        compound = more.pop("compound", self.compound().pk)
        given = {"actor": None, "channel": "web", "key": secrets.token_urlsafe(24), "item": "QL-05", **more}
        return cases.open_case(at=self.now, words=words, compound=compound, **given)

    def do(self, who: str | Actor, number: str, action: str, **data: Any) -> Done:
        self.later(minutes=1)
        actor = who if isinstance(who, Actor) else self.actor(who)
        seen = data.pop("seen", Case.objects.get(number=number).seq)
        extra = {name: data.pop(name) for name in ("key", "claimed_at") if name in data}
        return cases.act(actor=actor, at=self.now, number=number, action=action, data=data, seen=seen, **extra)

    def resident(self, receipt: Receipt) -> Actor:
        return resident(receipt.report)

    def case(self, number: str) -> Case:
        return Case.objects.get(number=number)

    def assigned(self, **more: Any) -> Receipt:
        receipt = self.report(**more)
        item = more.get("item", "QL-05")
        lead = {"QL-05": "chengguan", "FS-05": "sifa", "QL-03": "gongan"}[item]
        self.do("wangxiulan", receipt.number, "assign", item=item, lead=self.body(lead))
        return receipt

    def handled(self, **more: Any) -> Receipt:
        receipt = self.assigned(**more)
        self.do("liuzhiqiang", receipt.number, "accept")
        self.do("liuzhiqiang", receipt.number, "attend", found="花坛里六只鸡")
        return receipt

    def persuade(self, number: str) -> None:
        self.do(
            "liuzhiqiang",
            number,
            "dissuade",
            persuader="department",
            method="door",
            response="agreed",
            stopped="no",
            how="讲了邻居的难处",
        )

    def settled(self, **more: Any) -> Receipt:
        receipt = self.handled(**more)
        self.persuade(receipt.number)
        self.do("heyong", receipt.number, "recheck", state="stopped", found="没有鸡了")
        self.do("wangxiulan", receipt.number, "call", report=receipt.report, reached="yes", said="鸡没了")
        self.do("liuzhiqiang", receipt.number, "resolve", result="stopped", proof="word", done="劝走了")
        return receipt

    def echoed(self, **more: Any) -> Receipt:
        receipt = self.settled(**more)
        self.do("liuzhiqiang", receipt.number, "echo", reply=GOOD_REPLY)
        return receipt


@pytest.fixture
def world(db: None, at: datetime) -> World:
    load_calendar()
    load_lists(at)
    set_up_county(made_up_county(date(2026, 11, 24)), actor="sys", at=at, password="not-a-secret")
    memory.forget_all()
    return World(now=at)
