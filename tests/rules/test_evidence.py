"""What a file is, what a phone may say of it, and how its way is sealed."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from huiyin.rules import evidence
from huiyin.rules.evidence import BadEvidence, Family, Link, claims, family_of, link_hash, sniff
from huiyin.rules.files import BadFile
from tests.rules.recordings import box, mp3, mp4, png, wave

MB = 1024 * 1024


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (mp4(), "mp4"),
        (mp4(brand=b"qt  "), "mov"),
        (mp4(brand=b"3gp4"), "3gp"),
        (mp4(brand=b"M4A "), "m4a"),
        (box(b"wide") + box(b"mdat", b"x" * 9), "mov"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"x" * 40, "webm"),
        (b"RIFF\x00\x00\x00\x00AVI LIST" + b"x" * 20, "avi"),
        (wave(), "wav"),
        (mp3(), "mp3"),
        (b"\xff\xfb\x90\x00" + b"x" * 400, "mp3"),
        (b"\xff\xf1\x50\x80" + b"x" * 400, "aac"),
        (b"#!AMR\n" + b"x" * 30, "amr"),
        (b"OggS" + b"x" * 30, "ogg"),
        (b"%PDF-1.7\n" + b"x" * 30, "pdf"),
        (b"PK\x03\x04" + b"x" * 20 + b"[Content_Types].xml" + b"word/document.xml", "docx"),
        (b"PK\x03\x04" + b"x" * 20 + b"[Content_Types].xml" + b"xl/workbook.xml", "xlsx"),
        (b"PK\x03\x04" + b"x" * 20 + b"OFD.xml", "ofd"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 30, "doc"),
        (png(), "png"),
    ],
)
def test_a_file_is_told_by_its_first_bytes(head: bytes, kind: str) -> None:
    assert sniff(head, len(head)).kind == kind


@pytest.mark.parametrize(
    "head",
    [
        b"MZ" + b"x" * 60,
        b"<html><script>",
        b"#!/bin/sh\n",
        b"PK\x03\x04" + b"x" * 20 + b"evil.exe",
        b"PK\x03\x04" + b"[Content_Types].xml" + b"word/vbaProject.bin",
        b"\x1a\x45\xdf\xa3matroska" + b"x" * 60,
        b"\xff\xff\xff\xff" + b"x" * 60,
        b"%!PS-Adobe",
        "证据".encode(),
    ],
)
def test_whatever_else_is_no_evidence(head: bytes) -> None:
    with pytest.raises(BadEvidence) as refused:
        sniff(head, len(head))
    assert refused.value.code == "unknown"


def test_nothing_is_no_evidence() -> None:
    with pytest.raises(BadEvidence, match="空的"):
        sniff(b"", 0)


@pytest.mark.parametrize(("head", "most"), [(mp4(), 200), (wave(), 100), (b"%PDF-1.7", 50)])
def test_each_family_has_its_largest_size(head: bytes, most: int) -> None:
    assert sniff(head, most * MB)
    with pytest.raises(BadEvidence, match=str(most)):
        sniff(head, most * MB + 1)


def test_a_county_may_allow_larger_videos_and_no_larger_papers() -> None:
    assert sniff(mp4(), 300 * MB, video_mb=300)
    with pytest.raises(BadEvidence):
        sniff(b"%PDF-1.7", 60 * MB, video_mb=300)


def test_a_photo_keeps_the_rules_of_photos() -> None:
    with pytest.raises(BadFile, match="20 MB"):
        sniff(png(), 21 * MB)


def test_an_unknown_kind_is_a_paper_that_nobody_opens_by_mistake() -> None:
    assert family_of("xyz") is Family.PAPER


# ── claims ───────────────────────────────────────────────────────────────────────────────────


def test_what_a_phone_says_is_kept_as_it_says_it() -> None:
    said = {"sha256": "a" * 64, "taken_at": "2026-11-24T01:02:03.000Z", "lon": "115.79", "lat": "25.6", "accuracy": "12.5"}
    assert claims({**said, "name": "IMG.jpg", "chosen_at": ""}) == said


@pytest.mark.parametrize(
    "said",
    [
        {"sha256": "A" * 64},
        {"sha256": "a" * 63},
        {"taken_at": "yesterday"},
        {"taken_at": "2026-11-24T01:02:03"},
        {"lon": "115.79"},
        {"lon": "115.79", "lat": "91"},
        {"lon": "nan", "lat": "25"},
        {"accuracy": "3"},
    ],
)
def test_what_is_no_such_thing_is_left_out_and_keeps_no_file_from_being_taken(said: dict[str, str]) -> None:
    assert claims(said) == {}


def test_the_bytes_under_the_commitment_do_not_depend_on_the_order() -> None:
    assert (
        evidence.claims_bytes({"lon": "1", "lat": "2"})
        == b'{"lat":"2","lon":"1"}'
        == evidence.claims_bytes({"lat": "2", "lon": "1"})
    )


# ── the way ──────────────────────────────────────────────────────────────────────────────────

LINK = Link(
    file="c" * 64,
    seq=2,
    step="viewed",
    actor="p7",
    role="off",
    at="2026-11-24T01:02:03.000000Z",
    why="case",
    words="",
    prev="0" * 64,
)


@pytest.mark.parametrize(
    "change",
    [
        {"file": "d" * 64},
        {"seq": 3},
        {"step": "handed"},
        {"actor": "p8"},
        {"role": "head"},
        {"at": "2026-11-24T01:02:04.000000Z"},
        {"why": "suit"},
        {"words": "e" * 64},
        {"prev": "1" * 64},
    ],
)
def test_no_field_of_a_step_can_be_changed_unnoticed(change: dict[str, object]) -> None:
    assert link_hash(replace(LINK, **change)) != link_hash(LINK)  # type: ignore[arg-type]


def test_a_steps_hash_is_what_the_manual_says_it_is() -> None:
    lines = ["huiyin-custody-1", "c" * 64, "2", "viewed", "p7", "off", "2026-11-24T01:02:03.000000Z", "case", "", "0" * 64]
    assert link_hash(LINK) == hashlib.sha256("\n".join(lines).encode()).hexdigest()
