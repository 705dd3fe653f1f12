"""What a reply to a resident should say: a visible checklist, and the refusal of a reply that only says "received" or "passed on"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from huiyin.rules.sealing import SENTENCE as POLICE_SENTENCE

SHORTEST = 8

_CLAUSES = re.compile(r"[，。！？；：,.!?;:\s~…—-]+")
_LETTERS = re.compile(r"[\W_]+")

#: What the reply is about, told back: “您反映的三楼养鸡的问题”, “关于路灯不亮一事”.
_TOPIC = re.compile(
    r"(?:您|你|来信|来电)?(?:所)?(?:反映|投诉|咨询|说|提|关于)的?[^，。；]{0,40}?(?:问题|情况|事项|一事|的事|这件事|诉求)"
)
#: To whom it was handed on: “转交给县城市管理局”, “由其”, “通知物业”.
_BODY = r"[^，。；、]{0,14}?(?:局|委|队|所|站|中心|公司|社区|街道|政府|物业|部门|单位|科室|其|他们|人员|同志|办)"
_HANDED = re.compile(
    r"(?:转|交|移送|派|反馈|上报|通知|告知|联系|会同|督促|责成|由|让|请)[给至到由向往办送达]*"
    rf"{_BODY}(?:[、和及与]{_BODY})*"
)
_COURTESY = re.compile(
    r"您好|你好|尊敬的?|亲爱的?|居民|市民|业主|同志|朋友|先生|女士|感谢|谢谢|对?(?:我们|我局|我单位|本单位|本局|我社区|我站)|"
    r"的?(?:关注|支持|理解|配合|监督|信任|来信|来电)|工作|生活愉快|万事如意|祝|欢迎|再次|继续|宝贵|意见|建议|贵件|您的?|你的?"
)
_RECEIVED = re.compile(
    r"收悉|收到|知悉|知晓|已阅|受理|登记|记录|记下|转交|转办|转送|转给|转达|移交|交办|派发|派单|流转|上报|反馈|转|交|阅|"
    r"处理|办理|处置|解决|核实|核查|调查|研究|跟进|跟踪|关注|重视|督促|安排|落实|推进|协调|加强|予以|"
    r"相关|有关|具体|责任|主管|职能|相应|部门|单位|物业|社区|人员|情况|此事|该事|这件事|事项|问题|反映|诉求|投诉|工单|"
    r"按?职责|保持|电话畅通|系统|联系|正在|已经|现已|已|将|会|尽快|及时|认真|妥善|高度|非常|抓紧|进一步|下一步|今后|后续|稍后|第一时间|依法|依规|按照|规定|程序|"
    r"请|耐心|等待|等候|勿念|放心|结果|和|与|及|并|也|都|在|于|向|给|把|由|对|就|到|至|去|来|中|其|的|了|吧|啊|好|"
    r"[0-9一二三四五六七八九十零年月日号上下午点]"
)
_DONE = re.compile(
    r"到(?:了?现场|场|您|楼|小区|家|店|点)|上门|查看|看了|看过|检查了|复查|劝|约谈|清理|清走|清扫|清运|清空|清掉|铲除|拆|修好|修复|维修|更换|换好|"
    r"装上|安装|补上|停工|停止|停了|移走|移开|搬|挪|运走|送走|推到|关小|关了|责令|改正|整改|罚|警告|调解|协议|答应|"
    r"没有发现|未发现|查无|找不到|没有听到|协商|补种|办了|不属于|不归|不在|应当向|可以向|请向|可向|请打|拨打|法院|起诉|复议|仲裁|信访"
)
_PROMISE = re.compile(r"将|会|尽快|抓紧|及时|稍后|今后|下一步|第一时间")
_FOUND = re.compile(r"现场|查看|发现|看到|看了|看过|核实(?:到|后)|检查|属实|测得|测了|检测|询问|了解到|经查|查无|找不到|没有听到")
_BASIS = re.compile(r"《[^》]{2,30}》|第[零〇一二三四五六七八九十百千0-9]+条|清单|依据|规定|条例|办法|[一-龥]法(?=第|不|要|规)")
_WHEN = re.compile(
    r"\d+\s*(?:月|日|号|天|点|个工作日)|今天|昨天|前天|明天|今晚|昨晚|上午|下午|当天|当场|已于|[一二三四五六七八九十]+(?:日|天)内"
)
_WHO = re.compile(r"局|大队|中心|社区|街道|镇政府|派出所|物业|联络站|司法所|公司")
_PHONE = re.compile(r"(?<!\d)(?:0\d{2,3}[- ]?\d{3,4}[- ]?\d{4}|1\d{2}[- ]?\d{4}[- ]?\d{4}|12345|\d{3,4}[- ]\d{4})(?!\d)")
_POINTS = re.compile(
    r"[(（]([1-9一二三四五六七八九])[)）]|第([一二三四五六七八九])[，、个件点]|([①-⑨])|"
    r"(?:^|[\s。；;，,：:])(?:([1-9])[.、．)）](?!\d)|([一二三四五六七八九])、)"
)
_ENOUGH = 3  # characters of a clause that tell something, beyond courtesy, receiving and passing on

#: Words that residents do not use, and what to say instead (NOTES of the visual language).
JARGON: dict[str, str] = {
    "诉求": "反映的事",
    "事项": "事",
    "承办单位": "办这件事的部门",
    "派单": "交给",
    "请知悉": "请您知道",
    "工单": "这件事",
    "派发": "交给",
    "流转": "交给",
    "知悉": "知道",
    "收悉": "收到",
    "牵头单位": "负责的部门",
    "职能部门": "说出部门的名字",
    "当事人": "那位住户、那家店",
    "立案": "开始正式调查",
    "处置": "处理",
    "研判": "商量",
    "妥处": "处理好",
    "温馨提示": "直接说事",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist: a code, what to look for, whether the draft has it, and a hint where it has not."""

    code: str
    label: str
    met: bool
    hint: str = ""


