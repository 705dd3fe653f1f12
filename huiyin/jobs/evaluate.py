"""`huiyin triage evaluate`: scores any labelled table against any catalogue, so that anybody can check the figures on their own data."""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from huiyin.adapters import learner
from huiyin.jobs import seeds
from huiyin.rules.figures import Answer, figures
from huiyin.rules.intervals import Share
from huiyin.rules.triage import NOWHERE, Example, Index, ItemText, examples_of
from huiyin.selectors import elsewhere

COLUMNS = ("text", "label", "first", "second", "third", "score", "in_scope")
CATALOGUE_WEIGHT = 0.5
LONGEST_FIELD = 1_000_000


class Unreadable(Exception):
    """A file that cannot be used; the message says which and why."""


def main(argv: Sequence[str] | None = None) -> int:
    """0 when the table was scored, 2 when a file cannot be used."""
    options = _parser().parse_args(argv)
    csv.field_size_limit(LONGEST_FIELD)
    try:
        index = _index(options)
        rows = list(_rows(options.given, labels=False))
    except Unreadable as why:
        print(f"huiyin: {why}", file=sys.stderr)
        return 2
    answers = _score(index, rows)
    if options.out:
        _write(options.out, rows, answers)
    _tell(answers)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="huiyin triage evaluate", description="用自己的数据检查分拣准不准")
    parser.add_argument(
        "--catalogue", type=Path, help="清单：seed 的 TOML 文件、放着它们的文件夹，或 catalogue.yaml；不写就用自带的清单"
    )
    parser.add_argument("--train", type=Path, help="已知答案的表（CSV，列 text,label），可以不写")
    parser.add_argument(
        "--in", dest="given", type=Path, required=True, help="要检查的表（CSV，列 text，可有 label；label 空着是不在清单）"
    )
    parser.add_argument("--out", type=Path, help="结果写到哪里（CSV）")
    parser.add_argument("--no-elsewhere", action="store_true", help="不用自带的“不在清单”的说法")
    return parser


def _index(options: argparse.Namespace) -> Index:
    items = _items(options.catalogue)
    train = [Example(text=text, label=label) for text, label in _rows(options.train, labels=True)] if options.train else []
    known = {item.code for item in items}
    items += [
        ItemText(code=label, name="", plain="")
        for label in dict.fromkeys(one.label for one in train)
        if label and label not in known
    ]
    other = bool(train) and not known & {
        one.label for one in train
    }  # other classes altogether: their own texts teach, ours would mislead
    others = () if options.no_elsewhere or other else tuple(kind.text for kind in elsewhere.seeded_kinds().values())
    spoken = [] if other else examples_of(items, others, CATALOGUE_WEIGHT)
    taught = [replace(one, label=one.label or NOWHERE, published=True) for one in train]  # nothing of it is kept
    examples = [one for one in [*spoken, *taught] if one.text.strip()]
    if len({one.label for one in examples}) < 2:
        raise Unreadable("至少要有两种不同的 label 才能学。")
    if other:
        items = [item for item in items if item.code in {one.label for one in train}]
    return Index.build(items, others, learner.fit(examples, () if other else elsewhere.asides()))


def _score(index: Index, rows: Iterable[tuple[str, str]]) -> list[Answer]:
    found = []
    for text, label in rows:
        said = index.suggest(text)
        three = [one.code for one in said.suggestions]
        rest = [code for code in index.codes if code not in three]
        found.append(Answer(label=label, three=tuple([*three, *rest][:3]), score=said.score))
    return found


