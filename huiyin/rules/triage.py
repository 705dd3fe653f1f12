"""What a message is about: a linear model over characters says which item of the lists, or which matter that is on none, and which words spoke.

The same arrays serve what was fitted (adapters/learner) and, before anything was, the middle of each item's own texts (`centroids`).
"""

from __future__ import annotations

import hashlib
import io
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

ALGORITHM = "5"  # goes into the version of every index; a change of how scores are made changes it
LONGEST = 1000  # characters of a message that are looked at
SIZES = (1, 2, 3)  # characters in a gram; single characters help where people write short
WORDS = 3  # shown beside a suggestion
ELSEWHERE = "X-"  # codes of matters that are on no list begin so
FEW = 200  # texts up to which every gram counts; above, those of two texts or more, which is a quarter of them
SHORT = 8  # characters up to which a text is a name, not something that somebody says
BESIDE = 200  # texts of nothing but asides that are learnt from
NOWHERE = "X-00"  # what a clerk refused as on no list without saying which kind it is, and what names no matter at all

_BREAKS = re.compile(r"[\W_]+")
#: Characters that tell nothing at the edge of a word that is shown.
_FILLERS = "的了在是有我你他她它们这那就都也还又把被给和跟与及着过到吗呢啊吧很太个只一不没人来去说要会能上下里从对让向"

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemText:
    """What the catalogue says of one item."""

    code: str
    name: str
    plain: str
    phrases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A kind of matter that is on no list; `code` begins with ELSEWHERE. Where to turn with it is the page's to say."""

    code: str
    name: str
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text and what it is about: a code of an item or of a matter elsewhere. `weight` says how much it counts.

    A `published` text stands in the catalogue, so that any gram of it may be kept; of others only what several of them share. Those with
    the same `of` (a case) count as one: what a household says thrice is still that household's. 0 is a text by itself.
    """

    text: str
    label: str
    weight: float = 1.0
    published: bool = False
    of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One item with its score (0–1) and the words of the message that spoke for it."""

    code: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """Up to three suggestions, best first; `in_scope` False means 不在清单 should stand first, with `elsewhere`, up to two kinds of matters."""

    suggestions: tuple[Suggestion, ...]
    in_scope: bool
    score: float
    index: str
    elsewhere: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """A linear model: for every gram its rarity and a weight for each class, for every class a bias. `sharpness` makes scores of differences.

    It cannot give a text back: it holds sums over grams that the catalogue has itself or that two confirmed texts share.
    """

    grams: tuple[str, ...]
    rarity: Floats
    classes: tuple[str, ...]
    matrix: NDArray[np.float16]  # grams × classes
    bias: Floats
    sharpness: float
    floor: float  # below it nothing is on the lists, whatever the rivals

    def pack(self) -> bytes:
        """As the bytes of an .npz file; the same weights give the same bytes."""
        out = io.BytesIO()
        np.savez(
            out,
            grams=np.array("\n".join(self.grams)),
            rarity=self.rarity,
            classes=np.array("\n".join(self.classes)),
            matrix=self.matrix,
            bias=self.bias,
            measures=np.array([self.sharpness, self.floor]),
        )
        return out.getvalue()

    @classmethod
    def unpack(cls, content: bytes) -> Weights:
        """Raises ValueError or KeyError for what `pack` did not make."""
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            return cls(
                grams=tuple(str(kept["grams"]).split("\n")),
                rarity=kept["rarity"],
                classes=tuple(str(kept["classes"]).split("\n")),
                matrix=kept["matrix"],
                bias=kept["bias"],
                sharpness=float(kept["measures"][0]),
                floor=float(kept["measures"][1]),
            )

    def digest(self) -> str:
        content = hashlib.sha256(self.matrix.tobytes())
        content.update("\n".join((*self.grams, *self.classes)).encode())
        return content.hexdigest()


