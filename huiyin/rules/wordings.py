"""Which short words many residents use for a matter and its list does not know yet. No word is taken from fewer than three reports."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

FEWEST_REPORTS = 3  # a word that three people wrote belongs to nobody
SIZES = (2, 3, 4)  # characters
LIKELIER = 3  # times as frequent here as elsewhere
MOST = 8

_RUNS = re.compile(r"[\u4e00-\u9fff]+")  # letters of Chinese only: no digits, so no numbers of phones, houses or cars
_EDGES = frozenset(
    "的了在是有我你他她它们这那就都也还又把被给和跟与及着过到吗呢啊吧很太个只一不没人来去说要会能上下里从对让向们请"
)


def missing_words(mine: Sequence[str], others: Iterable[str], known: Iterable[str]) -> list[str]:
    """Up to MOST words of `mine` (texts of one item's reports) that stand in none of `known` and seldom in `others`, best first."""
    here = _counted(mine)
    there = _counted(list(others))
    spoken = "\n".join(known)
    share = max(1, there.total) / max(1, len(mine))
    found = [
        word
        for word, many in here.words.items()
        if many >= FEWEST_REPORTS and word not in spoken and many * share >= LIKELIER * there.words.get(word, 0)
    ]
    return _longest_only(sorted(found, key=lambda word: (-here.words[word] * len(word), word)))[:MOST]


class _Counts:
    def __init__(self, total: int, words: Counter[str]) -> None:
        self.total = total
        self.words = words


def _counted(texts: Sequence[str]) -> _Counts:
    """In how many texts each word stands."""
    words: Counter[str] = Counter()
    for text in texts:
        words.update(_words(text))
    return _Counts(len(texts), words)


def _words(text: str) -> set[str]:
    found = set()
    for run in _RUNS.findall(text[:1000]):
        for size in SIZES:
            for start in range(len(run) - size + 1):
                word = run[start : start + size]
                if word[0] not in _EDGES and word[-1] not in _EDGES:
                    found.add(word)
    return found


def _longest_only(words: list[str]) -> list[str]:
    """Without words that stand within a better one, or hold one."""
    kept: list[str] = []
    for word in words:
        if not any(word in other or other in word for other in kept):
            kept.append(word)
    return kept
