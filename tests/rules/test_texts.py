"""What people type is cleaned without harming it, and refused only with a reason they understand."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules.texts import LINE, LONG, WORDS, Bad, BadText, clean_words, email, occurred_at, phone, single_line

NOW = datetime(2026, 11, 3, 8, 20, tzinfo=UTC)
anything = st.text(st.characters(codec=None), max_size=80)  # surrogates too
nasty = st.text(
    st.sampled_from(
        "家ae 　\t\n\r\x00\x0b\x1f\x7f\x85\u2028\u200b\u200d\u200e\u202e\u2066\ufeff\ufe0f\u0301\ud83d\udc14👨👩\U000e0041ａ（"
    )
)


def kept_or_empty(function, raw):
    """What the function keeps; None when it says that nothing was written. Any other refusal fails the test."""
    try:
        return function(raw)
    except BadText as bad:
        if bad.code != "empty":
            raise
        return None


def refusal(function, *given):
    with pytest.raises(BadText) as caught:
        function(*given)
    assert caught.value.message == caught.value.template % caught.value.values
    return caught.value.code


# ---- words ------------------------------------------------------------------------------------------------------------


def test_plain_words_stay_as_they_were_typed():
    said = "楼下又养鸡了，每天四点就叫。\n\t（3栋后面）Ａ区 ㎡ ①"
    assert clean_words(said).text == said
    assert not clean_words(said).changed


def test_forms_are_composed_but_never_replaced():
    assert clean_words("e\u0301").text == "é"
    assert clean_words("e\u0301").changed
    assert clean_words("ｆｕｌｌ").text == "ｆｕｌｌ"


def test_blanks_around_and_ends_of_lines_are_put_right_without_a_word():
    cleaned = clean_words("  \u3000一\r\n二\r三\x85四\u2028五 \n")
    assert cleaned.text == "一\n二\n三\n四\n五"
    assert not clean_words("一\r\n二\n").changed


@pytest.mark.parametrize(
    "sign",
    [
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
        "\x9f",
        "\ud800",
        "\u202e",
        "\u2066",
        "\u200e",
        "\u200b",
        "\u200c",
        "\u2060",
        "\ufeff",
        "\xad",
        "\u061c",
    ],
)
def test_signs_that_show_nothing_or_turn_the_line_are_taken_out(sign):
    cleaned = clean_words(f"鸡{sign}叫")
    assert (cleaned.text, cleaned.changed) == ("鸡叫", True)


def test_a_joiner_stays_within_an_emoji_and_nowhere_else():
    family, rainbow = "👨\u200d👩\u200d👧", "🏳\ufe0f\u200d🌈"
    assert clean_words(f"一家{family}{rainbow}").text == f"一家{family}{rainbow}"
    assert clean_words("家\u200d人\u200d👨\u200d").text == "家人👨"
    assert clean_words("👨\u200d\u200d👩").text == "👨👩"


def test_four_byte_characters_and_rare_names_stay():
    assert clean_words("🐔𠮷𬱖\ue000").text == "🐔𠮷𬱖\ue000"


def test_heaps_of_accents_are_cut():
    assert clean_words("a" + "\u0323" * 40).text == unicodedata.normalize("NFC", "a" + "\u0323" * 4)


@pytest.mark.parametrize("raw", ["", " \n\t\u3000", "\u200b\u200d\ufeff", "\ufe0f", "\u3164\u2800", "\x00"])
def test_words_that_show_nothing_are_no_words(raw):
    assert refusal(clean_words, raw) == "empty"


def test_a_text_may_be_as_long_as_the_limit_in_characters_and_no_longer():
    for limit in (LINE, WORDS, LONG):
        assert len(clean_words("🐔" * limit, limit).text) == limit
        assert refusal(clean_words, "🐔" * (limit + 1), limit) == "too_long"
    with pytest.raises(BadText, match="写了 2001 个字，最多能写 2000 个"):
        clean_words("家" * 2001, LINE)


def test_a_line_has_no_ends_of_lines():
    assert single_line(" 幸福里\r\n 3 栋\t后面 ") == "幸福里 3 栋 后面"
    assert refusal(single_line, "一二三", 2) == "too_long"


@given(anything | nasty)
def test_cleaning_twice_is_cleaning_once_and_leaves_only_what_can_be_kept(raw):
    cleaned = kept_or_empty(clean_words, raw)
    if cleaned is None:
        return
    again = clean_words(cleaned.text)
    assert again.text == cleaned.text
    assert not again.changed
    cleaned.text.encode()
    assert not any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t" for sign in cleaned.text)
    assert not any(
        unicodedata.bidirectional(sign) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        for sign in cleaned.text
    )


@given(anything | nasty)
def test_a_line_is_one_line(raw):
    line = kept_or_empty(single_line, raw)
    if line is not None:
        assert line == " ".join(line.split())
        assert single_line(line) == line


# ---- telephone numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("19900000001", "19900000001"),
        ("199 0000 0001", "19900000001"),
        ("199-0000-0001", "19900000001"),
        ("１９９　００００　０００１", "19900000001"),
        ("+86 199 0000 0001", "19900000001"),
        ("（＋８６）199 0000 0001", "19900000001"),
        ("008619900000001", "19900000001"),
        ("8619900000001", "19900000001"),
        (" \u200b19900000001\n", "19900000001"),
        ("0700-555 0112", "0700-5550112"),
        ("(0700) 555-0112", "0700-5550112"),
        ("０７００－５５５０１１２", "0700-5550112"),
        ("07005550112", "0700-5550112"),
        ("0700—5550112", "0700-5550112"),
        ("0700 5550112 转 8", "0700-5550112-8"),
        ("0700-5550112-803", "0700-5550112-803"),
        ("+86 700 5550112", "0700-5550112"),
        ("010-23456789", "010-23456789"),
        ("02023456789", "020-23456789"),
        ("400-000-0000", "4000000000"),
    ],
)
def test_a_number_is_kept_in_one_form_however_it_was_typed(raw, kept):
    assert phone(raw) == kept
    assert phone(kept) == kept


@pytest.mark.parametrize(
    "raw",
    [
        "1990000000",
        "199000000012",
        "12900000001",
        "0700-555",
        "0700-0550112",
        "我不知道",
        "19900000001 19900000002",
        "+1 212 555 0112",
        "+1 390 000 0001",
        "110",
        "1" * 50,
    ],
)
def test_what_is_no_number_is_refused(raw):
    assert refusal(phone, raw) == "phone"


def test_a_fixed_line_without_area_code_takes_the_county_s_or_is_asked_for_it():
    assert phone("555 0112", area="0700") == "0700-5550112"
    assert refusal(phone, "555 0112") == "phone_area"


def test_an_empty_number_is_called_empty():
    assert refusal(phone, "  ") == "empty"


@given(
    st.integers(0, 9999),
    st.lists(st.sampled_from([" ", "-", "\u3000", "—"]), min_size=2, max_size=2),
    st.booleans(),
    st.sampled_from(["", "+86", "0086 ", "86"]),
)
def test_every_way_of_writing_a_mobile_number_matches(last, gaps, wide, country):
    typed = f"{country}199{gaps[0]}0000{gaps[1]}{last:04}"
    if wide:
        typed = "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in typed)
    assert phone(typed) == f"1990000{last:04}"


@given(anything | st.text("0123456789+-() 转", max_size=30))
def test_a_number_is_either_kept_stably_or_refused(raw):
    try:
        kept = phone(raw)
    except BadText:
        return
    assert phone(kept) == kept


# ---- addresses and times ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("who@example.com", "who@example.com"),
        (" Who.Is+it@Mail.Example.COM\n", "Who.Is+it@mail.example.com"),
        ("ｗｈｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "who@example.com"),
    ],
)
def test_an_address_is_kept_with_a_small_host(raw, kept):
    assert email(raw) == kept


@pytest.mark.parametrize(
    "raw",
    [
        "who",
        "who@",
        "@example.com",
        "who@example",
        "a b@example.com",
        "who@-example.com",
        "who@example.com\nBcc: x@example.com",
        "a..b@example.com",
        f"{'a' * 250}@example.com",
    ],
)
def test_what_is_no_address_is_refused(raw):
    assert refusal(email, raw) == "email"


def test_something_may_have_happened_up_to_two_years_ago_and_a_little_ahead_of_our_clock():
    for moment in (NOW, NOW + timedelta(minutes=10), NOW - timedelta(days=730)):
        assert occurred_at(moment, NOW) == moment
    assert refusal(occurred_at, NOW + timedelta(minutes=11), NOW) == "future"
    assert refusal(occurred_at, NOW - timedelta(days=3650), NOW) == "long_ago"


def test_a_time_without_a_zone_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="time zone"):
        occurred_at(NOW.replace(tzinfo=None), NOW)


def test_every_message_is_one_plain_sentence():
    for message in BadText.messages.values():
        assert not set(message) & set("!！")
        assert "错误" not in message
    assert issubclass(BadText, Bad)
