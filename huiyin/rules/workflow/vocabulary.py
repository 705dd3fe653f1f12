"""The closed sets of words that a case is told in: stages, tiers, roles, outcomes, reasons. Labels are Chinese, values are stable codes."""

from __future__ import annotations

from enum import StrEnum

#: The list's code of the body whose records 治安管理处罚法 136 seals, and the stable code of that law.
POLICE = "gongan"
POLICING = "zhian"


class Stage(StrEnum):
    """Where a case stands. Residents see the first five; CLOSED is filed."""

    REPORTED = "reported"
    ASSIGNED = "assigned"
    HANDLING = "handling"
    RESOLVED = "resolved"
    ECHOED = "echoed"
    CLOSED = "closed"


OPEN = frozenset({Stage.REPORTED, Stage.ASSIGNED, Stage.HANDLING})
ANY = frozenset(Stage)

STAGE_LABELS = {
    Stage.REPORTED: "已反映",
    Stage.ASSIGNED: "已派单",
    Stage.HANDLING: "办理中",
    Stage.RESOLVED: "已办结",
    Stage.ECHOED: "已回音",
    Stage.CLOSED: "已归档",
}


class Tier(StrEnum):
    """The highest rung of 721 that was really reached on a case; a view over acts, never a quota."""

    NONE = ""
    PERSUADED = "persuaded"
    ORDERED = "ordered"
    COERCED = "coerced"

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {tier: rank for rank, tier in enumerate(Tier)}
TIER_LABELS = {Tier.NONE: "", Tier.PERSUADED: "劝导", Tier.ORDERED: "责令", Tier.COERCED: "处罚强制"}


class Role(StrEnum):
    """What somebody is posted as, and (last block) what such a posting amounts to on one case."""

    RES = "res"
    PRO = "pro"
    COM = "com"
    OFF = "off"
    HEAD = "head"
    REV = "rev"
    SUP = "sup"
    CO = "co"
    CUS = "cus"
    SYS = "sys"
    LEADER = "leader"
    ADMIN = "admin"
    GRV = "grv"

    LEAD = "lead"  # posted to the body in charge
    LEADHEAD = "leadhead"  # the head of the body in charge
    STANDIN = "standin"  # the coordinator where the body in charge has no head
    AUTHOR = "author"  # the staff member who made the first report


ROLE_LABELS = {
    Role.RES: "居民",
    Role.PRO: "物业",
    Role.COM: "社区（联络站、乡镇街道）",
    Role.OFF: "执法人员",
    Role.HEAD: "部门负责人",
    Role.REV: "法制审核员",
    Role.SUP: "社区执法监督员",
    Role.CO: "行政执法协调监督（司法局）",
    Role.CUS: "身份保管员",
    Role.SYS: "系统",
    Role.LEADER: "县领导",
    Role.ADMIN: "管理员",
    Role.GRV: "投诉专办员",
    Role.LEAD: "牵头单位",
    Role.LEADHEAD: "牵头部门负责人",
    Role.STANDIN: "协调监督（牵头单位没有负责人时）",
    Role.AUTHOR: "首报的工作人员",
}


class BodyKind(StrEnum):
    """Kinds of bodies that can be named on a case. The court and utilities are partners."""

    DEPARTMENT = "department"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    PROPERTY = "property"
    UTILITY = "utility"
    COURT = "court"


#: Bodies that may be in charge. 行政处罚法 and the mission: the court gets no cases; utilities repair, they do not answer to residents here.
CAN_LEAD = frozenset({BodyKind.DEPARTMENT, BodyKind.TOWNSHIP, BodyKind.COMMUNITY, BodyKind.PROPERTY})
#: Bodies whose cases the community may hand on by itself (the firm, an office).
LOCAL = frozenset({BodyKind.TOWNSHIP, BodyKind.COMMUNITY, BodyKind.PROPERTY})


class Listing(StrEnum):
    ENFORCEMENT = "enforcement"
    SERVICE = "service"


class Outcome(StrEnum):
    """How a case ended. The first ten are what `resolve` may say; the rest come with their own actions."""

    STOPPED = "stopped"
    CORRECTED = "corrected"
    PUNISHED = "punished"
    COORDINATED = "coordinated"
    DEALT_WITH = "dealt_with"
    REPAIRED = "repaired"
    NO_MEANS = "no_means"
    UNFOUNDED = "unfounded"
    NOT_FOUND = "not_found"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    TRANSFERRED = "transferred"
    MERGED = "merged"


