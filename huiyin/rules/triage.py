"""What a message is about: cosine on characters over the lists' names, descriptions, phrases and keywords, with the words that spoke."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ALGORITHM = "2"  # goes into the version of every index; a change of how scores are made changes it
LONGEST = 1000  # characters of a message that are looked at
IN_SCOPE = (
    0.17  # best scores of messages on the lists' matters lie above, of schools, wages or deeds below, but for one in ten or less
)
SIZES = (1, 2, 3)  # characters in a gram; single characters help where people write short
SECOND = 0.3  # weight of an item's second-best text
CLAUSE = 4  # characters from which a clause is weighed by itself
WORDS = 3  # shown beside a suggestion

_BREAKS = re.compile(r"[\W_]+")
_CLAUSES = re.compile(r"[，。！？；：,.!?;:\n]+")
#: Characters that tell nothing at the edge of a word that is shown.
_FILLERS = "的了在是有我你他她它们这那就都也还又把被给和跟与及着过到吗呢啊吧很太个只一不没人来去说要会能上下里从对让向"


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


@dataclass(frozen=True, slots=True)
class Index:
    """An inverted index over the items' texts: name with description, every phrase and every keyword are a text each.

    An item's score for a piece of writing is its best text's cosine and a little of its second's. A message is weighed as a whole and
    clause by clause, half and half, because people tell of their families first and say what it is about in one clause.
    """

    version: str
    _rarity: Mapping[str, float]
    _unknown: float  # rarity of what stands in no text
    _postings: Mapping[str, tuple[tuple[int, float], ...]]
    _owner: tuple[int, ...]
    _items: tuple[ItemText, ...]
    _pairs: tuple[frozenset[str], ...]  # by item: pairs of characters that may speak for it

    @classmethod
    def build(cls, items: Iterable[ItemText]) -> Index:
        """The index of these items; the same items give the same version on every machine."""
        listed = tuple(items)
        texts = [(number, text) for number, item in enumerate(listed) for text in _texts(item)]
        counted = [(number, _grams(text)) for number, text in texts]
        own = [set[str]().union(*(grams for owner, grams in counted if owner == number)) for number in range(len(listed))]
        seen = Counter(gram for grams in own for gram in grams)
        rarity = {gram: math.log((1 + len(listed)) / (1 + count)) + 1 for gram, count in seen.items()}
        unknown = math.log(1 + len(listed)) + 1
        common = max(1, len(listed) // 4)  # a pair that so many items share speaks for none of them
        postings: dict[str, list[tuple[int, float]]] = {}
        for place, (_, grams) in enumerate(counted):
            for gram, weight in _unit(grams, rarity, unknown).items():
                postings.setdefault(gram, []).append((place, weight))
        return cls(
            version=_version(listed),
            _rarity=rarity,
            _unknown=unknown,
            _postings={gram: tuple(rows) for gram, rows in postings.items()},
            _owner=tuple(number for number, _ in texts),
            _items=listed,
            _pairs=tuple(frozenset(gram for gram in grams if len(gram) == 2 and seen[gram] <= common) for grams in own),
        )

    def suggest(self, text: str, top: int = 3) -> Suggested:
        """The best items for a message, best first; none for a message without letters or for an empty index."""
        text = text[:LONGEST].lower()
        scores = self._scores(text)
        ranked = sorted(
            (number for number, score in enumerate(scores) if score > 0), key=lambda number: (-scores[number], number)
        )
        suggestions = tuple(
            Suggestion(code=self._items[number].code, score=scores[number], words=self._spoke(number, text))
            for number in ranked[:top]
        )
        best = scores[ranked[0]] if ranked else 0.0
        return Suggested(suggestions=suggestions, in_scope=best >= IN_SCOPE, score=best, index=self.version)

    def _scores(self, text: str) -> list[float]:
        whole = self._weigh(text)
        clauses = [self._weigh(clause) for clause in _CLAUSES.split(text) if len(clause) >= CLAUSE]
        if not clauses:
            return whole
        return [min(1.0, (one + max(parts)) / 2) for one, parts in zip(whole, zip(*clauses, strict=True), strict=True)]

    def _weigh(self, text: str) -> list[float]:
        found = [0.0] * len(self._owner)
        for gram, weight in _unit(_grams(text), self._rarity, self._unknown).items():
            for place, other in self._postings.get(gram, ()):
                found[place] += weight * other
        first, second = [0.0] * len(self._items), [0.0] * len(self._items)
        for number, score in zip(self._owner, found, strict=True):
            if score > first[number]:
                first[number], second[number] = score, first[number]
            elif score > second[number]:
                second[number] = score
        return [one + SECOND * other for one, other in zip(first, second, strict=True)]

    def _spoke(self, number: int, text: str) -> tuple[str, ...]:
        """Words of the message that speak for an item: its keywords there, longest first, then what else the message shares with it."""
        keywords = sorted({word for word in self._items[number].keywords if len(word) > 1 and word.lower() in text}, key=_longest)
        shared = sorted(set(_shared(text, self._pairs[number])), key=lambda word: (-self._weight(word), word))
        kept: list[str] = []
        for word in (*keywords, *shared):
            if not any(word in other or other in word for other in kept):
                kept.append(word)
        return tuple(kept[:WORDS])

    def _weight(self, word: str) -> float:
        return sum(self._rarity.get(word[start : start + 2], 0.0) for start in range(len(word) - 1))


def similar(one: str, other: str) -> float:
    """How alike two messages are, whatever their order: cosine on 2- and 3-grams, 0 to 1."""
    return alike(one, [other])[0]


def alike(one: str, others: Iterable[str]) -> list[float]:
    """`similar` of one message to each of many, in their order."""
    mine = _unit(_long_grams(one), {}, 1.0)
    return [sum(weight * theirs.get(gram, 0.0) for gram, weight in mine.items()) for theirs in _units(others)]


def _units(texts: Iterable[str]) -> Iterable[Mapping[str, float]]:
    return (_unit(_long_grams(text), {}, 1.0) for text in texts)


def _long_grams(text: str) -> Counter[str]:
    return Counter({gram: count for gram, count in _grams(text[:LONGEST].lower()).items() if len(gram) > 1})


def _texts(item: ItemText) -> list[str]:
    return [text.lower() for text in (f"{item.name} {item.plain}", *item.phrases, *item.keywords)]


def _grams(text: str) -> Counter[str]:
    """Characters, pairs and threes within runs of letters, so that punctuation makes no words."""
    return Counter(
        run[start : start + size] for run in _BREAKS.split(text) for size in SIZES for start in range(len(run) - size + 1)
    )


def _unit(grams: Mapping[str, int], rarity: Mapping[str, float], unknown: float) -> dict[str, float]:
    """tf-idf weights of length 1. What is unknown counts too, so that a message about something else scores low."""
    raw = {gram: (1 + math.log(count)) * rarity.get(gram, unknown) for gram, count in grams.items()}
    length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
    return {gram: weight / length for gram, weight in raw.items()}


def _shared(text: str, pairs: frozenset[str]) -> Iterable[str]:
    """The longest runs of the message whose every pair of characters the item knows, without fillers at their edges."""
    start = 0
    for at in range(len(text)):
        if text[at : at + 2] not in pairs:
            word = text[start : at + 1].strip(_FILLERS)
            if len(word) > 1:
                yield word
            start = at + 1


def _longest(word: str) -> tuple[int, str]:
    return -len(word), word


def _version(items: tuple[ItemText, ...]) -> str:
    """16 hexadecimal characters that change with any text, code or order, and with the algorithm."""
    said = [[item.code, item.name, item.plain, "\x01".join(item.phrases), "\x01".join(item.keywords)] for item in items]
    return hashlib.sha256("\x00".join([ALGORITHM, *("\x02".join(parts) for parts in said)]).encode()).hexdigest()[:16]
