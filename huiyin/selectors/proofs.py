"""What a resident takes home to prove that their report stands in the record: the entry, its way to a signed root, and their own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from huiyin.records.models import Attachment, Entry, Report, Words
from huiyin.rules import checkpoint, ledger
from huiyin.selectors import log
from huiyin.selectors.cases import entries_of, entry_of, police_ever_in

FORMAT = "huiyin-proof/1"
OPENING = ("report", "join")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """`content` goes into the file as JSON; None while no checkpoint covers the entry yet. `sealed`: none is given, because its number
    would tell how much was written before it in a case that the police take part in, whatever they did (治安管理处罚法 136)."""

    number: str
    content: dict[str, Any] | None
    sealed: bool = False


def proof_of(report: int) -> Proof | None:
    """The proof of one report, for whoever holds its receipt; None when there is no such report. Words that were masked are left out."""
    number = Report.objects.filter(pk=report).values_list("number", flat=True).first()
    entry = _opening(report, number) if number else None
    if number is None or entry is None:
        return None
    if entry.seq > 1 and police_ever_in(ledger.fold(entries_of(entry.case))):
        return Proof(number=number, content=None, sealed=True)
    leaf = log.leaf_of(entry.case, entry.seq)
    over = log.checkpoint_over(leaf.index) if leaf else None
    if leaf is None or over is None:
        return Proof(number=number, content=None)
    return Proof(
        number=number,
        content={
            "format": FORMAT,
            "number": leaf.name,
            "entry": ledger.content(entry),
            "said": _said(entry, report),
            "files": _files(entry, report),
            "index": leaf.index,
            "path": [step.hex() for step in log.inclusion(leaf.index, over.size)],
            "checkpoint": over.text,
            "key": log.verifier_key(over.text),
        },
    )


def _opening(report: int, number: str) -> ledger.Entry | None:
    """The entry with which the report came: it stays in the case that had the report's number then."""
    rows = Entry.objects.filter(case__number=number, action__in=OPENING).order_by("seq")
    return next((entry_of(row) for row in rows if row.data.get("report") == report), None)


def _said(entry: ledger.Entry, report: int) -> list[dict[str, str]]:
    if not entry.data.get("words"):
        return []
    rows = Words.objects.filter(case_id=entry.case, seq=entry.seq, report_id=report, masked_at=None).order_by("pk")
    return [{"field": row.field, "text": row.text, "salt": bytes(row.salt or b"").hex()} for row in rows]


def _files(entry: ledger.Entry, report: int) -> list[dict[str, str]]:
    if not entry.data.get("files"):
        return []
    rows = Attachment.objects.filter(case_id=entry.case, seq=entry.seq, report_id=report, masked_at=None).exclude(sha256="")
    return [{"sha256": row.sha256, "salt": bytes(row.salt or b"").hex()} for row in rows.order_by("pk")]


def download(since: int = 0, size: int | None = None) -> str | None:
    """A checkpoint (the latest, or the one of a size) with the key and the proof that it continues the first `since` leaves; None when
    there is none. A `since` that is larger is left out: whoever asked sees that the record became shorter."""
    row = log.last_checkpoint() if size is None else log.checkpoint_of(size)
    if row is None:
        return None
    note = checkpoint.read(row.text)[0]
    path = log.consistency(since, row.size) if 0 < since < row.size else []
    return checkpoint.download(note, log.verifier_key(), since if 0 < since <= row.size else 0, path)
