"""The sequencer: every entry gets its place in the tree over the record, and every hour its root is signed. One at a time, whoever calls it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from huiyin.adapters import database, kept, signing
from huiyin.records.models import Checkpoint, Entry, Leaf, LogState, Mark, Node
from huiyin.rules import checkpoint, log
from huiyin.selectors import log as known
from huiyin.services import alarms
from huiyin.services.writing import writing

TURN = 500


def sequence(*, many: int = TURN) -> int:
    """Give the next entries, lists, steps of evidence and marks their places, in the order in which they were written; returns how many.

    What was not committed yet is not missed: it is found when it is, because ids are passed over for good only once everybody who
    might hold one of them is gone.
    """
    if not known.anything_new():
        return 0
    with writing():
        horizon = database.horizon(Entry)  # before anything else: see there
        state = _state()
        through = bool(state.gate) and database.oldest_running() >= int(state.gate)  # asked before the entries are
        rows = known.entries_with_numbers(known.unlogged(state.swept), many)
        leaves = [_entry_leaf(*row) for row in rows]
        leaves += [
            _list_leaf(version.pk, version.listing, version.number, known.list_digest(version))
            for version in known.unlogged_lists()
        ]
        steps = known.steps_of(known.unlogged_custody(state.custody), many)
        leaves += [_custody_leaf(*step) for step in steps]
        state.custody = max([state.custody, *(pk for *_, pk in steps)])
        leaves += [_mark_leaf(mark) for mark in known.unlogged_marks()]
        _grow(leaves)
        _sweep(state, horizon, through, rows[-1][-1] if len(rows) == many else None)
    return len(leaves)


def sweep_again() -> int:
    """Look at all entries and steps of evidence once more from the first on, whatever was passed over; returns how many were found. For
    every night."""
    with writing():
        _state()
        leaves = [_entry_leaf(*row) for row in known.entries_with_numbers(known.unlogged(0), TURN)]
        leaves += [_custody_leaf(*step) for step in known.steps_of(known.unlogged_custody(0), TURN)]
        _grow(leaves)
    return len(leaves)


def _state() -> LogState:
    """The one row, locked: two sequencers wait for each other."""
    LogState.objects.get_or_create(pk=1)
    return LogState.objects.select_for_update().get(pk=1)


def _sweep(state: LogState, horizon: database.Horizon, through: bool, upto: int | None) -> None:
    """What could be seen is in the log, up to an entry or (None) all of it; remember from where to look next time.

    through: nobody runs any more who might still commit an id up to `ahead`.
    """
    if not horizon.gate:
        state.swept = upto or horizon.ahead
    elif through and upto is not None and upto < state.ahead:
        state.swept = upto
    elif through or not state.gate:
        state.swept = state.ahead if through else state.swept
        state.ahead, state.gate = horizon.ahead, str(horizon.gate) if horizon.ahead > state.swept else ""
    state.save(update_fields=["swept", "ahead", "gate", "custody"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    kind: str
    ref: int
    seq: int = 0
    name: str = ""
    hash: bytes


def _entry_leaf(case: int, seq: int, chain: str, number: str, _pk: int) -> _New:
    return _New(kind=log.ENTRY, ref=case, seq=seq, name=number, hash=log.entry_leaf(case, number, seq, chain))


def _list_leaf(version: int, listing: str, number: int, digest: str) -> _New:
    return _New(kind=log.LIST, ref=version, name=f"{listing}/{number}", hash=log.list_leaf(listing, number, digest))


def _custody_leaf(file: int, seq: int, chain: str, _pk: int) -> _New:
    return _New(kind=log.CUSTODY, ref=file, seq=seq, hash=log.custody_leaf(file, seq, chain))


def _mark_leaf(mark: Mark) -> _New:
    return _New(kind=log.MARK, ref=mark.pk, name=mark.kind, hash=log.mark_leaf(mark.pk, known.mark_digest(mark)))


def _grow(leaves: Iterable[_New]) -> None:
    rows, nodes, frontier = [], [], None
    for leaf in leaves:
        frontier = frontier or known.frontier()
        rows.append(Leaf(index=frontier.size, kind=leaf.kind, ref=leaf.ref, seq=leaf.seq, name=leaf.name, hash=leaf.hash))
        nodes += [Node(level=level, index=index, hash=grown) for level, index, grown in frontier.add(leaf.hash)]
    Leaf.objects.bulk_create(rows)
    Node.objects.bulk_create(nodes)


# ── checkpoints ──────────────────────────────────────────────────────────────────────────────


def sign_checkpoint(*, at: datetime) -> bool:
    """Sign the tree as it stands, keep the checkpoint in the database and in a file beside it. Returns whether it was signed.

    Nothing is signed that does not continue what was signed before, here or in the file: an alarm says so instead.
    """
    with writing():
        _state()
        many = known.size()
        before = known.last_checkpoint()
        broken = _discontinued(many, before)
        if broken:
            alarms.raise_once(kind="record", detail=broken, at=at)
            return False
        head = checkpoint.Head(origin=known.origin(), size=many, root=known.root(many), at=at.replace(microsecond=0))
        note = signing.sign(head)
        Checkpoint.objects.create(size=many, root=head.root.hex(), at=head.at, text=note.text)
        kept.keep(note)  # last: without the file there is no row, and the job fails and is tried again
    return True


def _discontinued(many: int, before: Checkpoint | None) -> str:
    """What keeps the tree from being signed, empty when nothing does. A mark says that a restore cut off what it names."""
    outside = kept.newest()
    heads = [checkpoint.read(before.text)[0].head] if before else []
    heads += [outside.head] if outside else []
    mark = Mark.objects.order_by("-pk").first()
    for head in heads:
        if mark is not None and head.size > mark.size and head.at <= mark.at:
            continue
        if head.size > many:
            return f"the record has {many} leaves, the checkpoint of {head.at:%Y-%m-%d %H:%M} had {head.size}"
        try:
            same = known.root(head.size) == head.root
        except LookupError as error:
            return f"the log is damaged: {error}"
        if not same:
            return f"the first {head.size} leaves are not those that were signed on {head.at:%Y-%m-%d %H:%M}"
    return ""


def mark_restored(*, at: datetime, why: str, known_size: int = 0) -> Mark:
    """Note that a backup was brought back, so that what it lacks is explained. known_size: the largest checkpoint known from outside.

    The note is a leaf of the tree itself: it cannot be taken back. Raises ValueError without a reason.
    """
    if not why.strip():
        raise ValueError("a reason is needed")
    outside = kept.newest()
    with writing():
        many = known.size()
        most = max(known_size, outside.head.size if outside else 0)
        return Mark.objects.create(kind="restored", at=at, why=why.strip()[:300], size=many, known=most)
