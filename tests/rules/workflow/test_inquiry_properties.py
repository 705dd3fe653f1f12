"""Whatever is tried in whatever order: nothing counts while a signature or an approval is missing, and nobody is fined untold, unheard or twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.rules import law
from huiyin.rules.ledger import Entry, State
from huiyin.rules.workflow.judge import Refused
from huiyin.rules.workflow.vocabulary import Tier
from tests.rules.workflow.inquest import Inquest, begun
from tests.rules.workflow.story import (
    BASES,
    BEIJING,
    CHIEF,
    CONSTABLE,
    DOG,
    HEAD,
    OFFICER,
    POSTINGS,
    REVIEWER,
    RUBBISH,
    SECOND_CONSTABLE,
    SECOND_HEAD,
    SECOND_OFFICER,
    SMOKE,
)

CALM = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
TODAY = "2026-09-07"


# ── an oracle that reads the bare entries, not the fold ──────────────────────────────────────


def person(entry: Entry) -> int:
    return POSTINGS[entry.posting or 0].person


def signed(entries: tuple[Entry, ...], seq: int) -> bool:
    """Two officers stand behind it: on paper, by a sign-in of the second, or lawfully one with a recording."""
    entry = entries[seq - 1]
    if entry.data.get("alone"):
        return entry.data.get("recorded") == "yes" and POSTINGS[entry.posting or 0].body == POSTINGS[CONSTABLE.id].body
    if entry.data.get("paper") == "yes":
        return bool(entry.data.get("second"))
    return any(
        one.action == "countersign" and one.data["of"] == seq and one.data["yes"] == "yes" and person(one) == entry.data["second"]
        and person(one) != person(entry)
        for one in entries[seq:]
    )  # fmt: skip


def approval(entries: tuple[Entry, ...], seq: int) -> Entry | None:
    """The head's yes to it, by somebody who neither wrote nor seconded it."""
    entry = entries[seq - 1]
    return next(
        (
            one for one in entries[seq:]
            if one.action == "approve" and one.data["of"] == seq and one.data["yes"] == "yes" and POSTINGS[one.posting or 0].role == "head"
            and person(one) not in {person(entry), entry.data.get("second")}
        ),
        None,
    )  # fmt: skip


def approved_before(entries: tuple[Entry, ...], seq: int) -> bool:
    """A proposal for this kind of act was approved before it and used by no other."""
    entry = entries[seq - 1]
    proposal = entry.data.get("proposal")
    if proposal is None:
        return False
    word = approval(entries, proposal)
    others = [one for one in entries if one.data.get("proposal") == proposal and one.seq != seq]
    return word is not None and word.seq < seq and entries[proposal - 1].data["proposed"] == entry.action and not others


def approved_at_all(entries: tuple[Entry, ...], seq: int) -> bool:
    word = approval(entries, seq)
    in_time = word is not None and word.at < entries[seq - 1].at + timedelta(hours=24)
    return approved_before(entries, seq) or (entries[seq - 1].data.get("urgent") == "yes" and in_time)


def nothing_counts_too_early(state: State) -> None:
    entries = state.entries
    for entry in entries:
        if not state.counts(entry.seq):
            continue
        if entry.action in {"spot_penalty", "seize", "enforce", "preserve", "inspect", "interview", "open_file"}:
            assert signed(entries, entry.seq), f"{entry.action} counts with one signature"
        if entry.action == "open_file":
            assert approval(entries, entry.seq) is not None, "a file counts without its head"
        if entry.action in {"seize", "enforce"}:
            assert approved_at_all(entries, entry.seq), f"{entry.action} counts without approval"
        if entry.action == "preserve":
            assert approved_before(entries, entry.seq), "evidence was taken without approval"
        if entry.action == "decide" and entry.data["decision"] == "penalty":
            the_decision_was_prepared(state, entry)


def the_decision_was_prepared(state: State, made: Entry) -> None:
    entries, file = state.entries[: made.seq - 1], made.data["file"]
    assert signed(entries, file) and approval(entries, file) is not None
    mine = [one for one in entries if one.data.get("file") == file or (one.action in {"inspect", "interview"} and one.seq < file)]
    assert any(one.action in {"inspect", "interview"} and signed(entries, one.seq) for one in mine), "decided without facts"
    notices = [one for one in mine if one.action == "advance_notice"]
    assert notices, "decided untold"
    assert any(one.action == "hear" and one.seq > notices[-1].seq for one in mine), "decided unheard"
    assert made.data.get("amount", 0) <= notices[-1].data.get("amount", 0), "decided beyond what was told"
    asked = [one for one in mine if one.action == "hear" and one.seq > notices[-1].seq and one.data["asks_hearing"] == "yes"]
    held = [one for one in mine if one.action == "hold_hearing" and one.seq > notices[-1].seq]
    assert not asked or held, "a hearing that was asked for was not held"
    assert not asked or notices[-1].data["hearing_told"] != "no"
    assert person(made) not in {person(entries[file - 1]), entries[file - 1].data["second"]}


