"""What is not checked and what is not proven is said where it matters, and only there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import huiyin
from huiyin.rules import cautions, terms
from huiyin.rules.documents.kinds import KINDS
from huiyin.rules.workflow.table import ACTIONS
from tools.blocking_rules import RULES


def test_every_caution_stands_beside_something_that_is_there() -> None:
    codes = set(re.findall(r'code="(\w+)"', Path(terms.__file__).read_text("utf-8")))
    for one in cautions.CAUTIONS:
        assert one.acts | one.terms | one.documents, one.text
        assert one.acts <= set(ACTIONS) and one.terms <= codes and one.documents <= set(KINDS), one.text
        assert not one.rule or one.rule in {rule.code for rule in RULES}
        assert one.text.endswith("。")


def said(action: str, *laws: str, police: bool = False) -> str:
    return "".join(one.text for one in cautions.of_act(action, laws, police=police))


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (said("spot_penalty", "yanhua", police=True), "烟花爆竹安全管理条例"),
        (said("enforce"), "法定节假日"),
        (said("publish"), "118号"),
        (said("open_file"), "由本单位执法"),
        (said("spot_penalty"), "两日内"),
        (said("advance_notice", police=True), "未成年人"),
        (said("serve", police=True), "自然日"),
        (said("propose", police=True), "公安机关办理行政案件程序规定"),
        ("".join(one.text for one in cautions.of_term("decide", police=True)), "公安机关办理行政案件程序规定"),
        (said("enforce"), "没有录入节假日的年份"),
        ("".join(one.text for one in cautions.of_document("reminder")), "GB/T 9704-2012"),
        ("".join(one.text for one in cautions.of_document("reminder")), "行政执法监督条例"),
        ("".join(one.text for one in cautions.of_term("serve", police=True)), "自然日"),
        ("".join(one.text for one in cautions.of_term("publish")), "118号"),
    ],
)
def test_what_nobody_has_confirmed_or_nobody_checks_is_said_there(where: str, text: str) -> None:
    assert text in where


def test_what_does_not_concern_somebody_is_not_said() -> None:
    assert "烟花爆竹" not in said("spot_penalty", "shirong", police=True) + said("spot_penalty", "yanhua")
    assert "自然日" not in said("serve") and "未成年人" not in said("advance_notice")
    assert "由本单位执法" not in said("open_file", police=True)
    assert not cautions.of_act("dissuade") and not cautions.of_document("persuasion")


def test_a_reading_of_ours_says_so_in_its_words() -> None:
    for one in cautions.CAUTIONS:
        assert one.unproven == bool(re.search("没有核实|没有核对", one.text)), one.text


def test_the_clause_of_the_press_reports_is_cited_nowhere_without_saying_so() -> None:
    for path in (Path(huiyin.__file__).parent).rglob("*.py"):
        for line in path.read_text("utf-8").splitlines():
            if "118号" in line and not line.lstrip().startswith("#") and "# 国办发" not in line:
                assert "未核" in line or "没有核对" in line, (path, line)
