"""What an act must or may give: one entry per field, from which forms are drawn and data is checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from huiyin.rules.workflow import vocabulary as v


class Kind(StrEnum):
    """How a field is asked for and where its value goes. WORDS and FILES lie outside the ledger, SEALED in the party's
    encrypted record; all else is codes, amounts (whole yuan), moments and references."""

    WORDS = "words"
    CODE = "code"
    DATE = "date"
    DAYS = "days"
    ITEM = "item"
    BODY = "body"
    BODIES = "bodies"
    FIRM = "firm"
    PERSON = "person"
    PERSONS = "persons"
    OFFICER = "officer"
    ENTRY = "entry"
    REPORT = "report"
    REPORTS = "reports"
    CASE = "case"
    BASIS = "basis"
    COMPOUND = "compound"
    TEXT = "text"
    FILES = "files"
    CODES = "codes"
    MONEY = "money"
    MOMENT = "moment"
    PARTY = "party"
    SEALED = "sealed"
    BASES = "bases"
    PHOTOS = "photos"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`key` is its name in an entry's data (or the words' field); `limit` counts characters of WORDS and TEXT."""

    name: str
    label: str
    kind: Kind
    key: str
    choices: v.Choices = ()
    help: str = ""
    initial: str = ""
    limit: int = 2000


FIELDS: dict[str, Field] = {}


def _field(
    name: str,
    label: str,
    kind: Kind,
    *,
    key: str = "",
    choices: v.Choices = (),
    hint: str = "",
    initial: str = "",
    limit: int = 2000,
) -> None:
    if name in FIELDS:
        raise ValueError(f"two fields called {name}")
    FIELDS[name] = Field(
        name=name, label=label, kind=kind, key=key or name, choices=choices, help=hint, initial=initial, limit=limit
    )


_RESULTS = tuple((outcome.value, v.OUTCOME_LABELS[outcome]) for outcome in v.PROOFS)
_PROOFS = tuple((proof.value, v.PROOF_LABELS[proof]) for proof in v.Proof)

# words
_field("question", "想问反映人什么", Kind.WORDS, hint="反映人在查进度页看到这句话")
_field("words", "说明", Kind.WORDS)
_field("said", "对方说了什么", Kind.WORDS)
_field("found", "看到什么", Kind.WORDS, hint="时间、地点、数量，照实写")
_field("how", "怎么劝的", Kind.WORDS, hint="讲了什么、对方怎么说")
_field("done", "做了什么", Kind.WORDS)
_field("why", "理由", Kind.WORDS)
_field("turn_to", "请反映人找谁", Kind.WORDS, hint="单位、电话，说清楚下一步")
_field("release", "给对方看的话", Kind.WORDS, hint="物业只看到这段话和勾选的照片，看不到反映人的原话")
_field("reply", "给反映人的回音", Kind.WORDS, hint="查到什么、做了什么、谁负责、电话多少，用平常的话")
_field("facts", "要改正的事实和要求", Kind.WORDS)
_field("duty", "督促履行的责任条款", Kind.TEXT, limit=120, initial="物业管理条例第四十五条", hint="法规名称和条号")

