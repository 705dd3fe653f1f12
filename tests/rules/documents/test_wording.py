"""Official text is written as offices write it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules.documents.wording import balanced, day, ended, in_capitals, money, number, punctuated, statute


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("经查,你在小区养鸡.", "经查，你在小区养鸡。"),
        ("他说:\"马上改\"", "他说：“马上改”"),
        ("(一)清理围栏;(二)恢复绿地", "（一）清理围栏；（二）恢复绿地"),
        ("22:00至6:00,罚款1,000元", "22:00至6:00，罚款1,000元"),
        ("见https://example.cn/a,b?c=1", "见https://example.cn/a,b?c=1"),
        ("等待...", "等待……"),
        ("A栋--B栋", "A栋--B栋"),
    ],
)  # fmt: skip
def test_punctuation_beside_chinese_is_chinese_and_numbers_stay(typed: str, printed: str) -> None:
    assert punctuated(typed) == printed


@pytest.mark.parametrize("text", ["（见附件）。", "“好”……", "经查，2026年11月3日"])
def test_what_is_right_already_is_left_alone(text: str) -> None:
    assert punctuated(text) == text


@pytest.mark.parametrize(
    ("yuan", "said"),
    [
        (0, "零元整"),
        (5, "伍元整"),
        (10, "壹拾元整"),
        (105, "壹佰零伍元整"),
        (200, "贰佰元整"),
        (1020, "壹仟零贰拾元整"),
        (10_500, "壹万零伍佰元整"),
        (100_000, "壹拾万元整"),
        (1_000_001, "壹佰万零壹元整"),
        (20_030_040, "贰仟零叁万零肆拾元整"),
        (100_000_005, "壹亿零伍元整"),
    ],
)
def test_a_sum_is_written_out_so_that_nobody_can_add_a_digit(yuan: int, said: str) -> None:
    assert in_capitals(yuan) == said


@pytest.mark.parametrize("yuan", [-1, 10**16])
def test_a_sum_that_cannot_be_is_refused(yuan: int) -> None:
    with pytest.raises(ValueError, match="cannot"):
        in_capitals(yuan)


def test_numbers_and_days_follow_the_standard() -> None:
    assert number("安城管罚字", 2026, 3) == "安城管罚字〔2026〕3号"
    assert day(date(2026, 11, 3)) == "2026年11月3日"
    assert money(200) == "人民币贰佰元整（¥200）"


def test_a_long_title_breaks_into_even_lines_and_never_inside_a_word() -> None:
    lines = balanced("关于提醒依法履行社会生活噪声监督管理职责并限期反馈办理情况的函", 19)
    assert lines == ["关于提醒依法履行社会生活噪声监督", "管理职责并限期反馈办理情况的函"]


@given(st.text(alphabet="关于提醒依法履行监督的函《》，", max_size=70), st.integers(8, 20))
def test_breaking_a_title_loses_nothing_and_fits(title: str, width: int) -> None:
    lines = balanced(title, width)
    assert "".join(lines) == title
    assert all(0 < len(line) <= width for line in lines)


@pytest.mark.parametrize(
    ("said", "printed"),
    [("未批先建", "未批先建。"), ("限期拆除”", "限期拆除”。"), ("限期拆除。”", "限期拆除。”"), ("如下：", "如下："), ("", "")],
)
def test_a_sentence_ends_with_one_full_stop(said: str, printed: str) -> None:
    assert ended(said) == printed


@pytest.mark.parametrize(
    ("label", "cited"),
    [
        ("中华人民共和国城乡规划法（2019修正）第六十四条", "《中华人民共和国城乡规划法》第六十四条"),
        ("物业管理条例第四十五条第一款", "《物业管理条例》第四十五条第一款"),
        ("《消防法》第六十条", "《消防法》第六十条"),
        ("县政府通告", "《县政府通告》"),
    ],
)
def test_a_law_is_cited_by_its_name_in_marks(label: str, cited: str) -> None:
    assert statute(label) == cited


def test_a_sum_never_looks_like_dollars() -> None:
    """FandolFang draws U+FFE5 as a dollar sign; the half-width yen sign is drawn from another font, rightly."""
    assert "￥" not in money(200) + punctuated("罚款￥200，不缴的每日加处￥6")
    assert punctuated("罚款￥200") == "罚款¥200"
