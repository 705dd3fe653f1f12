"""Checks of the record: triggers, chains, copies and what lies beside the ledger. Names what is wrong; changes nothing."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import connection

from huiyin.adapters import keys, signing, vault
from huiyin.records import triggers
from huiyin.records.models import (
    Attachment,
    Case,
    Checkpoint,
    Document,
    Entry,
    Leaf,
    ListVersion,
    Mark,
    Node,
    Party,
    Report,
    Words,
)
from huiyin.rules import checkpoint, ledger, log, merkle
from huiyin.rules.checkpoint import Note
from huiyin.rules.workflow.vocabulary import Stage, Tier
from huiyin.selectors import log as known
from huiyin.selectors import parties, verifying_evidence, verifying_gaps
from huiyin.selectors.cases import known_to_the_lead, police_postings
from huiyin.selectors.documents import WHOLE, sealed_context

BATCH = 2000
CASES = 500
GRACE = timedelta(minutes=15)  # between an entry's time and its place in the log, at most, while the worker runs


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong: the case (id and number, where it is about one) and what."""

    what: str
    case: int | None = None
    number: str = ""
    honest: bool = False  # told, but nothing wrong: a backup that was brought back and marked

    def __str__(self) -> str:
        return f"{self.number}: {self.what}" if self.number else self.what


def missing_triggers() -> list[Trouble]:
    return [Trouble(f"the trigger {name} is missing: entries could be changed") for name in triggers.missing(connection)]


def ledgers() -> Iterator[tuple[int, list[ledger.Entry]]]:
    """Each case's entries, in order, one case after the other, in constant memory."""
    rows = Entry.objects.order_by("case_id", "seq").values_list(*_ENTRY).iterator(chunk_size=BATCH)
    for case, entries in groupby(rows, key=lambda row: row[0]):
        yield case, [_entry(*row) for row in entries]


_ENTRY = ("case_id", "seq", "action", "actor", "role", "at", "claimed_at", "to", "tier", "data", "table", "prev", "hash")
_STAGES: dict[str, Any] = {"": None, **{stage.value: stage for stage in Stage}}
_TIERS: dict[str, Any] = {tier.value: tier for tier in Tier}


def _entry(
    case: int, seq: int, action: str, actor: str, role: str, at: datetime, claimed_at: datetime | None, to: str, tier: str, data: Any,
    table: int, prev: str, hash_: str,
) -> ledger.Entry:  # fmt: skip
    """As it stands in its row, whatever somebody wrote there: what is no entry does not match its hash."""
    return ledger.Entry(
        case=case, seq=seq, action=action, actor=actor, role=role, at=at, claimed_at=claimed_at, to=_STAGES.get(to, to),
        tier=_TIERS.get(tier, tier), data=data if isinstance(data, dict) else {"not an entry": str(data)}, table=table, prev=prev, hash=hash_,
    )  # fmt: skip


def check_all() -> Iterator[Trouble]:
    """Every trouble of cases: chains, copies, what lies beside the entries, and their places in the log, in order of case; then gaps that
    no act explains, and what is public otherwise than it was published."""
    signed, by_police = _signed_times(), police_postings()
    restored = list(Mark.objects.filter(kind="restored").values_list("at", flat=True))
    for block in _blocks():
        for case in sorted(block.cases):
            yield from _check_case(case, block, signed, by_police)
            for what in verifying_gaps.undue(block.entries.get(case, []), restored):
                yield Trouble(what, case, block.number(case))
    numbers: dict[int, str] = {}
    for case, what in verifying_gaps.troubles():
        if case not in numbers:
            numbers[case] = Case.objects.filter(pk=case).values_list("number", flat=True).first() or ""
        yield Trouble(what, case, numbers[case])


