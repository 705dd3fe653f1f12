"""Which reports tell of the same matter: what they say in common, weighed by its rarity, and how near they are in time, place and item.

It only ranks. Whether two cases are one matter is for a person to say, and each reporter keeps a receipt either way.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LONGEST = (
    160  # characters of a report that are looked at: what happened is said first, and 80 cases must be through in milliseconds
)
WORDS = 3  # shown beside a score
TOP = 5

SHORTEST_DAYS: Mapping[str, int] = {"特": 7, "急": 7, "快": 14, "常": 30}  # by urgency
LONGEST_DAYS = 180
USUAL = timedelta(days=30)  # of what has no item yet

_BREAKS = re.compile(r"[\W_]+")
_HOUSE = re.compile(r"(\d{1,3}|[一二三四五六七八九十]{1,3})\s*(?:号楼|栋|幢|座)")
_BARE = re.compile(r"\s*(\d{1,3})\s*")  # a building's field often holds the number alone
_NINE = {sign: number for number, sign in enumerate("一二三四五六七八九", 1)}
#: Characters that tell nothing at the edge of a word that is shown.
_FILLERS = "的了在是有我你他她它们这那就都也还又把被给和跟与及着过到吗呢啊吧很太个只一不没人来去说要会能上下里从对让向家"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each circumstance counts.

    Chosen on two thirds of the matters of bench/duplicates.csv, each report asked against all that had come before it, and reported on the
    last third. `python -m bench.duplicates --tune` shows what other numbers give; where several did equally well, the middle one stands here.
    """

    # a gram by its length: 鸡 alone says much; threes add nothing and half as much work again
    sizes: tuple[float, ...] = (1.0, 0.7)
    faded: float = 0.5  # what is left of a score at the very end of the window
    neighbour: float = 0.7  # one hears a building site over the wall, but rarely the same dog
    unsure: float = 0.85  # one of the two has no item or no place yet
    other_item: float = 0.6  # people do take a neighbouring item for the same thing, so it cannot count for nothing
    other_house: float = 0.4  # 3栋 and 7栋 are two matters however alike the words
    likely: float = 0.1  # below it a clerk is not bothered, and two groups are not taken together


