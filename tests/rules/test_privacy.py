"""What is meant for the public names nobody: numbers and doors are found, plain sums, dates and clauses are not."""

from __future__ import annotations

import pytest

from huiyin.rules.privacy import points_to_somebody


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("当事人 36000019800101123X，罚款二百元", ["identity"]),
        ("联系电话 138 0000 0000", ["mobile"]),
        ("在三栋二单元 602 室楼顶搭建", ["door"]),
        ("3栋602 的住户", ["door"]),
        ("360000198001011234，13800000000，12室", ["identity", "mobile", "door"]),
    ],
)
def test_what_points_to_somebody_is_found(text: str, found: list[str]) -> None:
    assert points_to_somebody(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "县城市管理局 2026 年 11 月 24 日决定：罚款 200 元",
        "依据《城乡规划法》第六十四条，责令限期拆除，罚款 12000 元",
        "三栋楼顶违法搭建 21 平方米",
        "统一社会信用代码 91360000MA00000000",
        "咨询电话 0700-555 0145",
        "",
    ],
)
def test_sums_dates_clauses_and_offices_are_let_pass(text: str) -> None:
    assert points_to_somebody(text) == []