def nobody_is_fined_twice(state: State) -> None:
    fines = [
        one for one in state.inquiry.decisions.values() if "fine" in one.penalties and state.counts(one.seq) and not one.annulled
    ]
    for party in {one.party for one in fines}:
        of_party = sorted((one for one in fines if one.party == party), key=lambda one: one.seq)
        for earlier, later in pairwise(of_party):
            assert later.offence > earlier.at.astimezone(BEIJING).date().isoformat(), "one act was fined twice"


def the_tier_was_earned(state: State) -> None:
    """721: coerced is only a case on which something coercive counts or was signed by both."""
    if state.tier is not Tier.COERCED:
        return
    acts = [entry for entry in state.entries if entry.action in {"decide", "spot_penalty", "seize", "enforce"}]
    assert any(entry.action == "decide" or signed(state.entries, entry.seq) for entry in acts)


# ── leaving out any steps of the lawful way ──────────────────────────────────────────────────

STEPS = ("sign the file", "approve the file", "inspect", "sign the inspection", "tell", "hear", "wait", "review")


@pytest.mark.keeps("MA-04", side="both")
@pytest.mark.keeps("MA-06", side="both")
@pytest.mark.keeps("MA-07", side="both")
@settings(parent=CALM, max_examples=120)
@given(st.frozensets(st.sampled_from(STEPS), max_size=3))
def test_a_fine_is_decided_if_no_step_was_left_out_and_only_then(left_out: frozenset[str]) -> None:
    story = begun(RUBBISH)
    party = story.named()
    done: set[str] = set()

    def attempt(step: str, act: Callable[[], Any]) -> None:
        if step in left_out:
            return
        try:
            act()
        except Refused:
            return
        done.add(step)

    story.do(OFFICER, "open_file", filing="yes", basis=18, party=party, offence_on=TODAY, second=SECOND_OFFICER.person)
    file = story.last
    attempt("sign the file", lambda: story.do(SECOND_OFFICER, "countersign", of=file, yes="yes"))
    attempt("approve the file", lambda: story.do(HEAD, "approve", of=file, yes="yes"))
    attempt("inspect", lambda: story.do(OFFICER, "inspect", second=SECOND_OFFICER.person))
    attempt(
        "sign the inspection", lambda: story.do(SECOND_OFFICER, "countersign", of=max(story.state.pending, default=0), yes="yes")
    )
    attempt("tell", lambda: story.told(basis=18, amount=500, hearing=True))
    attempt("hear", lambda: story.heard())
    attempt("wait", lambda: story.later(days=9))
    attempt("review", lambda: story.do(REVIEWER, "review", passed="yes"))
    given = {"decision": "penalty", "penalties": ["fine"], "amount": 500, "circumstances": ["intricate"]}
    refused = story.refusal(HEAD, "decide", basis=18, **given)
    assert (refused is None) == (not left_out), str(refused)
    if refused is None:
        story.decided(basis=18, **given)
    nothing_counts_too_early(story.state)


# ── any acts in any order ────────────────────────────────────────────────────────────────────

Move = Callable[[Inquest], Any]


def latest(story: Inquest, *actions: str) -> int:
    return max((entry.seq for entry in story.state.did(*actions)), default=1)


def mover(who: Any, action: str, **data: Any) -> Move:
    def move(story: Inquest) -> None:
        filled = {name: value(story) if callable(value) else value for name, value in data.items()}
        story.do(who, action, **filled)

    move.__name__ = f"{action} by {who.person}"
    return move


