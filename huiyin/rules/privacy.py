"""What in a text meant for the public would point to a person: numbers of identity cards and telephones, and doors."""

from __future__ import annotations

import re

_IDENTITY = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_DOOR = re.compile(
    r"[\d一二三四五六七八九十]+\s*(?:栋|幢|号楼|单元)[^，。；\n]{0,8}?[\d一二三四五六七八九十]+\s*(?:室|户|房|号(?!楼))|\d+\s*室|[栋幢]\s*\d{3,4}"
)

#: What is found, as it is told to who wrote it.
FOUND = {"identity": "身份证号码", "mobile": "手机号码", "door": "门牌号"}


def points_to_somebody(text: str) -> list[str]:
    """Codes of FOUND, in their order; empty where nothing of the kind stands there. A name cannot be told from other words: whoever knows
    the party's name looks for it beside this."""
    signs = {"identity": _IDENTITY, "mobile": _MOBILE, "door": _DOOR}
    return [code for code, sign in signs.items() if sign.search(text)]
