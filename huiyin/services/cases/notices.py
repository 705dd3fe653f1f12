"""Who among staff is told of an act, in 今日: who is asked for something, and who is in charge of what others did."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from huiyin.records.models import Case, Notice
from huiyin.rules import ledger
from huiyin.rules.roles import Posting
from huiyin.rules.workflow.acts import Act
from huiyin.rules.workflow.judge import Verdict
from huiyin.rules.workflow.vocabulary import Role, Stage
from huiyin.services.cases import sealed

#: Acts that are told of whenever they are done, by the kind of the notice. A settlement is told to the department that was found, as any
#: assignment; the notice `settle` asks the coordinator to settle.
_TOLD = {
    "approve": "approved",
    "recall_help": "recalled",
    "settle": "assign",
    **{
        action: action
        for action in (
            "assign", "comply", "countersign", "decide", "entrust", "help", "property_reply", "reassign", "reopen", "retract", "review",
            "supplement",
        )
    },
}  # fmt: skip
#: Kinds that ask for one act, which alone has them seen.
_ASKING = {
    "countersign": ("countersign",),
    "approve": ("approve",),
    "settle": ("settle",),
    "third": ("uphold", "reopen"),
    "sign": (),
}
#: Kinds that the coordinator has to know of, wherever the case is.
_COORDINATORS = frozenset({"settle", "third", "recalled"})


def tell(case: Case, before: ledger.State, state: ledger.State, verdict: Verdict, asked: Act) -> None:
    """At most one notice of the act that led from `before` to `state`. What somebody was asked for and has now given is seen, and so is
    what came in before on a case that they go on with."""
    open_ones = Notice.objects.filter(case=case, seen_at=None)
    if asked.action in {"approve", "countersign"}:
        open_ones.filter(kind=asked.action, seq=asked.data["of"]).update(seen_at=asked.at)
    elif asked.posting is not None:
        asking = [kind for kind, acts in _ASKING.items() if asked.action not in acts]
        open_ones.filter(_told_to(asked.posting)).exclude(kind__in=asking).update(seen_at=asked.at)
    kind = _kind(state, verdict, asked)
    to = _whom(case, before, state, asked, kind) if kind else None
    if to is not None:
        Notice.objects.create(case=case, seq=state.seq, kind=kind, at=asked.at, **to)


def _told_to(posting: Posting) -> Q:
    """Notices for somebody themselves, for their desk and for their role, as 今日 shows them."""
    told = Q(person_id=posting.person)
    if posting.body is not None:
        told |= Q(body_id=posting.body, role__in=["", posting.role])
    if posting.role is Role.COM and posting.community is not None:
        told |= Q(community_id=posting.community)
    return told | Q(role=Role.CO) if posting.role is Role.CO else told


def _kind(state: ledger.State, verdict: Verdict, asked: Act) -> str:
    if verdict.late:
        return "late"
    match asked.action:
        case "dispute":
            return "third" if state.stage is Stage.ECHOED else "dispute"
        case "decline":
            return "settle" if state.settle_needed else "declined"
        case "open_file" | "propose" | "close_file":
            return "approve" if state.seq in state.unapproved else ""
        case told if told in _TOLD:
            return _TOLD[told]
    return "countersign" if state.seq in state.pending else ""


def _whom(case: Case, before: ledger.State, state: ledger.State, asked: Act, kind: str) -> dict[str, Any] | None:
    """The columns of the notice that say for whom it is; None where there is nobody to tell."""
    own = {"body_id": asked.posting.body if asked.posting else state.lead}
    if kind == "countersign" and asked.action != "countersign":
        return {"person_id": asked.data["second"]}
    if kind == "approve":
        return {**own, "role": Role.HEAD}
    if not sealed.told_to_the_lead(case, asked):
        return own
    if kind in _COORDINATORS or (before.stage is Stage.CLOSED and not sealed.is_sealed(asked)):
        return {"role": Role.CO}
    return _in_charge(case, state, asked)


def _in_charge(case: Case, state: ledger.State, asked: Act) -> dict[str, Any] | None:
    """The handler, unless it was their own act; without one the lead; without a lead the community."""
    if state.handler is not None and state.handler != asked.person:
        return {"person_id": state.handler}
    if state.lead is not None:
        return {"body_id": state.lead} if state.handler is None else None
    return {"community_id": case.community_id} if case.community_id is not None else None