@dataclass(slots=True)
class _Block:
    """What is kept about a run of cases, by case."""

    copies: dict[int, tuple[object, ...]]
    entries: dict[int, list[ledger.Entry]]
    leaves: dict[int, dict[int, _Place]]
    words: dict[int, list[tuple[int, str, str, bytes | None, str, datetime | None]]]
    evidence: verifying_evidence.Kept
    parties: dict[int, list[Party]]
    reports: dict[int, dict[int, str]]  # by case: report → what it says was left to reach its reporter
    documents: dict[int, list[Document]]

    def number(self, case: int) -> str:
        return str(self.copies[case][1]) if case in self.copies else ""

    @property
    def cases(self) -> set[int]:
        return {*self.copies, *self.entries, *self.leaves, *self.words, *self.evidence.files, *self.documents}


@dataclass(frozen=True, slots=True)
class _Place:
    index: int
    name: str
    hash: bytes


def _blocks() -> Iterator[_Block]:
    """All cases, some hundreds at a time, with what hangs on ids that are no case any more."""
    low = 0
    while True:
        high = Case.objects.filter(pk__gt=low).order_by("pk").values_list("pk", flat=True)[CASES - 1 : CASES].first()
        yield _block(low, high)
        if high is None:
            return
        low = high


def _block(low: int, high: int | None) -> _Block:
    def within(field: str) -> dict[str, int]:
        return {f"{field}__gt": low} | ({f"{field}__lte": high} if high is not None else {})

    copies = {row[0]: row for row in Case.objects.filter(**within("pk")).values_list(*_COPIED)}
    entries: dict[int, list[ledger.Entry]] = {}
    for row in Entry.objects.filter(**within("case_id")).order_by("case_id", "seq").values_list(*_ENTRY):
        entries.setdefault(row[0], []).append(_entry(*row))
    leaves: dict[int, dict[int, _Place]] = {}
    held = Leaf.objects.filter(kind=log.ENTRY, **within("ref")).values_list("ref", "seq", "index", "name", "hash")
    for ref, seq, index, name, found in held:
        leaves.setdefault(ref, {})[seq] = _Place(index, name, bytes(found))
    words: dict[int, list[Any]] = {}
    for case, *rest in Words.objects.filter(**within("case_id")).values_list(
        "case_id", "seq", "field", "text", "salt", "commitment", "masked_at"
    ):
        words.setdefault(case, []).append(tuple(rest))
    named: dict[int, list[Party]] = {}
    for party in Party.objects.filter(**within("case_id")).order_by("pk"):
        named.setdefault(party.case_id, []).append(party)
    reports: dict[int, dict[int, str]] = {}
    for case, report, contact in Report.objects.filter(**within("case_id")).values_list("case_id", "pk", "contact"):
        reports.setdefault(case, {})[report] = contact
    documents: dict[int, list[Document]] = {}
    for paper in Document.objects.filter(**within("case_id")).exclude(state="draft").exclude(kind=WHOLE).order_by("pk"):
        documents.setdefault(paper.case_id or 0, []).append(paper)
    return _Block(copies, entries, leaves, words, verifying_evidence.kept_of(**within("case_id")), named, reports, documents)


def _check_case(case: int, block: _Block, signed: _Signed, by_police: frozenset[int]) -> Iterator[Trouble]:
    copy, entries, leaves = block.copies.get(case), block.entries.get(case, []), block.leaves.get(case, {})
    named = next((place.name for place in leaves.values()), "")
    number = str(copy[1]) if copy else named
    if copy is None:
        yield Trouble("the case is gone" + (f", its {len(leaves)} entries stand in the log" if leaves else ""), case, number)
    elif not entries:
        yield Trouble("has no entries", case, number)
    for broken in ledger.check_chain(entries):
        yield Trouble(f"entry {broken.seq} {broken.what}", case, number)
    if entries:
        yield from _compared(case, number, copy, entries, by_police, block.reports.get(case, {}))
    yield from _against_log(case, number, entries, leaves, signed)
    yield from _beside(case, number, entries, block)
    logged_before = signed.newest - GRACE if signed.newest is not None else None
    for what in verifying_evidence.troubles(block.evidence, case, entries, logged_before):
        yield Trouble(what, case, number)
    yield from _papers(case, number, entries, block.documents.get(case, []))


