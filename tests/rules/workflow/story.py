"""Tells a case by the rules alone: people with fixed roles do acts, each judged and sealed as services would, no database."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import huiyin
from huiyin.rules import ledger
from huiyin.rules.deadlines import Calendar, SpecialDay
from huiyin.rules.ledger import Entry, State
from huiyin.rules.roles import Body, Place, Posting, Standing, hats, hats_then
from huiyin.rules.workflow.acts import Act, Basis, Context, Item, Prior
from huiyin.rules.workflow.fields import FIELDS, Kind
from huiyin.rules.workflow.inquiry.approving import approved_proposal
from huiyin.rules.workflow.inquiry.common import own_file
from huiyin.rules.workflow.judge import Option, Verdict, judge, options
from huiyin.rules.workflow.table import ACTIONS, NUMBER, Row, is_fact
from huiyin.rules.workflow.vocabulary import BodyKind, Listing, Role, Stage, Tier

BEIJING = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=BEIJING)

_SEED = tomllib.loads((Path(huiyin.__file__).parent / "seed/calendar.toml").read_text("utf-8"))
#: The seeded work calendar, with 调休 and statutory holidays.
CALENDAR = Calendar.build(
    SpecialDay(row["date"], row["kind"], row.get("statutory", False)) for year in _SEED["years"] for row in year["days"]
)

# ── a small county ───────────────────────────────────────────────────────────────────────────

OFFICE, TOWNSHIP, FIRM, CITY, FIRE, PARKS, JUSTICE, COURT, POWER, OTHER_FIRM, POLICE = range(1, 12)
HERE, ELSEWHERE = 1, 2
COMPOUND = 5

BODIES = {
    body.id: body
    for body in (
        Body(id=OFFICE, kind=BodyKind.COMMUNITY, name="幸福社区"),
        Body(id=TOWNSHIP, kind=BodyKind.TOWNSHIP, name="城关镇"),
        Body(id=FIRM, kind=BodyKind.PROPERTY, name="安居物业"),
        Body(id=CITY, kind=BodyKind.DEPARTMENT, code="chengguan", name="城管局", may_enforce=True, has_head=True),
        Body(id=FIRE, kind=BodyKind.DEPARTMENT, code="xiaofang", name="消防大队", may_enforce=True),
        Body(id=PARKS, kind=BodyKind.DEPARTMENT, code="ziran", name="自然资源局", may_enforce=True, has_head=True),
        Body(id=JUSTICE, kind=BodyKind.DEPARTMENT, code="sifa", name="司法局"),
        Body(id=COURT, kind=BodyKind.COURT, code="fayuan", name="人民法院"),
        Body(id=POWER, kind=BodyKind.UTILITY, code="gongdian", name="供电公司"),
        Body(id=OTHER_FIRM, kind=BodyKind.PROPERTY, name="另一家物业"),
        Body(id=POLICE, kind=BodyKind.DEPARTMENT, code="gongan", name="公安局", may_enforce=True, has_head=True),
    )
}

_SINCE = date(2026, 1, 1)
_BADGE = date(2027, 12, 31)


def _posted(
    number: int, role: Role, *, body: int | None = None, community: int | None = None, badge: date | None = None
) -> Posting:
    return Posting(
        id=100 + number, person=number, role=role, body=body, community=community, starts=_SINCE, badge_expires=badge
    )  # fmt: skip


CLERK = _posted(1, Role.COM, community=HERE)
SECOND_CLERK = _posted(2, Role.COM, community=HERE)
OFFICER = _posted(3, Role.OFF, body=CITY, badge=_BADGE)
SECOND_OFFICER = _posted(4, Role.OFF, body=CITY, badge=_BADGE)
HEAD = _posted(5, Role.HEAD, body=CITY)
FIREMAN = _posted(6, Role.OFF, body=FIRE, badge=_BADGE)
SECOND_FIREMAN = _posted(7, Role.OFF, body=FIRE, badge=_BADGE)
GARDENER = _posted(8, Role.OFF, body=PARKS, badge=_BADGE)
JUSTICE_OFFICER = _posted(9, Role.OFF, body=JUSTICE, badge=_BADGE)
MANAGER = _posted(10, Role.PRO, body=FIRM)
COORDINATOR = _posted(11, Role.CO, body=JUSTICE)
DEPUTY = _posted(12, Role.CO)
SUPERVISOR = _posted(13, Role.SUP, community=HERE)
CUSTODIAN = _posted(14, Role.CUS)
STRANGER = _posted(15, Role.COM, community=ELSEWHERE)
ADMINISTRATOR = _posted(16, Role.ADMIN)
LEADER = _posted(17, Role.LEADER)
GARDENERS_HEAD = _posted(18, Role.HEAD, body=PARKS)
SECOND_GARDENER = _posted(19, Role.OFF, body=PARKS, badge=_BADGE)
CONSTABLE = _posted(20, Role.OFF, body=POLICE, badge=_BADGE)
SECOND_CONSTABLE = _posted(21, Role.OFF, body=POLICE, badge=_BADGE)
CHIEF = _posted(22, Role.HEAD, body=POLICE)
REVIEWER = _posted(23, Role.REV, body=CITY)
SECOND_HEAD = _posted(24, Role.HEAD, body=CITY)
POLICE_REVIEWER = _posted(25, Role.REV, body=POLICE)
PARKS_REVIEWER = _posted(26, Role.REV, body=PARKS)

POSTINGS = {
    posting.id: posting
    for posting in (
        CLERK, SECOND_CLERK, OFFICER, SECOND_OFFICER, HEAD, FIREMAN, SECOND_FIREMAN, GARDENER, JUSTICE_OFFICER, MANAGER,
        COORDINATOR, DEPUTY, SUPERVISOR, CUSTODIAN, STRANGER, ADMINISTRATOR, LEADER, GARDENERS_HEAD, SECOND_GARDENER, CONSTABLE,
        SECOND_CONSTABLE, CHIEF, REVIEWER, SECOND_HEAD, POLICE_REVIEWER, PARKS_REVIEWER,
    )
}  # fmt: skip


INQUIRY = frozenset(
    {
        "name_party", "propose", "open_file", "close_file", "inspect", "interview", "test", "preserve", "advance_notice", "hear",
        "hold_hearing", "review", "deliberate", "decide", "spot_penalty", "serve", "seize", "lift", "demand", "announce", "enforce",
        "perform", "court", "publish", "unpublish",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody with a receipt for a report."""

    report: int


