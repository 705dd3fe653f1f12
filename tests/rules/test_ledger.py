"""The ledger's bytes are the same wherever they were kept, and no change to a chain goes unseen."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.rules import ledger
from huiyin.rules.ledger import Entry, canonical, check_chain, commitment, digest, fold, sealed, stamp
from huiyin.rules.workflow.vocabulary import Stage, Tier

START = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PLAIN = st.recursive(
    st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
DATA = st.dictionaries(TEXT, PLAIN, max_size=4)
MOMENTS = st.integers(min_value=0, max_value=2**51).map(lambda microseconds: START + timedelta(microseconds=microseconds))


def plain_of(value: Any) -> Any:
    """What JSON makes of a value: tuples and lists are one."""
    return json.loads(json.dumps(value))


def chain(*steps: dict[str, Any]) -> list[Entry]:
    """Sealed entries of one case, a minute apart, the first a report."""
    entries: list[Entry] = []
    for seq, step in enumerate(({"action": "report", "to": Stage.REPORTED, "data": {"report": 1}}, *steps), 1):
        fields = {"actor": "r1", "role": "res", "at": START + timedelta(minutes=seq), "data": {}, **step}
        prev = entries[-1].hash if entries else ledger.GENESIS
        entries.append(sealed(Entry(case=7, seq=seq, table=1, prev=prev, **fields)))
    return entries


LONG = [{"action": "note", "data": {"n": number}} for number in range(6)]

# ── canonical bytes ──────────────────────────────────────────────────────────────────────────


@given(PLAIN, PLAIN)
def test_two_values_have_the_same_bytes_only_if_they_are_the_same(one: Any, other: Any) -> None:
    assert (canonical(one) == canonical(other)) == (plain_of(one) == plain_of(other))


@given(PLAIN)
def test_what_json_gave_back_has_the_same_bytes(value: Any) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)
    assert canonical(json.loads(json.dumps(value, indent=3))) == canonical(value)


@given(DATA, st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_matter(data: dict[str, Any], random: Any) -> None:
    shuffled = list(data.items())
    random.shuffle(shuffled)
    assert canonical(dict(shuffled)) == canonical(data)


@pytest.mark.parametrize("value", [1.0, True, False, None, b"x", {1: "a"}, ["a", None], {"a": {"b": 0.5}}, START, {"a"}])
def test_what_engines_do_not_agree_on_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_chinese_stays_readable_in_the_bytes() -> None:
    assert canonical({"项": "养鸡", "a": [1, "二"]}) == '{"a":[1,"二"],"项":"养鸡"}'.encode()


@given(MOMENTS, st.integers(min_value=-12, max_value=14))
def test_a_moment_has_one_stamp_in_every_time_zone(moment: datetime, hours: int) -> None:
    there = moment.astimezone(timezone(timedelta(hours=hours)))
    assert stamp(there) == stamp(moment)
    assert len(stamp(moment)) == 27
    assert datetime.fromisoformat(stamp(moment).replace("Z", "+00:00")) == moment


@given(MOMENTS, MOMENTS)
def test_stamps_sort_like_moments(one: datetime, other: datetime) -> None:
    assert (stamp(one) < stamp(other)) == (one < other)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        stamp(START.replace(tzinfo=None))


# ── commitments ──────────────────────────────────────────────────────────────────────────────


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_a_commitment_cannot_be_tried_out_without_its_salt(content: bytes, other: bytes) -> None:
    salt, another = b"s" * 32, b"t" * 32
    assert commitment(salt, content) != commitment(another, content)
    assert (commitment(salt, content) == commitment(salt, other)) == (content == other)


# ── the chain ────────────────────────────────────────────────────────────────────────────────


def test_an_honest_chain_is_whole() -> None:
    assert check_chain(chain(*LONG)) == []
    assert check_chain([]) == []


CHANGES = {
    "case": 8,
    "seq": 99,
    "action": "close",
    "actor": "p9",
    "role": "co",
    "at": START + timedelta(days=300),
    "claimed_at": START,
    "to": Stage.CLOSED,
    "tier": Tier.COERCED,
    "data": {"n": 77},
    "table": 2,
    "prev": "f" * 64,
    "hash": "f" * 64,
}


def test_every_field_of_an_entry_is_covered() -> None:
    assert set(CHANGES) == set(Entry.__dataclass_fields__)


@pytest.mark.parametrize("field", CHANGES)
@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_single_change_is_found(place: int, field: str) -> None:
    entries = chain(*LONG)
    entries[place] = replace(entries[place], **{field: CHANGES[field]})
    assert check_chain(entries)


@pytest.mark.parametrize("place", range(6))
def test_a_change_with_a_fresh_hash_is_found_at_the_next_entry(place: int) -> None:
    entries = chain(*LONG)
    entries[place] = sealed(replace(entries[place], data={"report": 1, "n": 77}))
    assert [found.seq for found in check_chain(entries)] == [place + 2]


@pytest.mark.parametrize("place", range(6))
def test_an_entry_taken_out_is_found(place: int) -> None:
    entries = chain(*LONG)
    del entries[place]
    assert check_chain(entries)[0].what == f"expected entry {place + 1}, found {place + 2}"


@pytest.mark.parametrize("place", range(6))
def test_two_entries_that_changed_places_are_found(place: int) -> None:
    entries = chain(*LONG)
    entries[place], entries[place + 1] = entries[place + 1], entries[place]
    assert check_chain(entries)


def test_time_that_runs_back_is_found() -> None:
    entries = chain({"action": "note", "at": START - timedelta(days=1)})
    assert [found.what for found in check_chain(entries)] == ["is dated before the entry it follows"]


@settings(max_examples=60)
@given(DATA, DATA)
def test_the_hash_follows_the_data(one: dict[str, Any], other: dict[str, Any]) -> None:
    entry = chain()[0]
    same = digest(replace(entry, data=one)) == digest(replace(entry, data=other))
    assert same == (plain_of(one) == plain_of(other))


# ── the fold ─────────────────────────────────────────────────────────────────────────────────


def test_a_case_begins_with_a_report_or_a_split() -> None:
    with pytest.raises(ValueError, match="cannot begin with note"):
        fold([replace(chain()[0], action="note")])


def test_without_entries_there_is_no_case() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        fold([])


def test_an_action_that_this_table_does_not_know_still_moves_the_stage_it_moved_then() -> None:
    """Entries keep the `to` and `tier` they had; a retired action folds like any other."""
    state = fold(chain({"action": "retired_long_ago", "to": Stage.HANDLING, "tier": Tier.COERCED}))
    assert (state.stage, state.tier, state.seq) == (Stage.HANDLING, Tier.COERCED, 2)


def test_a_tier_once_reached_stays() -> None:
    entries = chain({"action": "x", "tier": Tier.ORDERED}, {"action": "x", "tier": Tier.PERSUADED}, {"action": "x"})
    assert fold(entries).tier is Tier.ORDERED


def test_since_is_when_the_stage_was_entered_not_the_last_entry() -> None:
    entries = chain({"action": "x", "to": Stage.ASSIGNED}, {"action": "note"}, {"action": "note"})
    assert fold(entries).since == entries[1].at
    assert fold(entries).at == entries[3].at
