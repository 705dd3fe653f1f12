"""`python -m bench.duplicates [--tune] [--cases 600000]`: how well the same matter is found again in bench/duplicates.csv, and how fast."""

from __future__ import annotations

import argparse
import csv
import itertools
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import bench.__main__ as bench
from huiyin.rules.duplicates import CHOSEN, Background, County, Told, Weights, rank, together, window

SET = Path(__file__).with_name("duplicates.csv")
LISTS = Path(__file__).parents[1] / "huiyin" / "seed" / "lists"
#: Invented compounds of the set that lie side by side.
BESIDE = (("桂香园", "柳岸小区"), ("桂香园", "石榴巷"), ("云台苑", "东风新村"), ("杏林小区", "铁路宿舍"))
THIRD = 3  # every third matter is kept for the report
TRIED: dict[str, tuple[object, ...]] = {
    "sizes": ((1.0,), (1.0, 0.4), (1.0, 0.7), (1.0, 1.0), (0.7, 1.0), (0.0, 1.0), (1.0, 0.7, 0.5)),
    "faded": (0.2, 0.35, 0.5, 0.7, 1.0),
    "neighbour": (0.4, 0.55, 0.7, 0.85, 1.0),
    "unsure": (0.6, 0.7, 0.85, 1.0),
    "other_item": (0.2, 0.4, 0.6, 0.8, 1.0),
    "other_house": (0.1, 0.25, 0.4, 0.6, 1.0),
    "likely": (0.06, 0.07, 0.08, 0.09, 0.1, 0.11, 0.12, 0.14),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One report of the set; `matter` is the truth."""

    at: datetime
    compound: str
    item: str
    text: str
    matter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """recall@1 and @5 over the reports that have an earlier one of their matter; B³ over all reports asked about."""

    asked: int
    first: float
    five: float
    precision: float
    recall: float

    @property
    def f(self) -> float:
        return 2 * self.precision * self.recall / ((self.precision + self.recall) or 1)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.duplicates")
    parser.add_argument("--tune", action="store_true", help="what other weights would give on the two thirds")
    parser.add_argument(
        "--cases", type=int, default=0, help="also fill a database of its own with that many cases and time the search"
    )
    options = parser.parse_args()
    rows, county = read(), surroundings()
    kept, held = split(rows)
    if options.tune:
        _tune(rows, kept, county)
    for name, matters in (("two thirds, tuned on", kept), ("last third, held out", held)):
        _print(name, measure(rows, matters, county))
    if options.cases:
        _search(options.cases)
    return 0


def read(path: Path = SET) -> list[Row]:
    """The set, in the order in which its reports came."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Row(at=datetime.fromisoformat(row.pop("at")), **row) for row in csv.DictReader(file)]


def surroundings(weights: Weights = CHOSEN) -> County:
    """Windows and the rarity of words from the seed's two lists, and who lies beside whom."""
    items = [item for path in sorted(LISTS.glob("*.toml")) for item in tomllib.loads(path.read_text(encoding="utf-8"))["items"]]
    clocks = {item["code"]: item["clocks"] for item in items}
    beside: dict[str, set[str]] = defaultdict(set)
    for one, other in BESIDE:
        beside[one].add(other)
        beside[other].add(one)
    return County(
        background=Background.build(text for item in items for text in (item["name"], item["plain"], *item["phrases"])),
        windows={
            code: window(one["urgency"], one.get("close_workdays") or one["reply_workdays"]) for code, one in clocks.items()
        },
        neighbours={name: frozenset(names) for name, names in beside.items()},
        weights=weights,
    )


def split(rows: Iterable[Row]) -> tuple[frozenset[str], frozenset[str]]:
    """(matters to choose weights on, matters to report): every third matter, in their order, is kept back."""
    matters = sorted({row.matter for row in rows})
    held = frozenset(matters[THIRD - 1 :: THIRD])
    return frozenset(matters) - held, held


def measure(rows: Sequence[Row], matters: frozenset[str], county: County) -> Measured:
    """Every report of these matters against all that had come before it, of all matters; and the groups all of them fall into."""
    places = [place for n, row in enumerate(rows) if row.matter in matters and (place := _place(rows, n, county)) is not None]
    precision, recall = _b_cubed(rows, matters, county)
    return Measured(
        asked=len(places),
        first=sum(place == 1 for place in places) / len(places),
        five=sum(1 <= place <= 5 for place in places) / len(places),
        precision=precision,
        recall=recall,
    )


def _place(rows: Sequence[Row], n: int, county: County) -> int | None:
    """Where the right case stands among those open when the n-th report came: 1 is first, 0 not at all, None when it was the first to tell."""
    cases = _cases(rows[:n])
    if rows[n].matter not in cases:
        return None
    named = list(cases)
    message = told([rows[n]])
    found = [named[one.key] for one in rank(message, (told(cases[name], key) for key, name in enumerate(named)), county)]
    return found.index(rows[n].matter) + 1 if rows[n].matter in found else 0


def _cases(rows: Iterable[Row]) -> dict[str, list[Row]]:
    cases: dict[str, list[Row]] = {}
    for row in rows:
        cases.setdefault(row.matter, []).append(row)
    return cases


def told(rows: Sequence[Row], key: int = 0) -> Told:
    """Reports of one matter as one case; its item and place are its first report's, as a clerk leaves them."""
    return Told(
        key=key,
        texts=tuple(row.text for row in rows),
        compound=rows[0].compound,
        items=(rows[0].item,) if rows[0].item else (),
        opened=rows[0].at,
        last=rows[-1].at,
    )


def _b_cubed(rows: Sequence[Row], matters: frozenset[str], county: County) -> tuple[float, float]:
    """B³ precision and recall of average-link groups: for each report, how much of its group is its matter and of its matter its group."""
    groups = together([told([row]) for row in rows], county)
    of = {index: group for group in groups for index in group}
    size: dict[str, int] = defaultdict(int)
    for row in rows:
        size[row.matter] += 1
    asked = [n for n, row in enumerate(rows) if row.matter in matters]
    right = {n: sum(rows[other].matter == rows[n].matter for other in of[n]) for n in asked}
    precision = sum(right[n] / len(of[n]) for n in asked) / len(asked)
    return precision, sum(right[n] / size[rows[n].matter] for n in asked) / len(asked)


def _tune(rows: Sequence[Row], kept: frozenset[str], county: County) -> None:
    """One weight changed at a time, the others as chosen."""
    for name, value in itertools.chain.from_iterable(((name, value) for value in values) for name, values in TRIED.items()):
        weights = replace(county.weights, **{name: value})  # type: ignore[arg-type]  # the table holds what each field takes
        _print(f"{name} {value}", measure(rows, kept, replace(county, weights=weights)))


def _print(name: str, got: Measured) -> None:
    print(
        f"{name:24} {got.asked:4} asked  recall@1 {got.first:.3f}  recall@5 {got.five:.3f}"
        f"  B³ {got.precision:.3f}/{got.recall:.3f} F {got.f:.3f}"
    )


# ── how fast ─────────────────────────────────────────────────────────────────────────────────


def _search(cases: int) -> None:
    """A database of its own with that many cases; CPU, SQL and rows of the three searches."""
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
        bench._environment(Path(folder))
        bench._prepare()
        bench._grow(cases)
        _end_old_ones()
        _times(cases)


def _end_old_ones() -> None:
    """bench.fill leaves old cases in hand. A county answers them: all but those of the last fortnight are closed, of those two in three."""
    from django.db.models import F
    from django.utils import timezone

    from huiyin.records.models import Case

    fresh = timezone.now() - timedelta(days=14)
    Case.objects.filter(opened__lt=fresh).update(stage="closed", outcome="stopped")
    answered = Case.objects.filter(stage="handling").annotate(turn=F("id") % 3).exclude(turn=0)
    answered.update(stage="echoed", outcome="stopped", since=F("last_at"))
    open_now = Case.objects.filter(stage__in=["reported", "assigned", "handling"]).count()
    print(f"open {open_now:,}, answered in the last fortnight {Case.objects.filter(stage='echoed').count():,}")


def _times(cases: int) -> None:
    from django.utils import timezone

    from huiyin.records.models import Case, Person
    from huiyin.selectors import duplicates
    from huiyin.selectors.people import actor_of

    at = timezone.now()
    clerk = actor_of(Person.objects.get(username="zhoumin").pk, at)
    case = Case.objects.filter(stage="reported").order_by("-pk")[0]
    assert case.compound_id is not None
    place, text, items = case.compound_id, "楼下花坛里有人养鸡，天不亮就打鸣，到处是粪", ["QL-05", "QL-04", "ZS-05"]
    print(
        f"{cases:,} cases, {len(duplicates._candidates(Case.objects.all(), place, tuple(items), at))} compared: CPU, SQL, bytes, status"
    )
    bench._measure("a call", lambda: duplicates.of_message(clerk, at, compound=place, text=text, items=items))
    bench._measure("a case", lambda: duplicates.of_case(case, clerk, at))
    bench._measure("a resident", lambda: duplicates.joinable_near(place, text, items, at))


if __name__ == "__main__":
    sys.exit(main())
