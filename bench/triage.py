"""`python -m bench.triage`: how well suggestions find their item, what one costs, and how long learning takes."""

from __future__ import annotations

import csv
import os
import random
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
MESSAGES = Path(__file__).parent / "triage" / "messages.csv"
FEW = Path(__file__).parent / "triage" / "few.csv"  # more of the three items that have only three messages there
AROUND = Path(__file__).parent / "triage" / "around.txt"
SENTENCES = 6  # around a message, that name no matter
Row = tuple[str, str]  # text and label
T = TypeVar("T")


def messages(path: Path = MESSAGES) -> list[Row]:
    return [(row["text"], row["label"]) for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines(True))]


def rambling(rows: Sequence[Row]) -> list[Row]:
    """Every message once more with six of these sentences around it, the same ones each time."""
    told = AROUND.read_text(encoding="utf-8").split()
    found = []
    for number, (text, label) in enumerate(rows):
        chosen = random.Random(number).sample(told, SENTENCES)
        cut = number % (SENTENCES + 1)
        found.append(("".join([*chosen[:cut], text, "。", *chosen[cut:]]), label))
    return found


def held_out(rows: Sequence[Row]) -> list[Row]:
    """Designs are chosen on every third row, never on these."""
    return [row for number, row in enumerate(rows) if number % 3]


def main() -> None:
    import django

    django.setup()
    from huiyin.adapters import learner
    from huiyin.jobs.evaluate import CATALOGUE_WEIGHT, _items, _score, _tell
    from huiyin.rules.triage import SHORT, Index, examples_of
    from huiyin.selectors import elsewhere
    from huiyin.selectors.learning import MOST

    items, others = _items(None), tuple(kind.text for kind in elsewhere.seeded_kinds().values())
    examples = examples_of(items, others, CATALOGUE_WEIGHT)
    print(
        f"{len(items)} items with {sum(len(item.phrases) for item in items):,} phrases, {len(others)} kinds of matters on no list"
    )
    before = _resident()
    first_day, spent = _timed(lambda: Index.build(items, others, asides=elsewhere.asides()))
    print(f"index of the first day: {spent:.1f} s, {_resident() - before:.0f} MB more")
    weights, spent = _timed(lambda: learner.fit(examples, elsewhere.asides()))
    before = _resident()
    index, built = _timed(lambda: Index.build(items, others, weights))
    print(
        f"learnt from the lists' own words in {spent:.1f} s; {len(weights.pack()) / 1e6:.1f} MB of weights; served after {built * 1000:.0f} ms"
    )
    rows = messages()
    for name, one in (("first day", first_day), ("learnt", index)):
        costs = [_timed(partial(one.suggest, text))[1] * 1000 for text, _ in rows]
        print(f"\n{name}: {statistics.median(costs):.2f} ms a suggestion, longest {max(costs):.1f} ms")
        for kind, given in (("all", rows), ("held out", held_out(rows)), ("held out, rambling", held_out(rambling(rows)))):
            print(f"· {kind}, said to be on the lists {_in_scope(one, given)}")
            _tell(_score(one, given))
        few = _score(one, messages(FEW))
        print(f"· of few messages: first {sum(answer.three[0] == answer.label for answer in few)} of {len(few)}")
    drawn = _made_up([example for example in examples if len(example.text) > SHORT])
    _, spent = _timed(lambda: learner.fit([*examples, *drawn], elsewhere.asides()))
    print(f"\nlearning from {len(drawn):,} made-up cases, all that is taken of {MOST:,}: {spent:.0f} s, {_resident():.0f} MB")


def _in_scope(index: Any, rows: Sequence[Row]) -> str:
    """The share of those that are and of those that are not."""
    said: dict[bool, list[bool]] = {True: [], False: []}
    for text, label in rows:
        said[bool(label)].append(index.suggest(text).in_scope)
    return " / ".join(f"{statistics.mean(said[listed]):.2f}" for listed in (True, False))


def _made_up(examples: Sequence[Any]) -> list[Any]:
    """As many cases of every item, and of what is on no list, as are learnt from; each of five phrases run together, as long as real ones."""
    from huiyin.rules.triage import ELSEWHERE, NOWHERE, Example
    from huiyin.selectors.learning import EACH

    draw = random.Random(7)
    by_label: dict[str, list[str]] = {}
    for example in examples:
        by_label.setdefault(NOWHERE if example.label.startswith(ELSEWHERE) else example.label, []).append(example.text)
    return [
        Example(text="，".join(draw.choices(texts, k=5)), label=label) for label, texts in by_label.items() for _ in range(EACH)
    ]


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.process_time()
    made = work()
    return made, time.process_time() - began


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
