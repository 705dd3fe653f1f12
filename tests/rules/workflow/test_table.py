"""What the table promises, read off the table itself: which ways there are, for whom, and that nothing in it is idle or double."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from huiyin.rules.ledger import EFFECTS
from huiyin.rules.workflow.acts import GUARDS
from huiyin.rules.workflow.fields import FIELDS, Kind
from huiyin.rules.workflow.judge import FIRST_THINGS
from huiyin.rules.workflow.table import ACTIONS, DISTURBING, FACT, ROWS, Row, is_fact, label
from huiyin.rules.workflow.vocabulary import OPEN, STAGE_LABELS, Role, Stage, Tier

S, R = Stage, Role
ROOT = Path(__file__).parents[3]

COMING_IN = "report join supplement ask retract merge absorb split assign ask_dissuade refuse accept entrust decline reassign settle reclassify"
PERSUADING = "attend dissuade urge property_reply recheck request_help help recall_help coordinate mediate extend pause resume"
ORDERING = "order countersign comply recuse transfer"
INQUIRY = (
    "name_party propose approve open_file inspect interview test preserve advance_notice hear hold_hearing review deliberate decide "
    "spot_penalty serve seize lift demand announce enforce perform court close_file publish unpublish"
)
ENDING = "resolve echo deliver call feedback dispute uphold reopen close"
AROUND = "note document sample disclose reissue expire mask correct"
SCOPE = f"{COMING_IN} {PERSUADING} {ORDERING} {INQUIRY} {ENDING} {AROUND}".split()
FACTS = [
    "attend",
    "dissuade",
    "mediate",
    "recheck",
    "property_reply",
    "help",
    "supplement",
    "comply",
    "inspect",
    "interview",
    "test",
    "call",
]
PRESENT_LEAD = {R.LEAD, R.LEADHEAD, R.PRO, R.OFF, R.HEAD, R.AUTHOR}


def reachable(start: Stage, *, without: Iterable[str] = (), rows: Iterable[Row] = tuple(ROWS)) -> set[Stage]:
    """Every stage that rows lead to from `start`, leaving out the actions named."""
    left_out, found, edge = set(without), {start}, [start]
    usable = [row for row in rows if row.action not in left_out and row.to is not None]
    while edge:
        here = edge.pop()
        onward = {row.to for row in usable if here in row.at and row.to is not None} - found
        found |= onward
        edge.extend(onward)
    return found


def without_the_lead() -> list[Row]:
    """Rows that somebody beside the body in charge may take."""
    return [row for row in ROWS if row.by - PRESENT_LEAD]


# ── 遇事有人管、件件有落实、事事有回音 ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("start", [stage for stage in Stage if stage not in {S.ECHOED, S.CLOSED}])
def test_no_case_is_closed_without_an_echo_except_by_merge(start: Stage) -> None:
    assert S.CLOSED not in reachable(start, without={"echo", "merge"})


def test_merge_is_for_open_cases_only() -> None:
    assert all(row.at <= OPEN for row in ACTIONS["merge"])


def test_only_echo_leads_to_echoed() -> None:
    assert {row.action for row in ROWS if row.to is S.ECHOED} == {"echo"}


def test_only_close_and_merge_lead_to_closed() -> None:
    assert {row.action for row in ROWS if row.to is S.CLOSED} == {"close", "merge"}


@pytest.mark.parametrize("start", Stage)
def test_every_stage_has_a_way_to_the_end_without_merge(start: Stage) -> None:
    assert S.CLOSED in reachable(start, without={"merge"})


@pytest.mark.parametrize("start", Stage)
def test_every_stage_has_a_way_to_the_end_without_its_present_lead(start: Stage) -> None:
    assert S.CLOSED in reachable(start, without={"merge"}, rows=without_the_lead())


@pytest.mark.parametrize("start", [S.ASSIGNED, S.HANDLING])
def test_a_case_whose_lead_does_nothing_can_be_given_to_another(start: Stage) -> None:
    given = [row for row in without_the_lead() if row.to is S.ASSIGNED and start in row.at and R.CO in row.by]
    assert {row.action for row in given} == {"reassign", "settle", "reclassify"}


@pytest.mark.parametrize("start", Stage)
def test_every_stage_can_come_back_to_work(start: Stage) -> None:
    assert S.HANDLING in reachable(start)


def test_refusals_and_transfers_are_echoed_too() -> None:
    for action in ("refuse", "transfer"):
        assert {row.to for row in ACTIONS[action]} == {S.RESOLVED}


def test_only_the_system_and_people_beside_the_resident_file_a_case() -> None:
    assert all(R.RES not in row.by for row in ACTIONS["close"])


def test_nobody_works_on_a_case_before_somebody_is_in_charge() -> None:
    """HANDLING is entered from ASSIGNED, or from a later stage by those who found the answer wanting."""
    entered = {(row.action, stage) for row in ROWS if row.to is S.HANDLING for stage in row.at}
    from_the_start = {action for action, stage in entered if stage is S.REPORTED}
    assert from_the_start == {"dissuade"}  # whose condition asks for a lead, and at REPORTED there is none
    assert {action for action, stage in entered if stage in {S.RESOLVED, S.ECHOED, S.CLOSED}} == {"dispute", "reopen"}


# ── the table is whole ───────────────────────────────────────────────────────────────────────


def test_every_action_of_the_scope_is_in_the_table_and_nothing_else() -> None:
    assert sorted(ACTIONS) == sorted(SCOPE)


def test_facts_are_what_happens_outside() -> None:
    assert {action for action in ACTIONS if is_fact(action)} == set(FACTS)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_name_means_one_thing(action: str) -> None:
    """Rows of one name are of one nature, and no row stands twice."""
    rows = ACTIONS[action]
    assert len({row.nature for row in rows}) == 1
    assert len({(row.at, row.by, row.when, row.to) for row in rows}) == len(rows)


def test_no_two_actions_share_a_label() -> None:
    owners: dict[str, set[str]] = {}
    for row in ROWS:
        owners.setdefault(row.label, set()).add(row.action)
    assert {name: actions for name, actions in owners.items() if len(actions) > 1} == {}


def test_a_retired_action_is_shown_by_its_code() -> None:
    assert label("assign") == "派单"
    assert label("retired_long_ago") == "retired_long_ago"


def test_facts_are_never_stale() -> None:
    assert [row.action for row in ROWS if row.nature is FACT and row.fresh] == []


def test_what_residents_say_is_never_stale() -> None:
    assert [row.action for row in ROWS if R.RES in row.by and row.fresh] == []


def test_joins_calls_notes_and_looks_do_not_disturb_a_page() -> None:
    quiet = {"document", "join", "supplement", "call", "note", "disclose", "reissue", "mask", "sample", "deliver", "feedback"}
    assert quiet & DISTURBING == set()
    assert {"comply", "recheck", "dispute", "assign", "resolve", "order"} <= DISTURBING


def test_every_guard_is_used() -> None:
    used = {guard.__name__ for row in ROWS for guard in row.unless}
    assert set(GUARDS) == used


def test_every_field_is_used() -> None:
    assert set(FIELDS) - {name for row in ROWS for name in (*row.needs, *row.may)} == set()


def test_every_effect_belongs_to_an_action() -> None:
    assert set(EFFECTS) <= set(ACTIONS)


def test_the_first_things_to_do_are_actions() -> None:
    assert set(FIRST_THINGS) <= set(ACTIONS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.action)
def test_a_row_asks_for_nothing_twice_and_lets_somebody_act(row: Row) -> None:
    asked = [FIELDS[name].key for name in (*row.needs, *row.may)]
    assert len(asked) == len(set(asked))
    assert row.by
    assert row.at or row.action == "report"


def test_an_administrator_and_a_leader_do_nothing_on_a_case() -> None:
    assert [row.action for row in ROWS if row.by & {R.ADMIN, R.LEADER, R.GRV}] == []


def test_a_reviewer_only_reviews() -> None:
    assert {row.action for row in ROWS if R.REV in row.by} == {"review", "document"}


def test_only_a_custodian_discloses() -> None:
    assert {role for row in ACTIONS["disclose"] for role in row.by} == {R.CUS}


def test_every_officers_act_keeps_badge_and_recusal() -> None:
    for row in ROWS:
        assert [guard.__name__ for guard in row.unless[:2]] == ["badge_is_valid", "not_recused"]


def test_firms_persuade_and_never_order_fine_or_enter() -> None:
    theirs = {row.action for row in ROWS if R.PRO in row.by}
    assert theirs == {"report", "attend", "dissuade", "property_reply", "recheck", "help", "coordinate", "correct", "document"}


def test_a_tier_is_reached_by_the_act_itself_and_by_whoever_signs_it() -> None:
    tiers = {(row.action, row.tier) for row in ROWS if row.tier is not Tier.NONE}
    coercive = {(action, Tier.COERCED) for action in ("spot_penalty", "decide", "seize", "enforce", "countersign")}
    assert tiers == {
        ("dissuade", Tier.PERSUADED), ("order", Tier.ORDERED), ("countersign", Tier.ORDERED), ("decide", Tier.ORDERED), *coercive,
    }  # fmt: skip


def test_words_and_files_never_stand_in_an_entry_under_a_key_of_another_kind() -> None:
    """Free text lies outside the ledger; a key that holds words in one act holds codes in none."""
    spoken = {field.key for field in FIELDS.values() if field.kind in {Kind.WORDS, Kind.FILES}}
    coded = {field.key for field in FIELDS.values() if field.kind not in {Kind.WORDS, Kind.FILES}}
    assert spoken & coded == set()


@pytest.mark.parametrize("field", FIELDS.values(), ids=lambda field: field.name)
def test_a_code_offers_its_choices_once_and_starts_with_one_of_them(field: object) -> None:
    assert hasattr(field, "choices")
    codes = [code for code, _ in field.choices]
    assert len(codes) == len(set(codes))
    if field.kind is Kind.CODE:  # type: ignore[attr-defined]
        assert codes and field.initial in {"", *codes}  # type: ignore[attr-defined]


def test_every_stage_has_its_word() -> None:
    assert set(STAGE_LABELS) == set(Stage)


OWN_RULE = re.compile(r"\b(?:PRE|PR|MA|CR|NA|SA|AF)-\d{2}\b")


def test_no_row_field_or_refusal_shows_a_rule_of_our_own_as_if_it_were_a_clause() -> None:
    """Officers and residents read laws; MA-13 is a number of this project that a supervisor looks up."""
    shown = [row.cites + row.label for row in ROWS] + [field.label + repr(field.choices) for field in FIELDS.values()]
    assert [text for text in shown if OWN_RULE.search(text)] == []
    for path in (ROOT / "huiyin" / "rules" / "workflow").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "because":
                said = " ".join(str(part.value) for part in call.args if isinstance(part, ast.Constant))
                assert not OWN_RULE.search(said), f"{path.name}: {said}"
