"""Checks of the record: triggers, chains, copies and what lies beside the ledger. Names what is wrong; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db import connection

from huiyin.records import triggers
from huiyin.records.models import Attachment, Case, Entry, Words
from huiyin.rules import ledger
from huiyin.selectors.cases import entry_of

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong: the case (id and number, where it is about one) and what."""

    what: str
    case: int | None = None
    number: str = ""

    def __str__(self) -> str:
        return f"{self.number}: {self.what}" if self.number else self.what


def missing_triggers() -> list[Trouble]:
    return [Trouble(f"the trigger {name} is missing: entries could be changed") for name in triggers.missing(connection)]


def ledgers() -> Iterator[tuple[int, list[ledger.Entry]]]:
    """Each case's entries, in order, one case after the other, in constant memory."""
    rows = Entry.objects.order_by("case_id", "seq").iterator(chunk_size=BATCH)
    for case, entries in groupby(rows, key=lambda row: row.case_id):
        yield case, [entry_of(row) for row in entries]


def check_all(progress: bool = False) -> Iterator[Trouble]:
    """Every trouble of chains, copies and commitments, in order of case."""
    copies = {row[0]: row for row in Case.objects.values_list(*_COPIED).iterator(chunk_size=BATCH)}
    held: set[str] = set()
    for case, entries in ledgers():
        copy = copies.pop(case, None)
        number = str(copy[1]) if copy else ""
        for broken in ledger.check_chain(entries):
            yield Trouble(f"entry {broken.seq} {broken.what}", case, number)
        for entry in entries:
            held.update(commitments(entry))
        yield from _compared(case, number, copy, entries)
    for case, row in copies.items():
        yield Trouble("has no entries", case, str(row[1]))
    yield from _beside(held)


def differing_copies() -> Iterator[Trouble]:
    """Only the comparison of copies with their folded ledgers."""
    copies = {row[0]: row for row in Case.objects.values_list(*_COPIED).iterator(chunk_size=BATCH)}
    for case, entries in ledgers():
        copy = copies.get(case)
        yield from _compared(case, str(copy[1]) if copy else "", copy, entries)


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
)


def _compared(case: int, number: str, copy: tuple[object, ...] | None, entries: list[ledger.Entry]) -> Iterator[Trouble]:
    try:
        state = ledger.fold(entries)
    except (KeyError, ValueError, TypeError) as error:
        yield Trouble(f"cannot be folded ({type(error).__name__})", case, number)
        return
    if copy is None:
        return
    wanted: dict[str, object] = {
        "stage": state.stage,
        "since": state.since,
        "seq": state.seq,
        "head": state.head,
        "tier": state.tier,
        "outcome": state.outcome or "",
        "item": state.item,
        "lead_id": state.lead,
        "handler_id": state.handler,
        "reports_count": len(state.active),
        "disputes": state.disputes,
    }
    for name, kept in zip(_COPIED[2:], copy[2:], strict=True):
        if kept != wanted[name]:
            yield Trouble(f"the copy's {name} differs from the ledger", case, number)


def commitments(entry: ledger.Entry) -> Iterator[str]:
    """Every commitment an entry holds."""
    words = entry.data.get("words", {})
    yield from words.values() if isinstance(words, dict) else ()
    files = entry.data.get("files", [])
    if isinstance(files, list):
        yield from (one for one in files if isinstance(one, str))


def _beside(held: set[str]) -> Iterator[Trouble]:
    """Words and photos that were changed, or that no entry knows. Masked ones are honest gaps."""
    words = Words.objects.values_list("case_id", "case__number", "seq", "field", "text", "salt", "commitment", "masked_at")
    for case, number, seq, field, text, salt, commitment, masked in words.iterator(chunk_size=BATCH):
        if commitment not in held:
            yield Trouble(f"words ({field}) at entry {seq} are known to no entry", case, number)
        elif masked is None and (salt is None or ledger.commitment(bytes(salt), text.encode()) != commitment):
            yield Trouble(f"words ({field}) at entry {seq} were changed", case, number)
    photos = Attachment.objects.exclude(case=None).values_list(
        "case_id", "case__number", "seq", "sha256", "salt", "commitment", "masked_at"
    )
    for of, name, at, sha256, salt, commitment, masked in photos.iterator(chunk_size=BATCH):
        if commitment not in held:
            yield Trouble(f"a photo at entry {at} is known to no entry", of, name or "")
        elif masked is None and (salt is None or ledger.commitment(bytes(salt), bytes.fromhex(sha256)) != commitment):
            yield Trouble(f"a photo at entry {at} was changed", of, name or "")


def kept_files() -> Iterator[tuple[int, str, int, str]]:
    """(case, number, seq, sha256) of every photo that is still kept as it arrived."""
    rows = Attachment.objects.exclude(case=None).exclude(sha256="").values_list("case_id", "case__number", "seq", "sha256")
    yield from ((case or 0, number or "", seq or 0, sha256) for case, number, seq, sha256 in rows.iterator(chunk_size=BATCH))