def _against_log(
    case: int, number: str, entries: list[ledger.Entry], leaves: dict[int, _Place], signed: _Signed
) -> Iterator[Trouble]:
    """Each entry is the one that its leaf stands for, and was there when it says it was written."""
    there = {entry.seq for entry in entries}
    for seq in sorted(leaves.keys() - there):
        yield Trouble(f"entry {seq} was deleted: it stands in the log at {leaves[seq].index}", case, number)
    for entry in entries:
        place = leaves.get(entry.seq)
        if place is None:
            if signed.newest is not None and entry.at < signed.newest - GRACE:
                yield Trouble(f"entry {entry.seq} never came into the log", case, number)
            continue
        if log.entry_leaf(case, place.name, entry.seq, entry.hash) != place.hash:
            yield Trouble(f"entry {entry.seq} is not the one in the log at {place.index}: it was written anew", case, number)
        elif number != place.name:
            yield Trouble(f"entry {entry.seq} was logged under the number {place.name}", case, number)
        before = signed.last_without(place.index)
        if before is not None and entry.at < before - GRACE and not settings.DEMO:
            yield Trouble(f"entry {entry.seq} is dated before a checkpoint that does not hold it: back-dated", case, number)


@dataclass(frozen=True, slots=True)
class _Signed:
    """Sizes of signed checkpoints, rising, and the latest time at which each was the size."""

    sizes: list[int]
    times: list[datetime]

    @property
    def newest(self) -> datetime | None:
        return self.times[-1] if self.times else None

    def last_without(self, index: int) -> datetime | None:
        """When the last checkpoint was signed that does not hold the leaf."""
        place = bisect_right(self.sizes, index)
        return self.times[place - 1] if place else None


def _signed_times() -> _Signed:
    """Those after the last restore: what was brought back then is older than checkpoints that knew more."""
    latest: dict[int, datetime] = {}
    for size, at in Checkpoint.objects.order_by("pk").values_list("size", "at"):
        latest[size] = at
    return _Signed(sorted(latest), [latest[size] for size in sorted(latest)])


def differing_copies() -> Iterator[Trouble]:
    """Only the comparison of copies with their folded ledgers."""
    copies = {row[0]: row for row in Case.objects.values_list(*_COPIED).iterator(chunk_size=BATCH)}
    by_police = police_postings()
    for case, entries in ledgers():
        copy = copies.get(case)
        yield from _compared(case, str(copy[1]) if copy else "", copy, entries, by_police)


_COPIED = (
    "pk",
    "number",
    "stage",
    "since",
    "seq",
    "head",
    "tier",
    "outcome",
    "item",
    "lead_id",
    "handler_id",
    "reports_count",
    "disputes",
    "opened",
    "last_at",
    "compound_id",
    "version_id",
    "declines",
    "filed",
    "paused",
)


def _compared(
    case: int,
    number: str,
    copy: tuple[object, ...] | None,
    entries: list[ledger.Entry],
    by_police: frozenset[int],
    reports: Mapping[int, str] | None = None,
) -> Iterator[Trouble]:
    """`reports`: those that lie with the case and the codes of their contacts, where they are to be compared too."""
    try:
        state = ledger.fold(entries)
        told = known_to_the_lead(state, by_police)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        yield Trouble(f"cannot be folded ({type(error).__name__})", case, number)
        return
    if copy is None:
        return
    wanted: dict[str, object] = {
        "stage": state.stage,
        "since": state.since,
        "seq": state.seq,
        "head": state.head,
        "tier": told.tier,
        "outcome": told.outcome or "",
        "item": state.item,
        "lead_id": state.lead,
        "handler_id": state.handler,
        "reports_count": len(state.active),
        "disputes": state.disputes,
        "opened": state.opened,
        "last_at": state.at,
        "compound_id": state.place,
        "version_id": state.version,
        "declines": state.declines,
        "filed": bool(told.inquiry.files),
        "paused": state.paused is not None,
    }
    for name, kept in zip(_COPIED[2:], copy[2:], strict=True):
        if kept != wanted[name]:
            yield Trouble(f"the copy's {name} differs from the ledger", case, number)
    for report in sorted({given.id for given in state.active} - reports.keys()) if reports is not None else ():
        yield Trouble(f"report {report} does not lie with the case", case, number)
    for given in state.reports.values():
        if reports is not None and given.id in reports and reports[given.id] != ",".join(given.contact):
            yield Trouble(f"report {given.id} says otherwise than the ledger what its reporter left", case, number)


