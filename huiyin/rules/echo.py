"""What a reply to a resident should say: a visible checklist, and the refusal of a reply that only says "received" or "passed on"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

SHORTEST = 8
POLICE_SENTENCE = "公安机关已依法处理"

_EMPTY_WORDS = re.compile(
    r"您好|你好|尊敬的|居民|市民|业主|同志|朋友|先生|女士|感谢|谢谢|您的?|你的?|我们|我局|我单位|本单位|本局|我社区|我站|"
    r"对|就|已经|已|会|将|正在|请|于|向|给|把|由|到|至|的|了|相关|有关|具体|情况|此事|该事|这件事|事项|问题|反映|来信|来电|诉求|投诉|意见|建议|工单|"
    r"收悉|收到|知悉|知晓|受理|登记|记录|转交|转办|转送|转给|转达|转|移交|交办|交由|派发|派单|流转|上报|反馈|"
    r"部门|单位|科室|物业|社区|责任|主管|职能|相应|"
    r"处理|办理|处置|核实|调查|跟进|关注|重视|高度|尽快|及时|认真|妥善|进一步|下一步|依法|依规|按照|规定|程序|耐心|等待|等候|"
    r"支持|理解|配合|工作|监督|生活|愉快|祝|欢迎|再次|[\s，。！？、；：,.!?;:“”\"'（）()《》0-9一二三四五六七八九十年月日号]"
)
_DONE = re.compile(
    r"到(现场|场|您|楼|小区|家|店|点)|上门|现场|查看|检查|核查|复查|劝|约谈|清理|清走|清扫|清运|拆除|拆|修好|修复|维修|更换|停工|停止|停了|"
    r"移走|搬走|挪走|搬离|送走|关小|关了|责令|改正|整改|处罚|罚款|警告|调解|协议|没有发现|未发现|查无|找不到|协商|补种|装上|安装|"
    r"不属于|不在|应当向|可以向|请向|可向|拨打|法院|起诉|复议|仲裁|信访"
)
_FOUND = re.compile(r"现场|查看|发现|看到|核实(到|后)|检查|属实|不属实|测得|检测|询问|了解到|经查")
_BASIS = re.compile(r"《[^》]{2,30}》|第[零〇一二三四五六七八九十百千0-9]+条|清单|依据|规定")
_WHEN = re.compile(r"\d+\s*(月|日|号|天|点|个工作日)|今天|昨天|明天|上午|下午|当天|当场|已于")
_WHO = re.compile(r"局|大队|中心|社区|街道|镇政府|派出所|物业|联络站|司法所")
_PHONE = re.compile(r"(?<!\d)(0\d{2,3}[- ]?\d{3,4}[- ]?\d{4}|1\d{2}[- ]?\d{4}[- ]?\d{4}|12345|\d{3,4}[- ]\d{4})(?!\d)")
_POINTS = re.compile(r"(?:^|[\s。；;，,])([1-9])[\.、．)）]|第([一二三四五六七八九])[，、个件点]")

#: Words that residents do not use, and what to say instead (NOTES of the visual language).
JARGON: dict[str, str] = {
    "诉求": "反映的事",
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

    Refused: nothing, fewer than 8 characters, or words that say only that the report was received, passed on or will be dealt with.
    """
    said = text.strip()
    if POLICE_SENTENCE in said:
        return None
    if len(said) < SHORTEST:
        return "回音太短了：请说清楚查到什么、做了什么、找谁。"
    rest = _EMPTY_WORDS.sub("", said)
    if _DONE.search(said) and len(rest) >= 2:
        return None
    if len(rest) < SHORTEST:
        return "这段话只说了“收到”或“已转”，居民还是不知道结果：请写查到什么、做了什么，或者为什么不能办、找谁。"
    return None


def check_reply(text: str, question: str = "") -> tuple[Check, ...]:
    """The checklist shown beside a draft. `question` is what was reported; its numbered points must all be answered. Only `refusal`
    forbids; the rest advises."""
    said = text.strip()
    reasons: tuple[tuple[str, str, Callable[[str], bool], str], ...] = (
        ("found", "说了查到什么", lambda t: bool(_FOUND.search(t)), "去看过吗？看到了什么？"),
        ("done", "说了做了什么、什么时候", lambda t: bool(_DONE.search(t)) and bool(_WHEN.search(t)), "做了什么？哪一天？"),
        ("basis", "说了依据", lambda t: bool(_BASIS.search(t)), "按哪条规定或哪张清单？"),
        ("who", "有单位和电话", lambda t: bool(_WHO.search(t)) and bool(_PHONE.search(t)), "写上单位和电话，居民好再找您。"),
        ("more", "不只是“收到”“已转”", lambda t: refusal(t) is None, "写结果，或者为什么不能办。"),
    )
    checks = [Check(code, label, test(said), hint) for code, label, test, hint in reasons]
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
    """Numbers of the points in a text that has at least two of them."""
    found = {int(a) if a else "一二三四五六七八九".index(b) + 1 for a, b in _POINTS.findall(text)}
    return found if len(found) > 1 else set()