def moves(first: Any, second: Any, head: Any, basis: int, force: int) -> list[Move]:
    pending: Callable[[Inquest], int] = lambda story: next(iter(story.state.pending), 1)  # noqa: E731
    waiting: Callable[[Inquest], int] = lambda story: next(iter(story.state.unapproved), 1)  # noqa: E731
    made: Callable[[Inquest], int] = lambda story: max(story.state.inquiry.decisions, default=1)  # noqa: E731
    today: Callable[[Inquest], str] = lambda story: story.today.isoformat()  # noqa: E731
    month: Callable[[Inquest], str] = lambda story: (story.today + timedelta(days=30)).isoformat()  # noqa: E731
    week: Callable[[Inquest], str] = lambda story: (story.today + timedelta(days=7)).isoformat()  # noqa: E731
    fine = {"penalties": ["fine"], "amount": 300}
    spot = {"basis": basis, "party": 1, "spot_kinds": ["fine"], "amount": 150, "offence_on": today}
    return [
        mover(first, "open_file", filing="yes", basis=basis, party=1, offence_on=today, second=second.person),
        mover(first, "open_file", filing="yes", basis=basis, party=1, offence_on=TODAY, second=second.person, paper="yes", files=1),
        mover(second, "countersign", of=pending, yes="yes"),
        mover(second, "countersign", of=pending, yes="no", why="不对"),
        mover(first, "countersign", of=pending, yes="yes"),
        mover(head, "approve", of=waiting, yes="yes"),
        mover(head, "approve", of=waiting, yes="no", why="不对"),
        mover(first, "inspect", second=second.person),
        mover(first, "inspect", second=second.person, paper="yes", files=1),
        mover(first, "interview", second=0, alone="station", recorded="yes"),
        mover(first, "advance_notice", basis=basis, due=today, hearing_told="yes", **fine),
        mover(first, "advance_notice", basis=basis, due=today, hearing_told="no", penalties=["fine"], amount=100),
        mover(first, "hear", heard="stated", asks_hearing="no"),
        mover(first, "hear", heard="stated", asks_hearing="yes"),
        mover(first, "hear", heard="silent", asks_hearing="no"),
        mover(first, "hold_hearing", chair=SECOND_HEAD.person, notified_on=TODAY, held_on=today),
        mover(head, "decide", decision="penalty", basis=basis, circumstances=["none"], **fine),
        mover(head, "decide", decision="penalty", basis=basis, circumstances=["none"], penalties=["fine"], amount=100),
        mover(head, "decide", decision="no_facts", basis=basis, circumstances=["none"]),
        mover(first, "spot_penalty", second=second.person, **spot),
        mover(first, "spot_penalty", second=second.person, paper="yes", files=1, **spot),
        mover(first, "spot_penalty", second=0, alone="undisputed", recorded="yes", **spot),
        mover(first, "serve", of=made, way="direct", receiver="party", served_on=today),
        mover(first, "propose", proposed="seize"),
        mover(first, "propose", proposed="enforce"),
        mover(first, "propose", proposed="preserve"),
        mover(first, "seize", measure="impound", basis=force, until=month, second=second.person, recorded="yes"),
        mover(first, "seize", measure="impound", basis=force, until=month, second=second.person, urgent="yes", recorded="yes"),
        mover(first, "seize", measure="impound", basis=force, until=month, second=second.person, paper="yes", files=1, recorded="yes"),
        mover(first, "preserve", until=week, second=second.person),
        mover(first, "enforce", of=made, means="surcharge", second=second.person),
        mover(first, "enforce", means="clear", absent="yes", urgent="yes", second=second.person),
        mover(first, "enforce", means="clear", absent="yes", urgent="yes", second=second.person, paper="yes", files=1),
        mover(first, "demand", of=made, due=week, delivered_on=today),
        mover(first, "close_file", closing="annulled"),
        mover(first, "close_file", closing="dropped"),
        mover(first, "correct", of=pending, fact="withdrawn", words="写错了"),
        lambda story: story.later(hours=5),
        lambda story: story.later(hours=25),
        lambda story: story.later(days=9),
    ]  # fmt: skip


KINDS: dict[str, tuple[Any, list[Move]]] = {
    "rubbish": (RUBBISH, moves(OFFICER, SECOND_OFFICER, HEAD, 18, 20)),
    "smoke": (SMOKE, moves(OFFICER, SECOND_OFFICER, HEAD, 19, 20)),
    "dog": (DOG, moves(CONSTABLE, SECOND_CONSTABLE, CHIEF, 13, 13)),
}
#: From how far on the walk begins: nothing, a file, facts, a notice, an answer, a decision, service.
DEPTHS = range(7)


def prepared(kind: str, depth: int) -> Inquest:
    item, _ = KINDS[kind]
    basis = {"rubbish": 18, "smoke": 19, "dog": 13}[kind]
    amount = 500 if kind == "smoke" else 300
    story = begun(item)
    party = story.named()
    ways: list[Callable[[], Any]] = [
        lambda: story.filed(basis=basis, party=party),
        lambda: story.inspected(),
        lambda: story.told(basis=basis, amount=amount, hearing=True),
        lambda: story.heard(),
        lambda: (story.later(days=9), story.decided(basis=basis, amount=amount)),
        lambda: story.served(story.last),
    ]
    for way in ways[:depth]:
        way()
    return story


@pytest.mark.keeps("MA-01", side="stops")
@pytest.mark.keeps("MA-09", side="stops")
@pytest.mark.keeps("MA-08", side="stops")
@settings(parent=CALM, max_examples=150)
@given(st.sampled_from(sorted(KINDS)), st.sampled_from(DEPTHS), st.lists(st.integers(0, 200), min_size=5, max_size=35))
def test_nothing_counts_while_a_signature_or_an_approval_is_missing(kind: str, depth: int, picks: list[int]) -> None:
    story, able = prepared(kind, depth), KINDS[kind][1]
    for pick in picks:
        try:
            able[pick % len(able)](story)
        except Refused:
            continue
        nothing_counts_too_early(story.state)
        nobody_is_fined_twice(story.state)
        the_tier_was_earned(story.state)


