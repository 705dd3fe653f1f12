"""What becomes of photos and recordings after they arrived: a copy is made or cannot be, and those that no entry claimed go again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from django.db import transaction
from django.db.models import F

from huiyin.adapters import files
from huiyin.records.models import Attachment, Document, Signature
from huiyin.services import evidence
from huiyin.services.writing import writing

MAX_TRIES = 3
UNCLAIMED_KEPT = timedelta(hours=48)
TURN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A photo or recording without its copy. tries: attempts begun, this one included."""

    id: int
    sha256: str
    kind: str
    size: int
    tries: int
    case: int | None


def take() -> Waiting | None:
    """The next photo to make a copy of, the least tried first. The attempt is counted before it begins, so that a photo which brings
    the worker down is not taken for ever: after three attempts it is bad."""
    if not Attachment.objects.filter(state="received").exists():
        return None
    with writing():
        Attachment.objects.filter(state="received", tries__gte=MAX_TRIES).update(state="bad")
        row = Attachment.objects.select_for_update().filter(state="received").order_by("tries", "id").first()
        if row is None:
            return None
        row.tries += 1
        row.save(update_fields=["tries"])
    return Waiting(id=row.pk, sha256=row.sha256, kind=row.kind, size=row.size, tries=row.tries, case=row.case_id)


def ready(*, attachment: int, copy: str, width: int = 0, height: int = 0) -> bool:
    """The copy is on the disk under that name, so many pixels wide and high. False where the photo was masked or removed meanwhile: then
    the copy is removed too."""
    with writing():
        waiting = Attachment.objects.filter(pk=attachment, state="received")
        kept = waiting.update(state="ready", copy=copy, width=width, height=height) > 0
    if not kept:
        files.delete_copy(copy)
    return kept


def bad(*, attachment: int) -> None:
    """No copy can be made; what arrived stays the original of record."""
    with writing():
        Attachment.objects.filter(pk=attachment, state="received").update(state="bad")


def only_original(*, attachment: int) -> None:
    """A recording that cannot be cleaned: there is no viewing copy, and whoever needs it asks for the original."""
    with writing():
        Attachment.objects.filter(pk=attachment, state="received").update(state="kept")


def put_back(*, attachment: int) -> None:
    """The attempt failed for a reason that is not the photo's, and does not count."""
    with writing():
        Attachment.objects.filter(pk=attachment, state="received", tries__gt=0).update(tries=F("tries") - 1)


def forget_unclaimed(*, at: datetime) -> int:
    """One turn of removing photos that no entry claimed within 48 hours, with their files; returns how many.

    A file that another photo or a document shares stays, and so does one that arrives again at this moment.
    """
    before = at - UNCLAIMED_KEPT
    with writing():
        rows = list(Attachment.objects.select_for_update().filter(case=None, arrived__lt=before).order_by("id")[:TURN])
        Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
        gone = {row.sha256 for row in rows if row.sha256}
        for row in rows:
            if row.copy:
                transaction.on_commit(partial(files.delete_copy, row.copy))
        for sha256 in (one for one in gone if not evidence.named_elsewhere(one)):
            transaction.on_commit(partial(files.delete_original, sha256, before=before))
    return len(rows)


def forget_strays(*, at: datetime) -> int:
    """Removes files older than 48 hours that no photo or document names, such as what a broken upload left; returns how many."""
    originals = chain(
        _named("sha256"), *(_of_documents(*one) for one in ((Document, "pdf"), (Document, "docx"), (Signature, "picture")))
    )
    return files.remove_strays(originals=originals, copies=_named("copy"), parts=evidence.parts(), before=at - UNCLAIMED_KEPT)


def _of_documents(table: type[Document] | type[Signature], field: str) -> Iterator[str]:
    return table._default_manager.exclude(**{field: ""}).values_list(field, flat=True).iterator(chunk_size=2000)


def _named(field: str) -> Iterator[str]:
    return Attachment.objects.exclude(**{field: ""}).values_list(field, flat=True).iterator(chunk_size=2000)
