"""Who may have the original of a piece of evidence, and how it went from hand to hand."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.adapters import keys, signing, vault
from huiyin.records.models import Attachment, Custody, CustodyWords
from huiyin.rules import evidence as rules
from huiyin.rules import ledger
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.roles import hats
from huiyin.rules.workflow.table import label
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import log, people
from huiyin.selectors.cases import Dossier, police, standing
from huiyin.selectors.people import Actor

#: In this order is somebody asked as whom they look, who could as several.
HOLDERS = (Role.OFF, Role.HEAD, Role.REV, Role.SUP, Role.CO)
#: What residents sent holds where they were and on what: the lead alone, and who coordinates, may have it as it came.
HOLDERS_OF_RESIDENTS = (Role.OFF, Role.HEAD, Role.CO)
BUNDLERS = (Role.HEAD, Role.OFF, Role.CO)
READERS = (*HOLDERS, Role.COM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One step of a file's way as it is shown. `posting` or `report` says who; `words` to whom and why, empty where they are masked."""

    seq: int
    step: str
    posting: int | None
    report: int | None
    role: str
    at: datetime
    why: str
    words: str
    masked: bool


def role_for_original(dossier: Dossier, actor: Actor, row: Attachment) -> Role | None:
    """As whom the actor may have this original; None when they may not. Sealing is for the caller to ask besides."""
    if row.state == "masked":
        return None
    if row.report_id is not None:
        return _worn(dossier, actor, HOLDERS_OF_RESIDENTS, lead_alone=True)
    return _worn(dossier, actor, HOLDERS)


def role_for_bundle(dossier: Dossier, actor: Actor) -> Role | None:
    """As whom the actor may make a bundle of the case: the lead's head and officers, and the coordinator."""
    return _worn(dossier, actor, BUNDLERS, lead_alone=True)


def police_are_in(dossier: Dossier) -> bool:
    """Whether the police lead, help or are asked: then others get a bundle without entries, whatever the police did or did not do."""
    state = dossier.state
    return bool(dossier.case.police) or bool({state.lead, *state.cooperating, *state.tasked} & police())


def sees_way(dossier: Dossier, actor: Actor) -> bool:
    """Whether the actor reads who had which file: those who handle the case, and oversight."""
    return _worn(dossier, actor, READERS) is not None


def _worn(dossier: Dossier, actor: Actor, roles: tuple[Role, ...], *, lead_alone: bool = False) -> Role | None:
    where = standing(dossier.state, dossier.context)
    for role in roles:
        for posting in actor.postings:
            elsewhere = lead_alone and role in {Role.OFF, Role.HEAD} and posting.body != dossier.state.lead
            if posting.role == role and role in hats(posting, where) and not elsewhere:
                return role
    return None


def ways_of(rows: Iterable[Attachment]) -> Mapping[int, list[Passed]]:
    """How each of these files went, oldest first, in two queries."""
    found: dict[int, list[Passed]] = {}
    links = list(Custody.objects.filter(attachment__in=[row.pk for row in rows]).order_by("attachment", "seq"))
    said = {one.custody_id: one for one in CustodyWords.objects.filter(custody__in=[link.pk for link in links if link.words])}
    for link in links:
        words = said.get(link.pk)
        found.setdefault(link.attachment_id, []).append(
            Passed(
                seq=link.seq,
                step=link.step,
                posting=_number(link.actor, "p"),
                report=_number(link.actor, "r"),
                role=link.role,
                at=link.at,
                why=link.why,
                words=opened_words(link, words) if words else "",
                masked=words is not None and words.masked_at is not None,
            )
        )
    return found


def who(postings: Iterable[int], dossier: Dossier) -> Mapping[int, str]:
    """Body and name behind postings; those that no entry of the case names (oversight that looked in) take a query more."""
    wanted = set(postings)
    missing = wanted - set(dossier.postings)
    views = {
        **dossier.postings,
        **(people.around(missing, None, (), None, dossier.state.at.astimezone(SHANGHAI).date()) if missing else {}),
    }
    return {pk: " ".join(filter(None, (views[pk].body_name, views[pk].name))) for pk in wanted if pk in views}


def _number(actor: str, kind: str) -> int | None:
    return int(actor[1:]) if actor.startswith(kind) and actor[1:].isdecimal() else None


def opened_words(link: Custody, said: CustodyWords) -> str:
    return vault.unseal(keys.derive("identity"), said.text, f"custody:{link.words}") if said.text else ""


