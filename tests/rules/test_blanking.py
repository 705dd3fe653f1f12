"""A viewing copy of a recording says nothing of the phone, the place and the time, and every byte of picture and sound is where it was."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.rules.blanking import CannotBlank, Patch, blank, laid_over, packed, unpacked
from tests.rules.recordings import NOTES, PICTURE, SECRET, SOUND, box, mp3, mp4, wave

MARK = b"SECRET-PHONE"


def cleaned(kind: str, content: bytes, at_a_time: int = 10**9) -> bytes:
    patches = blank(kind, len(content), lambda at, length: content[at : at + length])
    pieces = (laid_over(content[at : at + at_a_time], at, patches) for at in range(0, len(content), at_a_time))
    return b"".join(pieces)


def same_places(content: bytes, clean: bytes, *parts: bytes) -> None:
    """Each part stands in the copy exactly where it stood."""
    for part in parts:
        at = content.find(part)
        while at != -1:
            assert clean[at : at + len(part)] == part
            at = content.find(part, at + 1)


@pytest.mark.parametrize(
    "film",
    [
        {},
        {"front": True},
        {"brand": b"qt  "},
        {"brand": b"3gp4"},
        {"wide": True},
        {"version": 1},
        {"notes": False},
        {"trailer": box(b"sefd", SECRET)},
        {"trailer": b"\0\0\0\x03SEFT" + SECRET},
        {"trailer": SECRET[:7]},
        {"trailer": box(b"uuid", b"\xbe\x7a\xcf\xcb" * 4, SECRET)},
    ],
)
def test_a_film_is_played_from_the_same_bytes_and_says_nothing_else(film: dict[str, Any]) -> None:
    content = mp4(**film)
    clean = cleaned("mp4", content)
    assert len(clean) == len(content)
    assert MARK in content and MARK not in clean and b"25.60" not in clean
    assert b"\x11" * 8 not in clean, "the times of film and tracks are gone"
    assert NOTES not in clean, "so are the timed notes"
    same_places(content, clean, PICTURE, SOUND, b"ftyp", b"moov", b"mdat")
    assert clean.count(b"stsz") == 2, "the tables of what is played are kept"
    assert clean.count(b"vide") == 1 and clean.count(b"soun") == 1 and b"meta" not in clean


@pytest.mark.parametrize("at_a_time", [1, 7, 64, 333])
def test_it_does_not_matter_in_what_pieces_the_copy_is_asked_for(at_a_time: int) -> None:
    content = mp4()
    assert cleaned("mp4", content, at_a_time) == cleaned("mp4", content)


def test_what_no_track_points_to_is_blanked() -> None:
    clean = cleaned("mp4", mp4(padding=b"Z" * 50))
    assert b"Z" * 5 not in clean


def test_a_film_in_fragments_is_cleaned_when_it_holds_nothing_but_picture_and_sound() -> None:
    piece = box(b"moof", box(b"mfhd", b"\0" * 8), box(b"traf", box(b"tfhd", b"\0" * 8), box(b"udta", SECRET)))
    content = mp4(fragmented=True, notes=False, trailer=piece + box(b"mdat", b"X" * 40), padding=b"")
    clean = cleaned("mp4", content)
    assert MARK not in clean
    same_places(content, clean, PICTURE, SOUND, b"X" * 40)
    with pytest.raises(CannotBlank, match="fragments"):
        cleaned("mp4", mp4(fragmented=True))


def test_sound_without_tags_sounds_the_same() -> None:
    for kind, content in (("mp3", mp3()), ("wav", wave()), ("wav", wave(cut=True)), ("amr", b"#!AMR\n" + SOUND)):
        clean = cleaned(kind, content)
        assert len(clean) == len(content) and MARK not in clean
        same_places(content, clean, SOUND)


def test_a_tag_becomes_the_padding_of_an_empty_tag() -> None:
    clean = cleaned("mp3", mp3())
    assert clean[:5] == b"ID3\x03\x00" and clean[5] == 0, "no flag announces what is not there any more"


@pytest.mark.parametrize("kind", ["webm", "avi", "ogg", "pdf", "docx", "xyz"])
def test_what_cannot_be_cleaned_is_said_to_be_so(kind: str) -> None:
    with pytest.raises(CannotBlank, match="unknown"):
        blank(kind, 10, lambda at, length: b"")


@pytest.mark.parametrize(
    "content",
    [
        mp4()[:-40],
        mp4()[:200],
        box(b"ftyp", b"isom") + box(b"moov") + box(b"mdat", b"x"),
        box(b"ftyp", b"isom") + box(b"mdat", b"x"),
        mp4() + mp4(),
        mp4().replace(b"stsz", b"stsy"),
        mp4().replace(b"stsc\0\0\0\0\0\0\0\x01\0\0\0\x01", b"stsc\0\0\0\0\0\0\0\x01\0\0\0\x09"),
        mp4().replace(b"stco\0\0\0\0\0\0\0\x02", b"stco\0\0\0\0\x7f\0\0\x02"),
    ],
)
def test_a_broken_film_has_no_copy_rather_than_a_half_cleaned_one(content: bytes) -> None:
    with pytest.raises(CannotBlank):
        cleaned("mp4", content)


@given(at=st.integers(0, 1200), value=st.integers(0, 255), cut=st.integers(0, 1600))
@settings(max_examples=300, deadline=None)
def test_no_damage_ends_in_anything_but_a_copy_of_the_same_length_or_a_refusal(at: int, value: int, cut: int) -> None:
    content = bytearray(mp4(front=True))
    content[min(at, len(content) - 1)] = value
    hurt = bytes(content[: len(content) - cut // 2])
    try:
        clean = cleaned("mp4", hurt)
    except CannotBlank:
        return
    assert len(clean) == len(hurt)


@given(st.binary(max_size=400), st.sampled_from(["mp4", "mp3", "wav"]))
@settings(max_examples=200, deadline=None)
def test_no_bytes_at_all_bring_it_down(content: bytes, kind: str) -> None:
    with contextlib.suppress(CannotBlank):
        cleaned(kind, content)


def test_patches_come_back_as_they_were_kept() -> None:
    patches = [Patch(4, 4, b"free"), Patch(8, 300), Patch(999, 1)]
    assert unpacked(packed(patches)) == patches
    assert laid_over(b"\xff" * 20, 0, patches) == b"\xff" * 4 + b"free" + bytes(12)
    assert laid_over(b"\xff" * 4, 6, patches) == b"ee" + bytes(2)
