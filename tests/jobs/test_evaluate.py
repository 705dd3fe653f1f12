"""Anybody can score their own table against any catalogue; what cannot be read is said, and nothing is written then."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from huiyin.jobs import evaluate

IN = "text,label\n楼下养鸡天天打鸣,QL-05\n消防通道停满了车,XF-01\n公司拖欠我三个月工资,\n医保报销去哪里办,\n"
YAML = """# 参考目录
title: 目录
enforcement:
  categories:
  - code: QL
    name: 犬类
    items:
    - code: QL-05
      name: 散养家禽
      plain: 有人养鸡养鸭。
      resident_examples:
      - 一楼养了一窝鸡。
      lead: chengguan
      legal_basis:
      - law: 条例
        quote: 'x: y'
      triage_keywords:
      - 养鸡
    - code: XF-01
      name: 占消防通道
      plain: 车停在消防通道上。
      triage_keywords:
      - 消防通道
"""


def run(folder: Path, *more: str, given: str = IN, coding: str = "utf-8") -> int:
    table = folder / "in.csv"
    table.write_bytes(given.encode(coding))
    return evaluate.main(["--in", str(table), "--out", str(folder / "out.csv"), *more])


def rows(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "out.csv").read_text(encoding="utf-8").splitlines()))


def test_rows_come_out_in_their_order_with_three_items_a_score_and_in_or_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path) == 0
    found = rows(tmp_path)
    assert list(found[0]) == ["text", "label", "first", "second", "third", "score", "in_scope"]
    assert [row["label"] for row in found] == ["QL-05", "XF-01", "", ""]
    assert [row["first"] for row in found[:2]] == ["QL-05", "XF-01"]
    assert [row["in_scope"] for row in found] == ["1", "1", "0", "0"]
    assert all(row["first"] and row["second"] and row["third"] for row in found)
    assert min(float(row["score"]) for row in found[:2]) > max(float(row["score"]) for row in found[2:])
    assert "第一个就对 1.000" in capsys.readouterr().out


@pytest.mark.parametrize("coding", ["utf-8-sig", "gb18030"])
def test_tables_of_offices_are_read_too(tmp_path: Path, coding: str) -> None:
    assert run(tmp_path, coding=coding) == 0
    assert rows(tmp_path)[0]["text"] == "楼下养鸡天天打鸣"


def test_a_catalogue_in_yaml_or_in_a_folder_of_toml_is_read(tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.yaml"
    catalogue.write_text(YAML, encoding="utf-8")
    assert run(tmp_path, "--catalogue", str(catalogue)) == 0
    assert {row["first"] for row in rows(tmp_path)} == {"QL-05", "XF-01"}
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "a.toml").write_text(
        '[[items]]\ncode="QL-05"\nname="养鸡"\n[[items]]\ncode="XF-01"\nname="堵消防通道"\n', encoding="utf-8"
    )
    assert run(tmp_path, "--catalogue", str(folder)) == 0
    assert [row["first"] for row in rows(tmp_path)[:2]] == ["QL-05", "XF-01"]


def test_quite_other_classes_are_learnt_from_a_table(tmp_path: Path) -> None:
    train = tmp_path / "train.csv"
    texts = {"教育": ["学校乱收费", "孩子上学划片", "学校食堂太差"], "交通": ["公交班次太少", "红绿灯坏了", "公交站太远"]}
    lines = [f"{text},{label}" for label, said in texts.items() for text in said]
    train.write_text("\n".join(["text,label", *lines]), encoding="utf-8")
    assert run(tmp_path, "--train", str(train), given="text,label\n学校收费,教育\n公交太少,交通\n") == 0
    assert [row["first"] for row in rows(tmp_path)] == ["教育", "交通"]


def test_a_table_without_answers_is_scored_all_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, given="text\n楼下养鸡\n") == 0
    assert rows(tmp_path)[0]["label"] == "" and "不算准确率" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "more", "why"),
    [
        ("a,b\n1,2\n", (), "表头"),
        ("", (), "表头"),
        (IN, ("--catalogue", "nowhere.toml"), "打不开"),
        (IN, ("--train", "nowhere.csv"), "打不开"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: str, more: tuple[str, ...], why: str
) -> None:
    assert run(tmp_path, *more, given=given) == 2
    assert why in capsys.readouterr().err and not (tmp_path / "out.csv").exists()


def test_files_that_are_something_else_are_refused(tmp_path: Path) -> None:
    for name, content in (("a.toml", "not = [toml"), ("b.toml", "[[items]]\nx=1\n"), ("c.yaml", "nothing: here\n")):
        file = tmp_path / name
        file.write_text(content, encoding="utf-8")
        assert run(tmp_path, "--catalogue", str(file)) == 2, name
    assert evaluate.main(["--in", str(tmp_path / "nowhere.csv")]) == 2
