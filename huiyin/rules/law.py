"""Whether a quotation stands literally in the text of a statute."""

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


def _bare(text: str) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).translate(_SAME)