OUTCOME_LABELS = {
    Outcome.STOPPED: "已劝止",
    Outcome.CORRECTED: "已改正",
    Outcome.PUNISHED: "已处罚或不予处罚",
    Outcome.COORDINATED: "已协调",
    Outcome.DEALT_WITH: "已处置",
    Outcome.REPAIRED: "已修复",
    Outcome.NO_MEANS: "调解不成或无法定手段，已告知途径",
    Outcome.UNFOUNDED: "查无此事",
    Outcome.NOT_FOUND: "找不到行为人",
    Outcome.WITHDRAWN: "反映人撤回",
    Outcome.REFUSED: "不予受理",
    Outcome.TRANSFERRED: "已移送",
    Outcome.MERGED: "已并案",
}
#: Outcomes after which nobody need be in charge any more.
NOBODY_IN_CHARGE = frozenset({Outcome.REFUSED, Outcome.WITHDRAWN, Outcome.TRANSFERRED, Outcome.MERGED})


class Proof(StrEnum):
    PHOTO = "photo"
    RECORDING = "recording"
    MEASUREMENT = "measurement"
    RECORD = "record"
    WORD = "word"


PROOF_LABELS = {
    Proof.PHOTO: "现场照片",
    Proof.RECORDING: "录音录像",
    Proof.MEASUREMENT: "检测数据",
    Proof.RECORD: "签字记录",
    Proof.WORD: "反映人的话",
}

_PAPER = frozenset({Proof.PHOTO, Proof.RECORDING, Proof.MEASUREMENT, Proof.RECORD})
#: Which proof each result may rest on.
PROOFS: dict[Outcome, frozenset[Proof]] = {
    Outcome.STOPPED: _PAPER | {Proof.WORD},
    Outcome.CORRECTED: _PAPER,
    Outcome.PUNISHED: frozenset({Proof.RECORD}),
    Outcome.COORDINATED: frozenset({Proof.PHOTO, Proof.RECORD, Proof.WORD}),
    Outcome.DEALT_WITH: frozenset({Proof.PHOTO, Proof.RECORD}),
    Outcome.REPAIRED: frozenset({Proof.PHOTO, Proof.RECORD, Proof.WORD}),
    Outcome.NO_MEANS: frozenset({Proof.RECORD, Proof.WORD}),
    Outcome.UNFOUNDED: _PAPER,
    Outcome.NOT_FOUND: frozenset({Proof.PHOTO, Proof.RECORDING, Proof.RECORD}),
    Outcome.WITHDRAWN: frozenset({Proof.WORD, Proof.RECORD}),
}

Choices = tuple[tuple[str, str], ...]

CHANNELS: Choices = (
    ("web", "手机网页"),
    ("qr", "服务栏二维码"),
    ("phone", "电话"),
    ("station", "联络站当面"),
    ("patrol", "巡查发现"),
    ("staff", "工作人员"),
)
REFUSALS: Choices = (
    ("off_list", "不在两张清单"),
    ("emergency", "应打 110、119、120 的急事"),
    ("in_court", "已在法院"),
    ("in_review", "已在行政复议"),
    ("in_petition", "已在信访"),
    ("secret", "涉密"),
    ("other_county", "不在本县"),
    ("unclear", "问不清楚是什么事"),
)
DECLINES: Choices = (
    ("not_ours", "不是本单位职责"),
    ("wrong_item", "归错事项"),
    ("wrong_place", "不在管辖地方"),
    ("own_mistake", "认错项：提交人归项有误，已同意改"),
    ("conflict", "与本单位有利害关系"),
)
SETTLE_GROUNDS: Choices = (
    ("first_filed", "最先立案的管辖"),
    ("agreed", "协商一致"),
    ("designated", "共同上一级行政机关指定"),
)
PERSUADERS: Choices = (
    ("community", "社区"),
    ("owners", "业主委员会"),
    ("firm", "物业"),
    ("department", "部门"),
)
METHODS: Choices = (
    ("face", "当面"),
    ("door", "上门"),
    ("phone", "电话"),
    ("notice", "张贴告知"),
)
RESPONSES: Choices = (
    ("agreed", "答应改"),
    ("did", "当场改了"),
    ("refused", "不听"),
    ("absent", "人不在"),
)
STATES_FOUND: Choices = (("stopped", "已停止"), ("continuing", "仍在继续"), ("unseen", "看不到"))
PAUSE_GROUNDS: Choices = (
    ("test", "等待检测、鉴定"),
    ("announcement", "公告期间"),
    ("court", "等待法院、复议结果"),
    ("force_majeure", "不可抗力"),
)
TRANSFER_KINDS: Choices = (
    ("crime", "涉嫌犯罪，移送公安、检察"),
    ("discipline", "违纪线索，移送纪检"),
    ("other_county", "移送有管辖权的外县单位"),
)
RECUSE_GROUNDS: Choices = (("interest", "与本件有直接利害关系"), ("relation", "与当事人有可能影响公正的关系"))
CONSENTS: Choices = (("both", "双方都愿意"), ("one", "一方不愿意"), ("none", "都不愿意"))
MEDIATIONS: Choices = (("agreed", "达成协议"), ("failed", "没有谈成"), ("refused", "不接受调解"))
REOPEN_GROUNDS: Choices = (
    ("finding", "监督发现"),
    ("court", "法院判决、复议决定"),
    ("wrong", "办理结果有误"),
    ("again", "没有真正解决"),
)
MASK_GROUNDS: Choices = (("request", "本人要求"), ("retention", "保存期满"), ("not_personal", "误收他人信息"))
YES_NO: Choices = (("yes", "是"), ("no", "否"))
DELIVERIES: Choices = (("delivered", "已送到"), ("failed", "没送到"))

