"""A county is set up from four tables: looked over first, then brought in whole or not at all. Bringing the same in again changes nothing."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Model

from huiyin.records.models import Body, Community, Compound, Contract, Person, Posting, PostingRequest
from huiyin.rules import geo
from huiyin.rules.county_tables import TABLES
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.tables import Cells, Parsed, Wrong, parse
from huiyin.rules.workflow.vocabulary import BodyKind, Role
from huiyin.selectors.memory import forget_after_commit
from huiyin.services.geography import new_code
from huiyin.services.people import PROTECTED, TEMPORARY_BYTES, another_admin
from huiyin.services.writing import writing

LABELS = {table.name: table.label for table in TABLES}
OF_A_BODY = frozenset({Role.OFF, Role.HEAD, Role.PRO, Role.REV})


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What would become of one table's rows."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What bringing these tables in would do. With anything in `wrong` it is not done."""

    counted: Mapping[str, Counted]
    wrong: tuple[Wrong, ...]
    unknown: tuple[str, ...] = ()  # sheets that are none of the four tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What was done. `passwords`: (user name, name, temporary password) of new people, told this once. `asked`: postings that wait for a
    second person."""

    plan: Plan
    passwords: tuple[tuple[str, str, str], ...] = ()
    asked: int = 0


class NotClean(Exception):
    """The tables have mistakes: nothing was brought in."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("; ".join(map(str, plan.wrong[:5])))
        self.plan = plan


@dataclass(slots=True)
class _Work:
    """One pass over the tables: what was found is written at once, inside a transaction that is given up where only a look was wanted."""

    at: datetime
    asker: int | None
    looking: bool = False
    wrong: list[Wrong] = field(default_factory=list)
    counted: dict[str, Counted] = field(default_factory=dict)
    passwords: list[tuple[str, str, str]] = field(default_factory=list)
    asked: int = 0

    @property
    def today(self) -> date:
        return self.at.astimezone(SHANGHAI).date()

    def say(self, table: str, row: int, column: str, text: str, **params: Any) -> None:
        self.wrong.append(Wrong(table=LABELS[table], row=row, column=column, text=text, params=params))

    def count(self, table: str, became: str) -> None:
        before = self.counted.get(table, Counted())
        self.counted[table] = replace(before, **{became: getattr(before, became) + 1})


class _OnlyLooked(Exception):
    """Gives the transaction up: nothing of what was looked at stays."""


def look(*, sheets: Mapping[str, list[Cells]], at: datetime) -> Plan:
    """What bringing these sheets in would do, and every mistake in them; nothing is kept."""
    work, parsed, unknown = _begin(sheets, at, None)
    work.looking = True
    try:
        with writing():
            _bring(work, parsed)
            raise _OnlyLooked
    except _OnlyLooked:
        return Plan(counted=work.counted, wrong=tuple(work.wrong), unknown=unknown)


def bring_in(*, sheets: Mapping[str, list[Cells]], at: datetime, asker: int | None) -> Brought:
    """Everything in one transaction, or NotClean. `asker`: the person in whose name protected postings are asked for; they wait for a
    second person (see services.people). Nothing is ever deleted; a firm's running contract ends the day before another begins."""
    work, parsed, unknown = _begin(sheets, at, asker)
    with writing():
        _bring(work, parsed)
        plan = Plan(counted=work.counted, wrong=tuple(work.wrong), unknown=unknown)
        if work.wrong:
            raise NotClean(plan)
        forget_after_commit()
    return Brought(plan=plan, passwords=tuple(work.passwords), asked=work.asked)


def _begin(
    sheets: Mapping[str, list[Cells]], at: datetime, asker: int | None
) -> tuple[_Work, dict[str, Parsed], tuple[str, ...]]:
    parsed = {table.name: parse(table, sheets[table.label]) for table in TABLES if table.label in sheets}
    work = _Work(at=at, asker=asker)
    for one in parsed.values():
        work.wrong += one.wrong
    return work, parsed, tuple(name for name in sheets if name not in LABELS.values())