def _write(path: Path, rows: Sequence[tuple[str, str]], answers: Sequence[Answer]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(COLUMNS)
        for (text, label), answer in zip(rows, answers, strict=True):
            three = [*answer.three, "", "", ""][:3]
            table.writerow([text, label, *three, f"{answer.score:.6f}", int(answer.score > 0.5)])


def _tell(answers: Sequence[Answer]) -> None:
    found = figures(answers)
    if not found.top1.total:
        print(f"共 {len(answers)} 条，没有带 label 的在清单内的，不算准确率")
        return
    for name, share in (("第一个就对", found.top1), ("前三个里有", found.top3)):
        print(_line(name, share))
    if found.auroc is not None:
        low, high = found.auroc_interval
        print(f"在不在清单 AUROC {found.auroc:.3f}（95% {low:.3f}–{high:.3f}）")


def _line(name: str, share: Share) -> str:
    low, high = share.interval
    return f"{name} {share.value:.3f}（{share.hits}/{share.total}，95% {low:.3f}–{high:.3f}）"


# ── files ────────────────────────────────────────────────────────────────────────────────────


def _rows(path: Path, *, labels: bool) -> list[tuple[str, str]]:
    """(text, label) of a CSV in UTF-8, with or without a mark, or GBK. Raises Unreadable."""
    table = csv.DictReader(io.StringIO(_text(path), newline=""))
    names = table.fieldnames or []
    wanted = {"text", "label"} if labels else {"text"}
    if not wanted <= set(names):
        raise Unreadable(f"{path} 的表头要有 {'、'.join(sorted(wanted))}，现在是 {'、'.join(names) or '空的'}")
    try:
        return [(row["text"] or "", (row.get("label") or "").strip()) for row in table]
    except csv.Error as wrong:
        raise Unreadable(f"{path} 第 {table.line_num} 行读不出来：{wrong}") from None


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as wrong:
        raise Unreadable(f"{path} 打不开：{wrong.strerror}") from None
    for coding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(coding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"{path} 不是 UTF-8，也不是 GBK")


def _items(path: Path | None) -> list[ItemText]:
    """The catalogue's items; with residents' phrases of the product's own files for codes that they know."""
    if path is None:
        rows = [row for name in seeds.LISTS for row in seeds.reference_list(name)["items"]]
        return [_item(row) for row in rows]
    found = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not found:
        raise Unreadable(f"{path} 里没有 TOML 文件")
    spoken = seeds.phrases()
    rows = [row for file in found for row in (_yaml(file) if file.suffix in {".yaml", ".yml"} else _toml(file))]
    return [_item(row, spoken.get(row["code"], {})) for row in rows]


def _item(row: dict[str, Any], more: dict[str, list[str]] | None = None) -> ItemText:
    more = more or {}
    return ItemText(
        code=row["code"],
        name=row["name"],
        plain=row.get("plain", ""),
        phrases=tuple(dict.fromkeys([*row.get("phrases", []), *more.get("phrases", [])])),
        keywords=tuple(dict.fromkeys([*row.get("keywords", []), *more.get("aliases", [])])),
    )


def _toml(path: Path) -> list[dict[str, Any]]:
    try:
        rows = tomllib.loads(_text(path)).get("items", [])
    except tomllib.TOMLDecodeError as wrong:
        raise Unreadable(f"{path} 不是 TOML：{wrong}") from None
    if not all(isinstance(row, dict) and row.get("code") and row.get("name") for row in rows):
        raise Unreadable(f"{path} 的每个 items 都要有 code 和 name")
    return list(rows)


#: Keys of catalogue.yaml and what they are called here.
YAML_KEYS = {"name": "name", "plain": "plain", "resident_examples": "phrases", "triage_keywords": "keywords"}


def _yaml(path: Path) -> list[dict[str, Any]]:
    """The items of a catalogue.yaml: `- code:` with name, plain and two lists of texts, one value a line. No other YAML is understood."""
    rows: list[dict[str, Any]] = []
    depth, filling = -1, ""
    for number, line in enumerate(_text(path).splitlines(), 1):
        bare = line.strip()
        indent = len(line) - len(line.lstrip())
        if bare.startswith("- code:"):
            rows.append({"code": _plain(bare.partition(":")[2])})
            depth, filling = indent + 2, ""
        elif rows and indent == depth and ":" in bare and not bare.startswith("- "):
            key, _, value = bare.partition(":")
            filling = YAML_KEYS.get(key, "")
            if filling and value.strip():
                rows[-1][filling] = _plain(value)
                filling = ""
            elif filling:
                rows[-1][filling] = []
        elif rows and filling and indent >= depth and bare.startswith("- "):
            rows[-1][filling].append(_plain(bare[2:]))
        elif filling and indent > depth:
            raise Unreadable(f"{path} 第 {number} 行读不懂，这里只认一行一个值的写法")
        elif indent < depth:
            filling = ""
    known = [row for row in rows if row.get("name") and row.get("plain")]
    if not known:
        raise Unreadable(f"{path} 里没有找到事项（- code: … name: … plain: …）")
    return known


def _plain(value: str) -> str:
    return value.strip().strip("'\"")