CHOSEN = Weights()
LIKELY = CHOSEN.likely


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was told of one matter: a report that has just come, or a case with the first words of each of its reports.

    items: those it may be about, one when it is settled, none while nobody can say. buildings: as people wrote them, beside their words.
    """

    key: int = 0
    texts: tuple[str, ...]
    compound: Hashable | None
    items: tuple[str, ...] = ()
    opened: datetime
    last: datetime
    buildings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """A case with its score (0–1) and the words of the message that it shares."""

    key: int
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Background:
    """In how many texts of the lists each gram stands: what is common there says little, whichever few cases are compared."""

    size: int
    counts: Mapping[str, int]

    @classmethod
    def build(cls, texts: Iterable[str]) -> Background:
        counted = [_grams(text, 2) for text in texts]
        return cls(len(counted), Counter(gram for grams in counted for gram in grams))

    def rarity(self, texts: Iterable[Collection[str]]) -> dict[str, float]:
        """How much each gram of these texts counts: the rarer in the lists and among them, the more."""
        counted = list(texts)
        seen = Counter(gram for grams in counted for gram in grams)
        size = self.size + len(counted)
        return {gram: math.log((1 + size) / (1 + count + self.counts.get(gram, 0))) + 1 for gram, count in seen.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """What does not change from message to message. windows: by item. neighbours: compounds near a compound.

    known_only: compare by pairs of characters that stand in the lists, for readers who must not learn from the order what others wrote:
    no name and no house number that they try can move a case.
    """

    background: Background
    windows: Mapping[str, timedelta] = field(default_factory=dict)
    neighbours: Mapping[Hashable, Collection[Hashable]] = field(default_factory=dict)
    known_only: bool = False
    weights: Weights = CHOSEN


def window(urgency: str, close_workdays: int) -> timedelta:
    """How long after its last report a matter of an item is still the same one: twice the working days it takes, between days and months.

    Twice, because whoever still sees it when it should have been done tells again; 7 days at least where it is urgent, 30 where it is not.
    """
    return timedelta(days=min(LONGEST_DAYS, max(SHORTEST_DAYS.get(urgency, USUAL.days), 2 * close_workdays)))


def rank(message: Told, candidates: Iterable[Told], county: County, top: int = TOP) -> list[Likeness]:
    """The likeliest cases for a message, best first, of equals the newest; none beyond the window, out of reach, or without a common word."""
    near = [(weight, one) for one in candidates if (weight := circumstances(message, one, county)) > 0]
    said = _weighed([message, *(one for _, one in near)], county)
    scored = [(weight * _words(said[0], other, county.weights), one) for (weight, one), other in zip(near, said[1:], strict=True)]
    best = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: (-pair[0], -pair[1].key))[:top]
    return [Likeness(key=one.key, score=score, words=shared(message, one, county)) for score, one in best]


def together(tellings: Sequence[Told], county: County) -> list[list[int]]:
    """Indexes of `tellings` in groups: the two nearest groups are joined while they are likely on average (average link)."""
    near = _pairs(tellings, county)
    groups = {index: [index] for index in range(len(tellings))}
    while near:
        (one, other), score = max(near.items(), key=lambda pair: (pair[1], pair[0]))
        if score < county.weights.likely:
            break
        _join(near, groups, one, other)
    return sorted(groups.values())


def circumstances(one: Told, other: Told, county: County) -> float:
    """How near two are in time, place and item, whatever their words and order: 1 the same, 0 not to be compared at all."""
    gap = max(one.opened, other.opened) - min(one.last, other.last)
    span = max((county.windows.get(code, USUAL) for code in (*one.items, *other.items)), default=USUAL)
    if gap > span:
        return 0.0
    weights = county.weights
    passed = max(0.0, gap / span)
    return (1 - (1 - weights.faded) * passed) * _place(one, other, county) * _item(one, other, weights)


def shared(message: Told, other: Told, county: County) -> tuple[str, ...]:
    """The longest pieces of the message's words that the other tells too, without fillers at their edges."""
    theirs = {pair for text in other.texts for pair in _runs(text, 2)}
    if county.known_only:
        theirs = {pair for pair in theirs if _telling_nobody(pair, county)}
    found = sorted(
        {word for text in message.texts for word in _common(text[:LONGEST].lower(), theirs)}, key=lambda word: (-len(word), word)
    )
    kept: list[str] = []
    for word in found:
        if not any(word in longer for longer in kept):
            kept.append(word)
    return tuple(kept[:WORDS])


def houses(text: str) -> frozenset[int]:
    """Numbers of the buildings that a text names: 3栋, 三号楼, 3 幢."""
    return frozenset(_number(found) for found in _HOUSE.findall(text))


# ── circumstances ────────────────────────────────────────────────────────────────────────────


def _place(one: Told, other: Told, county: County) -> float:
    if one.compound is None or other.compound is None:
        return county.weights.unsure
    if one.compound == other.compound:
        return 1.0
    beside = county.neighbours
    near = other.compound in beside.get(one.compound, ()) or one.compound in beside.get(other.compound, ())
    return county.weights.neighbour if near else 0.0


def _item(one: Told, other: Told, weights: Weights) -> float:
    if bool(one.items) != bool(other.items):
        return weights.unsure
    return 1.0 if one.items == other.items or set(one.items) & set(other.items) else weights.other_item


# ── words ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Said:
    """The words of one telling made ready: a vector of length 1 for each text, and the buildings that each names."""

    vectors: tuple[Mapping[str, float], ...]
    houses: tuple[frozenset[int], ...]


def _weighed(tellings: Sequence[Told], county: County) -> list[_Said]:
    """The words of tellings, weighed by their rarity among them all."""
    sizes = len(county.weights.sizes)
    counted = [[_known(_grams(text, sizes), county) for text in one.texts] for one in tellings]
    rarity = county.background.rarity(grams for texts in counted for grams in texts)
    return [
        _Said(
            tuple(_unit(grams, rarity, county.weights.sizes) for grams in texts),
            tuple(frozenset() if county.known_only else _stated(one, n) for n in range(len(one.texts))),
        )
        for one, texts in zip(tellings, counted, strict=True)
    ]