# ── 三查 ──────────────────────────────────────────────────────────────────────────────────────

PENALTIES: Choices = (  # 行政处罚法 9; detention 治安管理处罚法 10
    ("warning", "警告"),
    ("criticism", "通报批评"),
    ("fine", "罚款"),
    ("confiscation", "没收违法所得、没收非法财物"),
    ("suspend", "暂扣许可证件"),
    ("downgrade", "降低资质等级"),
    ("revoke", "吊销许可证件"),
    ("limit", "限制开展生产经营活动"),
    ("halt", "责令停产停业"),
    ("shut", "责令关闭"),
    ("bar", "限制从业"),
    ("detention", "行政拘留"),
)
#: What may be done on the spot (行政处罚法 51, 治安管理处罚法 119).
ON_THE_SPOT = ("warning", "fine")
SPOT_PENALTIES: Choices = tuple((code, name) for code, name in PENALTIES if code in ON_THE_SPOT)
#: Kinds before which a hearing must be offered whatever the amount (行政处罚法 63 (三)(四)).
HEARING_KINDS = frozenset({"downgrade", "revoke", "halt", "shut", "bar"})
#: The same for the police (治安管理处罚法 117): licences revoked, business halted; fines from 4,000 yuan.
POLICE_HEARING_KINDS = frozenset({"revoke", "halt"})
DECISIONS: Choices = (
    ("penalty", "给予行政处罚"),
    ("removal", "责令限期拆除（不是处罚，城乡规划法第六十四、六十八条）"),
    ("slight", "不予处罚：轻微并及时改正，没有造成危害后果"),
    ("first", "不予处罚：初次违法，危害后果轻微并及时改正"),
    ("no_fault", "不予处罚：没有主观过错"),
    ("no_facts", "不予处罚：违法事实不能成立"),
    ("incapable", "不予处罚：不满十四周岁或不能辨认、控制自己的行为"),
    ("expired", "不予处罚：超过追责期限"),
)
#: The mildest kinds (行政处罚法 9 (一)).
MILDEST = ("warning", "criticism")
#: Decisions that need no facts established: there are none, or they no longer matter.
WITHOUT_FACTS = frozenset({"no_facts", "incapable", "expired"})
#: Decisions after which the party must be taught instead (行政处罚法 33).
TAUGHT = frozenset({"slight", "first", "no_fault"})
CIRCUMSTANCES: Choices = (
    ("none", "都没有"),
    ("public", "涉及重大公共利益"),
    ("intricate", "案情疑难复杂、涉及多个法律关系"),
    ("statute", "法律、法规规定应当法制审核"),
    ("grave", "情节复杂或者重大违法"),
)
#: Which of them ask for 法制审核 (行政处罚法 58) and which for 集体讨论 (57).
REVIEWED, DELIBERATED = frozenset({"public", "intricate", "statute"}), frozenset({"grave"})
MITIGATIONS: Choices = (
    ("none", "没有从重、从轻、减轻的情节"),
    ("lighter", "从轻（在幅度内）"),
    ("reduced", "减轻（可以低于最低限）"),
    ("heavier", "从重（在幅度内）"),
)
COMPARISONS: Choices = (
    ("old", "已比较：适用行为发生时的规定"),
    ("new", "已比较：新规定处罚较轻或不认为违法，适用新规定"),
)
PARTY_KINDS: Choices = (("person", "公民"), ("firm", "法人或者其他组织"))
SEXES: Choices = (("male", "男"), ("female", "女"))
LIMITATIONS: Choices = (("usual", "一般：二年（治安六个月）"), ("health", "涉及生命健康安全、金融安全且有危害后果：五年"))
FILINGS: Choices = (("yes", "立案"), ("no", "不予立案"))
PROPOSALS: Choices = (
    ("preserve", "先行登记保存"),
    ("seize", "行政强制措施（查封、扣押等）"),
    ("longer_seizure", "延长查封、扣押期限"),
    ("longer_file", "延长办案期限"),
    ("enforce", "行政强制执行"),
)
SIGNINGS: Choices = (("signed", "已核对并签字"), ("refused", "拒绝签字，已注明"), ("absent", "不在场，有见证人或已注明"))
ALONE: Choices = (
    ("", "两名执法人员"),
    ("station", "执法办案场所内，一名民警，全程同步录音录像"),
    ("undisputed", "当场处罚，对方无异议，一名民警，全程同步录音录像"),
)
SUBJECTS: Choices = (("party", "当事人"), ("witness", "证人"), ("harmed", "被侵害人"))
GUARDIANS: Choices = (
    ("adult", "已满十八周岁"),
    ("present", "未满十八周岁，监护人到场"),
    ("unreachable", "未满十八周岁，监护人无法到场，已另请适当成年人"),
)
HEARD: Choices = (
    ("stated", "提出了陈述、申辩"),
    ("waived", "明确放弃陈述、申辩（有书面或录音录像）"),
    ("waived_all", "明确放弃陈述、申辩和听证（有书面或录音录像）"),
    ("silent", "期满没有提出"),
)
ADOPTIONS: Choices = (
    ("adopted", "成立，采纳"),
    ("partly", "部分采纳"),
    ("unfounded", "复核后不成立"),
    ("nothing", "没有提出意见"),
)
HEARING_ENDS: Choices = (("held", "已举行"), ("abandoned", "当事人无正当理由不到场或中途退出，视为放弃"))
DELIVERY_WAYS: Choices = (
    ("handed", "宣告后当场交付"),
    ("direct", "直接送达"),
    ("left", "留置送达"),
    ("posted", "邮寄送达"),
    ("electronic", "电子送达（有确认书）"),
    ("announced", "公告送达"),
)
RECEIVERS: Choices = (("party", "当事人"), ("harmed", "被侵害人"))
COLLECTIONS: Choices = (
    ("bank", "到银行或电子支付系统缴纳"),
    ("small", "当场收缴：一百元以下"),
    ("later_hard", "当场收缴：不当场收缴事后难以执行"),
    ("remote", "当场收缴：边远、水上、交通不便，当事人提出"),
    ("undisputed", "当场收缴：公安机关处二百元以下，对方无异议"),
    ("none", "没有罚款"),
)
MEASURES: Choices = (
    ("seal_place", "查封场所"),
    ("seal_things", "查封设施或者财物"),
    ("impound", "扣押财物"),
    ("other", "法律规定的其他强制措施"),
)
DISPOSALS: Choices = (
    ("returned", "解除，退还"),
    ("impounded", "转为查封、扣押"),
    ("confiscated", "依法没收"),
    ("tested", "送检测、鉴定"),
    ("passed_on", "移送有关机关"),
)
ENFORCEMENTS: Choices = (
    ("demolish", "强制拆除违法建筑物、构筑物、设施"),
    ("stand_in", "代履行（排除妨碍、恢复原状等）"),
    ("clear", "立即清除道路、河道、公共场所的障碍物、污染物"),
    ("surcharge", "加处罚款"),
    ("collect", "划拨存款，拍卖或者依法处理查封、扣押的财物"),
    ("other", "法律规定的其他强制执行方式"),
    ("cut_off", "停止供水、供电、供热、供燃气"),
)
CONTESTED: Choices = (
    ("none", "没有申请复议，也没有起诉"),
    ("pending", "正在行政复议或者诉讼"),
    ("upheld", "复议、诉讼已经终结，决定得到维持"),
)
PERFORMED: Choices = (("all", "已全部履行"), ("part", "部分履行"), ("none", "没有履行"))
CLOSINGS: Choices = (
    ("performed", "结案：决定已履行或执行完毕"),
    ("not_punished", "结案：不予处罚，已送达"),
    ("court", "结案：人民法院已受理强制执行"),
    ("dropped", "撤案：违法事实不成立或不属本机关"),
    ("moved", "结案：已移送"),
    ("annulled", "撤销原决定（自行、复议或者法院）"),
)
#: Closings that need no decision before them.
WITHOUT_A_DECISION = frozenset({"dropped", "moved"})