def commitments(entry: ledger.Entry) -> Iterator[str]:
    """Every commitment an entry holds."""
    words = entry.data.get("words", {})
    yield from words.values() if isinstance(words, dict) else ()
    files = entry.data.get("files", [])
    if isinstance(files, list):
        yield from (one for one in files if isinstance(one, str))
    if isinstance(party := entry.data.get("commitment"), str):
        yield party


def _beside(case: int, number: str, entries: list[ledger.Entry], block: _Block) -> Iterator[Trouble]:
    """Words, photos and parties of a case that were changed, that are gone, or that their entry does not know. Masked ones are honest gaps."""
    held = Counter((entry.seq, one) for entry in entries for one in commitments(entry))
    for seq, field, text, salt, commitment, masked in block.words.get(case, ()):
        if not held[seq, commitment]:
            yield Trouble(f"words ({field}) at entry {seq} are known to no entry", case, number)
        elif masked is None and (salt is None or ledger.commitment(bytes(salt), text.encode()) != commitment):
            yield Trouble(f"words ({field}) at entry {seq} were changed", case, number)
        held[seq, commitment] -= 1
    for row in block.evidence.files.get(case, ()):
        at, salt = row.seq or 0, bytes(row.salt or b"")
        if not held[at, row.commitment]:
            yield Trouble(f"a photo at entry {at} is known to no entry", case, number)
        elif row.masked_at is None and not _is_the_file(row.sha256, salt, row.commitment):
            yield Trouble(f"a photo at entry {at} was changed", case, number)
        held[at, row.commitment] -= 1
    for party in block.parties.get(case, ()):
        if not held[party.seq, party.commitment]:
            yield Trouble(f"the party at entry {party.seq} is known to no entry", case, number)
        elif party.masked_at is None and not _is_the_party(party):
            yield Trouble(f"the party at entry {party.seq} was changed", case, number)
        held[party.seq, party.commitment] -= 1
    for (seq, _), left in held.items():
        if left > 0:
            yield Trouble(f"words, a photo or a party of entry {seq} are gone", case, number)


def _is_the_party(row: Party) -> bool:
    """Whether who is named is who was committed to; without the sex, which may be added to what identifies somebody."""
    try:
        named = parties.named(row)
    except (vault.CannotOpen, ValueError):
        return False
    given = {name: value for name, value in named.detail.items() if name != "sex"} | {"name": named.name}
    held = json.dumps(dict(sorted(given.items())), ensure_ascii=False, separators=(",", ":"))
    return row.salt is not None and not named.masked and ledger.commitment(bytes(row.salt), held.encode()) == row.commitment


def _is_the_file(sha256: str, salt: bytes, commitment: str) -> bool:
    try:
        return bool(salt) and ledger.commitment(salt, bytes.fromhex(sha256)) == commitment
    except ValueError:  # somebody wrote what is no hash
        return False


