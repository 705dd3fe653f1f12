"""Reads the table: which row an act falls under, what it leads to, or why it is refused; and what could be done on a case now."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from huiyin.rules.ledger import State
from huiyin.rules.workflow.acts import Act, Context, Refusal
from huiyin.rules.workflow.table import ACTIONS, DISTURBING, FACT, Row, may_be_at
from huiyin.rules.workflow.vocabulary import STAGE_LABELS, Role, Stage, Tier


class Refused(Exception):
    """An act that may not be done; `refusal` says why in words the person can act on."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class Stale(Refused):
    """The case went on while the page was open. What was typed must be kept."""


class Unknown(Refused):
    """There is no such act for this person here; to a stranger it is as if nothing were there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An act that may be written. `late`: a fact that came after its stage and moves nothing (补录)."""

    row: Row
    role: Role
    to: Stage | None
    tier: Tier
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """What a person could do on a case: a row, and why not when it is refused now."""

    row: Row
    role: Role
    refusal: Refusal | None = None


def judge(state: State, act: Act, context: Context) -> Verdict:
    """Find the row for `act` and ask its guards. Raises Unknown, Stale or Refused."""
    rows = ACTIONS.get(act.action, ())
    mine = [row for row in rows if row.by & act.hats]
    if not mine:
        raise Unknown(Refusal(text="您在这一件上不能做这一步。"))
    if mine[0].nature is FACT:
        return _fact(mine, state, act, context)
    here = [row for row in mine if may_be_at(row, state, act, context)]
    if not here:
        raise _stale_or(
            state, act, Refusal(text="这一步现在不能做：件已到“%(stage)s”。", params={"stage": STAGE_LABELS[state.stage]})
        )
    row = next((row for row in here if row.when is None or row.when(state, act, context)), None)
    if row is None:
        raise Refused(Refusal(text="您的身份在这种情况下不能做这一步。"))
    if row.fresh and went_on(state, act):
        raise Stale(Refusal(text="此件刚由他人处理，请先看看最新情况。您填的内容还在。"))
    _check(row, state, act, context)
    return Verdict(row=row, role=_worn(row, act), to=row.to, tier=row.tier)


def _fact(rows: list[Row], state: State, act: Act, context: Context) -> Verdict:
    """A fact is kept at every stage; it moves the stage only where its row says so for the stage that is."""
    row = next((row for row in rows if row.when is None or row.when(state, act, context)), rows[-1])
    regular = may_be_at(row, state, act, context)
    _check(row, state, act, context)
    return Verdict(row=row, role=_worn(row, act), to=row.to if regular else None, tier=row.tier, late=not regular)


def _check(row: Row, state: State, act: Act, context: Context) -> None:
    for forbids in row.unless:
        refusal = forbids(state, act, context)
        if refusal is not None:
            raise Refused(refusal)


def went_on(state: State, act: Act) -> bool:
    """Did somebody else decide something after the page was drawn? Joins, supplements, calls, notes and looks do not count."""
    if act.seen is None or act.seen >= state.seq:
        return False
    return any(entry.seq > act.seen and (entry.action in DISTURBING or entry.to is not None) for entry in state.entries)


def _stale_or(state: State, act: Act, otherwise: Refusal) -> Refused:
    if act.posting is not None and went_on(state, act):
        return Stale(Refusal(text="此件刚由他人处理，请先看看最新情况。您填的内容还在。"))
    return Refused(otherwise)


def _worn(row: Row, act: Act) -> Role:
    """The role to write down: a plain one where the person has it, else the hat the row asks for."""
    if act.posting is not None:
        return act.posting.role
    return next(iter(sorted(row.by & act.hats)))


def options(state: State, act: Act, context: Context) -> list[Option]:
    """Every action this person has a row for at this stage, in the table's order, each with its refusal as far as it is known before
    the form is filled. `act.action` and `act.data` are ignored."""
    found: list[Option] = []
    for action, rows in ACTIONS.items():
        asked = replace(act, action=action, data={})
        row = _candidate(rows, state, asked, context)
        if row is None:
            continue
        refusal = next(
            (answer for answer in (forbids(state, asked, context) for forbids in row.unless) if answer is not None), None
        )
        found.append(Option(row=row, role=_worn(row, asked), refusal=refusal))
    return found


def _candidate(rows: Iterable[Row], state: State, act: Act, context: Context) -> Row | None:
    able = [row for row in rows if not row.internal and row.by & act.hats and may_be_at(row, state, act, context)]
    return next((row for row in able if row.when is None or row.when(state, act, context)), None)


#: What a lead should think of first at each stage; the first that is possible is shown as 现在该做.
FIRST_THINGS = (
    "countersign",
    "approve",
    "review",
    "decide",
    "assign",
    "settle",
    "accept",
    "help",
    "property_reply",
    "serve",
    "close_file",
    "hold_hearing",
    "hear",
    "advance_notice",
    "inspect",
    "demand",
    "court",
    "enforce",
    "attend",
    "comply",
    "recheck",
    "resolve",
    "echo",
    "uphold",
    "close",
)


#: Acts of a file that come first only when its path waits for them.
OF_A_FILE = frozenset(
    {"review", "decide", "serve", "close_file", "hold_hearing", "hear", "advance_notice", "inspect", "demand", "court", "enforce"}
)


def first_thing(choices: list[Option], state: State, waited_for: Container[str] = ()) -> Option | None:
    """The one option to put on top: what the stage waits for, by somebody who may do it. `waited_for` are acts that the files of the
    case wait for (procedure.next_actions)."""
    able = {option.row.action: option for option in choices if option.refusal is None}
    for action in FIRST_THINGS:
        if action in able and (action in waited_for if action in OF_A_FILE else _is_due(action, state)):
            return able[action]
    return None


def _is_due(action: str, state: State) -> bool:
    match action:
        case "attend":
            return state.attended is None or _nobody_went_since(state)
        case "comply":
            return state.order_open
        case "recheck":
            last = state.did("recheck", "dissuade", "comply")
            return bool(last) and last[-1].action == "dissuade"
        case "settle":
            return state.settle_needed
        case "property_reply":
            return not all(state.urges.values())
        case "resolve":
            return state.attended is not None or bool(state.did("coordinate", "mediate", "property_reply"))
        case _:
            return True


def _nobody_went_since(state: State) -> bool:
    """The case came back, and nobody has been there again."""
    went = state.did("attend", "dissuade", "recheck", "comply")
    return state.returned is not None and not any(entry.happened >= state.returned for entry in went)
