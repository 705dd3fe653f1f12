"""Receipt codes and case numbers: how they are made, read back from what people type, and shown."""

from __future__ import annotations

import re
import unicodedata

from huiyin.rules.texts import BadText, visible

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
LENGTH = 12  # 60 bits

_LOOK_ALIKES = str.maketrans("OIL", "011")
_BLANKS = re.compile(r"[\s\u2010-\u2015\u2212_.\u00b7-]+")
_NUMBER = re.compile(r"([0-9]{2})(0[1-9]|1[0-2])(?:-([0-9]{1,5})|([0-9]{5}))")
_HYPHENS = re.compile(r"[\s\u2010-\u2015\u2212_-]+")


def code_from(mac: bytes) -> str:
    """The 12 characters of a receipt code: the first 60 bits of a MAC of at least 8 bytes. Raises ValueError for a shorter one."""
    if len(mac) < 8:
        raise ValueError("a receipt code needs 8 bytes or more")
    bits = int.from_bytes(mac[:8], "big") >> 4
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def normalise(raw: str) -> str:
    """A code as it was made, from how somebody typed it: any case, full-width, with blanks and hyphens, O for 0, I or L for 1.

    Raises BadText: empty, code_sign, code_short, code_long.
    """
    typed = _BLANKS.sub("", unicodedata.normalize("NFKC", visible(raw[:1000]))).upper()
    code = typed.translate(_LOOK_ALIKES)
    if not code:
        raise BadText("empty")
    if strange := next((sign for sign in code if sign not in ALPHABET), ""):
        raise BadText("code_sign", sign=strange if strange.isprintable() else "?")
    if len(code) < LENGTH:
        raise BadText("code_short", missing=LENGTH - len(code))
    if len(code) > LENGTH:
        raise BadText("code_long", extra=len(code) - LENGTH)
    return code


def grouped(code: str) -> str:
    """7K4M9TQX2B8D → 7K4M-9TQX-2B8D, which is easier to read out and to copy."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def case_number(year: int, month: int, serial: int) -> str:
    """The public number of a case: YYMM-NNNNN. Raises ValueError for a month that is none or a serial outside 1–99999."""
    if not 1 <= month <= 12 or not 1 <= serial <= 99_999:
        raise ValueError(f"no case number for month {month}, serial {serial}")
    return f"{year % 100:02}{month:02}-{serial:05}"


def number(raw: str) -> str:
    """A case number as it is kept, from how somebody typed it: full-width, without the hyphen, without leading zeros behind it.

    Raises BadText: empty, number.
    """
    typed = _HYPHENS.sub("-", unicodedata.normalize("NFKC", visible(raw[:100])).strip())
    if not typed:
        raise BadText("empty")
    if (found := _NUMBER.fullmatch(typed)) is None:
        raise BadText("number")
    serial = int(found[3] or found[4])
    if serial == 0:
        raise BadText("number")
    return f"{found[1]}{found[2]}-{serial:05}"


def parse(case: str) -> tuple[int, int, int]:
    """(year of the century, month, serial) of a number that `number` accepts. Raises BadText: empty, number."""
    kept = number(case)
    return int(kept[:2]), int(kept[2:4]), int(kept[5:])
