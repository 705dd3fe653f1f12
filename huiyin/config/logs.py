"""The one log format. It leaves out what could tell about people: query strings, numbers, addresses, values in error texts."""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

QUERY = re.compile(r"\?[^\s\"']*")
# What stands in quotes in an error is usually a value; names of our own modules are not.
QUOTED = re.compile(r"'(?!huiyin\.)[^']*'|\"[^\"]*\"|«[^»]*»|“[^”]*”")
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
DIGITS = re.compile(r"\d[\d -]{5,}\d")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Time, level, logger, message; of an exception its type, where it happened, and its first line without values."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%d %H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """One record as text. What a caller put into the message is masked as well."""
        plain = logging.makeLogRecord({**record.__dict__, "msg": masked(record.getMessage()), "args": None, "exc_text": None})
        return super().format(plain)

    def formatException(self, ei: ExcInfo) -> str:
        """Every exception of the chain, innermost cause first, with file, line and function but without source or values."""
        error = ei[1]
        return "" if error is None else "\n".join(_described(link) for link in _chain(error))


def masked(text: str) -> str:
    """The text without query strings, mail addresses and runs of seven or more digits."""
    return DIGITS.sub("…", MAIL.sub("…", QUERY.sub("?…", text)))


def _described(error: BaseException) -> str:
    lines = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    first = (str(error).splitlines() or [""])[0]
    return "\n".join([f"{type(error).__qualname__}: {HAN.sub('…', QUOTED.sub('…', masked(first)))[:300]}", *lines])


def _chain(error: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in links:
        links.append(following)
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    return links[::-1]
