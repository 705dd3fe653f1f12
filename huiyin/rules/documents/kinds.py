"""The register of documents: which act each comes from, what it must say and where the law asks for that, its 文号, and who signs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

#: Where a slot's content comes from besides acts: what is known of the case, the body, the party, the document itself.
BESIDE = frozenset({"case", "body", "party", "document", "entry", "county"})


class Signer(StrEnum):
    """Who signs. A head signs for the body: on paper that is where its seal goes."""

    OFFICER = "officer"
    SECOND = "second"
    HEAD = "head"
    PARTY = "party"
    WITNESS = "witness"
    REVIEWER = "reviewer"
    CHAIR = "chair"
    MAKER = "maker"


SIGNER_LABELS: Mapping[Signer, str] = {
    Signer.OFFICER: "执法人员",
    Signer.SECOND: "第二名执法人员",
    Signer.HEAD: "负责人",
    Signer.PARTY: "当事人",
    Signer.WITNESS: "见证人",
    Signer.REVIEWER: "法制审核人员",
    Signer.CHAIR: "听证主持人",
    Signer.MAKER: "记录人",
}
#: Those outside the house: they sign on a screen or on paper, may refuse, may be away.
OUTSIDE = frozenset({Signer.PARTY, Signer.WITNESS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One thing a document says, under the Chinese name by which a template calls it.

    sources: "act.field" (the nearest such act of the matter) or "case.…", "body.…", "party.…", "document.…", "entry.…", the first that
    gives something wins. asked: what no act gives is typed by whoever makes the document; `default` stands in the form then. lasting:
    the body's own, offered again for its next document. cites: the clause that wants it.
    """

    name: str
    sources: tuple[str, ...] = ()
    needed: bool = True
    asked: bool = False
    lasting: bool = False
    many: bool = False
    default: str = ""
    cites: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of document. `acts`: any of them can be documented by it, `only` narrows that by the entry's data (None: not given). `word`: what its 文号
    adds to the body's own word, empty without a number. `party_is`: what the one who signs from outside is called there, else 当事人.
    `on_the_spot`: it was handed over with the act, so it bears the act's day, whenever it is set. `delivered`: it is handed to the party by
    itself, outside `serve`, and so has a 送达回证; `receipts` is the kind of those."""

    code: str
    title: str
    acts: tuple[str, ...]
    word: str = ""
    party_is: str = ""
    signs: tuple[Signer, ...] = ()
    slots: tuple[Slot, ...] = ()
    only: Mapping[str, frozenset[str | None]] | None = None
    cites: str = ""
    on_the_spot: bool = False
    delivered: bool = False
    receipts: bool = False

    @property
    def numbered(self) -> bool:
        return bool(self.word)

    @property
    def names(self) -> frozenset[str]:
        """What a template of this kind may name."""
        return frozenset(slot.name for slot in self.slots) | ALWAYS.keys()

    def slot(self, name: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.name == name), None)

    def fits(self, action: str, data: Mapping[str, object]) -> bool:
        """Whether an entry can be documented so; a receipt of delivery wherever something is delivered."""
        if self.receipts:
            return any(kind.delivered and kind.fits(action, data) for kind in KINDS.values())
        return action in self.acts and all(data.get(key) in able for key, able in (self.only or {}).items())


#: What every template may name, beside its own slots; filled in whether or not anything is known.
ALWAYS: Mapping[str, str] = {
    "机关": "body.name",
    "机关简称": "body.short",
    "文号": "document.number",
    "成文日期": "document.day",
    "更正": "document.replaces",
    "件号": "case.number",
    "事项": "case.item",
    "小区": "case.compound",
    "社区": "case.community",
    "县": "county.name",
    "制作人": "document.maker",
    "治安": "entry.policing",
}

#: What ends a file or a spot check.
DECISIONS = frozenset({"decision", "removal", "no_penalty", "spot_decision"})

KINDS: dict[str, Kind] = {}


def gaps(kind: Kind, values: Mapping[str, str]) -> tuple[Slot, ...]:
    """What the document must say and does not; while there is any, it cannot be made."""
    return tuple(slot for slot in kind.slots if slot.needed and not values.get(slot.name, "").strip())


def signer_label(kind: str, role: Signer) -> str:
    """What somebody who signs a kind of document is called on it."""
    own = KINDS[kind].party_is if role is Signer.PARTY and kind in KINDS else ""
    return own or SIGNER_LABELS[role]


def kinds_for(action: str, data: Mapping[str, object]) -> tuple[Kind, ...]:
    """Every kind that can document an entry, in the order of the register."""
    return tuple(kind for kind in KINDS.values() if kind.fits(action, data))


# ── how the register is written ──────────────────────────────────────────────────────────────


def _of(name: str, *sources: str, cites: str = "", needed: bool = True, many: bool = False) -> Slot:
    return Slot(name=name, sources=sources, cites=cites, needed=needed, many=many)


def _ask(name: str, *sources: str, default: str = "", cites: str = "", needed: bool = True, many: bool = False) -> Slot:
    return Slot(name=name, sources=sources, cites=cites, needed=needed, many=many, asked=True, default=default)


def _own(name: str, *, default: str = "", needed: bool = True, cites: str = "") -> Slot:
    """The body's own, such as its address: asked once and offered again."""
    return Slot(name=name, asked=True, lasting=True, default=default, needed=needed, cites=cites)