@dataclass(frozen=True, slots=True)
class Clock:
    """The system itself."""


MS_WU = Resident(1)
CLOCK = Clock()
Who = Posting | Resident | Clock


def _item(code: str, lead: str, body: int, *, listing: Listing = Listing.ENFORCEMENT, safe: bool = False) -> Item:
    return Item(code=code, listing=listing, version=1, lead=lead, lead_body=body, safety_baseline=safe, close_workdays=5)


POULTRY = _item("QL-05", "chengguan", CITY)
NOISE = _item("ZS-04", "chengguan", CITY)
TREES = _item("LH-01", "ziran", PARKS)
STAIRWELL = _item("XF-01", "xiaofang", FIRE, safe=True)
NEIGHBOURS = _item("FS-05", "sifa", JUSTICE, listing=Listing.SERVICE)
OLD_SOFA = _item("FS-02", "wuye", FIRM, listing=Listing.SERVICE)
DOG = _item("QL-03", "gongan", POLICE, safe=True)
DANCE = _item("ZS-03", "gongan", POLICE)
ROOF = _item("WJ-01", "ziran", PARKS)
RUBBISH = _item("HW-01", "chengguan", CITY)
SMOKE = _item("DQ-03", "chengguan", CITY)
FIREWORKS = _item("ZJ-02", "gongan", POLICE)
ITEMS = {
    item.code: item
    for item in (POULTRY, NOISE, TREES, STAIRWELL, NEIGHBOURS, OLD_SOFA, DOG, DANCE, ROOF, RUBBISH, SMOKE, FIREWORKS)
}

