"""`huiyin county`: writes the four tables' templates, looks over what was filled in, and brings it in whole or not at all."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from huiyin.adapters import tables
from huiyin.rules.county_tables import TABLES
from huiyin.selectors.people import SYSTEM
from huiyin.services import importing

LABELS = [table.label for table in TABLES]


def main(argv: Sequence[str], at: datetime) -> int:
    """0 when it was done or nothing is wrong, 1 with the mistakes printed, 2 for a file that is no table."""
    options = _parser().parse_args(argv)
    if options.do == "templates":
        return _templates(options.where)
    try:
        sheets = _sheets(options.files)
    except (tables.BadTable, OSError) as why:
        print(f"huiyin: {why}", file=sys.stderr)
        return 2
    if options.do == "check":
        return _tell(importing.look(actor=SYSTEM, sheets=sheets, at=at))
    try:
        done = importing.bring_in(actor=SYSTEM, sheets=sheets, at=at)
    except importing.NotClean as why:
        return _tell(why.plan)
    for username, name, password in done.passwords:
        print(f"{name}\t{username}\t{password}")
    print(_counted(done.counted))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="huiyin county", description="从四张表建县：单位、社区、小区、人员")
    commands = parser.add_subparsers(dest="do", required=True)
    commands.add_parser("templates", help="把空的模板写到一个文件夹").add_argument("where", type=Path)
    for name, text in (("check", "只看有没有错"), ("bring", "导入，要么全成，要么不动；新建的人的临时密码只印这一次")):
        commands.add_parser(name, help=text).add_argument("files", type=Path, nargs="+")
    return parser


def _templates(where: Path) -> int:
    where.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        (where / f"{table.label}.xlsx").write_bytes(tables.template([table]))
        print(where / f"{table.label}.xlsx")
    return 0


def _sheets(given: Sequence[Path]) -> tables.Sheets:
    """Files, or folders of them; a file with a single sheet is meant by its own name."""
    files = [file for path in given for file in (sorted(path.glob("*.[xc]*")) if path.is_dir() else [path])]
    found: tables.Sheets = {}
    for file in files:
        sheets = tables.read(file.read_bytes(), file.stem)
        meant = next((label for label in LABELS if label in file.stem), None)
        if meant and len(sheets) == 1 and not set(sheets) & set(LABELS):
            sheets = {meant: next(iter(sheets.values()))}
        twice = found.keys() & sheets.keys()
        if twice:
            raise tables.BadTable("%(file)s：这张表已经在另一个文件里：%(names)s", file=file.name, names="、".join(sorted(twice)))
        found |= sheets
    return found


def _counted(counted: Mapping[str, importing.Counted]) -> str:
    return "\n".join(
        f"{importing.LABELS[name]}：新增 {one.new}，改 {one.changed}，不变 {one.same}" for name, one in counted.items()
    )


def _value(value: Any) -> str:
    match value:
        case None | "" | []:
            return "空着"
        case bool():
            return "是" if value else "否"
        case [[_, _], *_]:
            return f"{len(value)} 个角的轮廓"
        case list():
            return "、".join(value)
    return str(value)


def _tell(plan: importing.Plan) -> int:
    for name in plan.unknown:
        print(f"不认得的表，没有看：{name}")
    for one in plan.wrong:
        print(one)
    for change in () if plan.wrong else plan.changes:
        for detail in change.details:
            where = f"{importing.LABELS[change.table]} 第 {change.row} 行 {change.title}"
            print(f"{where} {detail.label}：{_value(detail.old)} → {_value(detail.new)}")
    print(_counted(plan.counted))
    print(f"有 {len(plan.wrong)} 处要改，什么也没有动" if plan.wrong else "没有错")
    return 1 if plan.wrong else 0