# codes
_field("refusal", "不予受理的理由", Kind.CODE, key="reason", choices=v.REFUSALS)
_field("reason", "退回的理由", Kind.CODE, choices=v.DECLINES)
_field("ground", "管辖依据", Kind.CODE, choices=v.SETTLE_GROUNDS)
_field("persuader", "谁劝的", Kind.CODE, choices=v.PERSUADERS)
_field("method", "方式", Kind.CODE, choices=v.METHODS, initial="door")
_field("response", "对方反应", Kind.CODE, choices=v.RESPONSES, initial="agreed")
_field("stopped", "当场停止了吗", Kind.CODE, choices=v.YES_NO)
_field("state", "还在不在", Kind.CODE, choices=v.STATES_FOUND)
_field("consent", "双方愿意调解吗", Kind.CODE, choices=v.CONSENTS)
_field("outcome", "调解结果", Kind.CODE, choices=v.MEDIATIONS)
_field("pause_ground", "中止的法定事由", Kind.CODE, key="ground", choices=v.PAUSE_GROUNDS)
_field("corrected", "改了吗", Kind.CODE, choices=v.YES_NO)
_field("yes", "同意吗", Kind.CODE, choices=v.YES_NO, initial="yes")
_field("recuse_ground", "回避的理由", Kind.CODE, key="ground", choices=v.RECUSE_GROUNDS)
_field("transfer_kind", "移送的类型", Kind.CODE, key="kind", choices=v.TRANSFER_KINDS)
_field("result", "结果", Kind.CODE, choices=_RESULTS)
_field("proof", "凭什么", Kind.CODE, choices=_PROOFS)
_field("reached", "打通了吗", Kind.CODE, choices=v.YES_NO)
_field("satisfied", "满意吗", Kind.CODE, choices=v.YES_NO)
_field("reopen_ground", "退回重办的理由", Kind.CODE, key="ground", choices=v.REOPEN_GROUNDS)
_field("keep", "撤回后继续办", Kind.CODE, choices=v.YES_NO, initial="no")
_field("sample_way", "怎么查的", Kind.CODE, key="way", choices=(("site", "到现场"), ("paper", "看材料")))
_field("settled", "真的解决了吗", Kind.CODE, choices=v.YES_NO)
_field("mask_ground", "遮蔽的理由", Kind.CODE, key="ground", choices=v.MASK_GROUNDS)
_field(
    "mask_what",
    "遮蔽什么",
    Kind.CODE,
    key="what",
    choices=(
        ("reporter", "反映人的姓名和联系方式"),
        ("report", "这条反映的原话、照片和联系方式"),
        ("entry", "这一条的文字和照片"),
        ("party", "这一条登记的当事人"),
    ),
)
_field(
    "kept",
    "哪些到期",
    Kind.CODE,
    choices=(("contact", "反映人的姓名和联系方式"), ("content", "说的话、照片、文书和当事人")),
)
_field(
    "fact",
    "更正什么",
    Kind.CODE,
    choices=(
        ("words", "文字写错了"),
        ("compound", "小区错了"),
        ("found", "“还在不在”填错了"),
        ("withdrawn", "撤回（责令改正，或者还在等会签、审批的记录）"),
    ),
)
_field("paper", "第二名执法人员已在纸质文书上签字", Kind.CODE, choices=v.YES_NO, initial="no", hint="选“是”须附签字页照片")

# dates, numbers, short texts
_field("recheck_on", "哪天复查", Kind.DATE)
_field("due", "期限", Kind.DATE)
_field("until", "到哪天", Kind.DATE, hint="一次最多 30 天")
_field("days", "延几个工作日", Kind.DAYS, hint="加起来不能超过原来的期限")
_field("document", "文件号", Kind.TEXT, limit=60, hint="指定管辖必须写")
_field("to_whom", "移送给谁", Kind.TEXT, limit=60)
_field("shorter", "另定更短的期限", Kind.DATE)
_field("asked_by", "谁要看", Kind.TEXT, limit=60, hint="单位和职务，不写姓名")

# references
_field("item", "事项", Kind.ITEM)
_field("lead", "谁来牵头", Kind.BODY)
_field("cooperating", "谁来配合", Kind.BODIES)
_field("instead", "应由谁办", Kind.BODY)
_field("body", "哪个单位", Kind.BODY)
_field("firm", "物业或社区", Kind.FIRM, key="body")
_field("partners", "联系了谁", Kind.BODIES)
_field("person", "经办人", Kind.PERSON)
_field("heir", "由谁接办", Kind.PERSON, key="person")
_field("who", "谁回避", Kind.PERSON)
_field("beside", "一起办的人", Kind.PERSONS)
_field("second", "第二名执法人员", Kind.OFFICER)
_field("of", "针对哪一条", Kind.ENTRY)
_field("report", "哪条反映", Kind.REPORT)
_field("reports", "哪些反映", Kind.REPORTS)
_field("survivor", "并入哪一件", Kind.CASE)
_field("basis", "依据", Kind.BASIS)
_field("compound", "小区", Kind.COMPOUND)
_field("files", "照片", Kind.FILES)
_field("photos", "给对方看的照片", Kind.PHOTOS)

