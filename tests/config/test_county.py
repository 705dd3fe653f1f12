"""`huiyin county`: templates, a check with every mistake printed, and everything at once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from huiyin.adapters import tables
from huiyin.config import county
from huiyin.records.models import Body, Person
from huiyin.rules.county_tables import BODIES, PEOPLE

pytestmark = pytest.mark.django_db


def test_templates_are_written_checked_and_brought_in(tmp_path: Path, at: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    assert county.main(["templates", str(tmp_path)], at) == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["人员.xlsx", "单位.xlsx", "小区.xlsx", "社区.xlsx"]
    body = {"code": "chengguan", "kind": "县部门", "name": "县城市管理局"}
    (tmp_path / "单位.xlsx").write_bytes(tables.template([BODIES], {"bodies": [body]}))
    person = {"username": "liu", "name": "刘某某", "role": "执法人员", "body": "chengguan"}
    (tmp_path / "人员.xlsx").write_bytes(tables.template([PEOPLE], {"people": [person]}))
    assert county.main(["check", str(tmp_path)], at) == 0 and not Body.objects.exists()
    assert county.main(["bring", str(tmp_path)], at) == 0
    said = capsys.readouterr().out
    assert "单位：新增 1" in said and "刘某某\tliu\t" in said
    assert Person.objects.get().check_password(said.split("刘某某\tliu\t")[1].split("\n")[0])


def test_mistakes_are_printed_and_nothing_is_touched(tmp_path: Path, at: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "单位.csv").write_text("代码,类别,全称\na,皇宫,甲\n", encoding="utf-8")
    assert county.main(["bring", str(tmp_path)], at) == 1
    assert "单位 第 2 行“类别”" in capsys.readouterr().out and not Body.objects.exists()
    (tmp_path / "坏.xlsx").write_bytes(b"MZ\x00\x00")
    assert county.main(["check", str(tmp_path / "坏.xlsx")], at) == 2
    assert county.main(["check", str(tmp_path / "nowhere.xlsx")], at) == 2
