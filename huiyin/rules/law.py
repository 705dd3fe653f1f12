"""What a statute's words say by themselves: whether a quotation stands in them, which penalties a clause names, and its range of fines."""

from __future__ import annotations

import re
import unicodedata

_BLANKS = re.compile(r"\s+")
_SAME = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "…": "."})


def stands_in(quote: str, statute: str) -> bool:
    """Whether every character of the quotation stands there in its order, but for white space and full- or half-width signs.

    An empty quotation stands nowhere: there is nothing to check.
    """
    wanted = _bare(quote)
    return bool(wanted) and wanted in _bare(statute)


def strays_at(quote: str, statute: str) -> str:
    """What is left of a quotation from where it leaves the statute; empty where all of it stands there.

    The part before it is the longest beginning that stands in the statute as a whole.
    """
    text = _bare(statute)
    good, bad = 0, len(quote) + 1  # the beginnings of these lengths stand there and do not
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if _bare(quote[:middle]) in text else (good, middle)
    return quote[good:].strip()


def _bare(text: str) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).translate(_SAME)


# ── what a clause's words name ────────────────────────────────────────────────────────────────

#: How clauses call each kind of penalty (行政处罚法 9, 治安管理处罚法 10).
_KINDS = {
    "warning": ("警告",),
    "criticism": ("通报批评",),
    "fine": ("罚款",),
    "confiscation": ("没收",),
    "suspend": ("暂扣",),
    "downgrade": ("降低资质", "降低等级"),
    "revoke": ("吊销",),
    "limit": ("限制开展",),
    "halt": ("停产停业", "责令停业", "停业整顿", "停产整治", "停业整治", "停止使用", "停止施工"),
    "shut": ("关闭",),
    "bar": ("限制从业", "不得从事", "禁止从业"),
    "detention": ("拘留",),
}
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SUM = r"((?:\d[\d,]*(?:\.\d+)?万?)|[零〇一二两三四五六七八九十百千万亿]+)"
_FROM_TO = re.compile(_SUM + r"元?以上" + _SUM + r"元以下(?:的)?(?:罚款|罚金)")
_UP_TO = re.compile(r"(?<![以上])" + _SUM + r"元以下(?:的)?罚款")

#: A fine measured by something else than a sum.
_OF_A_VALUE = re.compile(
    r"(?:倍|百分之[零一二三四五六七八九十百]+|\d%)(?:以上|以下)?[^。；]{0,24}罚款|每[^，。；]{1,8}(?:处以?|罚款)"
)
_REFUSING = re.compile(r"(?:拒不改正|逾期不改正|逾期未改正|拒不停止|逾期不处理)的?[，,]")
_POWERS = {
    "seal": ("查封",),
    "impound": ("扣押",),
    "demolish": ("强制拆除", "予以拆除", "可以拆除"),
    "collect": ("划拨", "拍卖"),
    "cut_off": ("停止供",),
    "enforce": ("强制执行", "代为履行", "代履行", "代为"),
}


def kinds_in(quote: str) -> frozenset[str]:
    """The penalties a clause names, by their codes; empty where it names none (its text may be cut short)."""
    return frozenset(code for code, words in _KINDS.items() if any(word in quote for word in words))


def yuan(text: str) -> int:
    """A sum as statutes write it (二百, 五千, 一万, 5000, 1,000, 5万) in yuan. Raises ValueError for anything else."""
    plain = text.replace(",", "")
    if plain[:1].isdigit():
        return round(float(plain[:-1]) * 10_000) if plain.endswith("万") else round(float(plain))
    total = section = digit = 0
    for sign in plain:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _TENS:
            section, digit = section + (digit or 1) * _TENS[sign], 0
        elif sign in "万亿":
            total, section, digit = (total + section + digit) * (10_000 if sign == "万" else 100_000_000), 0, 0
        else:
            raise ValueError(f"{text} is no sum")
    return total + section + digit


def range_in(quote: str) -> tuple[int, int] | None:
    """The widest range of fines a clause states, in yuan, both ends included (治安管理处罚法 143); None where it states none in yuan, or
    also one that no words can turn into yuan (so many times or per cent of a value, so much for each).

    A clause with several ranges (for persons and firms, or graver cases) gives the lowest low and the highest high: what lies outside
    it lies outside every one of them.
    """
    if _OF_A_VALUE.search(quote):
        return None
    lows, highs = [], []
    for low, high in _FROM_TO.findall(quote):
        lows.append(yuan(low))
        highs.append(yuan(high))
    for high in _UP_TO.findall(_FROM_TO.sub("", quote)):
        lows.append(0)
        highs.append(yuan(high))
    return (min(lows), max(highs)) if highs else None


def after_refusal(quote: str) -> tuple[str, str]:
    """A clause's words before and after those that ask for more of who does not correct (拒不改正的, 逾期不改正的, …); the second part is
    empty where none stand in it."""
    found = _REFUSING.search(quote)
    return (quote[: found.start()], quote[found.end() :]) if found else (quote, "")


def powers_in(quote: str) -> frozenset[str]:
    """Which coercion a clause names: seal, impound, demolish, collect, cut_off, enforce; empty where it names none of them by word."""
    return frozenset(code for code, words in _POWERS.items() if any(word in quote for word in words))
