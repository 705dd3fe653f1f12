"""How an official text is written: Chinese punctuation, sums in capitals, dates, titles that break evenly."""

from __future__ import annotations

import re
from datetime import date, datetime

from huiyin.rules.deadlines import SHANGHAI

_HAN = "\u3400-\u9fff\U00020000-\U0003134f"
_CLOSE = "）》」』】〕”’"
_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_AFTER_HAN = re.compile(f"(?<=[{_HAN}{_CLOSE}])([,;:?!])[ ]*")
_BEFORE_HAN = re.compile(f"([,;?!])[ ]*(?=[{_HAN}《“（])")
_STOP = re.compile(f"(?<=[{_HAN}{_CLOSE}])\\.(?=\\s|$|[{_HAN}])")
_BRACKETS = re.compile(f"\\(([^()\\n]*[{_HAN}][^()\\n]*)\\)|(?<=[{_HAN}])\\(([^()\\n]*)\\)")
_QUOTED = re.compile('"([^"\\n]*)"')
_DOTS = re.compile(r"\.{3,}|。{3,}|…(?!…)(?<!……)")
_DASH = re.compile(f"(?<=[{_HAN}])--+(?=[{_HAN}])")

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_MOST = 10**16


def punctuated(text: str) -> str:
    """ASCII punctuation beside Chinese characters as the full-width marks of GB/T 15834; numbers, times and addresses stay."""
    text = text.replace("￥", "¥")  # the Fangsong that comes with the product draws the full-width sign as a dollar
    text = _BRACKETS.sub(lambda found: f"（{found.group(1) or found.group(2) or ''}）", text)
    text = _AFTER_HAN.sub(lambda found: _WIDE[found.group(1)], text)
    text = _BEFORE_HAN.sub(lambda found: _WIDE[found.group(1)], text)
    text = _STOP.sub("。", text)
    if re.search(f"[{_HAN}]", text):
        text = _QUOTED.sub("“\\1”", text)
        text = _DOTS.sub("……", text)
    return _DASH.sub("——", text)


def ended(text: str) -> str:
    """With a full stop where a sentence has none; what ends in a mark, or in a quotation that has its own, stays."""
    if not text or text[-1] in "。；：！？…）":
        return text
    return text if text[-1] == "”" and text[-2:-1] in "。！？…" else text + "。"


_STATUTE = re.compile(
    r"^(?P<law>.+?)(?:（[^（）]*(?:修正|修订|通过)[^（）]*）)?(?P<article>第[零一二三四五六七八九十百千]+条.*)?$"
)


def statute(label: str) -> str:
    """《城乡规划法》第六十四条: the name of a law in its marks, without the year of its revision, as a document cites it."""
    found = _STATUTE.match(label)
    if found is None or label.startswith("《"):
        return label
    return f"《{found['law']}》{found['article'] or ''}"


def in_capitals(yuan: int) -> str:
    """A whole sum as it is written on a decision: 壹仟零贰拾元整. Raises ValueError below 0 or from 10^16 on."""
    if not 0 <= yuan < _MOST:
        raise ValueError(f"{yuan} cannot be written out")
    if yuan == 0:
        return "零元整"
    groups, rest = [], yuan
    while rest:
        rest, group = divmod(rest, 10_000)
        groups.append(group)
    written = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group == 0:
            continue
        if written and (group < 1000 or (place + 1 < len(groups) and groups[place + 1] == 0)):
            written += "零"
        written += _group(group) + _GROUPS[place]
    return written + "元整"


def _group(group: int) -> str:
    """1 to 9999."""
    said, gap = "", False
    for unit in range(3, -1, -1):
        digit = group // 10**unit % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + _UNITS[unit]
            gap = False
        else:
            gap = True
    return said


def money(yuan: int) -> str:
    """人民币贰佰元整（¥200）."""
    return f"人民币{in_capitals(yuan)}（¥{yuan:,}）"


def day(value: date) -> str:
    """2026年11月3日, as 成文日期 is written: Arabic numerals, no leading zeros (GB/T 9704 7.3.5.4)."""
    return f"{value.year}年{value.month}月{value.day}日"


def day_at(at: datetime) -> str:
    """The day of a moment here (Asia/Shanghai)."""
    return day(at.astimezone(SHANGHAI).date())


def moment(at: datetime) -> str:
    """2026年11月3日16时20分, the time here."""
    here = at.astimezone(SHANGHAI)
    return f"{day(here.date())}{here.hour}时{here.minute:02d}分"


def until(began: datetime, ended: datetime) -> str:
    """When something ended: the time alone where that was the day it began."""
    here = day_at(ended)
    return moment(ended).removeprefix(here) if day_at(began) == here else moment(ended)


def birth(text: str) -> str:
    """1980年5月1日 of 1980-05-01; what is no date stays as it was typed."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


def number(word: str, year: int, serial: int) -> str:
    """会城管罚告字〔2026〕3号: hexagonal brackets, no 第, no leading zeros (GB/T 9704 7.2.5)."""
    return f"{word}〔{year}〕{serial}号"


# ── titles ───────────────────────────────────────────────────────────────────────────────────

_NEVER_FIRST = "，。；：、？！）》」』】〕”’的之与和及等号"
_NEVER_LAST = "（《「『【〔“‘不未第"
_GOOD_AFTER = "的于在对与和及、）》"
#: Words that titles of such documents are made of; a line does not end inside one.
_TITLE_WORDS = (
    "关于 提醒 督促 履行 依法 社会 生活 噪声 监督 管理 职责 责任 限期 反馈 办理 情况 物业 服务 企业 小区 "
    "社区 行政 执法 处罚 强制 措施 执行 决定 通知 告知 整改 落实 问题 规范 加强 工作 违法 建设 案件 有关 "
    "事项 巡查 联合 公共 消防 安全 环境 卫生 公安 城市 住房 市场 综合 单位 部门 意见 检查 情形 期限 清理 "
    "养犬 家禽 油烟 垃圾 投诉 反映 回复 答复 居民 群众 "
)
_WORDS = frozenset(_TITLE_WORDS.split())


def balanced(title: str, per_line: int) -> list[str]:
    """A title as lines of nearly equal length, `per_line` characters at most, broken where a reader would (GB/T 9704 7.3.1: 词意完整,
    排列对称). Never leaves one or two characters alone."""
    lines = -(-len(title) // per_line)
    if lines <= 1:
        return [title] if title else []
    made, rest = [], title
    for left in range(lines, 1, -1):
        ideal = len(rest) / left
        cut = min(_cuts(rest, per_line, left), key=lambda at: _cost(rest, at, ideal))
        made.append(rest[:cut])
        rest = rest[cut:]
    return [*made, rest]


def _cuts(rest: str, per_line: int, left: int) -> list[int]:
    """Where the first of `left` lines may end so that what follows still fits."""
    least = max(1, len(rest) - per_line * (left - 1))
    able = range(least, min(per_line, len(rest) - 1) + 1)
    return list(able) or [min(per_line, len(rest))]


def _cost(rest: str, cut: int, ideal: float) -> float:
    before, after = rest[cut - 1], rest[cut]
    inside = rest[:cut].count("《") > rest[:cut].count("》")
    cost = abs(cut - ideal)
    cost += 12 * (before + after in _WORDS) + 40 * (after in _NEVER_FIRST) + 40 * (before in _NEVER_LAST) + 6 * inside
    return cost - 2 * (before in _GOOD_AFTER)
