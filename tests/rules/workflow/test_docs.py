"""What people read about the workflow is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from huiyin.rules.workflow import acts
from huiyin.rules.workflow.table import ACTIONS, ROWS
from huiyin.rules.workflow.vocabulary import BodyKind, Listing, Role, Stage, Tier
from tools import blocking_rules, print_docs

DOCS = Path(__file__).resolve().parents[3] / "docs"
#: Identifiers of later tables and rooms that the glossary fixes beforehand.
LATER = "escalate oversight finding activity lesson opinion service_board patrol plan outing visit grievance assessment"


def test_the_page_of_the_workflow_is_current() -> None:
    assert (DOCS / "workflow.md").read_text("utf-8") == print_docs.page(), "run python -m tools.print_docs"


def test_the_page_names_every_action_and_every_guard() -> None:
    page = print_docs.page()
    assert [name for name in (*ACTIONS, *acts.GUARDS) if f"`{name}`" not in page] == []


def test_the_page_of_the_blocking_rules_is_current() -> None:
    assert (DOCS / "blocking-rules.md").read_text("utf-8") == blocking_rules.page(), "run python -m tools.print_docs"


def test_every_blocking_rule_is_proved_on_both_sides() -> None:
    proofs = blocking_rules.proofs_of()
    bare = [
        (code, side)
        for code, found in proofs.items()
        for side in blocking_rules.SIDES
        if not {side, "both"} & {one.side for one in found}
    ]
    assert bare == [] and len(proofs) == 17


def test_every_blocking_rule_but_that_of_the_lists_has_its_guard_in_the_table() -> None:
    bare = [rule.code for rule in blocking_rules.RULES if not blocking_rules.guards_of(rule)]
    assert bare == ["PRE-01"]


def test_the_diagram_draws_every_stage_and_every_move() -> None:
    drawn = {(left, right) for left, right in re.findall(r"^ {4}([A-Z]+) --> ([A-Z]+):", print_docs.page(), re.MULTILINE)}
    moves = {(here.name, row.to.name) for row in ROWS if row.to is not None for here in row.at}
    assert drawn <= moves
    assert moves - drawn == {("REPORTED", "HANDLING"), ("HANDLING", "HANDLING")}  # rows whose condition asks for ASSIGNED


def test_every_guard_says_what_it_keeps() -> None:
    assert [name for name in acts.GUARDS if not acts.KEPT[name].__doc__] == []


def test_the_glossary_knows_the_words_of_the_rules() -> None:
    glossary = (DOCS / "glossary.md").read_text("utf-8")
    words = {
        *ACTIONS, *(f"Stage.{stage.name}" for stage in Stage), *(f"Tier.{tier.name}" for tier in Tier if tier),
        *(f"Role.{role.name}" for role in Role), *(f"Listing.{listing.name}" for listing in Listing),
        *(f"BodyKind.{kind.name}" for kind in BodyKind),
    }  # fmt: skip
    assert sorted(word for word in words if f"`{word}`" not in glossary) == []


def test_the_glossary_explains_no_word_twice() -> None:
    rows = re.findall(r"^\| (.+?) \| (.+?) \|", (DOCS / "glossary.md").read_text("utf-8"), re.MULTILINE)
    named = [word for chinese, identifiers in rows if chinese != "中文" for word in re.findall(r"`([\w.]+)`", identifiers)]
    assert sorted({word for word in named if named.count(word) > 1}) == []


def test_the_glossary_holds_the_words_of_what_is_to_come() -> None:
    glossary = (DOCS / "glossary.md").read_text("utf-8")
    assert [word for word in LATER.split() if f"`{word}`" not in glossary] == []
