"""What guards of 三查 ask of an act: whose file, which clause, which party, which day; and how days are read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from huiyin.rules.investigation import Decision, File
from huiyin.rules.ledger import State
from huiyin.rules.roles import Body
from huiyin.rules.workflow.acts import Act, Basis, Context
from huiyin.rules.workflow.vocabulary import PENALTIES, POLICE

#: 行政处罚法 51; 治安管理处罚法 119. Both ends included (143).
SPOT_LIMITS = {"person": 200, "firm": 3000}

_PENALTY_NAMES = dict(PENALTIES)


def own_file(state: State, act: Act) -> File | None:
    """The open file of the body that acts: a file's acts are those of the body that opened it."""
    return state.inquiry.file_of(act.posting.body if act.posting else None)


def decision_of(state: State, act: Act) -> Decision | None:
    """The decision an act is about, if it stands."""
    return next((made for made in state.decisions if made.seq == act.data.get("of", 0)), None)


def acting_body(act: Act, context: Context) -> Body | None:
    return context.bodies.get(act.posting.body or 0) if act.posting else None


def by_the_police(act: Act, context: Context) -> bool:
    body = acting_body(act, context)
    return body is not None and body.code == POLICE


def by_police_procedure(state: State, act: Act, context: Context) -> bool:
    """Whether an act follows the procedure of 治安管理处罚法 (141): of the police, on a clause that asks for it."""
    basis = clause_of(state, act, context)
    return by_the_police(act, context) and basis is not None and basis.police_procedure


def clause_of(state: State, act: Act, context: Context) -> Basis | None:
    """The clause an act rests on: its own, or that of its file's notice or opening."""
    file = own_file(state, act)
    named = act.data.get("basis") or (file.notice.basis if file and file.notice else 0) or (file.basis if file else 0)
    return context.bases.get(named)


def offence_of(state: State, act: Act) -> date | None:
    file = own_file(state, act)
    day = act.data.get("offence_on") or (file.offence if file else "")
    return date.fromisoformat(day) if day else None


def party_of(state: State, act: Act) -> int | None:
    file = own_file(state, act)
    return act.data.get("party") or (file.party if file and act.action != "spot_penalty" else None)


def party_kind_of(state: State, act: Act) -> str:
    return state.inquiry.parties.get(party_of(state, act) or 0, "person")


def punishes(act: Act) -> bool:
    return act.action in {"spot_penalty", "advance_notice"} or act.data.get("decision") == "penalty"


def listed_kinds(kinds: Iterable[str]) -> str:
    return "、".join(_PENALTY_NAMES[kind] for kind in kinds)


def day_of(text: str) -> date:
    return date.fromisoformat(text[:10])
