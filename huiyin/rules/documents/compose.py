"""A template and what is known become the blocks of a document, from which both the PDF and the editable copy are made.

A template is a TOML file: `title`, `layout`, and a list of blocks. Text in it names what it needs in braces, {当事人}. A block with
`when` is left out where that is empty; one with `unless` where it is not. Nothing in a template is ever run.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from huiyin.rules.documents.wording import balanced, ended, punctuated

Values = Mapping[str, str]
Block = dict[str, Any]

LAYOUTS = frozenset({"notice", "record", "form", "letter"})
#: Characters of a title on one line: 156 mm at 2 号.
TITLE_WIDTH = 19
#: What a block may be: its key, and whether its value is text, rows of text, or nothing.
TEXTS = ("to", "p", "heading", "subheading", "plain", "long", "note", "organ", "date", "blank", "copies")
ROWS = ("fields", "lines", "table")
_KEYS = frozenset({*TEXTS, *ROWS, "signs", "page", "when", "unless", "head"})
_BRACED = re.compile(r"\{([^{}]*)\}")
_MOST_BLOCKS = 200


class Broken(Exception):
    """A template that cannot be used. `line` counts from 1, 0 where it is not known; `why` is for people, with its values."""

    def __init__(self, name: str, line: int, why: str, **values: str) -> None:
        self.name, self.line, self.why, self.values = name, line, why, values
        super().__init__(f"{name}:{line}: {why % values}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template that was looked over: every name in it is known and every block is one."""

    name: str
    title: str
    layout: str
    blocks: tuple[Mapping[str, Any], ...]
    source: str = field(repr=False, default="")

    @property
    def names(self) -> frozenset[str]:
        """Everything the template says somewhere."""
        return frozenset(name for text in _texts([self.title, *self.blocks]) for name in _BRACED.findall(text))


def parse(name: str, source: str, known: frozenset[str]) -> Template:
    """The template in `source`, which may name what is `known`. Raises Broken with the line where it is wrong."""
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else source.count("\n") + 1
        raise Broken(name, line, "这一行写得不对：引号、方括号要成对，等号两边要完整。") from error
    for key in data.keys() - {"title", "layout", "block"}:
        raise Broken(name, _line(source, key), "不认识“%(key)s”。", key=key)
    title, layout, blocks = data.get("title"), data.get("layout"), data.get("block", [])
    if not isinstance(title, str) or not title.strip():
        raise Broken(name, _line(source, "title"), '缺少标题：title = "……"。')
    if layout not in LAYOUTS:
        raise Broken(name, _line(source, "layout"), "版式只能是 %(layouts)s 之一。", layouts="、".join(sorted(LAYOUTS)))
    if not isinstance(blocks, list) or not blocks or len(blocks) > _MOST_BLOCKS:
        raise Broken(name, _line(source, "[[block]]"), "正文要有一段以上、二百段以下：每段以 [[block]] 开头。")
    starts = [number for number, line in enumerate(source.split("\n"), 1) if line.strip() == "[[block]]"]
    for number, block in enumerate(blocks):
        _check(name, source, starts[number] if number < len(starts) else 0, block)
    made = Template(name=name, title=title, layout=layout, blocks=tuple(blocks), source=source)
    for unknown in sorted(made.names - known):
        raise Broken(
            name, _line(source, "{" + unknown + "}"), "没有“%(key)s”这一项，花括号里只能写本文书已有的项目。", key=unknown
        )
    for block in blocks:
        for key in ("when", "unless"):
            if key in block and block[key] not in known:
                raise Broken(name, _line(source, f'{key} = "{block[key]}"'), "没有“%(key)s”这一项。", key=str(block[key]))
    return made


def _check(name: str, source: str, line: int, block: Any) -> None:
    if not isinstance(block, dict):
        raise Broken(name, line, "每段以 [[block]] 开头。")
    for key, value in block.items():
        if key not in _KEYS:
            raise Broken(name, max(line, _line(source, key, line)), "不认识“%(key)s”。", key=key)
        if key in TEXTS and not isinstance(value, str):
            raise Broken(name, _line(source, key, line), "“%(key)s”后面要写一段带引号的文字。", key=key)
        if key in ROWS and not _is_rows(value):
            raise Broken(name, _line(source, key, line), '“%(key)s”后面要写一行一行的文字，例如 [["…", "…"]]。', key=key)
        if key in {"signs", "head"} and not _is_texts(value):
            raise Broken(name, _line(source, key, line), "“%(key)s”后面要写带引号的文字，用方括号括起来。", key=key)
    if len(block.keys() & {*TEXTS, *ROWS, "signs", "page"}) != 1:
        raise Broken(name, line, '一段里要有、也只能有一样内容，例如 p = "……"。')


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_texts(row) and row for row in value)


def _line(source: str, wanted: str, after: int = 0) -> int:
    """The first line from `after` on that holds `wanted`; 0 when none does."""
    lines = source.split("\n")
    return next((number for number, line in enumerate(lines, 1) if number >= after and wanted in line), 0)


def _texts(held: Any) -> Iterator[str]:
    match held:
        case str():
            yield held
        case Mapping():
            for key, value in held.items():
                if key not in {"when", "unless"}:
                    yield from _texts(value)
        case list() | tuple():
            for value in held:
                yield from _texts(value)


def compose(template: Template, values: Values) -> dict[str, Any]:
    """{title: lines, layout, blocks}: what is printed, all text in Chinese punctuation. What is not known stays empty."""
    title = punctuated(_filled(template.title, values))
    return {
        "title": balanced(title, TITLE_WIDTH),
        "layout": template.layout,
        "blocks": [made for block in template.blocks for made in _made(block, values)],
    }


def _made(block: Mapping[str, Any], values: Values) -> list[Block]:
    if ("when" in block and not values.get(block["when"])) or ("unless" in block and values.get(block["unless"])):
        return []
    kind = next(key for key in (*TEXTS, *ROWS, "signs", "page") if key in block)
    content = block[kind]
    if kind == "page":
        return [{"kind": "page"}]
    if kind in TEXTS:
        text = punctuated(_filled(content, values))
        if kind == "p" and content.endswith("}") and "\n" not in content and "　" not in content:
            text = ended(text)
        if kind in {"p", "plain"}:
            return [{"kind": kind, "text": line} for line in text.split("\n") if line.strip()]
        return [{"kind": kind, "text": text}]
    if kind == "signs":
        return [{"kind": "signs", "rows": [[punctuated(_filled(one, values))] for one in content]}]
    rows = [[punctuated(_filled(cell, values)) for cell in row] for row in content]
    if kind == "table":
        rows = _spread(content, values)
        return [{"kind": "table", "head": [str(one) for one in block.get("head", ())], "rows": rows}]
    return [{"kind": kind, "rows": rows}]


def _spread(content: Sequence[Sequence[str]], values: Values) -> list[list[str]]:
    """Rows of a table; a row that is one placeholder of many lines becomes a row a line, numbered, its cells parted by blanks, ， or 、."""
    rows: list[list[str]] = []
    for row in content:
        if len(row) == 1:
            lines = [line.strip() for line in _filled(row[0], values).split("\n") if line.strip()]
            rows += [[str(number), punctuated(line)] for number, line in enumerate(lines, 1)]
        else:
            rows.append([punctuated(_filled(cell, values)) for cell in row])
    return rows


def _filled(text: str, values: Values) -> str:
    """Names in braces replaced by what is known of them; braces inside a value are not looked at again."""
    return _BRACED.sub(lambda found: values.get(found.group(1), ""), text)
