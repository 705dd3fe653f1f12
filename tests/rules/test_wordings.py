"""The list learns residents' words, but none that only one or two people used, and nothing that could name somebody."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules.wordings import missing_words

CHICKENS = ["花坛里养土鸡", "隔壁养土鸡，天天打鸣", "有人养土鸡 13800001111", "阳台上养土鸡"]
OTHERS = ["楼下装修太吵", "隔壁装修半夜施工", "车停在消防通道", "垃圾没人收"] * 3


def test_a_word_that_many_use_and_the_list_does_not_know_is_found() -> None:
    assert missing_words(CHICKENS, OTHERS, ["养鸡养鸭", "家禽"]) == ["养土鸡"]


def test_a_word_the_list_knows_is_not_proposed_again() -> None:
    assert missing_words(CHICKENS, OTHERS, ["楼下养土鸡"]) == []


def test_a_word_that_is_said_of_everything_is_not_proposed() -> None:
    assert missing_words(["隔壁装修", "隔壁装修吵", "隔壁装修响"], ["隔壁装修", "隔壁装修啊"] * 20, []) == []


def test_two_people_are_not_enough() -> None:
    assert missing_words(["张小花家的狗"] * 2, OTHERS, []) == []


@given(st.lists(st.text(alphabet="养鸡狗0123456789 a，", max_size=30), max_size=12))
def test_no_digits_ever_and_each_word_stands_in_three_texts(texts: list[str]) -> None:
    for word in missing_words(texts, [], []):
        assert not any(sign.isdigit() for sign in word)
        assert sum(word in text for text in texts) >= 3
