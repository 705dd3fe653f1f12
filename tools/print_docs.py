"""Prints docs/workflow.md and docs/blocking-rules.md (python -m tools.print_docs), so that what people read is what the program does."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from huiyin.rules import deadlines, ledger
from huiyin.rules.workflow import acts, table
from huiyin.rules.workflow.fields import FIELDS, Kind
from huiyin.rules.workflow.guards import ending, standing
from huiyin.rules.workflow.table import ROWS, Nature, Row
from huiyin.rules.workflow.vocabulary import (
    OPEN,
    OUTCOME_LABELS,
    PROOF_LABELS,
    PROOFS,
    ROLE_LABELS,
    STAGE_LABELS,
    TIER_LABELS,
    Role,
    Stage,
    Tier,
)
from tools import blocking_rules

PAGE = Path(__file__).resolve().parent.parent / "docs" / "workflow.md"

#: The first action of each part of the table, and the part's heading.
PARTS = {
    "report": "进件 · Coming in",
    "attend": "一劝、二督、协调 · Persuading, urging, coordinating",
    "order": "责令 · Ordering",
    "resolve": "办结、回音、归档 · Ending",
    "note": "随时 · Around the case",
}
ALIVE = table.ALIVE


def page() -> str:
    return "\n".join([*_head(), *_diagram(), *_stages(), *_tables(), *_refusals(), *_results(), *_clocks(), ""])


def _head() -> Iterator[str]:
    yield "# The workflow of a case"
    yield ""
    yield f"Printed by `python -m tools.print_docs` from table number {table.NUMBER} in `huiyin/rules/workflow`. Change the table, then print again; never this page."
    yield ""
    yield "A **fact** tells what happened outside. It is never refused for being late or stale: at a stage its row does not name it is kept,"
    yield "shown as 补录, and moves nothing. Who may record it is judged on the day it happened. A **decision** is taken on what its page showed:"
    yield "when somebody else decided meanwhile it is refused and what was typed is kept. Decisions marked ○ are not bound to a page."


def _diagram() -> Iterator[str]:
    """Mermaid: one arrow for each pair of stages, with the actions that lead along it."""
    yield from ("", "## Stages", "", "```mermaid", "stateDiagram-v2", "    direction LR")
    for stage in Stage:
        yield f"    {stage.name}: {STAGE_LABELS[stage]}"
    yield f"    [*] --> REPORTED: {table.label('report')}、{table.label('split')}"
    for (here, there), labels in _arrows().items():
        yield f"    {here.name} --> {there.name}: {'、'.join(labels)}"
    yield "    CLOSED --> [*]"
    yield "```"


def _arrows() -> dict[tuple[Stage, Stage], list[str]]:
    found: dict[tuple[Stage, Stage], dict[str, None]] = {}
    for row in ROWS:
        for here in Stage:
            if here in row.at and row.to is not None and not _only_from_assigned(row, here):
                found.setdefault((here, row.to), {}).setdefault(row.label)
    return {pair: list(labels) for pair, labels in sorted(found.items(), key=lambda item: _order(*item[0]))}


def _only_from_assigned(row: Row, here: Stage) -> bool:
    """Some rows hold at several stages but lead on from one only, by their condition."""
    if row.when is table._lead_acts:
        return here is not Stage.ASSIGNED
    return row.when is table._last_report_goes and here is Stage.HANDLING


def _order(here: Stage, there: Stage) -> tuple[int, int]:
    stages = list(Stage)
    return stages.index(here), stages.index(there)


def _stages() -> Iterator[str]:
    yield from ("", "| stage | 中文 | what is promised |", "|---|---|---|")
    promises = {
        Stage.REPORTED: "somebody must assign or refuse it in time",
        Stage.ASSIGNED: "an item and a lead",
        Stage.HANDLING: "an item, a lead and a person in charge",
        Stage.RESOLVED: "a result with its proof; the echo is owed",
        Stage.ECHOED: "the reply was written; every reporter is being reached and may dispute",
        Stage.CLOSED: "every reporter was satisfied or had 15 days to say otherwise, or the case lives on in another (并案)",
    }
    for stage in Stage:
        yield f"| {stage.name} | {STAGE_LABELS[stage]} | {promises[stage]} |"
    yield ""
    yield (
        "Tiers of 721, the highest that was really reached: "
        + " · ".join(f"{tier.name} {TIER_LABELS[tier]}" for tier in Tier if tier)
        + "."
    )


def _tables() -> Iterator[str]:
    for row in ROWS:
        if row.action in PARTS and row is table.ACTIONS[row.action][0]:
            yield from ("", f"## {PARTS[row.action]}", "")
            yield "| action | 中文 | at → to | by | must be given | may be given | refused by | cites |"
            yield "|---|---|---|---|---|---|---|---|"
        yield _line(row)
    yield ""
    yield "Every row is also refused by `badge_is_valid` [PRE-03] and `not_recused` [CR-07]."
    yield ""
    yield "Roles: " + " · ".join(f"{role.name} {ROLE_LABELS[role]}" for role in Role) + "."


def _line(row: Row) -> str:
    cells = (
        f"`{row.action}`{_kind(row)}",
        row.label,
        f"{_places(row.at)} → {row.to.name}" if row.to else _places(row.at),
        " ".join(role.name for role in Role if role in row.by),
        _fields(row.needs),
        _fields(row.may),
        _forbidding(row),
        "; ".join(part for part in (f"tier {row.tier.name}" if row.tier else "", row.cites) if part),
    )
    return "| " + " | ".join(cells) + " |"


def _kind(row: Row) -> str:
    if row.nature is Nature.FACT:
        return " (fact)"
    return "" if row.fresh else " ○"


def _places(stages: Iterable[Stage]) -> str:
    there = frozenset(stages)
    match there:
        case _ if there == frozenset(Stage):
            return "any"
        case _ if there == OPEN:
            return "open"
        case _ if there == ALIVE:
            return "open RESOLVED ECHOED"
        case _ if not there:
            return "–"
    return " ".join(stage.name for stage in Stage if stage in there)


def _fields(names: Iterable[str]) -> str:
    return "、".join(FIELDS[name].label for name in names)


def _forbidding(row: Row) -> str:
    own = [guard.__name__ for guard in row.unless[2:]]
    rules = dict.fromkeys(acts.GUARDS[name] for name in own if acts.GUARDS[name])
    said = "; ".join(([f"when {_words(row)}"] if row.when else []) + [f"`{name}`" for name in own])
    return said + (f" [{' '.join(rules)}]" if rules else "")


def _words(row: Row) -> str:
    return "" if row.when is None else row.when.__name__.strip("_").replace("_", " ")


def _refusals() -> Iterator[str]:
    yield from ("", "## Why an act is refused", "", "| guard | rule | what it keeps |", "|---|---|---|")
    for name, rule in acts.GUARDS.items():
        said = " ".join((acts.KEPT[name].__doc__ or "").split())
        yield f"| `{name}` | {rule} | {said} |"


def _results() -> Iterator[str]:
    yield from ("", "## Results and their proof", "", "| result | 中文 | may rest on |", "|---|---|---|")
    for outcome, proofs in PROOFS.items():
        yield f"| `{outcome}` | {OUTCOME_LABELS[outcome]} | {'、'.join(label for proof, label in PROOF_LABELS.items() if proof in proofs)} |"
    yield f"| `punished` | {OUTCOME_LABELS[table.Outcome.PUNISHED]} | with the acts of 三查 |"


def _clocks() -> Iterator[str]:
    yield from ("", "## Clocks", "", "| clock | 中文 | runs | term |", "|---|---|---|---|")
    yield f"| dispatch | 派单 | report → assign | `dispatch_working_hours` of the first suggestion, {deadlines.DISPATCH_WORKING_HOURS} working hours without one |"
    yield "| signoff | 签收 | last assign → accept | the same working hours again |"
    yield "| onsite | 到场 | last assign → first presence | `onsite_hours`, natural hours; none for services |"
    yield "| resolution | 办结 | first assign → resolve | `close_workdays` (services: reply), half of it again after a dispute; plus extensions |"
    yield f"| echo | 回音 | resolve → echo | {deadlines.ECHO_WORKDAYS} workdays |"
    yield ""
    yield f"A question to the reporter stops the clocks for {deadlines.ASK_WORKDAYS} workdays at most, once; a pause for {standing.MAX_PAUSE_DAYS} days at most."
    yield f"An echo may be disputed for {ledger.DISPUTE_DAYS} natural days after it could be read; dispute number {ending.MAX_DISPUTES} stays where it is and is upheld or reopened."
    yield f'{ledger.CALL_TRIES} calls on {ledger.CALL_DAYS} days count as reached. Due times are computed in `huiyin/rules/deadlines.py`; "overdue" is due < now, nowhere a flag.'
    yield ""
    words = "、".join(field.label for field in FIELDS.values() if field.kind is Kind.WORDS)
    yield f"Words ({words}) and photos lie outside the ledger; an entry holds their salted commitments."


if __name__ == "__main__":
    for path, text in ((PAGE, page()), (blocking_rules.PAGE, blocking_rules.page())):
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.name} is current\n")
