"""What people type, made fit to keep: cleaned words, telephone numbers, addresses and times, refused only with a plain reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

LINE, WORDS, LONG = 2_000, 5_000, 10_000  # limits in characters (code points)

AHEAD = timedelta(minutes=10)  # how far a phone's clock may be ahead
LONG_AGO = timedelta(days=731)


class Bad(ValueError):
    """Something given cannot be taken. code is stable; message is plain Chinese; template and values serve a translation of it.

    Every message of a kind stands in its `messages`, by code.
    """

    messages: ClassVar[Mapping[str, str]] = {}

    def __init__(self, code: str, **values: str | int) -> None:
        self.code = code
        self.template = self.messages[code]
        self.values = values
        self.message = self.template % values
        super().__init__(self.message)


class BadText(Bad):
    """A text, number, address or time that cannot be kept as it is."""

    messages: ClassVar[Mapping[str, str]] = {
        "empty": "这里还没有写字",
        "too_long": "写了 %(length)d 个字，最多能写 %(limit)d 个，请删短一些",
        "phone": "那不像一个电话号码。手机是 11 位；座机请连区号一起写，例如 0700-555 0112",
        "phone_area": "座机请连区号一起写，例如 0700-555 0112",
        "email": "那不像一个电子邮箱。它应当像 name@example.com",
        "future": "这个时间还没有到，请再看看日期和钟点",
        "long_ago": "这个时间是两年以前，请再看看年份",
        "code_short": "还差 %(missing)d 位，请对照回执再看看",
        "code_long": "多了 %(extra)d 位，请对照回执再看看",
        "code_sign": "回执码里没有“%(sign)s”，请对照回执再看看",
        "number": "编号应当像 2611-00379，请对照回执再看看",
    }


@dataclass(frozen=True, slots=True)
class Cleaned:
    """text: fit to keep. changed: whether signs were taken out or composed (ends of lines and outer blanks do not count)."""

    text: str
    changed: bool


def clean_words(raw: str, limit: int = WORDS) -> Cleaned:
    """The words as somebody meant them: NFC, no control, direction or invisible signs, no lone surrogates, no blanks around.

    Letters, punctuation and full-width forms stay as they were typed (never NFKC), emoji and their joiners too.
    limit is in characters. Raises BadText: empty, too_long.
    """
    lined = _NEW_LINES.sub("\n", raw)
    text = unicodedata.normalize("NFC", visible(lined))
    text = _HEAPED.sub(r"\1", text).strip()
    if not any(_shows(sign) for sign in text):
        raise BadText("empty")
    if len(text) > limit:
        raise BadText("too_long", length=len(text), limit=limit)
    return Cleaned(text=text, changed=text != lined.strip())


def visible(raw: str) -> str:
    """raw without controls (but tab and new line), marks of direction, lone surrogates and signs that show nothing."""
    return _JOINER.sub(_joined, _UNWANTED.sub("", raw))


def single_line(raw: str, limit: int = LINE) -> str:
    """As clean_words, with every run of blanks, tabs and line ends made one blank. Raises BadText: empty, too_long."""
    text = " ".join(clean_words(raw, 3 * len(raw) + 1).text.split())
    if len(text) > limit:
        raise BadText("too_long", length=len(text), limit=limit)
    return text


def phone(raw: str, area: str = "") -> str:
    """A telephone number of the mainland in one form, so that the same number always reads the same.

    Mobile 19900000001; fixed line 0700-5550112, with an extension 0700-5550112-8; 400 number 4000000000.
    area: the county's own area code, put before a fixed line that came without one. Raises BadText: empty, phone, phone_area.
    """
    text = unicodedata.normalize("NFKC", single_line(raw)).replace("转", "-")
    if not _PHONE_SIGNS.fullmatch(text):
        raise BadText("phone")
    everything = _without_country(_digits(text))
    if _MOBILE.fullmatch(everything) or _SERVICE.fullmatch(everything):
        return everything
    digits, extension = _split_extension(text)
    digits = _without_country(digits)
    if _LOCAL.fullmatch(digits):
        if not area:
            raise BadText("phone_area")
        digits = area + digits
    if (line := _FIXED.fullmatch(digits)) is None:
        raise BadText("phone")
    return "-".join(part for part in (line[1], line[2], extension) if part)


def email(raw: str) -> str:
    """An e-mail address with its host in small letters. A plain check of form, not of being there. Raises BadText: empty, email."""
    text = unicodedata.normalize("NFKC", single_line(raw))
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise BadText("email")
    name, _, host = text.rpartition("@")
    return f"{name}@{host.lower()}"


def occurred_at(moment: datetime, now: datetime) -> datetime:
    """moment, if something can be said to have happened then: not more than 10 minutes ahead of now, not over two years back.

    Raises BadText: future, long_ago; ValueError for a naive time.
    """
    if moment.utcoffset() is None or now.utcoffset() is None:
        raise ValueError("a time needs a time zone")
    if moment > now + AHEAD:
        raise BadText("future")
    if moment < now - LONG_AGO:
        raise BadText("long_ago")
    return moment


# ---- signs ------------------------------------------------------------------------------------------------------------

_NEW_LINES = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")

_UNWANTED = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls but tab and new line
    "\xad\u061c\u180e\u200b\u200c\u200e\u200f"  # soft hyphen, marks of direction, nothing wide
    "\u115f\u1160\u2800\u3164\uffa0"  # letters that show nothing
    "\u202a-\u202e\u2060-\u206f"  # embeddings, overrides, isolates, invisible operators
    "\ufeff\ufff9-\ufffb\ufffe\uffff"  # byte order mark, annotations, what is no character
    "\ud800-\udfff"  # lone surrogates
    "\U000e0000-\U000e007f"  # tags
    "]"
)
_JOINER = re.compile("\u200d")
_ACCENT = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_HEAPED = re.compile(f"({_ACCENT}{{3}}){_ACCENT}+")

_PICTURES = ((0x1F000, 0x1FAFF), (0x2600, 0x27BF), (0x2300, 0x23FF), (0x2B00, 0x2BFF), (0x2190, 0x21FF))
_PICTURE_SIGN = 0xFE0F


def _joined(match: re.Match[str]) -> str:
    """The joiner, if it stands between two pictures, where it makes one of them."""
    start, end, text = match.start(), match.end(), match.string
    between = start > 0 and end < len(text) and _is_picture(text[start - 1]) and _is_picture(text[end])
    return match[0] if between else ""


def _shows(sign: str) -> bool:
    category = unicodedata.category(sign)
    return category[0] in "LNPS" or category == "Co"  # private use: rare characters of names


def _is_picture(sign: str) -> bool:
    point = ord(sign)
    return point == _PICTURE_SIGN or any(low <= point <= high for low, high in _PICTURES)


# ---- numbers and addresses --------------------------------------------------------------------------------------------

_PHONE_SIGNS = re.compile(r"[(\[]?(?:\+ ?86)?[0-9()\[\] .\u00b7\u2010-\u2015\u2212-]+")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_LOCAL = re.compile(r"[2-9][0-9]{6,7}")
_FIXED = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([2-9][0-9]{6,7})")
_EMAIL = re.compile(r"[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")
_HYPHEN = re.compile(r"[\u2010-\u2015\u2212-]")


def _split_extension(text: str) -> tuple[str, str]:
    """The digits of the number and those of an extension: a last group of up to 5 digits behind a hyphen after a whole number."""
    body, _, tail = _HYPHEN.sub("-", text).rpartition("-")
    digits, extension = _digits(body), _digits(tail)
    whole = _FIXED.fullmatch(_without_country(digits)) or _LOCAL.fullmatch(digits)
    if whole and 1 <= len(extension) <= 5:
        return digits, extension
    return digits + extension, ""


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign in "0123456789")


def _without_country(digits: str) -> str:
    for prefix in ("0086", "86"):
        rest = digits.removeprefix(prefix)
        if rest != digits and (_MOBILE.fullmatch(rest) or _FIXED.fullmatch(rest)):
            return rest
        if rest != digits and _FIXED.fullmatch("0" + rest):
            return "0" + rest
    return digits
