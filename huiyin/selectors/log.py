"""The tree over the record, read: how large it is, its root at any size, proofs, checkpoints, and what of the record it does not hold yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.models import Exists, Max, OuterRef, QuerySet

from huiyin.adapters import signing
from huiyin.records.models import Checkpoint, Custody, Entry, Leaf, LegalBasis, ListItem, ListVersion, LogState, Mark
from huiyin.rules import checkpoint, log, merkle

#: What is no part of a list in force: it changes when the next one comes, or says only who worked on it and when.
_NOT_OF_THE_LIST = frozenset(
    {"id", "in_force_to", "state", "revision", "based_on", "made_by", "made_at", "published_by", "published_at"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The latest checkpoint as paper carries it. short: size and 120 bits of the root; link: for a QR code, the whole signed checkpoint."""

    size: int
    at: datetime
    short: str
    link: str
    text: str


def latest_anchor() -> Anchor | None:
    """The latest signed checkpoint for receipts and documents; None until the first one is signed. One query."""
    row = Checkpoint.objects.order_by("-pk").first()
    if row is None:
        return None
    note = checkpoint.read(row.text)[0]
    page = f"{settings.HUIYIN_SITE_URL}/open/ledger"
    return Anchor(size=row.size, at=row.at, short=note.head.short, link=checkpoint.link(page, note), text=row.text)


def origin() -> str:
    """The name of this installation's log: that of its first checkpoint, whatever its address became since."""
    first = Checkpoint.objects.order_by("pk").values_list("text", flat=True).first()
    return first.split("\n")[0] if first else f"{urlsplit(settings.HUIYIN_SITE_URL).netloc}/ledger"


def verifier_key(note: str = "") -> str:
    """The public key in one line. note: a signed checkpoint of this log, which names it; without one the first is looked up."""
    return checkpoint.verifier_key(note.partition("\n")[0] or origin(), signing.public_key())


def size() -> int:
    """How many leaves the tree has."""
    last = Leaf.objects.aggregate(last=Max("index"))["last"]
    return 0 if last is None else last + 1


def subtrees() -> merkle.Subtree:
    """Roots of complete subtrees from the tables; for one proof or a few, five queries each at most."""
    return merkle.subtrees(_tiles)


#: Written out: to have Django put them together takes longer than to run them, and a proof asks up to five times.
_LEAVES = 'SELECT "index", "hash" FROM "records_leaf" WHERE "index" >= %s AND "index" < %s ORDER BY "index"'
_NODES = 'SELECT "index", "hash" FROM "records_node" WHERE "level" = %s AND "index" >= %s AND "index" < %s ORDER BY "index"'


def _tiles(level: int, tile: int) -> Sequence[bytes]:
    first, after = tile * merkle.TILE, (tile + 1) * merkle.TILE
    with connection.cursor() as cursor:
        if level == 0:
            cursor.execute(_LEAVES, (first, after))
        else:
            cursor.execute(_NODES, (level, first, after))
        rows = cursor.fetchall()
    found: list[bytes] = []
    for index, held in rows:
        if index != first + len(found):
            break  # a gap: what lies behind it is not where it should be
        found.append(bytes(held))
    return found


def root(at_size: int) -> bytes:
    """The root over the first leaves. Raises LookupError where stored hashes are missing."""
    return merkle.root_of(at_size, subtrees())


def frontier() -> merkle.Frontier:
    """What the sequencer goes on from."""
    many, subtree = size(), subtrees()
    return merkle.Frontier(many, [subtree(*peak) for peak in merkle.peaks_of(many)])


# ── what is not in the log yet ───────────────────────────────────────────────────────────────


def unlogged(swept: int) -> QuerySet[Entry]:
    """Entries with an id above `swept` that no leaf stands for."""
    there = Leaf.objects.filter(kind=log.ENTRY, ref=OuterRef("case_id"), seq=OuterRef("seq"))
    return Entry.objects.filter(pk__gt=swept).exclude(Exists(there)).order_by("pk")


def unlogged_lists() -> list[ListVersion]:
    """Published lists that no leaf stands for. None while there is no case: until then the lists are only set up."""
    there = Leaf.objects.filter(kind=log.LIST, ref=OuterRef("pk"))
    rows = list(ListVersion.objects.filter(~Exists(there), state="published").order_by("pk"))
    return rows if rows and Entry.objects.exists() else []