def _papers(case: int, number: str, entries: list[ledger.Entry], documents: list[Document]) -> Iterator[Trouble]:
    """Issued documents whose words or file were changed, that no entry knows, or that are gone. Masked ones are honest gaps."""
    noted = [entry.data for entry in entries if entry.action == "document"]
    contents = {(data["document"], data.get("content")) for data in noted}
    files = {data["document"]: data["pdf"] for data in noted if "pdf" in data}
    there = {row.pk for row in documents}
    for gone in sorted({data["document"] for data in noted} - there):
        yield Trouble(f"document {gone} is gone", case, number)
    for row in documents:
        if (row.pk, row.commitment) not in contents:
            yield Trouble(f"document {row.pk} is known to no entry", case, number)
        elif row.masked_at is None and not _as_committed(row):
            yield Trouble(f"document {row.pk} was changed", case, number)
        elif (
            row.masked_at is None
            and row.state == "signed"
            and row.rendering == "ready"
            and files.get(row.pk) != _file_committed(row)
        ):
            yield Trouble(f"the file of document {row.pk} is not the one that was kept", case, number)


def _as_committed(row: Document) -> bool:
    try:
        plain = vault.unseal(keys.derive("documents"), row.sealed, sealed_context(row.pk))
    except vault.CannotOpen:
        return False
    return row.salt is not None and ledger.commitment(bytes(row.salt), plain.encode()) == row.commitment


def _file_committed(row: Document) -> str:
    try:
        return ledger.commitment(bytes(row.salt), bytes.fromhex(row.pdf)) if row.salt is not None else ""
    except ValueError:  # somebody wrote what is no hash
        return ""


def kept_files() -> Iterator[tuple[int, str, int, str]]:
    """(case, number, seq, sha256) of every photo that is still kept as it arrived."""
    rows = Attachment.objects.exclude(case=None).exclude(sha256="").values_list("case_id", "case__number", "seq", "sha256")
    yield from ((case or 0, number or "", seq or 0, sha256) for case, number, seq, sha256 in rows.iterator(chunk_size=BATCH))
    papers = Document.objects.exclude(pdf="").values_list("case_id", "case__number", "seq", "pdf")
    yield from ((case or 0, number or "", seq, sha256) for case, number, seq, sha256 in papers.iterator(chunk_size=BATCH))


# ── the log itself ───────────────────────────────────────────────────────────────────────────


def check_log(outside: Iterable[tuple[str, Note]] = ()) -> Iterator[Trouble]:
    """Every trouble of the tree, its checkpoints, the lists in force and the marks, and of checkpoints that were kept elsewhere.

    outside: (where it was kept, checkpoint). The tree is grown anew from its leaves; one pass, in constant memory but for the nodes.
    """
    kept, rows = list(outside), list(Checkpoint.objects.order_by("pk"))
    wanted = {row.size for row in rows} | {note.head.size for _, note in kept}
    roots: dict[int, bytes] = {}
    size = yield from _grown(wanted, roots)
    yield from _check_checkpoints(rows, roots, size)
    marks = list(Mark.objects.order_by("pk"))
    agreed = max((row.size for row in rows if roots.get(row.size, b"").hex() == row.root), default=0)
    for where, note in kept:
        yield from _check_outside(where, note, roots, size, marks, agreed)
    yield from _check_lists()
    yield from _check_marks(marks)


def _grown(wanted: set[int], roots: dict[int, bytes]) -> Generator[Trouble, None, int]:
    """Grow the tree anew; notes the roots of the sizes that are wanted; returns the size."""
    nodes = {(level, index): bytes(held) for level, index, held in Node.objects.values_list("level", "index", "hash")}
    frontier, last = merkle.Frontier(), -1
    if 0 in wanted:
        roots[0] = merkle.EMPTY
    while rows := list(Leaf.objects.filter(index__gt=last).order_by("index").values_list("index", "hash")[:BATCH]):
        for index, held in rows:
            if index != last + 1:
                yield Trouble(f"the log lacks its leaves {last + 1} to {index - 1}")
            for level, place, grown in frontier.add(bytes(held)):
                if nodes.pop((level, place), b"") != grown:
                    yield Trouble(f"the log's node {level}/{place} does not match its leaves")
            if frontier.size in wanted:
                roots[frontier.size] = frontier.root()
            last = index
    if nodes:
        yield Trouble(f"the log has {len(nodes)} nodes over leaves that are not there")
    return frontier.size


