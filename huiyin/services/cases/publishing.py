"""Decisions made public and taken down again: what everybody may read lies in a row of its own, without persons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huiyin.records.models import Case, LegalBasis, Publication
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.ledger import State
from huiyin.rules.workflow.acts import Act, Refusal
from huiyin.rules.workflow.judge import Refused
from huiyin.selectors import parties


def publish(case: Case, state: State, asked: Act, clean: Mapping[str, Any]) -> None:
    """Put a decision on the public page. Raises Refused where the words hold the name of a person who is a party of the case."""
    names = [party.name for party in parties.of(case).values() if party.kind == "person" and party.name]
    if any(name in clean["public"] for name in names):
        raise Refused(Refusal(text="公示的话里有当事人的姓名，请删去（行政处罚法第五十条）。", rule="MA-15"))
    made = state.inquiry.decisions[asked.data["of"]]
    basis = LegalBasis.objects.get(pk=made.basis)
    Publication.objects.create(
        case=case,
        seq=made.seq,
        body_id=made.body,
        item_name=case.item_name,
        basis=f"{basis.law}{basis.article}",
        penalties=list(made.penalties),
        amount=made.amount,
        words=clean["public"],
        decided_on=made.at.astimezone(SHANGHAI).date(),
        published_at=asked.at,
    )


def withdraw(case: Case, asked: Act, clean: Mapping[str, Any]) -> None:
    """Take it down and say why in public (行政处罚法 48)."""
    shown = Publication.objects.filter(case=case, seq=asked.data["of"], withdrawn_at=None)
    shown.update(withdrawn_at=asked.at, why=clean["why"], words="", penalties=[], amount=0)