# 三查
_field("party_kind", "当事人是", Kind.CODE, choices=v.PARTY_KINDS, initial="person")
_field("party_name", "姓名或者名称", Kind.SEALED, key="name", limit=60)
_field("party_id", "身份证件或统一社会信用代码", Kind.SEALED, key="id_no", limit=40)
_field("party_address", "住址或者地址", Kind.SEALED, key="address", limit=120)
_field("party_phone", "电话", Kind.SEALED, key="phone", limit=40)
_field("party_birth", "出生日期", Kind.SEALED, key="birth", limit=20, hint="公民填写，例如 1980-05-01")
_field("party_sex", "性别", Kind.CODE, key="sex", choices=v.SEXES)
_field("party_agent", "法定代表人或负责人", Kind.SEALED, key="agent", limit=60)
_field("party", "当事人", Kind.PARTY, hint="没有就先“登记当事人”")
_field("limitation", "追责期限", Kind.CODE, choices=v.LIMITATIONS, initial="usual")
_field("filing", "立案吗", Kind.CODE, choices=v.FILINGS, initial="yes")
_field("offence_on", "违法行为发生（终了）的日子", Kind.DATE, hint="有连续或继续状态的，填最近一次看到的日子")
_field("suspected", "查明的事实", Kind.WORDS, hint="何时、何地、何人、做了什么，凭什么认定")
_field("proposed", "呈批什么", Kind.CODE, choices=v.PROPOSALS)
_field("id_shown", "出示执法证件了吗", Kind.CODE, choices=v.YES_NO, initial="yes")
_field("rights_told", "告知权利义务了吗", Kind.CODE, choices=v.YES_NO, initial="yes")
_field("recorded", "全程同步录音录像了吗", Kind.CODE, choices=v.YES_NO)
_field("alone", "几名执法人员", Kind.CODE, choices=v.ALONE, hint="只有治安管理处罚法第一百零八、一百二十条的情形可以一人")
_field("began", "开始", Kind.MOMENT)
_field("ended", "结束", Kind.MOMENT)
_field("where", "在哪里", Kind.WORDS)
_field("signing", "对方签字", Kind.CODE, choices=v.SIGNINGS, initial="signed")
_field("witness", "见证人", Kind.WORDS, hint="不在场或拒签时写明谁见证")
_field("subject", "问的是谁", Kind.CODE, choices=v.SUBJECTS, initial="party")
_field("guardian", "年龄", Kind.CODE, choices=v.GUARDIANS, initial="adult")
_field("answers", "问和答", Kind.WORDS, limit=8000)
_field("results", "检测、鉴定结果", Kind.WORDS, hint="谁测的、用什么仪器、数值、标准")
_field("things", "物品清单", Kind.WORDS, hint="名称、规格、数量，一行一件")
_field("kept_where", "存放在哪里", Kind.WORDS)
_field("penalties", "种类", Kind.CODES, choices=v.PENALTIES)
_field("spot_kinds", "种类", Kind.CODES, key="penalties", choices=v.SPOT_PENALTIES)
_field("amount", "罚款（元）", Kind.MONEY)
_field("value", "没收的数额或者价值（元）", Kind.MONEY)
_field("reasons", "理由", Kind.WORDS, hint="事实怎样对应条款，裁量依据是什么")
_field("hearing_told", "告知可以要求听证了吗", Kind.CODE, choices=v.YES_NO, initial="no")
_field("delivered_on", "哪天送到当事人", Kind.DATE)
_field("heard", "陈述申辩", Kind.CODE, choices=v.HEARD, initial="stated")
_field("adopted", "复核结论", Kind.CODE, choices=v.ADOPTIONS)
_field("asks_hearing", "要求听证吗", Kind.CODE, choices=v.YES_NO, initial="no")
_field("statement", "说了什么、怎样复核", Kind.WORDS, limit=4000)
_field("hearing_end", "听证", Kind.CODE, choices=v.HEARING_ENDS, initial="held")
_field("notified_on", "哪天通知听证时间地点", Kind.DATE)
_field("held_on", "哪天举行", Kind.DATE)
_field("chair", "主持人", Kind.PERSON, hint="不能是本案调查人员")
_field("passed", "审核通过吗", Kind.CODE, choices=v.YES_NO)
_field("opinion", "审核意见", Kind.WORDS, hint="主体、事实、证据、程序、依据、裁量、文书", limit=4000)
_field("members", "参加人", Kind.PERSONS)
_field("opinions", "各人意见和结论", Kind.WORDS, limit=8000)
_field("decision", "决定", Kind.CODE, choices=v.DECISIONS)
_field("removal", "限期拆除到哪天", Kind.DATE, hint="责令限期拆除的才填；可以和罚款一起")
_field("circumstances", "有没有这些情形", Kind.CODES, choices=v.CIRCUMSTANCES, hint="有的，须先法制审核或者集体讨论")
_field("mitigation", "裁量情节", Kind.CODE, choices=v.MITIGATIONS, initial="none")
_field("also_bases", "同时违反的其他条款", Kind.BASES, hint="同一行为违反多个条款的，按罚款数额高的处罚")
_field("compared", "新旧规定", Kind.CODE, choices=v.COMPARISONS, hint="行为之后规定改了的才填（行政处罚法第三十七条）")
_field("exempt", "属于依据里不需要先行一步的情形", Kind.CODE, choices=v.YES_NO, initial="no")
_field(
    "other_act",
    "与以前罚过的不是同一个违法行为",
    Kind.CODE,
    choices=v.YES_NO,
    initial="no",
    hint="时间、地点、行为不同的才选“是”，并在理由里写清楚",
)
_field("educated", "对当事人进行教育了吗", Kind.CODE, choices=v.YES_NO)
_field("demanded", "催告履行什么", Kind.WORDS, hint="义务、期限、方式；金钱给付写明金额和方式")
_field("way", "送达方式", Kind.CODE, choices=v.DELIVERY_WAYS, initial="direct")
_field("receiver", "送给谁", Kind.CODE, choices=v.RECEIVERS, initial="party")
_field("served_on", "哪天送达", Kind.DATE)
_field("collection", "罚款怎么缴", Kind.CODE, choices=v.COLLECTIONS, initial="bank")
_field("ticket", "财政专用票据号", Kind.TEXT, limit=40, hint="当场收缴的才填")
_field("urgent", "情况紧急", Kind.CODE, choices=v.YES_NO, initial="no", hint="先做后批的，二十四小时内报负责人补批")
_field("measure", "什么措施", Kind.CODE, choices=v.MEASURES)
_field("necessities", "是公民及其扶养家属的生活必需品吗", Kind.CODE, choices=v.YES_NO, initial="no")
_field("heard_there", "当场听取陈述申辩了吗", Kind.CODE, choices=v.YES_NO, initial="yes")
_field("disposal", "怎样处理", Kind.CODE, choices=v.DISPOSALS)
_field("means", "怎样执行", Kind.CODE, choices=v.ENFORCEMENTS)
_field("dwelling", "是居民生活用房吗", Kind.CODE, choices=v.YES_NO, initial="no")
_field("absent", "当事人不能清除或不在场", Kind.CODE, choices=v.YES_NO, initial="no")
_field("contested", "复议、诉讼", Kind.CODE, choices=v.CONTESTED, initial="none")
_field("given_at", "何时批准的", Kind.MOMENT, hint="先口头或书面批准、后补录的才填，并附批准材料")
_field("mandate", "政府责成文件号", Kind.TEXT, limit=60, hint="由作出决定以外的单位执行时填写")
_field("performed", "履行了吗", Kind.CODE, choices=v.PERFORMED)
_field("paid", "缴了多少（元）", Kind.MONEY)
_field("done_on", "哪天", Kind.DATE)
_field("closing", "结案方式", Kind.CODE, choices=v.CLOSINGS)
_field("public", "公示的话", Kind.WORDS, hint="机关、事由、依据、种类和数额；不写自然人姓名、住址、电话")