def _kind(
    code: str,
    title: str,
    acts: Iterable[str],
    *slots: Slot,
    word: str = "",
    party_is: str = "",
    signs: Iterable[Signer] = (),
    only: Mapping[str, Iterable[str | None]] | None = None,
    cites: str = "",
    on_the_spot: bool = False,
    delivered: bool = False,
    receipts: bool = False,
) -> None:
    if code in KINDS:
        raise ValueError(f"two kinds of document called {code}")
    names = [slot.name for slot in slots]
    if len(names) != len(set(names)) or set(names) & ALWAYS.keys():
        raise ValueError(f"{code}: a slot is named twice")
    KINDS[code] = Kind(
        code=code,
        title=title,
        acts=tuple(acts),
        word=word,
        party_is=party_is,
        signs=tuple(signs),
        slots=slots,
        only={key: frozenset(values) for key, values in only.items()} if only else None,
        cites=cites,
        on_the_spot=on_the_spot,
        delivered=delivered,
        receipts=receipts,
    )


S = Signer
PARTY = _of("当事人", "party.name")
PARTY_LINE = _of("当事人基本情况", "party.line")
IDENTITY = _of("当事人基本情况", "party.identity", cites="行政处罚法第五十九条、治安管理处罚法第一百一十五条")
ADDRESS = _of("当事人地址", "party.address", cites="行政处罚法第五十九条")
PLACE = _ask("地点", "case.place")
OFFICERS = _of("执法人员", "entry.officers", cites="行政处罚法第四十二条、第五十五条")
CAUSE = _ask("案由", "case.cause")
CONTACT = (_own("联系人"), _own("联系电话"), _own("联系地址"))
APPEAL = (
    _own("复议机关", default="{县}人民政府", cites="行政复议法第二十四条"),
    _own("管辖法院", default="{县}人民法院", cites="行政诉讼法第四十六条"),
)
BASIS_TEXT = "entry.basis"

# ── 一劝 二督 ─────────────────────────────────────────────────────────────────────────────────

_kind(
    "dissuasion", "劝导记录", ["dissuade"],
    _of("时间", "entry.moment"), PLACE, _ask("行为人", "party.name", needed=False, default="不愿提供姓名"),
    _of("劝导人", "entry.who"), _of("劝导人身份", "dissuade.persuader", cites="治安管理处罚法第八十八条"), _of("方式", "dissuade.method"),
    _of("劝导内容", "dissuade.how"), _of("对方态度", "dissuade.response"), _of("当场是否停止", "dissuade.stopped"),
    _of("复查日期", "dissuade.recheck_on", needed=False), _of("照片", "entry.photos", needed=False), _ask("见证人", needed=False),
    signs=[S.MAKER, S.PARTY], party_is="行为人", cites="生态环境法典第五百九十九条、治安管理处罚法第八十八条",
)  # fmt: skip
_kind(
    "urging", "督促函", ["urge"],
    _of("物业", "urge.firm"), PLACE, _of("责任条款", "urge.duty", cites="物业管理条例第四十五条、民法典第九百四十二条"),
    _of("督促内容", "urge.release"), _of("答复期限", "urge.due"), _own("联系人"), _own("联系电话"),
    word="督", signs=[S.HEAD], cites="物业管理条例第四十五条、民法典第九百四十二条",
)  # fmt: skip

