"""An identity is read only with the key and for the row and field that it belongs to."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.adapters.vault import VERSION, CannotOpen, keyed_hash, seal, unseal

KEY, OTHER = b"k" * 32, b"o" * 32
words = st.text(st.characters(codec="utf-8"), max_size=60)


@given(words, words)
def test_what_is_sealed_opens_again(plain, context):
    assert unseal(KEY, seal(KEY, plain, context), context) == plain


@given(words, words, words)
def test_it_opens_for_its_own_row_and_field_only(plain, context, other):
    sealed = seal(KEY, plain, context)
    if other != context:
        with pytest.raises(CannotOpen):
            unseal(KEY, sealed, other)
    with pytest.raises(CannotOpen):
        unseal(OTHER, sealed, context)


def test_the_same_words_never_look_the_same():
    assert len({seal(KEY, "19900000001", "phone:1") for _ in range(200)}) == 200


@given(st.integers(min_value=0), st.integers(1, 255))
def test_every_change_is_found(place, flip):
    sealed = bytearray(base64.b64decode(seal(KEY, "吴女士", "name:1").removeprefix(VERSION)))
    sealed[place % len(sealed)] ^= flip
    with pytest.raises(CannotOpen):
        unseal(KEY, VERSION + base64.b64encode(sealed).decode(), "name:1")


@pytest.mark.parametrize("sealed", ["", "吴女士", "v1:", "v1:!!!!", "v1:AAAA", "v2:AAAA", "v1:" + "A" * 400])
def test_what_was_never_sealed_does_not_open(sealed):
    with pytest.raises(CannotOpen):
        unseal(KEY, sealed, "name:1")


def test_what_is_sealed_shows_nothing_of_the_words():
    assert "19900000001" not in seal(KEY, "19900000001", "phone:1")
    with pytest.raises(CannotOpen) as caught:
        unseal(OTHER, seal(KEY, "19900000001", "phone:1"), "phone:1")
    assert "1990" not in str(caught.value)


def test_a_keyed_hash_tells_equal_from_unequal_and_nothing_without_the_key():
    assert keyed_hash(KEY, "19900000001") == keyed_hash(KEY, "19900000001")
    assert len({keyed_hash(KEY, "19900000001"), keyed_hash(KEY, "19900000002"), keyed_hash(OTHER, "19900000001")}) == 3
