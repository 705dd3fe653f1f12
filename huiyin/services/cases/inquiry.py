"""What 三查 adds to its entries: whose file it is, which approval it uses, and the party's encrypted record."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from huiyin.adapters import database, keys, vault
from huiyin.records.models import Case, Party
from huiyin.rules import ledger
from huiyin.rules.ledger import State
from huiyin.rules.workflow.acts import Act
from huiyin.rules.workflow.inquiry.approving import approved_proposal
from huiyin.rules.workflow.inquiry.common import own_file
from huiyin.selectors import parties
from huiyin.services.cases.record import SALT_BYTES

#: Acts whose entries say which body and person did them, and on whose file.
ACTS = frozenset(
    {
        "propose", "open_file", "close_file", "inspect", "interview", "test", "preserve", "advance_notice", "hear", "hold_hearing",
        "review", "deliberate", "decide", "spot_penalty", "serve", "seize", "lift", "demand", "announce", "enforce", "perform", "court",
        "publish", "unpublish",
    }
)  # fmt: skip
APPROVED = frozenset({"preserve", "seize", "enforce"})


def more(action: str, state: State, asked: Act) -> dict[str, Any]:
    """The body and person that act, the body's open file where there is one, and the head's approval that is used up."""
    posting = asked.posting
    assert posting is not None
    found: dict[str, Any] = {"body": posting.body, "person": posting.person}
    file = own_file(state, asked)
    if file is not None and action not in {"open_file", "spot_penalty"}:
        found["file"] = file.seq
    if action in APPROVED and (proposal := approved_proposal(state, asked, action)) is not None:
        found["proposal"] = proposal.seq
    return found


def name_party(case: Case, seq: int, given: Mapping[str, str], clean: Mapping[str, Any]) -> dict[str, Any]:
    """Keep who the party is, encrypted, and return what the entry holds of it: an id, its kind and a commitment."""
    party, salt = database.next_id(Party), secrets.token_bytes(SALT_BYTES)
    held = json.dumps(dict(sorted(given.items())), ensure_ascii=False, separators=(",", ":"))
    detail = {name: value for name, value in given.items() if name != "name"}
    if clean.get("party_sex"):
        detail["sex"] = clean["party_sex"]
    key = keys.derive("identity")
    row = Party(
        id=party,
        case=case,
        seq=seq,
        kind=clean["party_kind"],
        name=vault.seal(key, given["name"], parties.context("name", party)),
        detail=vault.seal(key, json.dumps(detail, ensure_ascii=False), parties.context("detail", party)),
        mac=parties.mac(given),
        salt=salt,
        commitment=ledger.commitment(salt, held.encode()),
    )
    row.save(force_insert=True)
    return {"party": party, "commitment": row.commitment}