def refusal(text: str) -> str | None:
    """Why this text cannot be an echo, in plain Chinese; None when it may be one.

    Refused: nothing, fewer than 8 letters and digits, or clauses that say only that the report was received, passed on or will be
    dealt with some time. One clause that tells anything else is enough. 公安机关已依法处理 may stand alone (治安管理处罚法 136).
    """
    said = text.strip()
    if POLICE_SENTENCE in said:
        return None
    letters = _LETTERS.sub("", said)
    if len(letters) < SHORTEST or len(set(letters)) < SHORTEST // 2:
        return "回音太短了：请说清楚查到什么、做了什么、找谁。"
    if any(_tells(clause) for clause in _CLAUSES.split(_TOPIC.sub("", said))):
        return None
    return "这段话只说了“收到”或“已转”，居民还是不知道结果：请写查到什么、做了什么，或者为什么不能办、找谁。"


def _tells(clause: str) -> bool:
    """Whether a clause says something about the matter itself. A promise without a day says nothing."""
    if _PROMISE.search(clause) and not _WHEN.search(clause):
        return False
    rest = _RECEIVED.sub("", _COURTESY.sub("", _HANDED.sub("", clause)))
    if _DONE.search(clause):
        return bool(rest)
    return len(rest) >= _ENOUGH


def check_reply(text: str, question: str = "") -> tuple[Check, ...]:
    """The checklist beside a draft: found, done, basis, who, more, points, plain. It advises; only `refusal` forbids.

    question: what was reported; each of its numbered points must be answered. Of what the police did nothing more may be told, so
    公安机关已依法处理 stands for what was found, done and on which basis.
    """
    said = text.strip()
    police = POLICE_SENTENCE in said
    reasons: tuple[tuple[str, str, bool, str], ...] = (
        ("found", "说了查到什么", police or bool(_FOUND.search(said)), "去看过吗？看到了什么？"),
        ("done", "说了做了什么、到哪天", police or bool(_DONE.search(said) or _WHEN.search(said)), "做了什么？哪一天？"),
        ("basis", "说了依据", police or bool(_BASIS.search(said)), "按哪条规定或哪张清单？"),
        ("who", "有单位和电话", bool(_WHO.search(said) and _PHONE.search(said)), "写上单位和电话，居民好再找您。"),
        ("more", "不只是“收到”“已转”", refusal(said) is None, "写结果，或者为什么不能办。"),
    )
    checks = [Check(code, label, met, "" if met else hint) for code, label, met, hint in reasons]
    missing = _points(question) - _points(said)
    checks.append(
        Check(
            "points",
            "每一点都答了",
            not missing,
            "还没答到：" + "、".join(str(one) for one in sorted(missing)) if missing else "",
        )
    )
    hard = [word for word in JARGON if word in said]
    checks.append(Check("plain", "用的是平常话", not hard, "；".join(f"“{word}”可以说成“{JARGON[word]}”" for word in hard)))
    return tuple(checks)


def _points(text: str) -> set[int]:
    """Numbers of the points in a text that has at least two of them: 1. 2. · 一、二、 · （1） · 第一 · ①."""
    found = {_number("".join(groups)) for groups in _POINTS.findall(text)}
    return found if len(found) > 1 else set()


def _number(sign: str) -> int:
    return next(digits.index(sign) + 1 for digits in ("123456789", "一二三四五六七八九", "①②③④⑤⑥⑦⑧⑨") if sign in digits)