def unlogged_marks() -> list[Mark]:
    there = Leaf.objects.filter(kind=log.MARK, ref=OuterRef("pk"))
    return list(Mark.objects.filter(~Exists(there)).order_by("pk"))


#: Steps of evidence may commit in another order than that of their ids: so many are looked at again each turn, all of them at night.
LOOKED_AT_AGAIN = 500


def unlogged_custody(highest: int) -> QuerySet[Custody]:
    """Steps of evidence that no leaf stands for, from a little before the highest id in the log on; from the first on for 0."""
    there = Leaf.objects.filter(kind=log.CUSTODY, ref=OuterRef("attachment_id"), seq=OuterRef("seq"))
    return Custody.objects.filter(pk__gt=highest - LOOKED_AT_AGAIN).exclude(Exists(there)).order_by("pk")


def steps_of(rows: QuerySet[Custody], many: int) -> list[tuple[int, int, str, int]]:
    """(file, seq, hash, id) of the first of these steps."""
    return list(rows.values_list("attachment_id", "seq", "hash", "pk")[:many])


def anything_new() -> bool:
    """Whether the sequencer has anything to do; a few index look-ups."""
    state = LogState.objects.first()
    swept = state.swept if state else 0
    if Entry.objects.filter(pk__gt=swept).exists() or unlogged_lists() or unlogged_marks():
        return True
    return unlogged_custody(state.custody if state else 0).exists()


def list_digest(version: ListVersion) -> str:
    """The digest of all that a list says: its head, its items in order, their clauses in order."""
    bases: dict[int, list[dict[str, Any]]] = {}
    for basis in LegalBasis.objects.filter(item__version=version).order_by("item_id", "position", "pk").values():
        bases.setdefault(basis["item_id"], []).append(_of(basis, {"id", "item_id"}))
    items = [
        {**_of(item, {"id", "version_id"}), "bases": bases.get(item["id"], [])}
        for item in ListItem.objects.filter(version=version).order_by("position", "code").values()
    ]
    head = {
        field.name: getattr(version, field.attname)
        for field in ListVersion._meta.concrete_fields
        if field.name not in _NOT_OF_THE_LIST
    }
    return log.digest({"head": head, "items": items})


def _of(row: Mapping[str, Any], without: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in without}


def mark_digest(mark: Mark) -> str:
    return log.digest({"kind": mark.kind, "at": mark.at, "why": mark.why, "size": mark.size, "known": mark.known})


# ── checkpoints and proofs ───────────────────────────────────────────────────────────────────


def checkpoints(many: int) -> list[Checkpoint]:
    """The newest, newest first."""
    return list(Checkpoint.objects.order_by("-pk")[:many])


def last_checkpoint() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-pk").first()


def checkpoint_of(at_size: int) -> Checkpoint | None:
    """The first checkpoint that was signed at this size."""
    return Checkpoint.objects.filter(size=at_size).order_by("pk").first()


def checkpoint_over(index: int) -> Checkpoint | None:
    """The first checkpoint that commits to this leaf."""
    return Checkpoint.objects.filter(size__gt=index).order_by("size", "pk").first()


def marks() -> list[Mark]:
    """What was done to the record as a whole, newest first."""
    return list(Mark.objects.order_by("-pk"))


def leaf_of(case: int, seq: int) -> Leaf | None:
    return Leaf.objects.filter(kind=log.ENTRY, ref=case, seq=seq).first()


def inclusion(index: int, at_size: int) -> list[bytes]:
    """That a leaf is in the tree of this size: RFC 9162's path."""
    return merkle.inclusion_proof(index, at_size, subtrees())


def consistency(old: int, new: int) -> list[bytes]:
    """That the tree of size `new` continues the one of size `old`. Raises ValueError when it cannot."""
    return merkle.consistency_proof(old, new, subtrees())


def entries_with_numbers(rows: QuerySet[Entry], many: int) -> list[tuple[int, int, str, str, int]]:
    """(case, seq, hash, number, id) of the first of these entries."""
    return list(rows.values_list("case_id", "seq", "hash", "case__number", "pk")[:many])


def highest_entry() -> int:
    return Entry.objects.aggregate(last=Max("pk"))["last"] or 0