class Index:
    """Weights with what is needed to answer: where each gram stands, and which words an item is known by."""

    def __init__(self, version: str, weights: Weights, items: Sequence[ItemText]) -> None:
        self.version = version
        self._weights = weights
        self._vocabulary = Vocabulary(weights.grams, weights.rarity, {gram: row for row, gram in enumerate(weights.grams)})
        self._keywords = {item.code: item.keywords for item in items}
        listed = [column for column, code in enumerate(weights.classes) if not code.startswith(ELSEWHERE)]
        self._listed = [column for column in listed if weights.classes[column] in self._keywords]
        self._others = [column for column, code in enumerate(weights.classes) if code.startswith(ELSEWHERE)]

    @property
    def codes(self) -> tuple[str, ...]:
        """Items that can be suggested, in the order of the weights."""
        return tuple(self._weights.classes[column] for column in self._listed)

    @classmethod
    def build(
        cls,
        items: Iterable[ItemText],
        elsewhere: Iterable[Elsewhere] = (),
        weights: Weights | None = None,
        asides: Sequence[str] = (),
    ) -> Index:
        """The index of these items; the same items and weights give the same version on every machine. Without weights their own texts
        serve, and `asides` are known to be about nothing (`centroids`)."""
        listed, others = tuple(items), tuple(elsewhere)
        catalogue = catalogue_version(listed, others)
        if not listed:
            return cls(catalogue, _nothing(), listed)
        if weights is None:
            return cls(catalogue, centroids(examples_of(listed, others), asides), listed)
        version = hashlib.sha256(f"{catalogue}\x00{weights.digest()}".encode()).hexdigest()[:16]
        return cls(version, weights, listed)

    def suggest(self, text: str, top: int = 3) -> Suggested:
        """The best items for a message, best first; none for a message without letters or for an empty index."""
        text = text[:LONGEST].lower()
        rows, values = self._vocabulary.vector(text)
        if not len(rows) or not self._listed:
            return Suggested(suggestions=(), in_scope=False, score=0.0, index=self.version)
        parts = self._weights.matrix[rows].astype(np.float32) * values[:, None]
        scores = parts.sum(axis=0) + self._weights.bias
        rival = max([self._weights.floor, *(float(scores[column]) for column in self._others)])
        best = max(float(scores[column]) for column in self._listed)
        return Suggested(
            suggestions=self._best(self._listed, scores, parts, rows, text, top, rival),
            in_scope=best > rival,
            score=self._sharp(best - rival),
            index=self.version,
            elsewhere=self._best(self._others, scores, parts, rows, text, 2, best),
        )

    def _best(
        self, columns: Sequence[int], scores: Floats, parts: Floats, rows: NDArray[np.int64], text: str, top: int, rival: float
    ) -> tuple[Suggestion, ...]:
        classes = self._weights.classes
        ranked = sorted(
            (column for column in columns if classes[column] != NOWHERE), key=lambda column: (-scores[column], column)
        )
        return tuple(
            Suggestion(
                code=classes[column],
                score=self._sharp(float(scores[column]) - rival),
                words=self._spoke(classes[column], parts[:, column], rows, text),
            )
            for column in ranked[:top]
        )

    def _sharp(self, difference: float) -> float:
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self._weights.sharpness * difference))))

    def _spoke(self, code: str, parts: Floats, rows: NDArray[np.int64], text: str) -> tuple[str, ...]:
        """Words of the message that speak for a class: keywords there, longest first, then runs of characters that weigh for it."""
        keywords = sorted({word for word in self._keywords.get(code, ()) if len(word) > 1 and word.lower() in text}, key=_longest)
        grams = self._weights.grams
        worth = {grams[row]: float(value) for row, value in zip(rows, parts, strict=True) if value > 0 and len(grams[row]) == 2}
        shared = sorted(set(_shared(text, worth)), key=lambda word: (-_worth(word, worth), word))
        kept: list[str] = []
        for word in (*keywords, *shared):
            if not any(word in other or other in word for other in kept):
                kept.append(word)
        return tuple(kept[:WORDS])


def examples_of(items: Iterable[ItemText], elsewhere: Iterable[Elsewhere] = (), weight: float = 1.0) -> list[Example]:
    """Everything the catalogue says, as examples: an item's name with its description, its phrases, its short names for half."""
    found = []
    for item in items:
        texts = (f"{item.name} {item.plain}", *item.phrases)
        found += [Example(text=text, label=item.code, weight=weight, published=True) for text in texts]
        found += [Example(text=text, label=item.code, weight=weight / 2, published=True) for text in item.keywords]
    for kind in elsewhere:
        found += [Example(text=text, label=kind.code, weight=weight, published=True) for text in (kind.name, *kind.phrases)]
    return found


def at_length(examples: Iterable[Example], asides: Sequence[str]) -> list[Example]:
    """Every published sentence once more, two to six asides around it, as people write who ramble.

    So greetings, who was asked before and what the family suffers come to weigh for nothing.
    """
    if not asides:
        return []
    said = (example for example in examples if example.published and len(example.text) > SHORT)
    return [replace(example, text=_around(example.text, number, asides)) for number, example in enumerate(said)]


def beside(asides: Sequence[str], weight: float = 1.0) -> list[Example]:
    """Asides alone, one to five of them: whoever says no more than that has named no matter."""
    told = (_drawn(number, 1 + number % 5, asides) for number in range(BESIDE if asides else 0))
    return [Example(text="".join(chosen), label=NOWHERE, weight=weight, published=True) for chosen in told]


def _around(text: str, number: int, asides: Sequence[str]) -> str:
    chosen = _drawn(number, 2 + number % 5, asides)
    cut = number // 5 % (len(chosen) + 1)
    return "".join([*chosen[:cut], text, "。", *chosen[cut:]])


def _drawn(number: int, many: int, asides: Sequence[str]) -> list[str]:
    """So many asides, as if drawn, and the same ones each time."""
    return [asides[zlib.crc32(f"{number} {turn}".encode()) % len(asides)] for turn in range(many)]


