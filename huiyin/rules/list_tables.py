"""A whole list as a workbook: which sheets and columns it has, a list written into their rows, and rows read back into a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from huiyin.rules.lists import FIRST_LABELS, KIND_LABELS, PERSUADABLE_LABELS, PLACE_LABELS, TEST_LABELS, TESTS
from huiyin.rules.tables import Bad, Column, Parsed, Table, Wrong, day, decimal, lines, one_line, several, text, whole, words
from huiyin.rules.workflow.vocabulary import Listing

LONG = 10_000  # characters of a text without a limit of its own
MOST_YUAN = 100_000_000
URGENCIES = {name: name for name in ("急", "快", "常")}
YES_NO = {"是": True, "否": False}
CHECKED, UNCHECKED = "statute_text", "secondary"
PHRASE, KEYWORD = "phrases", "keywords"
#: Measures in words; fines with figures stand apart.
MEASURES = {
    "order": "责令",
    "warning": "警告",
    "fine_person_note": "个人罚款说明",
    "fine_firm_note": "单位罚款说明",
    "detention": "拘留",
    "coercion": "强制",
    "other": "其他措施",
    "escalates_on_refusal": "拒不改正加重",
}
FINES = {"person": "个人罚款", "firm": "单位罚款"}
ENDS = {"low": "最低", "high": "最高"}


def _turned(labels: Mapping[str, str]) -> dict[str, str]:
    return {label: code for code, label in labels.items()}


def item_code(raw: str) -> str:
    """A code as it is written, without blanks."""
    said: str = one_line(12)(raw)
    if words(said) != [said]:
        raise Bad("“%(raw)s”不是一个代码。", raw=said)
    return said


def codes(raw: str) -> list[str]:
    return [item_code(one) for one in words(raw)]


def _fines(label: str) -> tuple[Column, ...]:
    return tuple(
        Column(name=f"fine_{who}_{end}", label=f"{label}{name}{word}", read=whole(0, MOST_YUAN), help="元；最低和最高要一起填")
        for who, name in FINES.items()
        for end, word in ENDS.items()
    )


_OF_AN_ITEM = Column(name="item", label="事项代码", required=True, read=item_code, example="示例 QL-01")
_WHAT = (
    Column(name="code", label="代码", required=True, read=item_code, help="用过的代码不能再用", example="示例 QL-01"),
    Column(name="category_code", label="类别代码", required=True, read=one_line(8), example="QL"),
    Column(name="category_name", label="类别", required=True, read=one_line(40), example="犬类与畜禽管理"),
    Column(name="category_name_en", label="类别的英文", read=one_line(80)),
    Column(name="name", label="名称", required=True, read=one_line(80), example="遛犬不牵绳"),
    Column(name="plain", label="一句大白话", required=True, read=one_line(200), example="有人在小区里遛狗不拴绳。"),
    Column(name="name_en", label="英文名称", read=one_line(120)),
    Column(name="plain_en", label="英文说明", read=one_line(250)),
    Column(name="lead", label="谁来牵头", read=one_line(120), help="从下拉里选，或者填单位的代码", example="gongan"),
    Column(name="urgency", label="紧急程度", required=True, choices=URGENCIES, example="快"),
    Column(name="dispatch_working_hours", label="派单工作时", required=True, read=decimal(0, 80, 2), example="2"),
    Column(
        name="close_workdays", label="办结工作日", required=True, read=whole(1, 365), help="服务事项是答复的工作日", example="5"
    ),
)
_ENFORCEMENT = (
    Column(name="onsite_hours", label="到场小时", read=whole(1, 720)),
    Column(name="recheck_days", label="复查天数", read=whole(1, 365)),
    Column(name="rectify_default", label="整改期限", read=one_line(80)),
    Column(name="persuadable", label="能不能当场劝", choices=_turned(PERSUADABLE_LABELS)),
    Column(name="safety_baseline", label="安全底线", choices=YES_NO, help="是：不能以劝止办结"),
    Column(name="police", label="公安管", choices=YES_NO, help="是：处罚记录封存"),
    Column(name="ladder", label="先后步骤", read=lines(300), help="一行一步，格子里换行按 Alt+回车"),
    *(Column(name=f"measure_{name}", label=label, read=text(300)) for name, label in MEASURES.items()),
    *_fines(""),
    *(Column(name=f"test_{test}", label=TEST_LABELS[test], read=text(300), help="用本县自己的数字说") for test in TESTS),
    Column(name="scope_check", label="适用范围", read=text(LONG)),
    Column(name="prior_step", label="先要有的一步", read=text(LONG)),
)
_SERVICE = (
    Column(name="handling", label="怎么协调", read=text(LONG)),
    Column(name="turns_into", label="转为", read=codes, help="什么时候转为执法事项：事项代码，用顿号隔开"),
)
_NOTES = (Column(name="notes", label="备注", read=text(LONG)),)

DUTIES = Table(
    name="duties",
    label="配合",
    key=("item", "body"),
    columns=(
        _OF_AN_ITEM,
        Column(
            name="body",
            label="配合单位",
            required=True,
            read=one_line(120),
            help="从下拉里选，或者填单位的代码",
            example="chengguan",
        ),
        Column(name="duty", label="做什么", read=one_line(120), example="上门登记犬牌"),
    ),
)
WORDS = Table(
    name="words",
    label="居民的说法",
    key=("item", "kind", "text"),
    columns=(
        _OF_AN_ITEM,
        Column(name="kind", label="是什么", required=True, choices={"说法": PHRASE, "关键词": KEYWORD}, example="说法"),
        Column(name="text", label="文字", required=True, read=one_line(300), help="一行一句", example="楼下那只大黄狗从来不拴绳"),
    ),
)
BASES = Table(
    name="bases",
    label="依据",
    key=(),
    columns=(
        _OF_AN_ITEM,
        Column(name="law", label="法律名称", required=True, read=one_line(80), example="动物防疫法（2021修订）"),
        Column(
            name="law_code",
            label="法律代码",
            required=True,
            read=one_line(24),
            help="同一部法律一直用同一个代码",
            example="dongwufangyi",
        ),
        Column(name="article", label="条款", required=True, read=one_line(40), example="第三十条"),
        Column(name="kind", label="哪一种", required=True, choices=_turned(KIND_LABELS), example="义务"),
        Column(name="quote", label="引文", read=text(LONG)),
        Column(
            name="verified",
            label="引文核对",
            choices={"已核对": CHECKED, "没核对": UNCHECKED},
            help="新的或改过的引文导入以后是“没核对”，在条款页上贴原文核对",
        ),
        Column(name="source", label="出处", read=text(LONG)),
        Column(name="valid_from", label="从哪天起有效", read=day, help="例如 2026-01-01"),
        Column(name="valid_to", label="从哪天起不再有效", read=day),
        Column(
            name="places",
            label="只在哪里适用",
            read=several(_turned(PLACE_LABELS)),
            help="、".join(PLACE_LABELS.values()) + "；用顿号隔开",
        ),
        Column(name="applies", label="适用说明", read=one_line(200)),
        Column(
            name="requires_first",
            label="要先做",
            read=several(_turned(FIRST_LABELS)),
            help="条款自己要求先做的：" + "、".join(FIRST_LABELS.values()) + "；用顿号隔开",
        ),
        Column(name="unless", label="不用先做的情形", read=one_line(120)),
        Column(name="authority", label="处罚机关", read=one_line(120), help="条款写的"),
        Column(name="designated", label="由县里指定部门", choices=YES_NO),
        *_fines("条款"),
        Column(name="fine_note", label="条款罚款说明", read=text(200)),
        Column(name="supersedes", label="代替了什么", read=one_line(200)),
    ),
)
BOUNDARIES = Table(
    name="boundaries",
    label="分流边界",
    key=("number",),
    columns=(
        Column(name="number", label="序号", required=True, read=whole(1, 1000), example="示例 1"),
        Column(name="text", label="内容", required=True, read=text(500), example="设施自然损坏是服务事项；被盗、被砸是执法事项"),
    ),
)
#: Sheets of the workbook that are there to help and are not read.
ABOUT, OFFERED = "说明", "选项"


def _items(columns: tuple[Column, ...]) -> Table:
    return Table(name="items", label="事项", key=("code",), columns=(*_WHAT, *columns, *_NOTES))


_TABLES = {
    Listing.ENFORCEMENT: (_items(_ENFORCEMENT), DUTIES, WORDS, BASES, BOUNDARIES),
    Listing.SERVICE: (_items(_SERVICE), DUTIES, WORDS, BASES, BOUNDARIES),
}


def tables_of(listing: Listing) -> tuple[Table, ...]:
    """The sheets of a list of this kind; services have neither measures nor tests."""
    return _TABLES[listing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A list as it is kept: items with all their fields by name and their clauses under `bases`, and the boundary rules in words."""

    items: tuple[Mapping[str, Any], ...] = ()
    boundaries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a list is read against. leads, partners: what each code is called, in full and in short. retired: codes that may not come back,
    with what they were. checked: (law code, article, quotation) that stood in a statute's text already."""

    leads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    partners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    retired: Mapping[str, str] = field(default_factory=dict)
    checked: frozenset[tuple[str, str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The list as the workbook wants it. `unchecked`: rows of 依据 whose quotation says to be checked and is not known to be."""

    content: Content
    wrong: tuple[Wrong, ...]
    unchecked: tuple[int, ...] = ()


# ── out ──────────────────────────────────────────────────────────────────────────────────────


def shown(code: str, bodies: Mapping[str, tuple[str, ...]]) -> str:
    """A body as a cell names it: code and name."""
    return f"{code} {bodies[code][0]}" if code in bodies and bodies[code] else code


def written(listing: Listing, content: Content, around: Around) -> dict[str, list[dict[str, Any]]]:
    """The rows of each sheet, by the names of its columns; what is read back is the same list."""
    items = [_item_row(listing, item, around) for item in content.items]
    duties, words, bases = [], [], []
    for item in content.items:
        code = item["code"]
        duties += [
            {"item": code, "body": shown(body, around.partners), "duty": item["duties"].get(body)} for body in item["cooperating"]
        ]
        words += [{"item": code, "kind": "说法", "text": said} for said in item[PHRASE]]
        words += [{"item": code, "kind": "关键词", "text": said} for said in item[KEYWORD]]
        bases += [{"item": code, **_basis_row(basis)} for basis in item["bases"]]
    boundaries = [{"number": number, "text": said} for number, said in enumerate(content.boundaries, 1)]
    return {"items": items, "duties": duties, "words": words, "bases": bases, "boundaries": boundaries}


def _item_row(listing: Listing, item: Mapping[str, Any], around: Around) -> dict[str, Any]:
    row = {name: item[name] for name in (column.name for column in tables_of(listing)[0].columns) if name in item}
    row["lead"] = shown(item["lead"], around.leads) if item["lead"] else None
    row["dispatch_working_hours"] = f"{item['dispatch_working_hours'].normalize():f}"
    if listing is Listing.SERVICE:
        return {**row, "turns_into": "、".join(item["turns_into"])}
    row["persuadable"] = PERSUADABLE_LABELS.get(item["persuadable"], item["persuadable"])
    row["ladder"] = "\n".join(item["ladder"])
    row |= {f"measure_{name}": item["measures"].get(name) for name in MEASURES}
    row |= _fine_cells({who: item["measures"].get(f"fine_{who}_yuan") for who in FINES})
    return {**row, **{f"test_{test}": item["tests"].get(test) for test in TESTS}}


def _fine_cells(fine: Mapping[str, Any]) -> dict[str, Any]:
    pairs = {who: ends for who, ends in fine.items() if who in FINES and ends}
    return {f"fine_{who}_{end}": ends[place] for who, ends in pairs.items() for place, end in enumerate(ENDS)}


def _basis_row(basis: Mapping[str, Any]) -> dict[str, Any]:
    row = {column.name: basis[column.name] for column in BASES.columns if column.name in basis}
    return {
        **row,
        **_fine_cells(basis["fine"]),
        "kind": KIND_LABELS.get(basis["kind"], basis["kind"]),
        "verified": "已核对" if basis["verified"] == CHECKED else "没核对",
        "places": "、".join(PLACE_LABELS.get(one, one) for one in basis["places"]),
        "requires_first": "、".join(FIRST_LABELS.get(one, one) for one in basis["requires_first"]),
        "fine_note": basis["fine"].get("note"),
    }


# ── in ───────────────────────────────────────────────────────────────────────────────────────

Values = Mapping[str, Any]


@dataclass(slots=True)
class _Reading:
    """One pass over the sheets of a workbook."""

    listing: Listing
    there: Content
    parsed: Mapping[str, Parsed]
    around: Around
    wrong: list[Wrong] = field(default_factory=list)
    unchecked: list[int] = field(default_factory=list)

    def say(self, table: Table, row: int, column: str, text: str, **params: Any) -> None:
        label = next((one.label for one in table.columns if one.name == column), "")
        self.wrong.append(Wrong(table=table.label, row=row, column=label, text=text, params=params))


def merged(listing: Listing, there: Content, parsed: Mapping[str, Parsed], around: Around) -> Merged:
    """The list that the sheets describe. A sheet that is missing leaves its part as it is, and so does a missing column; a sheet that is
    there is the whole of its part: an item that is not in it is taken out. Mistakes of `parsed` are among `wrong`."""
    reading = _Reading(listing, there, parsed, around)
    for table in tables_of(listing):
        reading.wrong += parsed[table.name].wrong if table.name in parsed else ()
    before = {item["code"]: item for item in there.items}
    items = [dict(item) for item in there.items] if "items" not in parsed else _items_read(reading, before)
    _duties_read(reading, items, before)
    _words_read(reading, items)
    _bases_read(reading, items)
    content = Content(items=tuple(items), boundaries=_boundaries_read(reading))
    return Merged(content=content, wrong=tuple(reading.wrong), unchecked=tuple(reading.unchecked))


#: What a new item has in the fields that the workbook or the list does not name.
_NEW: Mapping[str, Any] = {
    "category_name_en": "", "name_en": "", "plain_en": "", "phrases": [], "keywords": [], "lead": "", "cooperating": [], "duties": {},
    "measures": {}, "ladder": [], "handling": "", "notes": "", "scope_check": "", "prior_step": "", "onsite_hours": None, "recheck_days": None,
    "rectify_default": "", "persuadable": "yes", "safety_baseline": False, "police": False, "proofs": {}, "tests": {}, "turns_into": [],
    "bases": (),
}  # fmt: skip


def _items_read(reading: _Reading, before: Mapping[str, Values]) -> list[dict[str, Any]]:
    table, parsed = tables_of(reading.listing)[0], reading.parsed["items"]
    made = []
    for number, values in parsed.rows:
        code = values["code"]
        old = before.get(code, {**_NEW, "code": code})
        if code not in before and code in reading.around.retired:
            name = reading.around.retired[code]
            reading.say(table, number, "code", "代码 %(code)s 以前是“%(name)s”，停用的代码不能再用。", code=code, name=name)
        item = {**old, **{name: _or_nothing(name, values[name]) for name in parsed.columns if name in old or name in _PLAIN}}
        if "lead" in parsed.columns:
            item["lead"] = _body(reading, table, number, "lead", values["lead"], reading.around.leads, (old["lead"],))
        if reading.listing is Listing.ENFORCEMENT:
            item["measures"] = _measures(reading, table, number, values, old["measures"])
            item["tests"] = _several(parsed, values, "test_", TESTS, old["tests"])
        made.append(item)
    return made


_PLAIN = frozenset(column.name for column in _WHAT)


def _or_nothing(name: str, value: Any) -> Any:
    """An empty cell as what an empty field holds."""
    return _NEW.get(name, "") if value is None else value


def _several(parsed: Parsed, values: Values, prefix: str, names: Iterable[str], old: Values) -> dict[str, Any]:
    """A group of columns as a mapping without what is empty; what has no column is kept."""
    mine = {name for name in names if prefix + name in parsed.columns}
    kept = {name: value for name, value in old.items() if name not in mine}
    return kept | {name: values[prefix + name] for name in names if name in mine and values[prefix + name] is not None}


def _measures(reading: _Reading, table: Table, number: int, values: Values, old: Values) -> dict[str, Any]:
    parsed = reading.parsed["items"]
    made = _several(parsed, values, "measure_", MEASURES, old)
    for who in FINES:
        if parsed.columns & {f"fine_{who}_{end}" for end in ENDS}:
            made.pop(f"fine_{who}_yuan", None)
            if ends := _range(reading, table, number, values, who):
                made[f"fine_{who}_yuan"] = ends
    return made


def _range(reading: _Reading, table: Table, number: int, values: Values, who: str) -> list[int] | None:
    low, high = values[f"fine_{who}_low"], values[f"fine_{who}_high"]
    if (low is None) != (high is None):
        reading.say(table, number, f"fine_{who}_high", "最低和最高要一起填。")
    elif low is not None and low > high:
        reading.say(table, number, f"fine_{who}_high", "最高比最低还低。")
    return None if low is None or high is None else [low, high]


def _body(
    reading: _Reading,
    table: Table,
    number: int,
    column: str,
    raw: str | None,
    known: Mapping[str, tuple[str, ...]],
    before: Sequence[str],
) -> str:
    """The code of a body that was named by code, by name, or by both. One that the county does not have may stay where it stood."""
    if not raw:
        return ""
    for code, names in known.items():
        if raw in {code, *names, *(f"{code} {name}" for name in names)}:
            return code
    code = raw.split()[0]
    if code in known or code in before:
        return code
    reading.say(table, number, column, "本县没有“%(raw)s”这个单位。", raw=raw)
    return ""


def _by_item(reading: _Reading, table: Table, items: Iterable[Values]) -> dict[str, list[tuple[int, Values]]]:
    """The rows of a sheet by the item that they belong to; rows of no item are named once for each code."""
    found: dict[str, list[tuple[int, Values]]] = {item["code"]: [] for item in items}
    strange: dict[str, list[int]] = {}
    for number, values in reading.parsed[table.name].rows:
        if values["item"] in found:
            found[values["item"]].append((number, values))
        else:
            strange.setdefault(values["item"], []).append(number)
    if "items" not in reading.parsed or not reading.parsed["items"].wrong:  # a row of 事项 with a mistake is not there yet
        for code, rows in strange.items():
            reading.say(table, rows[0], "item", "事项里没有代码 %(code)s，这样的有 %(n)s 行。", code=code, n=len(rows))
    return found


def _duties_read(reading: _Reading, items: list[dict[str, Any]], before: Mapping[str, Values]) -> None:
    if "duties" not in reading.parsed:
        return
    rows, named = _by_item(reading, DUTIES, items), "duty" in reading.parsed["duties"].columns
    for item in items:
        old = before.get(item["code"], _NEW)
        helping, does = [], {}
        for number, values in rows[item["code"]]:
            code = _body(reading, DUTIES, number, "body", values["body"], reading.around.partners, old["cooperating"])
            if code and code in helping:
                reading.say(DUTIES, number, "body", "这个单位在这一项里写了两次。")
            helping.append(code)
            what = values["duty"] if named else old["duties"].get(code)
            if what:
                does[code] = what
        item["cooperating"], item["duties"] = helping, does


def _words_read(reading: _Reading, items: list[dict[str, Any]]) -> None:
    if "words" not in reading.parsed:
        return
    rows = _by_item(reading, WORDS, items)
    for item in items:
        for kind in (PHRASE, KEYWORD):
            item[kind] = [values["text"] for _number, values in rows[item["code"]] if values["kind"] == kind]


def _bases_read(reading: _Reading, items: list[dict[str, Any]]) -> None:
    if "bases" not in reading.parsed:
        return
    missing = [column.label for column in BASES.columns if column.name not in reading.parsed["bases"].columns]
    if missing:  # a clause has no name by which what stood there could be kept
        reading.say(BASES, 0, "", "少了这几列：%(columns)s。", columns="、".join(missing))
        return
    rows = _by_item(reading, BASES, items)
    for item in items:
        item["bases"] = tuple(_basis(reading, number, values) for number, values in rows[item["code"]])


def _basis(reading: _Reading, number: int, values: Values) -> dict[str, Any]:
    basis = {name: values[name] for name in ("law", "law_code", "article", "kind", "valid_from", "valid_to")}
    basis |= {name: values[name] or "" for name in ("quote", "source", "applies", "supersedes", "unless", "authority")}
    basis |= {"places": values["places"] or [], "requires_first": values["requires_first"] or []}
    basis |= {"designated": bool(values["designated"]), "verified": UNCHECKED}
    fines = {who: _range(reading, BASES, number, values, who) for who in FINES}
    basis["fine"] = {who: ends for who, ends in fines.items() if ends} | (
        {"note": values["fine_note"]} if values["fine_note"] else {}
    )
    if values["valid_from"] and values["valid_to"] and values["valid_to"] <= values["valid_from"]:
        reading.say(BASES, number, "valid_to", "失效的日子在生效之前。")
    if values["unless"] and not values["requires_first"]:
        reading.say(BASES, number, "unless", "先填“要先做”。")
    if values["verified"] == CHECKED:
        if (basis["law_code"], basis["article"], basis["quote"]) in reading.around.checked:
            basis["verified"] = CHECKED
        else:
            reading.unchecked.append(number)
    return basis


def _boundaries_read(reading: _Reading) -> tuple[str, ...]:
    if "boundaries" not in reading.parsed:
        return reading.there.boundaries
    rows = [values for _number, values in reading.parsed["boundaries"].rows]
    return tuple(values["text"] for values in sorted(rows, key=lambda values: values["number"]))
