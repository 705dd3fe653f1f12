"""Whether a quotation stands literally in the text of a statute, and where it stops doing so."""

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