# ── 立案 调查 ─────────────────────────────────────────────────────────────────────────────────

_kind(
    "filing", "立案审批表", ["open_file"],
    CAUSE, _of("案件来源", "case.source"), PARTY, PARTY_LINE, _of("发现日期", "case.reported"), _of("违法行为日期", "open_file.offence_on"),
    _ask("地点", "case.place"), _of("涉嫌违法事实", "open_file.suspected"), _of("拟适用条款", BASIS_TEXT, cites="行政处罚法第五十四条"),
    OFFICERS, _of("承办意见", "open_file.filing"), _of("负责人意见", "approve.yes", needed=False), _of("负责人说明", "approve.why", needed=False),
    _of("审批时间", "approve.moment", needed=False),
    word="立", signs=[S.OFFICER, S.SECOND, S.HEAD], cites="行政处罚法第五十四条、第七十六条",
)  # fmt: skip
_kind(
    "inspection", "现场检查（勘验）笔录", ["inspect"],
    CAUSE, _of("开始时间", "inspect.began"), _of("结束时间", "inspect.ended"), _ask("检查地点", "inspect.where", "case.place"),
    _ask("被检查人", "party.name"), OFFICERS, _of("出示证件", "inspect.id_shown", cites="行政处罚法第五十五条"),
    _of("检查情况", "inspect.found"), _of("照片", "entry.photos", needed=False),
    _of("全程录音录像", "inspect.recorded", needed=False), _of("被检查人签字情况", "inspect.signing", needed=False),
    _of("见证人", "inspect.witness", needed=False),
    signs=[S.OFFICER, S.SECOND, S.PARTY, S.WITNESS], party_is="被检查人", cites="行政处罚法第五十五条",
)  # fmt: skip
_kind(
    "interview", "询问笔录", ["interview"],
    CAUSE, _of("开始时间", "interview.began"), _of("结束时间", "interview.ended"), _ask("询问地点", "interview.where"),
    OFFICERS, _of("被询问人身份", "interview.subject"), _ask("被询问人", "party.asked"), _ask("被询问人情况", "party.asked_line", needed=False),
    _of("未成年人情况", "interview.guardian", needed=False), _of("出示证件", "interview.id_shown", cites="行政处罚法第五十五条"),
    _of("告知权利", "interview.rights_told", needed=False), _of("问答", "interview.answers"),
    _of("全程录音录像", "interview.recorded", needed=False),
    signs=[S.OFFICER, S.SECOND, S.PARTY], party_is="被询问人", cites="行政处罚法第五十五条",
)  # fmt: skip
_kind(
    "order", "责令改正通知书", ["order"],
    PARTY, ADDRESS, _of("违法事实", "order.facts", cites="行政处罚法第二十八条"), _of("违反条款", BASIS_TEXT, cites="行政处罚法第二十八条"),
    _ask("改正要求", default="停止上述行为，消除影响，恢复原状"), _of("改正期限", "order.due", cites="行政处罚法第二十八条"), PLACE, OFFICERS, *CONTACT, *APPEAL,
    word="责改", signs=[S.OFFICER, S.SECOND, S.HEAD], cites="行政处罚法第二十八条", delivered=True,
)  # fmt: skip
_kind(
    "preservation", "先行登记保存证据通知书", ["preserve"],
    CAUSE, PARTY, ADDRESS, _ask("保存理由", default="证据可能灭失或者以后难以取得", cites="行政处罚法第五十六条"),
    _of("物品清单", "preserve.things", many=True), _of("保存地点", "preserve.kept_where"), _of("保存期限", "preserve.until", cites="行政处罚法第五十六条"),
    _of("批准时间", "approve.moment", cites="行政处罚法第五十六条"), OFFICERS, *CONTACT,
    word="登保", signs=[S.OFFICER, S.SECOND, S.HEAD, S.PARTY], cites="行政处罚法第五十六条", delivered=True,
)  # fmt: skip
_kind(
    "measure", "行政强制措施决定书", ["seize"],
    PARTY, _of("当事人地址", "party.address", cites="行政强制法第二十四条"), _of("措施", "seize.measure"),
    _ask("理由", "propose.suspected", cites="行政强制法第二十四条"), _of("依据", BASIS_TEXT, cites="行政强制法第二十四条"),
    _of("物品清单", "seize.things", many=True, cites="行政强制法第二十四条"), _of("存放地点", "seize.kept_where", needed=False),
    _of("期限", "seize.until", cites="行政强制法第二十四条、第二十五条"), OFFICERS, *APPEAL,
    word="强", signs=[S.OFFICER, S.SECOND, S.HEAD], cites="行政强制法第十八条、第二十四条", on_the_spot=True, delivered=True,
)  # fmt: skip
_kind(
    "things", "查封（扣押）物品清单", ["seize"],
    PARTY, _of("措施", "seize.measure"), _of("物品清单", "seize.things", many=True, cites="行政强制法第二十四条"),
    _of("存放地点", "seize.kept_where", needed=False), _of("期限", "seize.until"), OFFICERS,
    signs=[S.OFFICER, S.SECOND, S.PARTY], cites="行政强制法第二十四条", on_the_spot=True, delivered=True,
)  # fmt: skip
_kind(
    "measure_record", "行政强制措施现场笔录", ["seize"],
    _of("开始时间", "entry.moment"), _ask("地点", "case.place"), PARTY, OFFICERS, _of("措施", "seize.measure"),
    _ask("理由", "propose.suspected"), _of("依据", BASIS_TEXT), _of("物品清单", "seize.things", many=True),
    _of("告知权利", "seize.rights_told", cites="行政强制法第十八条"), _of("听取申辩", "seize.heard_there", cites="行政强制法第十八条"),
    _ask("当事人意见", default="当事人没有提出异议。"), _of("情况紧急", "seize.urgent", needed=False),
    _of("批准时间", "approve.moment", needed=False), _of("当事人签字情况", "seize.signing", needed=False), _of("见证人", "seize.witness", needed=False),
    signs=[S.OFFICER, S.SECOND, S.PARTY, S.WITNESS], cites="行政强制法第十八条、第十九条",
)  # fmt: skip
_kind(
    "lifting", "解除（处理）决定书", ["lift"],
    PARTY, _of("措施", "entry.measure"), _of("处理结果", "lift.disposal"), _of("说明", "lift.why"),
    _of("物品清单", "seize.things", "preserve.things", needed=False, many=True), OFFICERS,
    word="解", signs=[S.HEAD], cites="行政强制法第二十七条、第二十八条；行政处罚法第五十六条", delivered=True,
)  # fmt: skip