def test_the_walk_reaches_what_it_guards() -> None:
    """Every kind of act is accepted at some depth, so that the walk is not vacuous."""
    reached = set()
    for kind, (_, able) in KINDS.items():
        for depth in DEPTHS:
            for move in able:
                story = prepared(kind, depth)
                before = len(story.entries)
                try:
                    move(story)
                except Refused:
                    continue
                reached |= {entry.action for entry in story.entries[before:]}
    assert {
        "open_file",
        "inspect",
        "interview",
        "advance_notice",
        "hear",
        "decide",
        "spot_penalty",
        "serve",
        "propose",
        "seize",
    } <= reached


# ── words of a clause ────────────────────────────────────────────────────────────────────────

UNITS = ("", "十", "百", "千", "万")
DIGITS = "零一二三四五六七八九"


def spelt(value: int) -> str:
    """A sum below a hundred million as statutes write it."""
    if value >= 10_000:
        rest = value % 10_000
        return spelt(value // 10_000) + "万" + (("零" if rest < 1000 else "") + spelt(rest) if rest else "")
    found, zero = "", False
    for place in (1000, 100, 10, 1):
        digit, value = divmod(value, place)
        if digit:
            found += ("零" if zero and found else "") + DIGITS[digit] + {1000: "千", 100: "百", 10: "十", 1: ""}[place]
        zero = digit == 0
    return found


@given(st.integers(1, 99_999_999))
def test_a_sum_reads_as_it_is_written(value: int) -> None:
    assert law.yuan(spelt(value)) == value
    assert law.yuan(str(value)) == value and law.yuan(f"{value:,}") == value
    assert law.yuan(f"{value}万") == value * 10_000


@pytest.mark.keeps("MA-05", side="both")
@given(st.lists(st.tuples(st.integers(1, 500_000), st.integers(0, 500_000)), min_size=1, max_size=4), st.booleans())
def test_the_range_that_is_read_holds_every_range_that_is_stated(ranges: list[tuple[int, int]], figures: bool) -> None:
    write = str if figures else spelt
    clause = "由主管部门责令改正，" + "；情节严重的，".join(
        f"处{write(low)}元以上{write(low + more)}元以下的罚款" for low, more in ranges
    )
    found = law.range_in(clause)
    assert found is not None
    assert all(found[0] <= low and low + more <= found[1] for low, more in ranges)
    assert found[0] in {low for low, _ in ranges} and found[1] in {low + more for low, more in ranges}
    up_to = law.range_in(clause + f"；处{write(ranges[0][0])}元以下罚款")
    assert up_to is not None and up_to[0] == 0 and up_to[1] >= found[1]


@pytest.mark.parametrize(
    "quote",
    [
        "并处货值金额十倍以上二十倍以下罚款；货值金额不足一万元的，并处五万元以上十万元以下罚款",
        "处建设工程造价百分之五以上百分之十以下的罚款",
        "处违法所得一倍以上五倍以下罚款，没有违法所得的，处一万元以上五万元以下罚款",
        "可以并处罚款",
        "每平方米处一百元以上二百元以下罚款",
    ],
)
def test_a_fine_that_is_measured_otherwise_has_no_range_in_yuan(quote: str) -> None:
    assert law.range_in(quote) is None


@pytest.mark.parametrize(
    ("quote", "first", "more"),
    [
        ("责令改正，处五千元以上五万元以下的罚款；拒不改正的，责令停业整治。", (5000, 50_000), None),
        ("处五百元以上五千元以下的罚款；拒不改正的，处五千元以上二万元以下的罚款。", (500, 5000), (5000, 20_000)),
        ("责令限期改正；逾期不改正的，对个人可以处1000元以下罚款", None, (0, 1000)),
        ("处一千元以下罚款", (0, 1000), None),
    ],
)
def test_what_is_added_for_who_does_not_correct_is_told_apart(quote: str, first: Any, more: Any) -> None:
    before, after = law.after_refusal(quote)
    assert (law.range_in(before), law.range_in(after)) == (first, more)


@pytest.mark.parametrize(
    ("quote", "powers"),
    [
        (BASES[17].quote, {"seal", "demolish"}),
        (BASES[20].quote, {"seal", "impound"}),
        (BASES[22].quote, {"enforce"}),
        (BASES[18].quote, set()),
    ],
)
def test_a_clause_names_the_force_it_gives(quote: str, powers: set[str]) -> None:
    assert law.powers_in(quote) == powers
