"""A quotation is checked against the statute letter by letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules.law import stands_in, strays_at

STATUTE = "第三十条　单位和个人饲养犬只，应当按照规定定期免疫接种狂犬病疫苗……\n携带犬只出户的，应当按照规定佩戴犬牌并采取系犬绳等措施，防止犬只伤人、疫病传播。"


@pytest.mark.parametrize(
    "quote",
    ["应当按照规定佩戴犬牌并采取系犬绳等措施,防止犬只伤人", "携带犬只出户的，\n 应当按照规定", "第三十条 单位和个人饲养犬只"],
)
def test_white_space_and_width_of_signs_do_not_count(quote: str) -> None:
    assert stands_in(quote, STATUTE)


@pytest.mark.parametrize("quote", ["应当佩戴犬牌", "防止犬只咬人", "", "   ", "采取系犬绳等措施，应当按照规定佩戴犬牌"])
def test_anything_else_is_not_the_statute(quote: str) -> None:
    assert not stands_in(quote, STATUTE)


@given(st.integers(0, len(STATUTE) - 2), st.integers(1, 30))
def test_any_piece_of_it_stands_in_it(start: int, length: int) -> None:
    piece = STATUTE[start : start + length]
    assert stands_in(piece, STATUTE) == bool(piece.strip())


@pytest.mark.parametrize(
    ("quote", "rest"),
    [
        ("应当按照规定佩戴犬牌,并采取拴狗绳等措施", ",并采取拴狗绳等措施"),
        ("单位和个人饲养犬只，应当拴住", "拴住"),
        ("单位和个人　饲养犬只", ""),
        ("禁养猫狗", "禁养猫狗"),
    ],
)
def test_where_a_quotation_leaves_the_statute_is_shown(quote: str, rest: str) -> None:
    found = strays_at(quote, STATUTE)
    assert found.endswith(rest) and (bool(found) == bool(rest)) and quote.endswith(found)


@given(st.text(st.sampled_from("系犬绳等措施，防止拴 "), max_size=30))
def test_what_comes_before_the_stray_stands_there_and_one_sign_more_does_not(quote: str) -> None:
    rest = strays_at(quote, STATUTE)
    before = quote[: len(quote.rstrip()) - len(rest)]
    assert stands_in(before, STATUTE) == bool(before.strip())
    if rest:
        assert not stands_in(before + rest[0], STATUTE)