def _check_checkpoints(rows: list[Checkpoint], roots: dict[int, bytes], size: int) -> Iterator[Trouble]:
    public, good = signing.public_key(), ""
    for row in rows:
        told = f"the checkpoint of {row.at:%Y-%m-%d %H:%M} over {row.size} leaves"
        try:
            note = checkpoint.read(row.text)[0]
        except checkpoint.BadNote as bad:
            yield Trouble(f"{told} cannot be read: {bad}")
            continue
        head = note.head
        if (head.size, head.root.hex(), head.at) != (row.size, row.root, row.at) or not signing.is_signed(note, public):
            yield Trouble(f"{told} was not signed with this installation's key")
        elif row.size > size:
            yield Trouble(f"{told} is not covered: the log has only {size}, its newest leaves were cut off")
        elif roots[row.size] != head.root:
            yield Trouble(f"{told} has another root: the log was rewritten" + (f" after the one of {good}" if good else ""))
        else:
            good = f"{row.at:%Y-%m-%d %H:%M}"


def _check_outside(
    where: str, note: Note, roots: dict[int, bytes], size: int, marks: list[Mark], agreed: int
) -> Iterator[Trouble]:
    head = note.head
    told = f"{where}: the checkpoint of {head.at:%Y-%m-%d %H:%M} over {head.size} leaves"
    restored = next((mark for mark in marks if mark.size < head.size and head.at <= mark.at), None)
    if not signing.is_signed(note, signing.public_key()):
        yield Trouble(f"{told} was not signed with this installation's key")
    elif head.size <= size and roots[head.size] == head.root:
        return
    elif restored is not None:
        yield Trouble(
            f"{told} is from before a backup was brought back on {restored.at:%Y-%m-%d %H:%M} with {restored.size} leaves: {restored.why}",
            honest=True,
        )
    elif head.size > size:
        yield Trouble(
            f"{told} knows {head.size - size} more than there are: the newest entries were cut off, or an older backup was brought back "
            "without a mark"
        )
    else:
        yield Trouble(
            f"{told} has another root: what it covers was rewritten, beyond the first {min(agreed, head.size)} leaves at most"
        )


def _check_lists() -> Iterator[Trouble]:
    """Lists in force say what they said when they came into force, and end when the next begins."""
    leaves = {
        ref: (name, bytes(held)) for ref, name, held in Leaf.objects.filter(kind=log.LIST).values_list("ref", "name", "hash")
    }
    versions = list(ListVersion.objects.filter(state="published").order_by("listing", "-in_force_from"))
    after: ListVersion | None = None
    for version in versions:
        named = f"{version.listing}/{version.number}"
        name, held = leaves.pop(version.pk, ("", b""))
        if held and (name != named or log.list_leaf(version.listing, version.number, known.list_digest(version)) != held):
            yield Trouble(f"the list {name}, published, is not the one in the log: it was changed afterwards")
        follows = after if after is not None and after.listing == version.listing else None
        if follows is not None and follows.in_force_from is not None:
            if version.in_force_to != follows.in_force_from - timedelta(days=1):
                yield Trouble(f"the list {named} does not end the day before the next one begins")
        elif version.in_force_to is not None:
            yield Trouble(f"the list {named} ends although no other follows")
        after = version
    for name, _ in leaves.values():
        yield Trouble(f"the list {name} stands in the log and is gone")


def _check_marks(marks: list[Mark]) -> Iterator[Trouble]:
    leaves = {ref: bytes(held) for ref, held in Leaf.objects.filter(kind=log.MARK).values_list("ref", "hash")}
    for mark in marks:
        held = leaves.pop(mark.pk, b"")
        if held and held != log.mark_leaf(mark.pk, known.mark_digest(mark)):
            yield Trouble(f"the mark of {mark.at:%Y-%m-%d %H:%M} is not the one in the log: it was changed")
    for ref in leaves:
        yield Trouble(f"the mark {ref} stands in the log and is gone")