def _bring(work: _Work, parsed: Mapping[str, Parsed]) -> None:
    steps: dict[str, Callable[[_Work, int, dict[str, Any]], None]] = {
        "bodies": _body, "communities": _community, "compounds": _compound, "people": _posted,
    }  # fmt: skip
    for table in TABLES:
        for number, values in parsed[table.name].rows if table.name in parsed else ():
            steps[table.name](work, number, values)


def _save(work: _Work, table: str, row: Any, values: Mapping[str, Any]) -> None:
    """Writes what differs and counts it; a cell that was left empty leaves what is there."""
    changes = {name: value for name, value in values.items() if value is not None and getattr(row, name) != value}
    new = row.pk is None
    for name, value in changes.items():
        setattr(row, name, value)
    if new or changes:
        row.save()
    work.count(table, "new" if new else "changed" if changes else "same")


def _body(work: _Work, number: int, values: dict[str, Any]) -> None:
    row = Body.objects.filter(code=values["code"]).first() or Body(code=values["code"])
    if row.pk and row.kind != values["kind"]:
        work.say("bodies", number, "类别", "这个单位已经在了，类别不能改。")
        return
    _save(work, "bodies", row, {**values, "short_name": values["short_name"] or row.short_name or values["name"][:40]})


def _found(work: _Work, table: str, number: int, column: str, code: str | None, *kinds: BodyKind) -> Body | None:
    """A body by its code, of one of these kinds; what is wrong with it is said."""
    body = Body.objects.filter(code=code).first() if code else None
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
    row = Community.objects.filter(slug=values["slug"]).first() or Community(slug=values["slug"])
    _save(work, "communities", row, {**values, "township_id": township.pk, "office_id": office.pk})


def _compound(work: _Work, number: int, values: dict[str, Any]) -> None:
    community = Community.objects.filter(slug=values.pop("community")).first()
    if community is None:
        work.say("compounds", number, "社区代码", "没有这个社区，先在社区表里加。")
        return
    firm_code, starts, ends = (values.pop(name) for name in ("firm", "contract_from", "contract_to"))
    try:
        place = _placed(values)
    except geo.BadPlace as bad:
        work.say("compounds", number, "坐标", str(bad))
        return
    row = Compound.objects.filter(community=community, name=values["name"]).first()
    if row is None:
        row = Compound(community=community, name=values["name"], code=new_code())
    _save(work, "compounds", row, {**values, **place})
    if firm_code:
        firm = _found(work, "compounds", number, "物业代码", firm_code, BodyKind.PROPERTY)
        if firm is not None:
            _contract(work, number, row, firm, starts or work.today, ends)


def _placed(values: dict[str, Any]) -> dict[str, Any]:
    """Point and outline in CGCS2000; an outline gives a point where none was given. Raises BadPlace."""
    datum, lon, lat, text = values.pop("datum") or geo.CGCS2000, values.pop("lon"), values.pop("lat"), values.pop("outline")
    outline = geo.outline(text or "", datum)
    if (lon is None) != (lat is None):
        raise geo.BadPlace("经度和纬度要一起填。")
    point = geo.to_cgcs2000(lon, lat, datum) if lon is not None and lat is not None else geo.middle(outline)
    found: dict[str, Any] = {"outline": outline or None}
    return found | ({"lon": point[0], "lat": point[1], "datum": datum} if point else {})


def _contract(work: _Work, number: int, compound: Compound, firm: Body, starts: date, ends: date | None) -> None:
    if ends is not None and ends < starts:
        work.say("compounds", number, "合同到", "合同结束的日子在开始之前。")
        return
    rows = Contract.objects.filter(compound=compound)
    running = rows.filter(firm=firm).exclude(ends__lt=work.today).first()
    if running is not None:
        if ends is not None and running.ends != ends:
            running.ends = ends
            running.save(update_fields=["ends"])
        return
    for other in rows.exclude(ends__lt=starts):
        if other.starts >= starts:
            work.say("compounds", number, "合同从", "这一天或以后已经有另一家物业的合同。")
            return
        other.ends = starts - timedelta(days=1)
        other.save(update_fields=["ends"])
    Contract.objects.create(compound=compound, firm=firm, starts=starts, ends=ends)


