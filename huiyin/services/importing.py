"""A county is set up from four tables: looked over first, then brought in whole or not at all. Bringing the same in again changes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from huiyin.records.models import Body, Community, Compound, Contract, Person, Posting, PostingRequest, SoleAct
from huiyin.rules import geo
from huiyin.rules.county_tables import ROLES, TABLES
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.tables import Cells, Parsed, Wrong, parse
from huiyin.rules.workflow.vocabulary import BodyKind, Role
from huiyin.selectors.memory import forget_after_commit
from huiyin.selectors.people import Actor
from huiyin.services.geography import drawn_code
from huiyin.services.people import PROTECTED, Forbidden, another_admin, sole_act, temporary_password
from huiyin.services.writing import writing

LABELS = {table.name: table.label for table in TABLES}
COLUMNS = {table.name: {column.name: column.label for column in table.columns} for table in TABLES}
OF_A_BODY = frozenset({Role.OFF, Role.HEAD, Role.PRO, Role.REV})
_ROLE_NAMES = {role: name for name, role in ROLES.items()}
#: What a community shows of somebody in such a role on its boards, once the table says so.
SHOWN = {Role.COM: "contact", Role.SUP: "supervisor"}

Sheets = Mapping[str, list[Cells]]
#: {user name: (temporary password, its hash)}, made before everybody else has to wait for the transaction.
Drawn = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What would become of one table's rows."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One value that changes: the column's header, what is there and what comes, as plain values or names."""

    label: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row that does something. `details` of a new row are empty: all of it is new. `asks`: it waits for a second person."""

    table: str
    row: int
    title: str
    new: bool
    details: tuple[Detail, ...] = ()
    asks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What bringing these tables in would do. With anything in `wrong` it is not done."""

    counted: Mapping[str, Counted]
    wrong: tuple[Wrong, ...]
    changes: tuple[Change, ...] = ()
    unknown: tuple[str, ...] = ()  # sheets that are none of the four tables

    @property
    def mark(self) -> str:
        """The same for the same changes: who agreed to what was shown brings in nothing else."""
        told = json.dumps([asdict(change) for change in self.changes], ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(told.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What was done. `passwords`: (user name, name, temporary password) of new people, told this once. `asked`: postings that wait for a
    second person."""

    counted: Mapping[str, Counted]
    passwords: tuple[tuple[str, str, str], ...] = ()
    asked: int = 0


class NotClean(Exception):
    """The tables have mistakes: nothing was brought in."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("; ".join(map(str, plan.wrong[:5])))
        self.plan = plan


class Moved(Exception):
    """Something else was written since the look: the tables would now do something else, and nothing was brought in."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("what is there changed since the look")
        self.plan = plan


@dataclass(slots=True)
class _Work:
    """One pass over the tables: what was found is written at once, inside a transaction that is given up where only a look was wanted."""

    at: datetime
    asker: int | None
    drawn: Drawn = field(default_factory=dict)
    looking: bool = False
    wrong: list[Wrong] = field(default_factory=list)
    counted: dict[str, Counted] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    passwords: list[tuple[str, str, str]] = field(default_factory=list)
    shown: set[tuple[int, str]] = field(default_factory=set)
    asked: int = 0
    # What is there, read once at the beginning and kept up while rows are written.
    bodies: dict[str, Body] = field(default_factory=dict)
    communities: dict[str, Community] = field(default_factory=dict)
    compounds: dict[tuple[int, str], Compound] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    people: dict[str, Person] = field(default_factory=dict)

    def read(self) -> None:
        self.bodies = {row.code: row for row in Body.objects.all()}
        rows = Community.objects.select_related("township", "office", "contact", "supervisor")
        self.communities = {row.slug: row for row in rows}
        self.compounds = {(row.community_id, row.name): row for row in Compound.objects.all()}
        self.codes = {row.code for row in self.compounds.values()}
        self.people = {row.username: row for row in Person.objects.all()}

    @property
    def today(self) -> date:
        return self.at.astimezone(SHANGHAI).date()

    def say(self, table: str, row: int, column: str, text: str, **params: Any) -> None:
        self.wrong.append(Wrong(table=LABELS[table], row=row, column=column, text=text, params=params))

    def tell(self, table: str, row: int, title: str, *, new: bool, details: Iterable[Detail] = (), asks: bool = False) -> None:
        """Counts a row, and keeps what it does where it does anything."""
        told = tuple(details)
        became = "new" if new else "changed" if told else "same"
        before = self.counted.get(table, Counted())
        self.counted[table] = replace(before, **{became: getattr(before, became) + 1})
        if became != "same":
            self.changes.append(Change(table=table, row=row, title=title, new=new, details=() if new else told, asks=asks))


class _OnlyLooked(Exception):
    """Gives the transaction up: nothing of what was looked at stays."""


def may(actor: Actor) -> None:
    """An administrator, or the server's own shell. Raises Forbidden."""
    if not (actor.system or actor.has(Role.ADMIN)):
        raise Forbidden("只有管理员可以改设置。")


def look(*, actor: Actor, sheets: Sheets, at: datetime) -> Plan:
    """What bringing these sheets in would do, and every mistake in them; nothing is kept. Raises Forbidden."""
    may(actor)
    work, parsed, unknown = _begin(actor, sheets, at)
    work.looking = True
    try:
        with writing():
            _bring(work, parsed)
            raise _OnlyLooked
    except _OnlyLooked:
        return _plan(work, unknown)


def draw(*, sheets: Sheets) -> Drawn:
    """A temporary password with its hash for everybody in the sheets who is not there yet: before the transaction, because hashing takes
    its time and all who write wait for one another."""
    people = next(table for table in TABLES if table.name == "people")
    rows = parse(people, sheets[people.label]).rows if people.label in sheets else ()
    wanted = {values["username"] for _number, values in rows}
    there = set(Person.objects.values_list("username", flat=True))
    return {username: temporary_password() for username in sorted(wanted - there)}


def bring_in(*, actor: Actor, sheets: Sheets, at: datetime, seen: str | None = None, drawn: Drawn | None = None) -> Brought:
    """Everything in one transaction, or NotClean. `seen`: the mark of the plan that was agreed to; raises Moved where the tables would do
    something else by now. Protected postings are asked for in the actor's name and wait for a second person (see services.people).
    Nothing is ever deleted; a firm's running contract ends the day before another begins. Raises Forbidden."""
    may(actor)
    work, parsed, unknown = _begin(actor, sheets, at)
    work.drawn = draw(sheets=sheets) if drawn is None else drawn
    with writing():
        _bring(work, parsed)
        plan = _plan(work, unknown)
        if plan.wrong:
            raise NotClean(plan)
        if seen is not None and seen != plan.mark:
            raise Moved(plan)
        forget_after_commit()
    return Brought(counted=plan.counted, passwords=tuple(work.passwords), asked=work.asked)


def _begin(actor: Actor, sheets: Sheets, at: datetime) -> tuple[_Work, dict[str, Parsed], tuple[str, ...]]:
    parsed = {table.name: parse(table, sheets[table.label]) for table in TABLES if table.label in sheets}
    work = _Work(at=at, asker=actor.person)
    for one in parsed.values():
        work.wrong += one.wrong
    return work, parsed, tuple(name for name in sheets if name not in LABELS.values())


def _plan(work: _Work, unknown: tuple[str, ...]) -> Plan:
    order = {table.label: place for place, table in enumerate(TABLES)}
    wrong = sorted(work.wrong, key=lambda one: (order[one.table], one.row))
    return Plan(counted=work.counted, wrong=tuple(wrong), changes=tuple(work.changes), unknown=unknown)


def _bring(work: _Work, parsed: Mapping[str, Parsed]) -> None:
    steps: dict[str, Callable[[_Work, int, dict[str, Any]], None]] = {
        "bodies": _body, "communities": _community, "compounds": _compound, "people": _posted,
    }  # fmt: skip
    work.read()
    for table in TABLES:
        for number, values in parsed[table.name].rows if table.name in parsed else ():
            steps[table.name](work, number, values)


def _save(
    table: str, row: Any, values: Mapping[str, Any], names: Mapping[str, tuple[str, Any, Any]] | None = None
) -> list[Detail]:
    """Writes what differs and says it; a cell that was left empty leaves what is there. `names`: for a reference the column it came from
    and what both are called."""
    changes = {name: value for name, value in values.items() if value is not None and getattr(row, name) != value}
    told = []
    for name, value in changes.items():
        column, old, new = (names or {}).get(name) or (name, getattr(row, name), value)
        told.append(Detail(label=COLUMNS[table].get(column, column), old=old, new=new))
        setattr(row, name, value)
    if row.pk is None or changes:
        row.save()
    return told


def _body(work: _Work, number: int, values: dict[str, Any]) -> None:
    row = work.bodies.get(values["code"]) or Body(code=values["code"])
    if row.pk and row.kind != values["kind"]:
        work.say("bodies", number, "类别", "这个单位已经在了，类别不能改。")
        return
    new = row.pk is None
    details = _save("bodies", row, {**values, "short_name": values["short_name"] or row.short_name or values["name"][:40]})
    work.bodies[row.code] = row
    work.tell("bodies", number, row.name, new=new, details=details)


def _found(work: _Work, table: str, number: int, column: str, code: str | None, *kinds: BodyKind) -> Body | None:
    """A body by its code, of one of these kinds; what is wrong with it is said."""
    body = work.bodies.get(code) if code else None
    if body is None:
        work.say(table, number, column, "没有代码是“%(code)s”的单位，先在单位表里加。", code=code or "")
        return None
    if kinds and body.kind not in kinds:
        work.say(table, number, column, "“%(name)s”不是这一类单位。", name=body.name)
        return None
    return body


def _community(work: _Work, number: int, values: dict[str, Any]) -> None:
    township = _found(work, "communities", number, "乡镇街道代码", values.pop("township"), BodyKind.TOWNSHIP)
    office = _found(work, "communities", number, "居委会代码", values.pop("office"), BodyKind.COMMUNITY)
    if township is None or office is None:
        return
    there = work.communities.get(values["slug"])
    row = there or Community(slug=values["slug"])
    names = {
        "township_id": ("township", there and there.township.name, township.name),
        "office_id": ("office", there and there.office.name, office.name),
    }
    details = _save("communities", row, {**values, "township_id": township.pk, "office_id": office.pk}, names)
    work.communities[row.slug] = row
    work.tell("communities", number, row.name, new=there is None, details=details)


def _compound(work: _Work, number: int, values: dict[str, Any]) -> None:
    community = work.communities.get(values.pop("community"))
    if community is None:
        work.say("compounds", number, "社区代码", "没有这个社区，先在社区表里加。")
        return
    there = work.compounds.get((community.pk, values["name"]))
    firm_code, starts, ends = (values.pop(name) for name in ("firm", "contract_from", "contract_to"))
    try:
        place = _placed(values, there)
    except geo.BadPlace as bad:
        work.say("compounds", number, "坐标", str(bad))
        return
    row = there or Compound(community=community, name=values["name"], code=_code(work))
    new = there is None
    details = _save("compounds", row, {**values, **place})
    firm = _found(work, "compounds", number, "物业代码", firm_code, BodyKind.PROPERTY) if firm_code else None
    if firm is not None:
        details += _contract(work, number, row, firm, starts or work.today, ends, fresh=new)
    work.compounds[community.pk, row.name] = row
    work.tell("compounds", number, f"{row.name}（{community.name}）", new=new, details=details)


def _code(work: _Work) -> str:
    """A code for a board's QR that no compound has."""
    while (code := drawn_code()) in work.codes:
        pass
    work.codes.add(code)
    return code


def _placed(values: dict[str, Any], there: Compound | None) -> dict[str, Any]:
    """Point and outline in CGCS2000; an outline gives a point where there is none. Raises BadPlace."""
    datum, lon, lat, text = values.pop("datum") or geo.CGCS2000, values.pop("lon"), values.pop("lat"), values.pop("outline")
    outline = geo.outline(text or "", datum)
    if (lon is None) != (lat is None):
        raise geo.BadPlace("经度和纬度要一起填。")
    point = geo.to_cgcs2000(lon, lat, datum) if lon is not None and lat is not None else None
    if point is None and (there is None or there.lon is None):
        point = geo.middle(outline)
    found: dict[str, Any] = {"outline": outline or None}
    return found | ({"lon": point[0], "lat": point[1], "datum": datum} if point else {})


def _contract(
    work: _Work, number: int, compound: Compound, firm: Body, starts: date, ends: date | None, *, fresh: bool
) -> list[Detail]:
    """What changes about who manages the compound; nothing where the firm's contract runs already. `fresh`: the compound is new."""
    label = COLUMNS["compounds"]
    if ends is not None and ends < starts:
        work.say("compounds", number, "合同到", "合同结束的日子在开始之前。")
        return []
    rows = Contract.objects.none() if fresh else Contract.objects.filter(compound=compound)
    running = rows.filter(firm=firm).exclude(ends__lt=work.today).first()
    if running is not None:
        if ends is None or running.ends == ends:
            return []
        told = Detail(label=label["contract_to"], old=running.ends, new=ends)
        running.ends = ends
        running.save(update_fields=["ends"])
        return [told]
    before = ""
    for other in rows.exclude(ends__lt=starts).select_related("firm").order_by("starts"):
        if other.starts == starts and not rows.filter(starts__gt=starts).exists():  # never ran a day: it was entered wrongly
            told = Detail(label=label["firm"], old=other.firm.name, new=firm.name)
            other.firm, other.ends = firm, ends
            other.save(update_fields=["firm", "ends"])
            return [told]
        if other.starts >= starts:
            work.say("compounds", number, "合同从", "这一天或以后已经有另一家物业的合同。")
            return []
        before, other.ends = other.firm.name, starts - timedelta(days=1)
        other.save(update_fields=["ends"])
    Contract.objects.create(compound=compound, firm=firm, starts=starts, ends=ends)
    return [
        Detail(label=label["firm"], old=before, new=firm.name),
        Detail(label=label["contract_from"], old=None, new=starts),
    ]


def _posted(work: _Work, number: int, values: dict[str, Any]) -> None:
    """A person with one posting; several rows of one person are several postings."""
    role, starts = Role(values["role"]), values["starts"] or work.today
    where = _where(work, number, role, values)
    if where is None:
        return
    if values["ends"] is not None and values["ends"] < starts:
        work.say("people", number, "任职到", "结束的日子在开始之前。")
        return
    found = _person(work, number, values)
    if found is None:
        return
    person, details = found
    held = Posting.objects.filter(person=person, role=role, **where).exclude(ends__lt=starts).first()
    badge = {"badge_no": values["badge_no"], "badge_expires": values["badge_expires"], "ends": values["ends"]}
    alone = role not in PROTECTED and person.pk != work.asker  # the same rule as services.people.needs_second
    new, asks = held is None, held is None and not alone
    if held is not None:
        if not _by_table(work, number, held, values["ends"], alone):
            return
        longer = held.ends is not None and values["ends"] is not None and values["ends"] > held.ends
        details += _save("people", held, badge)
        if longer:
            _let_in(work, held)
    elif alone:
        row = Posting(person=person, role=role, starts=starts, **where)
        _save("people", row, badge)
        _let_in(work, row)
    else:
        new = _ask(work, number, person, role, where, starts, values["ends"])
        asks = new
    details += _show(work, number, person, role, where, values["shown"])
    work.tell("people", number, f"{person.name} {_ROLE_NAMES[role]}", new=new, details=details, asks=asks)


def _let_in(work: _Work, posting: Posting) -> None:
    """What an administrator gives alone by a table, others see as what is given on the page."""
    if work.asker is not None and not work.looking:
        SoleAct.objects.create(**sole_act(by=work.asker, at=work.at, kind="posting", person=posting.person_id, posting=posting))


def _by_table(work: _Work, number: int, held: Posting, ends: date | None, alone: bool) -> bool:
    """Whether a posting's last day may be moved so, or why not: what a second person has to agree to is not lengthened by a table, and
    the last administrator stays."""
    if not alone and held.ends is not None and (ends is None or ends > held.ends):
        work.say("people", number, "任职到", "这个岗位要另一人同意，任期不能用表格延长。")
        return False
    if held.role == Role.ADMIN and ends is not None and not another_admin(held, ends):
        work.say("people", number, "任职到", "至少要留一名管理员。")
        return False
    return True


def _show(work: _Work, number: int, person: Person, role: Role, where: Mapping[str, Any], shown: bool | None) -> list[Detail]:
    """Names somebody on the boards of the community as its contact or supervisor, or takes the name off them."""
    if shown is None:
        return []
    if role not in SHOWN or "community_id" not in where:
        if shown:
            work.say("people", number, COLUMNS["people"]["shown"], "只有社区的工作人员和监督员写在服务栏上，要填社区。")
        return []
    community = next(row for row in work.communities.values() if row.pk == where["community_id"])
    there = getattr(community, SHOWN[role])
    if shown and (community.pk, role) in work.shown:
        work.say("people", number, COLUMNS["people"]["shown"], "这个社区在表里已经有一位了，服务栏上只写一位。")
        return []
    if shown:
        work.shown.add((community.pk, role))
    if shown == (there == person):
        return []
    setattr(community, SHOWN[role], person if shown else None)
    community.save(update_fields=[SHOWN[role]])
    return [Detail(label=COLUMNS["people"]["shown"], old=there.name if there else "", new=person.name if shown else "")]


def _where(work: _Work, number: int, role: Role, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Body and community of a posting, as its role needs them."""
    where: dict[str, Any] = {}
    if values["body"]:
        body = _found(work, "people", number, "单位代码", values["body"])
        if body is None:
            return None
        where["body_id"] = body.pk
    if values["community"]:
        community = work.communities.get(values["community"])
        if community is None:
            work.say("people", number, "社区代码", "没有这个社区，先在社区表里加。")
            return None
        where["community_id"] = community.pk
    if role in OF_A_BODY and "body_id" not in where:
        work.say("people", number, "单位代码", "这个岗位要填单位。")
        return None
    if role is Role.SUP and "community_id" not in where or role is Role.COM and not where:
        work.say("people", number, "社区代码", "这个岗位要填社区。")
        return None
    return where


def _person(work: _Work, number: int, values: Mapping[str, Any]) -> tuple[Person, list[Detail]] | None:
    """Who is meant, and what changes about them."""
    contact = {"email": values["email"], "desk_phone": values["desk_phone"]}
    row = work.people.get(values["username"])
    if row is not None:
        if row.name != values["name"]:
            work.say("people", number, "登录名", "这个登录名已经是“%(name)s”的。", name=row.name)
            return None
        if not row.is_active:
            work.say("people", number, "登录名", "这个人已经停用，请先在“人员”里改成可以登录。")
            return None
        return row, _save("people", row, contact)
    row = Person(username=values["username"], name=values["name"], must_change_password=True)
    row.email, row.desk_phone = values["email"] or "", values["desk_phone"] or ""
    if not work.looking:
        word, row.password = work.drawn.get(row.username) or temporary_password()
        work.passwords.append((row.username, row.name, word))
    row.save()
    work.people[row.username] = row
    return row, []


def _ask(work: _Work, number: int, person: Person, role: Role, where: Mapping[str, Any], starts: date, ends: date | None) -> bool:
    """Nobody gives such a posting alone: it waits for a coordinator or custodian. Whether it was not asked for yet."""
    if PostingRequest.objects.filter(person=person, role=role, decided_at=None).exists():
        return False
    if work.asker is None:  # at the server's shell nobody is there in whose name it could be asked for
        work.say("people", number, "岗位", "这个岗位要另一人同意，请登录后在设置里导入，或者用 huiyin admin 设。")
        return False
    PostingRequest.objects.create(
        kind="posting",
        person=person,
        role=role,
        why="从人员表导入",
        asked_by_id=work.asker,
        asked_at=work.at,
        starts=starts,
        ends=ends,
        **where,
    )
    work.asked += 1
    return True
