"""A receipt code and a case number come through however they are copied."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules.codes import ALPHABET, LENGTH, case_number, code_from, grouped, normalise, number, parse
from huiyin.rules.texts import BadText

codes = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


def refused(function, raw):
    with pytest.raises(BadText) as caught:
        function(raw)
    return caught.value


def test_a_code_is_the_first_sixty_bits():
    assert code_from(bytes(8)) == "000000000000"
    assert code_from(bytes([255] * 32)) == "ZZZZZZZZZZZZ"
    assert code_from(bytes([0, 0, 0, 0, 0, 0, 0, 0x10])) == "000000000001"
    assert code_from(bytes([0x08] + [0] * 7)) == "100000000000"


def test_too_few_bits_make_no_code():
    with pytest.raises(ValueError, match="8 bytes"):
        code_from(bytes(7))


@given(st.binary(min_size=8, max_size=40))
def test_a_code_reads_back_as_it_was_made(mac):
    code = code_from(mac)
    assert normalise(grouped(code)) == normalise(code) == code
    assert int.from_bytes(mac[:8], "big") >> 4 == sum(
        ALPHABET.index(sign) * 32 ** (LENGTH - 1 - place) for place, sign in enumerate(code)
    )


def test_codes_of_different_reports_differ():
    made = {code_from(hashlib.sha256(str(index).encode()).digest()) for index in range(5_000)}
    assert len(made) == 5_000


@pytest.mark.parametrize(
    "typed",
    [
        "7K4M-9TQX-2B8D",
        "7k4m9tqx2b8d",
        " 7k4m 9tqx 2b8d\n",
        "７Ｋ４Ｍ－９ＴＱＸ－２Ｂ８Ｄ",
        "7K4M—9TQX–2B8D",
        "7K4M\u200b9TQX.2B8D",
    ],
)
def test_a_code_comes_through_however_it_was_typed(typed):
    assert normalise(typed) == "7K4M9TQX2B8D"


def test_letters_that_look_like_digits_are_read_as_digits():
    assert normalise("OoIiLl-OoIiLl") == "001111001111"


@given(codes, st.randoms(use_true_random=False))
def test_any_case_any_gaps_and_any_look_alikes_read_back(code, chance):
    likes = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(chance.choice(likes.get(sign, sign + sign.lower())) + chance.choice(["", "", "-", " "]) for sign in code)
    assert normalise(typed) == code


def test_a_wrong_code_says_what_is_wrong_with_it():
    assert refused(normalise, "7K4M-9TQX-2B").message == "还差 2 位，请对照回执再看看"
    assert refused(normalise, "7K4M-9TQX-2B8DX").code == "code_long"
    assert refused(normalise, "7K4M-9TQX-2B8U").message == "回执码里没有“U”，请对照回执再看看"
    assert refused(normalise, "编号 2611").code == "code_sign"
    assert refused(normalise, " - ").code == "empty"


@given(st.text(st.characters(codec=None), max_size=40))
def test_whatever_is_typed_for_a_code_is_read_or_refused_printably(raw):
    try:
        assert len(normalise(raw)) == LENGTH
    except BadText as bad:
        bad.message.encode()


@pytest.mark.parametrize(
    "typed",
    ["2611-00379", "２６１１－００３７９", "261100379", " 2611 - 00379 ", "2611 00379", "2611—00379", "2611-379", "2611-0379"],
)
def test_a_case_number_comes_through_however_it_was_typed(typed):
    assert number(typed) == "2611-00379"
    assert parse(typed) == (26, 11, 379)


@pytest.mark.parametrize(
    "typed", ["2613-00379", "2600-00379", "2611-", "26110379", "2611-003790", "A611-00379", "2611-00000", "七月的那件", "2" * 99]
)
def test_what_is_no_case_number_is_refused(typed):
    assert refused(number, typed).code == "number"


def test_no_number_at_all_is_called_empty():
    assert refused(number, "  ").code == "empty"


@given(st.integers(2024, 2099), st.integers(1, 12), st.integers(1, 99_999))
def test_a_case_number_reads_back(year, month, serial):
    made = case_number(year, month, serial)
    assert number(made) == number(made.replace("-", "")) == made
    assert parse(made) == (year % 100, month, serial)


@pytest.mark.parametrize(("month", "serial"), [(0, 1), (13, 1), (11, 0), (11, 100_000)])
def test_a_month_or_serial_that_does_not_fit_makes_no_number(month, serial):
    with pytest.raises(ValueError, match="no case number"):
        case_number(2026, month, serial)