def _posted(work: _Work, number: int, values: dict[str, Any]) -> None:
    """A person with one posting; several rows of one person are several postings."""
    role, starts = Role(values["role"]), values["starts"] or work.today
    where = _where(work, number, role, values)
    if where is None:
        return
    if values["ends"] is not None and values["ends"] < starts:
        work.say("people", number, "任职到", "结束的日子在开始之前。")
        return
    person = _person(work, number, values)
    if person is None:
        return
    held = Posting.objects.filter(person=person, role=role, **where).exclude(ends__lt=starts).first()
    badge = {"badge_no": values["badge_no"], "badge_expires": values["badge_expires"], "ends": values["ends"]}
    alone = role not in PROTECTED and person.pk != work.asker  # the same rule as services.people.needs_second
    if held is not None:
        refused = _not_by_table(held, values["ends"], alone)
        if refused:
            work.say("people", number, "任职到", refused)
        else:
            _save(work, "people", held, badge)
    elif not alone:
        _ask(work, number, person, role, where, starts, values["ends"])
    else:
        _save(work, "people", Posting(person=person, role=role, starts=starts, **where), badge)


def _not_by_table(held: Posting, ends: date | None, alone: bool) -> str:
    """Why a posting's last day cannot be moved so, "" where it can: what a second person has to agree to is not lengthened by a table,
    and the last administrator stays."""
    if not alone and held.ends is not None and (ends is None or ends > held.ends):
        return "这个岗位要另一人同意，任期不能用表格延长。"
    if held.role == Role.ADMIN and ends is not None and not another_admin(held, ends):
        return "至少要留一名管理员。"
    return ""


def _where(work: _Work, number: int, role: Role, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Body and community of a posting, as its role needs them."""
    where: dict[str, Any] = {}
    if values["body"]:
        body = _found(work, "people", number, "单位代码", values["body"])
        if body is None:
            return None
        where["body_id"] = body.pk
    if values["community"]:
        community = Community.objects.filter(slug=values["community"]).first()
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


def _person(work: _Work, number: int, values: Mapping[str, Any]) -> Person | None:
    row = Person.objects.filter(username=values["username"]).first()
    if row is not None:
        if row.name != values["name"]:
            work.say("people", number, "登录名", "这个登录名已经是“%(name)s”的。", name=row.name)
            return None
        return row
    row = Person(username=values["username"], name=values["name"], must_change_password=True)
    row.email, row.desk_phone = values["email"] or "", values["desk_phone"] or ""
    temporary = secrets.token_urlsafe(TEMPORARY_BYTES)
    if not work.looking:  # a hash takes its time, and everybody's writing waits for this transaction
        row.set_password(temporary)
    row.save()
    work.passwords.append((row.username, row.name, temporary))
    return row


def _ask(work: _Work, number: int, person: Person, role: Role, where: Mapping[str, Any], starts: date, ends: date | None) -> None:
    """Nobody gives such a posting alone: it waits for a coordinator or custodian."""
    if PostingRequest.objects.filter(person=person, role=role, decided_at=None).exists():
        work.count("people", "same")
        return
    if work.looking:
        work.count("people", "new")
        return
    if work.asker is None:  # at the server's shell nobody is there in whose name it could be asked for
        work.say("people", number, "岗位", "这个岗位要另一人同意，请登录后在设置里导入，或者用 huiyin admin 设。")
        return
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
    work.count("people", "new")


def empty(*models: type[Model]) -> bool:
    """Whether nothing was set up yet."""
    return not any(model._default_manager.exists() for model in models or (Body, Community, Compound))