def centroids(examples: Sequence[Example], asides: Sequence[str] = ()) -> Weights:
    """The middle of each class's texts: no learning, only counting, so that the first day needs nothing.

    Grams of `asides` count as common, and what lies in the direction of their middle is taken out of every class.
    """
    vocabulary = _first_vocabulary(examples, asides)
    classes = tuple(dict.fromkeys(example.label for example in examples))
    columns = {code: column for column, code in enumerate(classes)}
    matrix = np.zeros((len(vocabulary.grams), len(classes)), dtype=np.float32)
    for example in examples:
        rows, values = vocabulary.vector(example.text)
        matrix[rows, columns[example.label]] += values * example.weight
    matrix /= np.maximum(np.sqrt((matrix * matrix).sum(axis=0)), 1e-9)
    aside = np.zeros(len(vocabulary.grams), dtype=np.float32)
    for text in asides:
        rows, values = vocabulary.vector(text)
        aside[rows] += values
    aside /= np.maximum(np.sqrt((aside * aside).sum()), 1e-9)
    matrix -= np.outer(aside, aside @ matrix)
    return Weights(
        grams=vocabulary.grams,
        rarity=vocabulary.rarity,
        classes=classes,
        matrix=matrix.astype(np.float16),
        bias=np.zeros(len(classes), dtype=np.float32),
        sharpness=30.0,
        floor=0.08 if asides else 0.12,
    )


def _first_vocabulary(examples: Sequence[Example], asides: Sequence[str]) -> Vocabulary:
    told = [asides[number % len(asides)] for number in range(4 * len(examples))] if asides else []
    return Vocabulary.of([example.text for example in examples] + told, fewest=2 if len(examples) > FEW else 1)


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The grams that count, sorted, and how rare each is."""

    grams: tuple[str, ...]
    rarity: Floats
    rows: Mapping[str, int]

    @classmethod
    def of(
        cls, texts: Sequence[str | tuple[str, ...]], fewest: int, most: int | None = None, published: Sequence[str] = ()
    ) -> Vocabulary:
        """Grams of at least `fewest` texts (several that belong together count as one), or of one that is published; the `most` frequent
        of them where there are more, short ones first."""
        public, private = _occur(published), _occur(texts)
        seen = public + private
        kept = [gram for gram in seen if private[gram] >= fewest or gram in public]
        if most is not None and len(kept) > most:
            kept = sorted(kept, key=lambda gram: (-seen[gram], len(gram), gram))[:most]
        grams, total = tuple(sorted(kept)), len(texts) + len(published)
        rarity = np.array([math.log((1 + total) / (1 + seen[gram])) + 1 for gram in grams], dtype=np.float32)
        return cls(grams, rarity, {gram: row for row, gram in enumerate(grams)})

    def vector(self, text: str) -> tuple[NDArray[np.int64], Floats]:
        """Rows and tf-idf weights of length 1."""
        found = [
            (row, count) for gram, count in tally(text[:LONGEST].lower()).items() if (row := self.rows.get(gram)) is not None
        ]
        rows = np.array([row for row, _ in found], dtype=np.int64)
        raw = np.array([1 + math.log(count) for _, count in found], dtype=np.float32) * self.rarity[rows]
        return rows, raw / (float(np.sqrt((raw * raw).sum())) or 1.0)


def _occur(texts: Iterable[str | tuple[str, ...]]) -> Counter[str]:
    """In how many texts each gram stands; texts that belong together are one."""
    seen: Counter[str] = Counter()
    for text in texts:
        together = (text,) if isinstance(text, str) else text
        seen.update({gram for one in together for gram in tally(one[:LONGEST].lower())})
    return seen


def tally(text: str) -> Counter[str]:
    """Characters, pairs and threes within runs of letters, so that punctuation makes no words."""
    return Counter(
        run[start : start + size] for run in _BREAKS.split(text) for size in SIZES for start in range(len(run) - size + 1)
    )


def catalogue_version(items: Sequence[ItemText], elsewhere: Sequence[Elsewhere] = ()) -> str:
    """16 hexadecimal characters that change with any text, code or order, and with the algorithm."""
    said = [[item.code, item.name, item.plain, "\x01".join(item.phrases), "\x01".join(item.keywords)] for item in items]
    said += [[kind.code, kind.name, "\x01".join(kind.phrases)] for kind in elsewhere]
    return hashlib.sha256("\x00".join([ALGORITHM, *("\x02".join(parts) for parts in said)]).encode()).hexdigest()[:16]


def _nothing() -> Weights:
    none = np.zeros(0, dtype=np.float32)
    return Weights(
        grams=(), rarity=none, classes=(), matrix=np.zeros((0, 0), dtype=np.float16), bias=none, sharpness=1.0, floor=0.0
    )


def _shared(text: str, pairs: Mapping[str, float]) -> Iterable[str]:
    """The longest runs of the message whose every pair of characters weighs for the class, without fillers at their edges."""
    start = 0
    for at in range(len(text)):
        if text[at : at + 2] not in pairs:
            word = text[start : at + 1].strip(_FILLERS)
            if len(word) > 1:
                yield word
            start = at + 1


def _worth(word: str, pairs: Mapping[str, float]) -> float:
    return sum(pairs.get(word[start : start + 2], 0.0) for start in range(len(word) - 1))


def _longest(word: str) -> tuple[int, str]:
    return -len(word), word
