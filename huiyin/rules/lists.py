"""What a list must have before it is published, what changed from one version to the next, and which items a law that ends leaves bare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any

from huiyin.rules.workflow.vocabulary import Listing

FEWEST_PHRASES = 4  # without these residents' words lead nowhere
ENOUGH_PHRASES = 20  # with these they mostly lead right
AHEAD = timedelta(days=90)  # so long before its end a law is spoken of
KIND_LABELS = {
    "duty": "义务",
    "liability": "责任",
    "force": "强制",
    "procedure": "程序",
    "civil": "民事",
    "definition": "定义",
    "exception": "例外",
}
KINDS = tuple(KIND_LABELS)
GROUNDS = frozenset({"duty", "liability"})  # what an enforcement item can rest on
RANGES = ("fine_person_yuan", "fine_person_note", "fine_firm_yuan", "fine_firm_note", "warning", "detention", "coercion", "other")
COURT = "fayuan"
TESTS = ("resonance", "beyond_property", "efficacy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One legal basis of an item. `valid_to` is the first day on which it no longer applies; None: no end known."""

    law: str
    law_code: str
    article: str
    kind: str
    quote: str = ""
    verified: str = "secondary"
    valid_from: date | None = None
    valid_to: date | None = None
    applies: str = ""
    places: tuple[str, ...] = ()
    requires_first: tuple[str, ...] = ()
    unless: str = ""
    authority: str = ""
    designated: bool = False
    supersedes: str = ""
    source: str = ""
    fine: Mapping[str, Any] = field(default_factory=dict)

    def in_force(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One item of a list, as far as publishing and comparing care."""

    code: str
    category_code: str = ""
    category: str = ""
    category_en: str = ""
    name: str = ""
    name_en: str = ""
    plain: str = ""
    plain_en: str = ""
    phrases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    lead: str = ""
    cooperating: tuple[str, ...] = ()
    duties: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, Any] = field(default_factory=dict)
    ladder: tuple[str, ...] = ()
    handling: str = ""
    notes: str = ""
    scope_check: str = ""
    prior_step: str = ""
    urgency: str = ""
    dispatch_working_hours: str = ""
    onsite_hours: int | None = None
    recheck_days: int | None = None
    close_workdays: int = 0
    rectify_default: str = ""
    persuadable: str = ""
    safety_baseline: bool = False
    police: bool = False
    tests: Mapping[str, str] = field(default_factory=dict)
    turns_into: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the rest of the county says about a list: gathered by services, so that rules read no database.

    leads: codes that may lead. partners: codes that may only help. retired: codes of items that were published and dropped later, with the
    name they had. others: codes of the other list in force with what they turn into. designated: (law code, article) with a document.
    """

    leads: frozenset[str] = frozenset()
    partners: frozenset[str] = frozenset()
    retired: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    designated: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to put right. `stops` False only tells. `text` is a template with %(name)s places filled from `params`; `where` is the
    field of the item where it is put right, empty where no field alone does it."""

    item: str
    text: str
    where: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""
    stops: bool = True

    def __str__(self) -> str:
        return self.text % self.params if self.params else self.text


def problems(listing: Listing, matters: Iterable[Matter], day: date, known: Known) -> list[Problem]:
    """What keeps a list from being in force from `day` on, item by item, then what is only worth knowing."""
    all_of_it = list(matters)
    found = [*_of_the_list(all_of_it, known)]
    for matter in all_of_it:
        found += _of_any(matter, known)
        found += _of_enforcement(matter, day, known) if listing is Listing.ENFORCEMENT else _of_service(matter)
    return sorted(found, key=lambda problem: not problem.stops)


def may_be_published(found: Iterable[Problem]) -> bool:
    return not any(problem.stops for problem in found)


def _of_the_list(matters: list[Matter], known: Known) -> Iterable[Problem]:
    if not matters:
        yield Problem(item="", text="清单里还没有事项。", rule="PRE-01")
    codes = [matter.code for matter in matters]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Problem(item=code, text="代码 %(code)s 用了两次。", where="code", params={"code": code}, rule="PRE-01")
    for code in codes:
        if code in known.retired:
            yield Problem(
                item=code,
                text="代码 %(code)s 以前是“%(name)s”，停用的代码不能再用。",
                where="code",
                params={"code": code, "name": known.retired[code]},
            )
    yield from _phrases_of_two(matters)
    turns = {**known.others, **{matter.code: matter.turns_into for matter in matters}}
    for matter in matters:
        unknown = [code for code in matter.turns_into if code not in turns]
        if unknown:
            yield Problem(
                item=matter.code,
                text="“转为”里的 %(codes)s 在两张清单里都没有。",
                where="turns_into",
                params={"codes": "、".join(unknown)},
            )
        if circle := _circle(matter.code, turns):
            yield Problem(
                item=matter.code, text="“转为”绕成了一圈：%(way)s。", where="turns_into", params={"way": " → ".join(circle)}
            )


def _phrases_of_two(matters: list[Matter]) -> Iterable[Problem]:
    owner: dict[str, str] = {}
    for matter in matters:
        for phrase in matter.phrases:
            other = owner.setdefault(phrase.strip(), matter.code)
            if other != matter.code:
                yield Problem(
                    item=matter.code,
                    text="例句“%(phrase)s”和 %(other)s 的一样，居民的话就分不开了。",
                    where="phrases",
                    params={"phrase": phrase.strip(), "other": other},
                    stops=False,
                )


def _circle(start: str, turns: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The way from an item back to itself, with it at both ends; empty when there is none."""
    waiting = [[start]]
    seen: set[str] = set()
    while waiting:
        way = waiting.pop()
        for code in turns.get(way[-1], ()):
            if code == start:
                return [*way, start]
            if code not in seen:
                seen.add(code)
                waiting.append([*way, code])
    return []


def _of_any(matter: Matter, known: Known) -> Iterable[Problem]:
    code = matter.code
    if not matter.name or not matter.plain:
        yield Problem(item=code, text="没有写名称和一句大白话的说明。", where="name", rule="PRE-01")
    if not matter.lead:
        yield Problem(item=code, text="没有牵头单位。", where="lead", rule="PRE-01")
    elif matter.lead == COURT or matter.lead in known.partners:
        yield Problem(item=code, text="牵头的是协作方，协作方不承办。", where="lead", rule="PRE-01")
    elif matter.lead not in known.leads:
        yield Problem(
            item=code, text="牵头单位“%(lead)s”在本县还没有设置。", where="lead", params={"lead": matter.lead}, rule="PRE-01"
        )
    unknown = [one for one in matter.cooperating if one not in known.leads | known.partners | {COURT}]
    if unknown:
        yield Problem(
            item=code,
            text="配合单位 %(codes)s 在本县还没有设置。",
            where="cooperating",
            params={"codes": "、".join(unknown)},
            rule="PRE-01",
        )
    if matter.close_workdays < 1:
        yield Problem(item=code, text="没有办结（答复）时限。", where="close_workdays", rule="PRE-01")
    if len(set(matter.phrases)) < FEWEST_PHRASES:
        params = {"n": len(set(matter.phrases)), "least": FEWEST_PHRASES}
        yield Problem(
            item=code, text="居民的说法只有 %(n)s 句，至少要 %(least)s 句。", where="phrases", params=params, rule="PRE-01"
        )
    elif len(set(matter.phrases)) < ENOUGH_PHRASES:
        params = {"n": len(set(matter.phrases)), "enough": ENOUGH_PHRASES}
        yield Problem(
            item=code, text="居民的说法有 %(n)s 句，%(enough)s 句以上才认得准。", where="phrases", params=params, stops=False
        )


def _of_enforcement(matter: Matter, day: date, known: Known) -> Iterable[Problem]:
    code = matter.code
    alive = [clause for clause in matter.clauses if clause.in_force(day)]
    for clause in matter.clauses:
        if clause.valid_to is not None and clause.valid_to <= day:
            params = {"clause": clause.law + clause.article, "day": clause.valid_to.isoformat()}
            yield Problem(
                item=code,
                text="“%(clause)s”自 %(day)s 起不再有效，请换成新的依据。",
                where="clauses",
                params=params,
                rule="PRE-02",
                stops=False,
            )
        if clause.verified != "statute_text":
            yield Problem(
                item=code,
                text="“%(clause)s”的引文还没有和原文核对。",
                where="clauses",
                params={"clause": clause.law + clause.article},
                stops=False,
            )
        if clause.designated and (clause.law_code, clause.article) not in known.designated:
            yield Problem(
                item=code,
                text="“%(clause)s”要由县里指定部门，还没有登记指定的文件。",
                where="clauses",
                params={"clause": clause.law + clause.article},
                stops=False,
            )
    if is_bare(matter, day):
        yield Problem(item=code, text="那一天没有一条有效的义务或责任条款可以依据。", where="clauses", rule="PRE-02")
    liability = [clause for clause in alive if clause.kind == "liability"]
    if not liability:
        yield Problem(
            item=code,
            text="没有有效的责任条款：可以劝、可以责令，不能处罚，公示页会写明。",
            where="clauses",
            rule="PRE-01",
            stops=False,
        )
    elif not has_range(matter, liability):
        yield Problem(item=code, text="有责任条款，但没有写处罚的幅度或说明。", where="measures", rule="PRE-01")
    missing = [test for test in TESTS if not matter.tests.get(test)]
    if missing:
        yield Problem(
            item=code,
            text="三条标准还缺依据：%(tests)s。",
            where="tests",
            params={"tests": "、".join(TEST_LABELS[test] for test in missing)},
            stops=False,
        )


def has_range(matter: Matter, liability: Iterable[Clause]) -> bool:
    """Whether what may be imposed is said, by the item or by a clause."""
    return any(matter.measures.get(name) for name in RANGES) or any(clause.fine for clause in liability)


def may_be_punished(clauses: Iterable[Clause], day: date) -> bool:
    """Without a liability clause in force a matter may be dealt with but not punished (行政处罚法 4, 16)."""
    return any(clause.kind == "liability" and clause.in_force(day) for clause in clauses)


def _of_service(matter: Matter) -> Iterable[Problem]:
    if not matter.handling:
        yield Problem(item=matter.code, text="没有写怎么协调。", where="handling", rule="PRE-01")
    if not matter.cooperating:
        yield Problem(item=matter.code, text="没有写协调谁一起办。", where="cooperating", stops=False)


# ── a law ends ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A clause that has ended or will within AHEAD. `bare`: then nothing the item can rest on is left in force."""

    item: str
    clause: Clause
    bare: bool


def endings(matters: Iterable[Matter], today: date) -> list[Ending]:
    """Clauses of a list that need somebody: those that end leaving their item bare first, then by day."""
    found = []
    for matter in matters:
        for clause in matter.clauses:
            if clause.valid_to is not None and clause.valid_to <= today + AHEAD and not _is_replaced(clause, matter):
                found.append(Ending(item=matter.code, clause=clause, bare=is_bare(matter, max(clause.valid_to, today))))
    return sorted(found, key=lambda ending: (not ending.bare, ending.clause.valid_to or today, ending.item))


def is_bare(matter: Matter, day: date) -> bool:
    """Whether on that day nothing is left in force that the item can rest on."""
    return not any(clause.kind in GROUNDS and clause.in_force(day) for clause in matter.clauses)


def _is_replaced(clause: Clause, matter: Matter) -> bool:
    """Another clause of the same kind was entered that begins when this one ends, or later."""
    return any(
        other.kind == clause.kind
        and other.valid_from is not None
        and clause.valid_to is not None
        and other.valid_from >= clause.valid_to
        for other in matter.clauses
    )


# ── what changed ─────────────────────────────────────────────────────────────────────────────

TEST_LABELS = {"resonance": "群众反映强烈", "beyond_property": "物业社区难解决", "efficacy": "提升治理效能"}
LABELS = {
    "category_code": "类别代码",
    "category": "类别",
    "category_en": "类别的英文",
    "name": "名称",
    "name_en": "英文名称",
    "plain": "说明",
    "plain_en": "英文说明",
    "phrases": "居民的说法",
    "keywords": "关键词",
    "lead": "牵头",
    "cooperating": "配合",
    "duties": "各自做什么",
    "measures": "措施和幅度",
    "ladder": "先后步骤",
    "handling": "怎么协调",
    "notes": "备注",
    "scope_check": "适用范围",
    "prior_step": "先要有的一步",
    "urgency": "紧急程度",
    "dispatch_working_hours": "派单工作时",
    "onsite_hours": "到场小时",
    "recheck_days": "复查天数",
    "close_workdays": "办结工作日",
    "rectify_default": "整改期限",
    "persuadable": "能不能当场劝",
    "safety_baseline": "安全底线",
    "police": "公安管",
    "tests": "三条标准",
    "turns_into": "转为",
    "clauses": "依据",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of one item. `gone` and `come` are lists of what was and is now, for people; single values are lists of one."""

    field: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What became of one item: `kind` is added, removed or changed."""

    code: str
    name: str
    kind: str
    changes: tuple[Change, ...] = ()


def differences(old: Iterable[Matter], new: Iterable[Matter], names: Mapping[str, str] | None = None) -> list[Difference]:
    """Item by item, in the order of the new list, what was removed at the end. An added item tells all its fields.

    names: what the codes of bodies are called, for people; a code without one is told as it is.
    """
    before = {matter.code: matter for matter in old}
    after = {matter.code: matter for matter in new}
    called = names or {}
    found = []
    for code, matter in after.items():
        changes = _changes(before.get(code, Matter(code=code)), matter, called)
        if code not in before:
            said = tuple(replace(change, gone=()) for change in changes if change.come)
            found.append(Difference(code=code, name=matter.name, kind="added", changes=said))
        elif changes:
            found.append(Difference(code=code, name=matter.name, kind="changed", changes=changes))
    found += [Difference(code=code, name=before[code].name, kind="removed") for code in before if code not in after]
    return found


def _changes(old: Matter, new: Matter, names: Mapping[str, str]) -> tuple[Change, ...]:
    found = []
    for one in fields(Matter):
        was, now = _worded(one.name, getattr(old, one.name), names), _worded(one.name, getattr(new, one.name), names)
        if was == now or one.name == "code":
            continue
        gone = tuple(part for part in was if part not in now)
        come = tuple(part for part in now if part not in was)
        moved = not gone and not come
        found.append(Change(field=one.name, gone=was if moved else gone, come=now if moved else come))
    return tuple(found)


def _worded(name: str, value: Any, names: Mapping[str, str]) -> tuple[str, ...]:
    """The value of a field as the parts a person would name, its codes as what they stand for."""
    match name:
        case "lead" | "cooperating":
            return tuple(names.get(code, code) for code in _said(value))
        case "duties":
            return _pairs(value, names)
        case "measures":
            return _pairs(value, MEASURE_LABELS)
        case "tests":
            return _pairs(value, TEST_LABELS)
        case "persuadable":
            return tuple(PERSUADABLE_LABELS.get(one, one) for one in _said(value))
    return _said(value)


def _pairs(value: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{names.get(key, key)}：{'–'.join(_said(one))}" for key, one in sorted(value.items()) if _said(one))


def _said(value: Any) -> tuple[str, ...]:
    """A value as the parts a person would name."""
    match value:
        case None | "":
            return ()
        case bool():
            return ("是",) if value else ("否",)
        case Clause():
            return (_clause(value),)
        case tuple() | list():
            return tuple(part for one in value for part in _said(one))
    return (str(value),)


def fines_in_words(fine: Mapping[str, Any]) -> tuple[str, ...]:
    """What a clause says of fines, a part for each person it can hit."""
    return _pairs(fine, FINE_LABELS)


def in_words(matter: Matter, names: Mapping[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    """Every field of an item that says anything, by its name, as the parts a person would name; clauses left out."""
    told = ((one.name, _worded(one.name, getattr(matter, one.name), names)) for one in fields(Matter))
    return [(name, parts) for name, parts in told if parts and name not in {"code", "clauses"}]


def _clause(clause: Clause) -> str:
    """A clause in one line with everything that could change about it."""
    span = f"（{clause.valid_from or '…'} 至 {clause.valid_to or '…'}）" if clause.valid_from or clause.valid_to else ""
    kind = f"，{KIND_LABELS.get(clause.kind, clause.kind)}条款"
    first = f"，先{'、'.join(FIRST_LABELS.get(one, one) for one in clause.requires_first)}" if clause.requires_first else ""
    except_ = f"（{clause.unless}除外）" if clause.unless else ""
    only = f"，只在{'、'.join(PLACE_LABELS.get(one, one) for one in clause.places)}" if clause.places else ""
    where = f"{only}，{clause.applies}" if clause.applies else only
    whom = f"，由{clause.authority}处罚" if clause.authority else ""
    whom += "，由县里指定部门" if clause.designated else ""
    fine = "".join(f"，{part}" for part in fines_in_words(clause.fine))
    doubt = "" if clause.verified == "statute_text" else "，引文没核对"
    before = f"，代替{clause.supersedes}" if clause.supersedes else ""
    source = f"，出处：{clause.source}" if clause.source else ""
    return f"{clause.law}{clause.article}{span}{kind}{first}{except_}{where}{whom}{fine}“{clause.quote}”{doubt}{before}{source}"


PLACE_LABELS = {
    "city": "设立的市的市区",
    "county_town": "县城",
    "highrise": "高层",
    "other_than_highrise": "不是高层",
    "prohibited_zone": "划定的禁止区域",
    "prohibited_hours": "划定的禁止时段",
}
PERSUADABLE_LABELS = {"yes": "能", "limited": "有限", "no": "不能"}
FINE_LABELS = {"person": "对个人罚款（元）", "firm": "对单位罚款（元）", "note": "罚款的说明"}
MEASURE_LABELS = {
    "order": "责令",
    "warning": "警告",
    "fine_person_yuan": "对个人罚款（元）",
    "fine_person_note": "对个人罚款的说明",
    "fine_firm_yuan": "对单位罚款（元）",
    "fine_firm_note": "对单位罚款的说明",
    "detention": "拘留",
    "coercion": "强制",
    "other": "其他",
    "escalates_on_refusal": "拒不改正加重",
}
FIRST_LABELS = {"order": "责令改正", "warning": "警告", "dissuade": "劝阻"}