def _known(grams: Counter[str], county: County) -> Counter[str]:
    if not county.known_only:
        return grams
    return Counter({gram: count for gram, count in grams.items() if _telling_nobody(gram, county)})


def _telling_nobody(gram: str, county: County) -> bool:
    """A pair of the lists' own words: 张 stands there in 张贴, so single characters would answer whether a neighbour's name is 张."""
    return len(gram) > 1 and gram in county.background.counts and not any(sign.isdigit() for sign in gram)


def _stated(one: Told, n: int) -> frozenset[int]:
    """The buildings of a report: in its words, else in its field."""
    beside = one.buildings[n] if n < len(one.buildings) else ""
    bare = _BARE.fullmatch(beside)
    return houses(one.texts[n]) or (frozenset([int(bare[1])]) if bare else houses(beside))


def _words(one: _Said, other: _Said, weights: Weights) -> float:
    """How alike the words of two tellings are, 0 to 1: as near as their nearest pair of reports."""
    scores = (
        sum(weight * theirs.get(gram, 0.0) for gram, weight in mine.items())
        * (weights.other_house if here and there and not here & there else 1.0)
        for mine, here in zip(one.vectors, one.houses, strict=True)
        for theirs, there in zip(other.vectors, other.houses, strict=True)
    )
    return min(1.0, max(scores, default=0.0))


def _grams(text: str, sizes: int) -> Counter[str]:
    return Counter(gram for size in range(1, sizes + 1) for gram in _runs(text, size))


def _runs(text: str, size: int) -> Iterator[str]:
    """Grams within runs of letters, so that punctuation makes no words."""
    for run in _BREAKS.split(text[:LONGEST].lower()):
        for start in range(len(run) - size + 1):
            yield run[start : start + size]


def _unit(grams: Mapping[str, int], rarity: Mapping[str, float], sizes: tuple[float, ...]) -> dict[str, float]:
    raw = {gram: (1 + math.log(count)) * rarity[gram] * sizes[len(gram) - 1] for gram, count in grams.items()}
    length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
    return {gram: weight / length for gram, weight in raw.items()}


def _common(text: str, pairs: Collection[str]) -> Iterator[str]:
    start = 0
    for at in range(len(text)):
        if text[at : at + 2] not in pairs:
            word = text[start : at + 1].strip(_FILLERS)
            if len(word) > 1:
                yield word
            start = at + 1


def _number(written: str) -> int:
    """12 and 十二 alike; Chinese numbers up to 九十九."""
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    return (_NINE.get(tens, 1) * 10 if ten else 0) + _NINE.get(ones[-1:], 0)


# ── groups ───────────────────────────────────────────────────────────────────────────────────

_Near = dict[tuple[int, int], float]


def _pairs(tellings: Sequence[Told], county: County) -> _Near:
    said = _weighed(tellings, county)
    found: _Near = {}
    for one in range(len(tellings)):
        for other in range(one + 1, len(tellings)):
            weight = circumstances(tellings[one], tellings[other], county)
            score = weight * _words(said[one], said[other], county.weights) if weight else 0.0
            if score > 0:
                found[one, other] = score
    return found


def _join(near: _Near, groups: dict[int, list[int]], one: int, other: int) -> None:
    """Put `other` into `one`; what both were near to is now near on average over their members."""
    sizes = len(groups[one]), len(groups[other])
    for third in list(groups):
        if third not in (one, other):
            apart = [near.pop((min(part, third), max(part, third)), 0.0) for part in (one, other)]
            score = (apart[0] * sizes[0] + apart[1] * sizes[1]) / sum(sizes)
            if score:
                near[min(one, third), max(one, third)] = score
    near.pop((one, other))
    groups[one] = sorted(groups[one] + groups.pop(other))