# ── 告知 听取 审核 决定 ────────────────────────────────────────────────────────────────────────

_TOLD = (
    PARTY, ADDRESS, CAUSE, _of("违法事实", "advance_notice.suspected", cites="行政处罚法第四十四条"),
    _of("理由", "advance_notice.reasons", cites="行政处罚法第四十四条"), _of("依据", BASIS_TEXT, cites="行政处罚法第四十四条"),
    _of("拟处罚内容", "entry.penalty", cites="行政处罚法第四十四条"), _ask("拟责令内容", needed=False),
)  # fmt: skip
_kind(
    "advance_notice", "行政处罚事先告知书", ["advance_notice"],
    *_TOLD, _of("陈述申辩期限", "advance_notice.due"), *CONTACT,
    word="罚告", signs=[S.HEAD], cites="行政处罚法第四十四条、第四十五条", delivered=True,
)  # fmt: skip
_kind(
    "hearing_rights", "行政处罚听证告知书", ["advance_notice"],
    *_TOLD, *CONTACT,
    word="听告", signs=[S.HEAD], only={"hearing_told": ["yes"]}, cites="行政处罚法第四十四条、第六十三条、第六十四条", delivered=True,
)  # fmt: skip
_kind(
    "statement", "陈述申辩笔录", ["hear"],
    CAUSE, PARTY, _of("时间", "entry.moment"), _ask("陈述地点"), OFFICERS, _of("陈述申辩情况", "hear.heard", cites="行政处罚法第四十五条"),
    _of("内容", "hear.statement", cites="行政处罚法第四十五条"), _of("复核结论", "hear.adopted", cites="行政处罚法第四十五条"),
    signs=[S.OFFICER, S.SECOND, S.PARTY], party_is="陈述申辩人", cites="行政处罚法第四十五条、第六十二条",
)  # fmt: skip
_kind(
    "hearing_notice", "行政处罚听证通知书", ["hear"],
    CAUSE, PARTY, _ask("听证时间", cites="行政处罚法第六十四条"), _ask("听证地点", cites="行政处罚法第六十四条"), _ask("主持人", cites="行政处罚法第六十四条"),
    _ask("听证是否公开", default="公开"), *CONTACT,
    word="听通", signs=[S.HEAD], only={"asks_hearing": ["yes"]}, cites="行政处罚法第六十四条", delivered=True,
)  # fmt: skip
_kind(
    "hearing_record", "听证笔录", ["hold_hearing"],
    CAUSE, PARTY, _of("通知日期", "hold_hearing.notified_on", cites="行政处罚法第六十四条"), _of("举行日期", "hold_hearing.held_on"), _ask("听证地点"),
    _of("主持人", "hold_hearing.chair", cites="行政处罚法第六十四条"), _ask("参加人"), _of("听证情况", "hold_hearing.hearing_end"),
    _of("内容", "hold_hearing.statement"),
    signs=[S.CHAIR, S.MAKER, S.PARTY], cites="行政处罚法第六十四条",
)  # fmt: skip
_kind(
    "review", "行政处罚法制审核意见书", ["review"],
    CAUSE, PARTY, _of("审核人员", "entry.who", cites="行政处罚法第五十八条"), _of("审核结论", "review.passed", cites="行政处罚法第五十八条"),
    _of("审核意见", "review.opinion", cites="行政处罚法第五十八条"), _of("送审内容", "entry.penalty", needed=False), _of("时间", "entry.moment"),
    word="法审", signs=[S.REVIEWER], cites="行政处罚法第五十八条",
)  # fmt: skip
_kind(
    "deliberation", "重大案件集体讨论记录", ["deliberate"],
    CAUSE, PARTY, _of("时间", "entry.moment"), _ask("讨论地点"), _ask("主持人"), _of("参加人", "deliberate.members", cites="行政处罚法第五十七条"),
    _of("违法事实", "advance_notice.suspected", "open_file.suspected"), _of("各人意见和结论", "deliberate.opinions", cites="行政处罚法第五十七条"),
    signs=[S.HEAD, S.MAKER], cites="行政处罚法第五十七条",
)  # fmt: skip
_kind(
    "spot_decision", "当场行政处罚决定书", ["spot_penalty"],
    PARTY, _of("当事人地址", "party.address", needed=False), _of("违法行为", "spot_penalty.suspected", cites="行政处罚法第五十二条"),
    _of("依据", BASIS_TEXT, cites="行政处罚法第五十二条"), _of("处罚内容", "entry.penalty", cites="行政处罚法第五十二条"),
    _of("时间", "entry.moment", cites="行政处罚法第五十二条"), _ask("地点", "case.place", cites="行政处罚法第五十二条"),
    _of("罚款", "entry.fine", needed=False), _of("缴款方式", "spot_penalty.collection"), _own("缴款银行和账户", needed=False), _of("票据号", "spot_penalty.ticket", needed=False),
    OFFICERS, *APPEAL,
    word="当罚", signs=[S.OFFICER, S.SECOND, S.PARTY], cites="行政处罚法第五十一条、第五十二条", on_the_spot=True,
)  # fmt: skip
_kind(
    "decision", "行政处罚决定书", ["decide"],
    PARTY, IDENTITY, ADDRESS, CAUSE,
    _of("违法事实", "advance_notice.suspected", "open_file.suspected", cites="行政处罚法第五十九条"),
    _ask("证据", "entry.evidence", cites="行政处罚法第五十九条"), _of("违反条款", BASIS_TEXT, cites="行政处罚法第五十九条"),
    _of("理由", "decide.reasons"), _of("告知情况", "entry.told", cites="行政处罚法第四十四条"),
    _of("申辩和采纳情况", "entry.heard", cites="行政处罚法第四十五条"), _of("听证情况", "entry.hearing", needed=False),
    _of("处罚内容", "entry.penalty", cites="行政处罚法第五十九条"), _of("罚款", "entry.fine", needed=False),
    _of("裁量情节", "decide.mitigation", needed=False), _of("限期拆除", "decide.removal", needed=False, cites="城乡规划法第六十四条"),
    _own("履行方式", default="到指定的银行或者通过电子支付系统缴纳", cites="行政处罚法第五十九条、第六十七条"),
    _own("缴款银行和账户", needed=False), *APPEAL,
    word="罚", signs=[S.HEAD], only={"decision": ["penalty"]}, cites="行政处罚法第五十七条、第五十九条",
)  # fmt: skip
_kind(
    "removal", "限期拆除决定书", ["decide"],
    PARTY, _of("当事人基本情况", "party.identity"), _of("当事人地址", "party.address"), CAUSE,
    _of("违法事实", "advance_notice.suspected", "open_file.suspected"), _ask("证据", "entry.evidence"),
    _of("违反条款", BASIS_TEXT, cites="城乡规划法第六十四条"), _of("理由", "decide.reasons"), _of("申辩情况", "entry.heard", needed=False),
    _of("限期拆除", "decide.removal", cites="城乡规划法第六十四条"), *APPEAL,
    word="限拆", signs=[S.HEAD], only={"decision": ["removal"]}, cites="城乡规划法第六十四条、第六十八条",
)  # fmt: skip
_kind(
    "no_penalty", "不予行政处罚决定书", ["decide"],
    PARTY, PARTY_LINE, CAUSE, _of("查明的事实", "advance_notice.suspected", "open_file.suspected"),
    _ask("证据", "entry.evidence"), _of("不予处罚的理由", "decide.decision", cites="行政处罚法第三十三条、第五十七条"),
    _of("说明", "decide.reasons"), _of("依据", BASIS_TEXT), _of("教育情况", "decide.educated", needed=False), *APPEAL,
    word="不罚", signs=[S.HEAD],
    only={"decision": ["slight", "first", "no_fault", "no_facts", "incapable", "expired"]}, cites="行政处罚法第三十三条、第五十七条",
)  # fmt: skip
_kind(
    "receipt", "送达回证", ["serve"],
    CAUSE, _ask("送达文书", "entry.served", cites="行政处罚法第六十一条"), _of("受送达人", "serve.receiver"), _ask("受送达人姓名", "party.receiver"),
    _ask("送达地点", "party.receiver_address"), _of("送达方式", "serve.way", cites="行政处罚法第六十一条"), _of("送达日期", "serve.served_on"),
    _of("见证人", "serve.witness", needed=False), _ask("备注", needed=False), OFFICERS,
    signs=[S.OFFICER, S.PARTY], party_is="受送达人", cites="行政处罚法第六十一条",
)  # fmt: skip

