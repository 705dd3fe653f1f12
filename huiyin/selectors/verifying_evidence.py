"""Checks of what lies beside a piece of evidence: its way from hand to hand, and what a phone said of it. Names what is wrong; changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from huiyin.adapters import keys, vault
from huiyin.records.models import Attachment, Custody, CustodyWords, Leaf
from huiyin.rules import evidence, ledger, log
from huiyin.rules.evidence import Link, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Files of some cases by case, oldest first, and by a file's id: its steps in order, and leaves of the log by their seq, each with
    its index. Words by the id of their step."""

    files: Mapping[int, Sequence[Attachment]]
    steps: Mapping[int, Sequence[Custody]] = field(default_factory=dict)
    words: Mapping[int, CustodyWords] = field(default_factory=dict)
    leaves: Mapping[int, Mapping[int, tuple[int, bytes]]] = field(default_factory=dict)


def kept_of(**cases: Any) -> Kept:
    """What is kept of the files of cases. `cases`: how their ids are looked up, such as case_id__gt. Four queries, one where no file is."""
    files: dict[int, list[Attachment]] = {}
    for row in Attachment.objects.filter(**cases).order_by("pk"):
        files.setdefault(row.case_id or 0, []).append(row)
    if not files:
        return Kept(files={})
    of_files = {f"attachment__{name}": value for name, value in cases.items()}
    steps: dict[int, list[Custody]] = {}
    for step in Custody.objects.filter(**of_files).order_by("attachment", "seq"):
        steps.setdefault(step.attachment_id, []).append(step)
    words = {
        one.custody_id: one for one in CustodyWords.objects.filter(**{f"custody__{name}": of_files[name] for name in of_files})
    }
    leaves: dict[int, dict[int, tuple[int, bytes]]] = {}
    ids = Attachment.objects.filter(**cases).values("pk")
    for ref, seq, index, held in Leaf.objects.filter(kind=log.CUSTODY, ref__in=ids).values_list("ref", "seq", "index", "hash"):
        leaves.setdefault(ref, {})[seq] = (index, bytes(held))
    return Kept(files=files, steps=steps, words=words, leaves=leaves)


def troubles(kept: Kept, case: int, entries: Sequence[ledger.Entry], logged_before: datetime | None) -> Iterator[str]:
    """All that is wrong beside the files of a case. logged_before: what was written before then stands in the log by now."""
    by_seq = {entry.seq: entry for entry in entries}
    for row in kept.files.get(case, ()):
        entry = by_seq.get(row.seq or 0)
        named = f"photo at entry {row.seq}"
        yield from (f"what the phone said of a {named} {what}" for what in _claims(row, entry))
        yield from (f"the way of a {named} {what}" for what in _way(row, entry, kept, logged_before))


def _claims(row: Attachment, entry: ledger.Entry | None) -> Iterator[str]:
    """The commitment stands beside the file's own in the entry, and covers what is kept. A masked one is an honest gap."""
    if entry is None:
        return
    files, taken = entry.data.get("files", []), entry.data.get("taken", [])
    beside = dict(zip(files, taken, strict=False)) if isinstance(files, list) and isinstance(taken, list) else {}
    if row.claims_commitment != beside.get(row.commitment, ""):
        yield "is not what its entry knows"
    elif row.masked_at is None and not _is_committed(
        row.claims, f"claims:{row.claims_commitment}", row.claims_salt, row.claims_commitment
    ):
        yield "was changed"


def _way(row: Attachment, entry: ledger.Entry | None, kept: Kept, logged_before: datetime | None) -> Iterator[str]:
    steps, leaves = kept.steps.get(row.pk, ()), kept.leaves.get(row.pk, {})
    for seq in sorted(leaves.keys() - {step.seq for step in steps}):
        yield f"lacks step {seq}: it stands in the log at {leaves[seq][0]}"
    if [step.seq for step in steps] != list(range(1, len(steps) + 1)) or not _follow(steps):
        yield "is broken: a step is missing or was put in"
    if not steps or not _begins(row, steps[0], entry):
        yield "does not begin with who sent it"
    if (row.masked_at is not None) != (bool(steps) and steps[-1].step == Step.MASKED):
        yield "does not end as the file did"
    for step in steps:
        yield from _step(row, step, kept.words.get(step.pk))
        if step.seq in leaves:
            index, held = leaves[step.seq]
            if held != log.custody_leaf(row.pk, step.seq, step.hash):
                yield f"has another step {step.seq} than the log at {index}: it was written anew"
        elif logged_before is not None and max(step.at, entry.at if entry else step.at) < logged_before:
            yield f"has a step {step.seq} that never came into the log"


def _follow(steps: Sequence[Custody]) -> bool:
    return all(step.prev == before.hash for before, step in pairwise(steps)) and all(
        step.prev == evidence.GENESIS for step in steps[:1]
    )


def _begins(row: Attachment, first: Custody, entry: ledger.Entry | None) -> bool:
    told = entry is None or (first.actor, first.role) == (entry.actor, entry.role)
    return first.step == Step.RECEIVED and first.at == row.arrived and told


def _step(row: Attachment, step: Custody, words: CustodyWords | None) -> Iterator[str]:
    link = Link(
        file=row.commitment,
        seq=step.seq,
        step=step.step,
        actor=step.actor,
        role=step.role,
        at=ledger.stamp(step.at),
        why=step.why,
        words=step.words,
        prev=step.prev,
    )
    if evidence.link_hash(link) != step.hash:
        yield f"was changed at step {step.seq}"
    if not step.words:
        if words is not None:
            yield f"has words at step {step.seq} that it does not know"
    elif words is None:
        yield f"lacks the words of step {step.seq}"
    elif words.masked_at is None and not _is_committed(words.text, f"custody:{step.words}", words.salt, step.words):
        yield f"had its words changed at step {step.seq}"


def _is_committed(sealed: str, context: str, salt: Collection[int] | None, commitment: str) -> bool:
    """Whether what is sealed is what the commitment covers; nothing at all covers nothing."""
    if not sealed or not commitment or salt is None:
        return not sealed and not commitment
    try:
        plain = vault.unseal(keys.derive("identity"), sealed, context)
    except vault.CannotOpen:
        return False
    return ledger.commitment(bytes(salt), plain.encode()) == commitment
