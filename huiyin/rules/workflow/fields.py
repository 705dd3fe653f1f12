"""What an act must or may give: one entry per field, from which forms are drawn and data is checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from huiyin.rules.workflow import vocabulary as v


class Kind(StrEnum):
    """How a field is asked for and where its value goes. WORDS and FILES lie outside the ledger; all else is codes and references."""

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
    ),
)
_field(
    "fact",
    "更正什么",
    Kind.CODE,
    choices=(("words", "文字写错了"), ("compound", "小区错了"), ("found", "“还在不在”填错了"), ("withdrawn", "撤回这份责令改正")),
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
