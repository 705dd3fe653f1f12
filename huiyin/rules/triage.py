"""What a message is about: cosine on characters over the lists' names, descriptions and phrases, with the words that spoke for each item."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 600  # characters of a message that are looked at
IN_SCOPE = 0.12  # below this best score a message is taken to be on neither list
_PUNCTUATION = re.compile(r"[\s\W_]+", re.UNICODE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemText:
    """What the catalogue says of one item."""

    code: str
    name: str
    plain: str
    phrases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One item with its score (0–1) and the words of the message that spoke for it."""

    code: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """Up to three suggestions, best first; `in_scope` False means 不在清单 should stand first."""

    suggestions: tuple[Suggestion, ...]
    in_scope: bool
    score: float
    index: str


def _grams(text: str) -> Counter[str]:
    """Character 1–3-grams within runs of letters, so that punctuation makes no words."""
    found: Counter[str] = Counter()
    for run in _PUNCTUATION.split(text.lower()[:LONGEST]):
        for size in (1, 2, 3):
            for start in range(len(run) - size + 1):
                found[run[start : start + size]] += 1
    return found


def _weights(grams: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    raw = {gram: (1 + math.log(count)) * rarity[gram] for gram, count in grams.items() if gram in rarity}
    length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
    return {gram: weight / length for gram, weight in raw.items()}


@dataclass(frozen=True, slots=True)
class Index:
    """An inverted index over the items' texts. Each text (name with description, every phrase, the keywords together) is one document;
    an item's score is its best document, with a little of the second."""

    version: str
    _rarity: Mapping[str, float]
    _postings: Mapping[str, tuple[tuple[int, float], ...]]
    _owner: tuple[str, ...]
    _words: Mapping[str, tuple[str, ...]]

    @classmethod
    def build(cls, items: Iterable[ItemText]) -> Index:
        listed = list(items)
        documents = [(item.code, text) for item in listed for text in _documents(item)]
        counted = [(code, _grams(text)) for code, text in documents]
        seen: Counter[str] = Counter()
        for _, grams in counted:
            seen.update(grams.keys())
        total = len(counted) or 1
        # Single characters say little in Chinese; they only help where nothing longer matches.
        rarity = {gram: math.log(1 + total / count) * (0.35 if len(gram) == 1 else 1.0) for gram, count in seen.items()}
        postings: dict[str, list[tuple[int, float]]] = {}
        for number, (_, grams) in enumerate(counted):
            for gram, weight in _weights(grams, rarity).items():
                postings.setdefault(gram, []).append((number, weight))
        digest = hashlib.sha256("\x00".join(f"{code}\x01{text}" for code, text in documents).encode()).hexdigest()
        return cls(
            version=digest[:16],
            _rarity=rarity,
            _postings={gram: tuple(rows) for gram, rows in postings.items()},
            _owner=tuple(code for code, _ in documents),
            _words={item.code: (*item.keywords, *_runs(item)) for item in listed},
        )

    def suggest(self, text: str, top: int = 3) -> Suggested:
        """The best items for a message; empty for a message without letters."""
        scores = [0.0] * len(self._owner)
        for gram, weight in _weights(_grams(text), self._rarity).items():
            for number, other in self._postings[gram]:
                scores[number] += weight * other
        best: dict[str, list[float]] = {}
        for code, score in zip(self._owner, scores, strict=True):
            if score > 0:
                best.setdefault(code, []).append(score)
        ranked = sorted(
            ((self._total(code, found, text), code) for code, found in best.items()), key=lambda pair: (-pair[0], pair[1])
        )
        suggestions = tuple(Suggestion(code=code, score=score, words=self._spoke(code, text)) for score, code in ranked[:top])
        first = suggestions[0].score if suggestions else 0.0
        return Suggested(suggestions=suggestions, in_scope=first >= IN_SCOPE, score=first, index=self.version)

    def _total(self, code: str, found: list[float], text: str) -> float:
        found.sort(reverse=True)
        hits = sum(1 for word in self._words[code] if len(word) > 1 and word in text)
        return min(1.0, found[0] + 0.25 * (found[1] if len(found) > 1 else 0.0) + 0.06 * min(hits, 3))

    def _spoke(self, code: str, text: str) -> tuple[str, ...]:
        """The longest words of the item that stand in the message, at most three, none inside another."""
        there = sorted({word for word in self._words[code] if len(word) > 1 and word in text}, key=len, reverse=True)
        kept: list[str] = []
        for word in there:
            if not any(word in longer for longer in kept):
                kept.append(word)
        return tuple(kept[:3])


def _documents(item: ItemText) -> list[str]:
    return [f"{item.name} {item.plain}", *item.phrases, " ".join(item.keywords)]


def _runs(item: ItemText) -> tuple[str, ...]:
    """Two-character pieces of the name and description, to show why an item was suggested where no keyword stands in the text."""
    text = _PUNCTUATION.sub(" ", f"{item.name} {item.plain}")
    return tuple(dict.fromkeys(run[start : start + 2] for run in text.split() for start in range(len(run) - 1)))


@lru_cache(maxsize=256)
def _alike(text: str) -> tuple[dict[str, int], float]:
    grams = {gram: count for gram, count in _grams(text).items() if len(gram) > 1}
    return grams, math.sqrt(sum(count * count for count in grams.values()))


def similar(one: str, other: str) -> float:
    """How alike two messages are: cosine on 2- and 3-grams, 0–1."""
    (a, long_a), (b, long_b) = _alike(one), _alike(other)
    if not long_a or not long_b:
        return 0.0
    return sum(count * b.get(gram, 0) for gram, count in a.items()) / (long_a * long_b)