_kind(
    "notice_receipt", "送达回证", (),
    CAUSE, _ask("送达文书", "entry.papers", cites="行政处罚法第六十一条"), _ask("受送达人姓名", "party.name"), _ask("送达地点", "party.address"),
    _ask("送达方式", default="直接送达", cites="行政处罚法第六十一条"), _ask("送达日期", "entry.delivered"), _ask("见证人", needed=False),
    _ask("备注", needed=False), _ask("送达人", "entry.officers"),
    signs=[S.OFFICER, S.PARTY], party_is="受送达人", receipts=True, cites="行政处罚法第六十一条、行政强制法第三十八条",
)  # fmt: skip

# ── 执行 结案 ─────────────────────────────────────────────────────────────────────────────────

_MATERIALS = "行政处罚决定书及作出决定的事实、理由和依据\n当事人的意见及催告情况\n申请强制执行标的情况"
_DECIDED = (_of("原决定", "entry.decided"), _ask("原决定文号", "entry.decided_number"))
_kind(
    "demand", "履行行政决定催告书", ["demand"],
    PARTY, *_DECIDED, _of("应履行的义务", "demand.demanded"), _of("履行期限", "demand.due", cites="行政强制法第三十五条"),
    _own("履行方式", default="到指定的银行或者通过电子支付系统缴纳", cites="行政强制法第三十五条"), _of("加处罚款", "entry.surcharge", needed=False),
    _own("缴款银行和账户", needed=False), *CONTACT,
    word="催", signs=[S.HEAD], cites="行政强制法第三十五条、第五十四条", delivered=True,
)  # fmt: skip
_kind(
    "demolition", "限期自行拆除公告", ["announce"],
    PARTY, PLACE, *_DECIDED, _ask("违法建筑情况", "advance_notice.suspected", "open_file.suspected"), _of("自行拆除期限", "announce.due", cites="行政强制法第四十四条"), *CONTACT, *APPEAL,
    word="拆告", signs=[S.HEAD], cites="行政强制法第四十四条",
)  # fmt: skip
_kind(
    "enforcement", "行政强制执行决定书", ["propose"],
    PARTY, _of("当事人地址", "party.address", cites="行政强制法第三十七条"), *_DECIDED, _of("催告情况", "entry.demanded", cites="行政强制法第三十五条"),
    _ask("强制执行方式", cites="行政强制法第三十七条"), _ask("强制执行时间", cites="行政强制法第三十七条"),
    _ask("强制执行依据", "entry.forced_by", default="《中华人民共和国行政强制法》第三十七条", cites="行政强制法第三十七条"),
    _of("公告情况", "entry.announced", needed=False), _ask("说明", needed=False),
    *APPEAL,
    word="强执", signs=[S.HEAD], only={"proposed": ["enforce"]}, cites="行政强制法第三十七条", delivered=True,
)  # fmt: skip
_kind(
    "stand_in", "代履行决定书", ["propose"],
    PARTY, _of("当事人地址", "party.address", cites="行政强制法第五十一条"), *_DECIDED, _ask("理由", "propose.suspected"),
    _ask("依据条款", default="《中华人民共和国行政强制法》第五十条、第五十一条", cites="行政强制法第五十一条"),
    _ask("代履行方式", default="代履行", cites="行政强制法第五十一条"), _ask("代履行时间", cites="行政强制法第五十一条"),
    _ask("标的", cites="行政强制法第五十一条"), _ask("费用预算", cites="行政强制法第五十一条"), _ask("代履行人", cites="行政强制法第五十一条"), *APPEAL,
    word="代履", signs=[S.HEAD], only={"proposed": ["enforce"]}, cites="行政强制法第五十条、第五十一条", delivered=True,
)  # fmt: skip
_kind(
    "court", "强制执行申请书", ["court"],
    PARTY, PARTY_LINE, *_DECIDED, _of("送达情况", "entry.served_how"), _of("催告情况", "entry.demanded", cites="行政强制法第五十四条、第五十五条"),
    _ask("当事人意见", "entry.heard", cites="行政强制法第五十五条"), _of("申请执行标的", "entry.owed", cites="行政强制法第五十五条"),
    _own("管辖法院", default="{县}人民法院", cites="行政强制法第五十四条"), _ask("材料清单", default=_MATERIALS, many=True),
    _own("联系人"), _own("联系电话"),
    word="强申", signs=[S.HEAD], cites="行政强制法第五十三条至第五十五条",
)  # fmt: skip
_kind(
    "transfer", "案件移送书", ["transfer"],
    _of("接受机关", "transfer.to_whom"), _of("移送类型", "transfer.transfer_kind"), CAUSE, _ask("当事人", "party.name", needed=False),
    _of("移送理由", "transfer.why", cites="行政处罚法第五十七条"), _ask("主要事实", "open_file.suspected", "attend.found"),
    _ask("材料清单", default="案件材料复印件", many=True), _own("联系人"), _own("联系电话"),
    word="移", signs=[S.HEAD], cites="行政处罚法第二十七条、第五十七条",
)  # fmt: skip
_kind(
    "closing", "行政处罚案件结案报告", ["close_file"],
    CAUSE, PARTY, _of("立案时间", "open_file.moment"), _of("结案方式", "close_file.closing"), _of("违法事实", "open_file.suspected"),
    _of("决定情况", "entry.decided", needed=False), _of("决定文号", "entry.decided_number", needed=False),
    _of("送达情况", "entry.served_how", needed=False), _of("履行情况", "entry.performed", needed=False), _of("结案说明", "close_file.why", needed=False),
    OFFICERS, _of("负责人意见", "approve.yes", needed=False),
    signs=[S.OFFICER, S.HEAD], cites="行政处罚法第五十七条",
)  # fmt: skip

# ── 监督 ──────────────────────────────────────────────────────────────────────────────────────

_kind(
    "reminder", "行政执法监督提醒函", ["remind"],
    _ask("被监督单位"), _ask("标题"), _ask("问题事实"), _ask("依据"), _ask("整改要求"), _ask("反馈期限"), _own("联系人"), _own("联系电话"),
    word="监函", signs=[S.HEAD], cites="行政执法监督条例（正文未核）",
)  # fmt: skip