CHANGES = date(2026, 8, 15)


def _clause(
    number: int, item: str, law: str, label: str, quote: str, *, kind: str = "liability", first: str = "", unless: str = "", since: date = date(2020, 1, 1)
) -> Basis:  # fmt: skip
    return Basis(
        id=number, item=item, label=label, kind=kind, valid_from=since, valid_to=None, law_code=law, quote=quote,
        requires_first=frozenset({first} - {""}), unless=unless,
    )  # fmt: skip


BASES = {
    1: Basis(id=1, item="QL-05", label="城市市容条例第三十五条", kind="liability", valid_from=date(1992, 8, 1), valid_to=None),
    2: Basis(id=2, item="ZS-04", label="噪声法第八十七条", kind="liability", valid_from=date(2022, 6, 5), valid_to=CHANGES),
    3: Basis(id=3, item="ZS-04", label="法典第五百九十九条", kind="liability", valid_from=CHANGES, valid_to=None),
    4: Basis(id=4, item="QL-05", label="民法典第九百四十二条", kind="civil", valid_from=date(2021, 1, 1), valid_to=None),
    5: Basis(id=5, item="XF-01", label="消防法第六十条", kind="liability", valid_from=date(2009, 5, 1), valid_to=None),
    6: Basis(id=6, item="LH-01", label="城市绿化条例第二十六条", kind="liability", valid_from=date(1992, 8, 1), valid_to=None),
    **{basis.id: basis for basis in (
        _clause(11, "QL-03", "zhian", "治安管理处罚法第八十九条第一款", "放任动物恐吓他人的，处一千元以下罚款。"),
        _clause(12, "QL-03", "zhian", "治安管理处罚法第八十九条第二款", "违反有关法律、法规、规章规定，出售、饲养烈性犬等危险动物的，处警告；"
                "警告后不改正的，或者致使动物伤害他人的，处五日以下拘留或者一千元以下罚款；情节较重的，处五日以上十日以下拘留。",
                first="warning", unless="致使动物伤害他人"),
        _clause(13, "QL-03", "zhian", "治安管理处罚法第八十九条第三款", "未对动物采取安全措施，致使动物伤害他人的，处一千元以下罚款；情节较重的，处五日以上十日以下拘留。"),
        _clause(14, "ZS-03", "zhian", "治安管理处罚法第八十八条", "经基层群众性自治组织、业主委员会、物业服务人、有关部门依法劝阻、调解和处理未能制止，"
                "继续干扰他人正常生活、工作和学习的，处五日以下拘留或者一千元以下罚款", first="dissuade"),
        _clause(15, "ZS-03", "shengtai", "生态环境法典第一千一百九十条", "由地方人民政府指定的部门说服教育，责令改正；拒不改正的，给予警告，"
                "对个人可以处二百元以上一千元以下的罚款，对单位可以处二千元以上二万元以下的罚款", first="order", since=CHANGES),
        _clause(16, "WJ-01", "guihua", "城乡规划法第六十四条", "责令停止建设；尚可采取改正措施消除对规划实施的影响的，限期改正，处建设工程造价百分之五以上"
                "百分之十以下的罚款；无法采取改正措施消除影响的，限期拆除"),
        _clause(17, "WJ-01", "guihua", "城乡规划法第六十八条", "建设工程所在地县级以上地方人民政府可以责成有关部门采取查封施工现场、强制拆除等措施。", kind="force"),
        _clause(18, "HW-01", "shengtai", "生态环境法典第一千一百六十九条", "个人擅自倾倒、堆放生活垃圾、建筑垃圾的，由环境卫生主管部门责令改正，处一百元以上一千元以下的罚款。",
                since=CHANGES),
        _clause(19, "DQ-03", "shengtai", "生态环境法典第一千一百三十二条", "责令改正，没收烧烤工具和违法所得，并处五百元以上五千元以下的罚款；拒不改正的，"
                "处五千元以上二万元以下的罚款。", since=CHANGES),
        _clause(20, "DQ-03", "shengtai", "生态环境法典第五百六十二条", "可以对设施、设备、物品采取查封、扣押等行政强制措施", kind="force", since=CHANGES),
        _clause(21, "ZJ-02", "yanhua", "烟花爆竹安全管理条例第四十二条", "由公安部门责令停止燃放，处100元以上500元以下的罚款"),
        _clause(22, "XF-01", "xiaofangfa", "消防法第六十条", "经责令改正拒不改正的，强制执行，所需费用由违法行为人承担。", kind="force"),
        _clause(23, "HW-01", "shirong", "城市市容和环境卫生管理条例第三十四条", "不按规定倾倒垃圾的，责令纠正，可以并处警告、二百元以下罚款"),
    )},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class County:
    """What tests may change about the small county."""

    place: Place = field(
        default_factory=lambda: Place(community=HERE, compound=COMPOUND, office=OFFICE, township=TOWNSHIP, firm=FIRM)
    )
    postings: Mapping[int, Posting] = field(default_factory=lambda: POSTINGS)
    due_resolution: datetime | None = None
    bodies: Mapping[int, Body] = field(default_factory=lambda: BODIES)
    bases: Mapping[int, Basis] = field(default_factory=lambda: BASES)
    before: tuple[Prior, ...] = ()
    calendar: Calendar = CALENDAR


WITHOUT_A_FIRM = County(place=Place(community=HERE, compound=COMPOUND, office=OFFICE, township=TOWNSHIP))

_numbers = count(1)

# ── telling ──────────────────────────────────────────────────────────────────────────────────


class Story:
    """One case as it is told. `do` writes an act or raises what `judge` raises; `state` is always the fold of `entries`."""

    def __init__(self, item: Item = POULTRY, *, at: datetime = MONDAY, contact: tuple[str, ...] = ("phone",), county: County | None = None,
                 by: Who = MS_WU, report: int = 1, first: Mapping[str, Any] | None = None) -> None:  # fmt: skip
        self.case = next(_numbers)
        self.item, self.at, self.county = item, at, county or County()
        self.files: dict[int, int] = {}
        self.entries: list[Entry] = []
        self._folded: State | None = None
        if first is None:
            data = {"report": report, "channel": "web", "contact": list(contact), "compound": COMPOUND}
            self._write("report", by, data, to=Stage.REPORTED)
        else:
            self._write("split", by, first)

    @property
    def state(self) -> State:
        if self._folded is None or self._folded.head != self.entries[-1].hash:
            self._folded = ledger.fold(self.entries)
        return self._folded

    @property
    def stage(self) -> Stage:
        return self.state.stage

    @property
    def last(self) -> int:
        """The seq of the last entry."""
        return self.entries[-1].seq

    def later(self, **time: float) -> Story:
        self.at += timedelta(**time)
        return self

    def joined(self, report: int, *, contact: tuple[str, ...] = ("phone",)) -> Resident:
        """A neighbour joins with a receipt of their own."""
        self._write("join", Resident(report), {"report": report, "channel": "qr", "contact": list(contact)})
        return Resident(report)

    def do(self, who: Who, action: str, /, *, seen: int | None = None, claimed: datetime | None = None, files: int = 0,
           survivor: Story | None = None, **given: Any) -> Verdict:  # fmt: skip
        """Do an act; fields that the row needs and the test does not care about are filled in sensibly."""
        state, context = self.state, self.context(given, survivor)
        asked = self.asked(who, action, context, seen=seen, claimed=claimed)
        row = fitting(state, asked, context)
        data = {**(filled(row, state, context, self.at) if row else {}), **given}
        if isinstance(who, Resident) and row and "report" in (*row.needs, *row.may):
            data["report"] = who.report
        if files:
            data["files"] = files
        verdict = judge(state, replace(asked, data=keyed(data)), self.context(data, survivor))
        if files:
            self.files[self.last + 1] = files
        kept = {**plain(data), **self._more(action, state, data, who, context)}
        if isinstance(who, Posting) and action in INQUIRY:
            kept |= self._of_the_file(action, state, replace(asked, data=keyed(data)), who)
        self._write(action, who, kept, to=verdict.to, tier=verdict.tier, claimed=claimed if is_fact(action) else None)
        if action == "retract" and verdict.to is Stage.RESOLVED:
            self.do(CLOCK, "echo")
        return verdict

    def options(self, who: Who) -> dict[str, Option]:
        context = self.context({}, None)
        return {option.row.action: option for option in options(self.state, self.asked(who, "", context), context)}

    def asked(self, who: Who, action: str, context: Context, *, seen: int | None = None, claimed: datetime | None = None) -> Act:
        act = Act(action=action, at=self.at, claimed_at=claimed if action in ACTIONS and is_fact(action) else None, seen=seen)
        match who:
            case Resident(report=report):
                return replace(act, report=report, hats=frozenset({Role.RES}))
            case Clock():
                return replace(act, hats=frozenset({Role.SYS}))
            case Posting():
                worn = hats(who, self.standing(self.state, context))
                if act.claimed_at is not None and act.happened < self.state.at:
                    was = ledger.as_it_was(self.state, act.happened)
                    worn |= hats_then(who, self.standing(was, replace(context, lead=self.county.bodies.get(was.lead or 0))))
                return replace(act, posting=who, hats=worn)

    def standing(self, state: State, context: Context) -> Standing:
        return Standing(
            place=context.place, lead=context.lead, cooperating=state.cooperating, tasked=state.tasked,
            author=context.person(state.entries[0]), overseer=JUSTICE, deputy=DEPUTY.person,
        )  # fmt: skip

    def context(self, given: Mapping[str, Any], survivor: Story | None) -> Context:
        state = self.state
        held = [posting for posting in self.county.postings.values() if posting.role in {Role.OFF, Role.HEAD}]
        return Context(
            place=self.county.place,
            lead=self.county.bodies.get(state.lead or 0),
            item=ITEMS.get(state.item),
            chosen=ITEMS.get(str(given.get("item", self.item.code))),
            bodies=self.county.bodies,
            postings=self.county.postings,
            officers={posting.person: tuple(one for one in held if one.person == posting.person) for posting in held},
            bases=self.county.bases,
            before=self.county.before,
            calendar=self.county.calendar,
            files=dict(self.files),
            due_resolution=self.county.due_resolution,
            survivor=survivor.state if survivor else None,
            registered_by={
                entry.data["report"]: self.county.postings[entry.posting].person
                for entry in state.did("report", "join")
                if entry.posting in self.county.postings
            },
        )

    def _more(self, action: str, state: State, data: Mapping[str, Any], who: Who, context: Context) -> dict[str, Any]:
        """What services add to an entry."""
        match action:
            case "assign" | "settle" | "reclassify":
                chosen = ITEMS[data["item"]]
                kept: dict[str, Any] = {"item": chosen.code, "listing": chosen.listing.value, "version": chosen.version}
                lead = data.get("lead", chosen.lead_body)
                if action == "reclassify" and lead == state.lead:
                    return kept
                if action == "settle" and state.lead is not None:
                    kept["from"] = state.lead
                return {**kept, "lead": lead, "cooperating": list(data.get("cooperating", ()))}
            case "reassign":
                return {"cooperating": sorted(state.cooperating - {data["lead"]})}
            case "accept" | "attend" | "dissuade" if isinstance(who, Posting):
                return {"person": data.get("person") or who.person}
            case "decline":
                return {"listed": "yes" if context.item and context.item.lead_body == state.lead else "no"}
        return {}

    def _of_the_file(self, action: str, state: State, asked: Act, who: Posting) -> dict[str, Any]:
        """What services add to an entry of 三查: the body, the person, the file, the approval it uses; a party's id."""
        kept: dict[str, Any] = {"body": who.body, "person": who.person}
        if action == "name_party":
            return {"party": len(state.inquiry.parties) + 1}
        file = own_file(state, asked)
        if file is not None and action not in {"open_file", "spot_penalty"}:
            kept["file"] = file.seq
        proposal = approved_proposal(state, asked, action)
        return {**kept, "proposal": proposal.seq} if proposal else kept

    def _write(self, action: str, who: Who, data: Mapping[str, Any], *, to: Stage | None = None, tier: Tier = Tier.NONE,
               claimed: datetime | None = None) -> None:  # fmt: skip
        match who:
            case Resident(report=report):
                actor, role = f"r{report}", Role.RES
            case Clock():
                actor, role = "sys", Role.SYS
            case Posting():
                actor, role = f"p{who.id}", who.role
        entry = Entry(
            case=self.case, seq=len(self.entries) + 1, action=action, actor=actor, role=role, at=self.at, claimed_at=claimed, to=to,
            tier=tier, data=dict(data), table=NUMBER, prev=self.entries[-1].hash if self.entries else ledger.GENESIS,
        )  # fmt: skip
        self.entries.append(ledger.sealed(entry))

    # ── longer steps of a story ──────────────────────────────────────────────────────────────

    def assigned(self, **given: Any) -> Story:
        self.do(CLERK, "assign", **{"item": self.item.code, "lead": self.item.lead_body, **given})
        return self

    def handled(self) -> Story:
        """Assigned and taken on by the first officer (or manager) of the lead."""
        self.assigned()
        self.do(self.crew()[0], "accept")
        return self

    def persuaded(self) -> Story:
        """Dissuaded by one hand of the lead and found stopped by another, a photo with it."""
        first, second = self.crew()
        self.do(first, "dissuade")
        self.later(hours=2).do(second, "recheck", state="stopped", files=1)
        return self

    def resolved(self) -> Story:
        if self.stage is Stage.REPORTED:
            self.handled()
        self.persuaded().do(self.crew()[0], "resolve", result="stopped", proof="photo")
        return self

    def echoed(self, *, by: Who | None = None, reached: bool = True) -> Story:
        """Resolved, answered, and (unless said) every reporter reached by telephone in the same minute."""
        self.resolved().do(by or self.crew()[0], "echo")
        if reached:
            self.reach()
        return self

    def reach(self) -> Story:
        for given in self.state.active:
            if given.available is None:
                self.do(CLERK, "call", report=given.id, reached="yes")
        return self

    def crew(self) -> tuple[Posting, Posting]:
        return {
            CITY: (OFFICER, SECOND_OFFICER), FIRE: (FIREMAN, SECOND_FIREMAN), PARKS: (GARDENER, CLERK), POLICE: (CONSTABLE, SECOND_CONSTABLE),
            JUSTICE: (JUSTICE_OFFICER, CLERK), FIRM: (MANAGER, CLERK),
        }[self.item.lead_body or 0]  # fmt: skip

    def ordered(self, *, second: Posting = SECOND_OFFICER, signed: bool = True, **given: Any) -> int:
        """An order by the first officer, signed by the second; its seq."""
        self.do(self.crew()[0], "order", second=second.person, **given)
        order = self.last
        if signed:
            self.do(second, "countersign", of=order, yes="yes")
        return order

    def merge_into(self, other: Story, by: Posting = CLERK) -> None:
        """Both sides of a merge, as services write them."""
        rows = [{"id": given.id, "at": ledger.stamp(given.at), "contact": list(given.contact)} for given in self.state.active]
        self.do(by, "merge", survivor=other)
        other._write("absorb", by, {"from": f"case{self.case}", "reports": rows})

    def split(self, *reports: int, by: Posting = CLERK) -> Story:
        """Both sides of a split; the new case."""
        rows = [
            {"id": given.id, "at": ledger.stamp(given.at), "contact": list(given.contact)}
            for given in self.state.active
            if given.id in reports
        ]
        self.do(by, "split", reports=list(reports))
        reported = min((row["at"] for row in rows), default=ledger.stamp(self.state.opened))
        first = {"from": f"case{self.case}", "reports": rows, "reported": reported, "compound": COMPOUND}
        return Story(self.item, at=self.at, county=self.county, by=by, first=first)


# ── filling in what a test does not care about ───────────────────────────────────────────────


def fitting(state: State, act: Act, context: Context) -> Row | None:
    """The row that a page would draw its form from."""
    mine = [row for row in ACTIONS.get(act.action, ()) if row.by & act.hats]
    here = [row for row in mine if state.stage in row.at] or mine
    return next((row for row in here if row.when is None or row.when(state, act, context)), here[0] if here else None)


def filled(row: Row, state: State, context: Context, at: datetime) -> dict[str, Any]:
    """A sensible value for every field the row needs."""
    return {name: _sensible(name, state, context, at) for name in row.needs}


def _sensible(name: str, state: State, context: Context, at: datetime) -> Any:
    known = FIELDS[name]
    tomorrow = (at.astimezone(BEIJING).date() + timedelta(days=1)).isoformat()
    match name:
        case "corrected" | "stopped" | "satisfied" | "reached" | "passed" | "educated":
            return "yes"
        case "offence_on" | "delivered_on" | "served_on" | "done_on" | "notified_on" | "held_on":
            return at.astimezone(BEIJING).date().isoformat()
        case "members":
            return [OFFICER.person, HEAD.person]
        case "chair":
            return HEAD.person
        case "adopted":
            return "nothing"
        case "measure" | "disposal" | "means" | "performed" | "closing" | "decision":
            return known.choices[0][0]
        case "basis":
            fits = (
                basis.id
                for basis in BASES.values()
                if basis.item == state.item and basis.kind == "liability" and basis.in_force(at.date())
            )
            return next(fits, 1)
        case "firm":
            return context.place.firm or context.place.office
        case "lead":
            return context.chosen.lead_body if context.chosen else CITY
        case "item":
            return context.chosen.code if context.chosen else POULTRY.code
        case "of":
            return _answered(state)
        case "person" | "heir" | "who":
            return SECOND_OFFICER.person
    match known.kind:
        case Kind.CODES:
            return [known.choices[0][0]]
        case Kind.MONEY:
            return 100
        case Kind.MOMENT:
            return at.astimezone(BEIJING).isoformat(timespec="seconds")
        case Kind.PARTY:
            return next(iter(state.inquiry.parties), 0)
        case Kind.BASES:
            return []
        case Kind.WORDS | Kind.TEXT | Kind.SEALED:
            return known.initial or "说得清楚的一段话"
        case Kind.CODE:
            return known.initial or known.choices[0][0]
        case Kind.DATE:
            return tomorrow
        case Kind.DAYS:
            return 2
        case Kind.BODY:
            return PARKS
        case Kind.BODIES:
            return [FIRM]
        case Kind.OFFICER:
            return SECOND_OFFICER.person
        case Kind.REPORT:
            return next((given.id for given in state.active), 1)
        case Kind.REPORTS:
            return [given.id for given in state.active][:1]
        case Kind.CASE:
            return "another"
        case _:
            return 1


def _answered(state: State) -> int:
    """The entry that waits most for an answer."""
    waiting = (
        *state.pending,
        *(seq for seq, order in state.orders.items() if order.complied != "yes"),
        *state.unapproved,
        *state.inquiry.decisions,
        *state.helps,
        *state.urges,
    )
    return next(iter(waiting), 1)


def keyed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Field names to the keys of an entry's data, words under their own names: what guards see."""
    return {
        (name if name not in FIELDS or FIELDS[name].kind is Kind.WORDS else FIELDS[name].key): value
        for name, value in data.items()
    }


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """What of it stands in the entry: no words, no files."""
    outside = {name for name in data if name in FIELDS and FIELDS[name].kind in {Kind.WORDS, Kind.FILES, Kind.SEALED}}
    return {(FIELDS[name].key if name in FIELDS else name): value for name, value in data.items() if name not in outside}


def refusals(steps: Iterable[Option]) -> dict[str, str]:
    return {option.row.action: str(option.refusal) for option in steps if option.refusal}