def claims_of(row: Attachment) -> Mapping[str, str]:
    """What the phone said of a file: rules.evidence.CLAIMS by name; nothing where it said nothing or it is masked."""
    if not row.claims:
        return {}
    kept = vault.unseal(keys.derive("identity"), row.claims, f"claims:{row.claims_commitment}")
    return {name: str(value) for name, value in json.loads(kept).items() if name in rules.CLAIMS}


# ── a bundle to take away ────────────────────────────────────────────────────────────────────

BUNDLE = "huiyin-evidence-1"


def manifest(
    dossier: Dossier,
    rows: Sequence[Attachment],
    names: Mapping[int, str],
    *,
    by: str,
    at: datetime,
    why: str,
    to: str,
    whole: bool,
) -> dict[str, Any]:
    """What the program in a bundle checks: the entries with all that their hashes cover, and each file with its salt, what its phone said
    and its way. `names` by the file's id; `whole`: all entries of the case. Else none: an entry's own number, which its hash covers, would
    tell how many sealed ones stand before it. Signed as a whole: custody and what has no entry stand under no checkpoint."""
    entries = dossier.state.entries if whole else ()
    links: dict[int, list[Custody]] = {}
    for link in Custody.objects.filter(attachment__in=[row.pk for row in rows]).order_by("attachment", "seq"):
        links.setdefault(link.attachment_id, []).append(link)
    every = [link for kept in links.values() for link in kept]
    said = {one.custody_id: one for one in CustodyWords.objects.filter(custody__in=[link.pk for link in every if link.words])}
    people_ = who({number for link in every if (number := _number(link.actor, "p")) is not None}, dossier)
    told = {
        "format": BUNDLE,
        "case": {"id": dossier.case.pk, "number": dossier.case.number},
        "made": {"at": ledger.stamp(at), "by": by, "why": why, "to": to},
        "whole": whole,
        "key": log.verifier_key(),
        "entries": [_entry(entry, dossier) for entry in entries],
        "files": [_file(row, names[row.pk], dossier.number(row.seq or 0), links.get(row.pk, []), said, people_) for row in rows],
    }
    body = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return {**told, "signature": base64.b64encode(signing.sign_list(body)).decode()}


def _entry(entry: ledger.Entry, dossier: Dossier) -> dict[str, Any]:
    view = dossier.who(entry)
    return {
        **ledger.content(entry),
        "hash": entry.hash,
        "label": label(entry.action),
        "who": " ".join(filter(None, (view.body_name, view.name))) if view else "",
        "proof": _proof(entry),
    }


def _proof(entry: ledger.Entry) -> dict[str, Any] | None:
    """That the entry stands in the record's tree under a signed checkpoint; None while it does not yet."""
    leaf = log.leaf_of(entry.case, entry.seq)
    checkpoint = log.checkpoint_over(leaf.index) if leaf else None
    if leaf is None or checkpoint is None:
        return None
    path = [step.hex() for step in log.inclusion(leaf.index, checkpoint.size)]
    return {"index": leaf.index, "size": checkpoint.size, "path": path, "checkpoint": checkpoint.text}


def _file(
    row: Attachment, name: str, entry: int, links: Sequence[Custody], said: Mapping[int, CustodyWords], people_: Mapping[int, str]
) -> dict[str, Any]:
    claims = claims_of(row)
    return {
        "name": name,
        "sha256": row.sha256,
        "size": row.size,
        "kind": row.kind,
        "entry": entry,
        "salt": bytes(row.salt or b"").hex(),
        "commitment": row.commitment,
        "arrived": ledger.stamp(row.arrived),
        "claims": dict(claims) or None,
        "claims_salt": bytes(row.claims_salt or b"").hex(),
        "claims_commitment": row.claims_commitment,
        "custody": [_link(link, said.get(link.pk), people_) for link in links],
    }


def _link(link: Custody, said: CustodyWords | None, people_: Mapping[int, str]) -> dict[str, Any]:
    opened = said is not None and said.masked_at is None
    return {
        "seq": link.seq,
        "step": link.step,
        "actor": link.actor,
        "who": people_.get(_number(link.actor, "p") or 0, ""),
        "role": link.role,
        "at": ledger.stamp(link.at),
        "why": link.why,
        "words": link.words,
        "salt": bytes(said.salt or b"").hex() if opened and said else "",
        "text": opened_words(link, said) if opened and said else "",
        "prev": link.prev,
        "hash": link.hash,
    }


def uploaded(mark: str) -> set[int]:
    """Ids of the files that arrived under a draft's key, by the key's hash."""
    return set(Attachment.objects.filter(key_hash=mark).values_list("pk", flat=True))
