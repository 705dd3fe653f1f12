"""The whole file of a case: what is bound into it, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huiyin.records.models import Case, Document
from huiyin.rules.documents import wording
from huiyin.rules.documents.kinds import DECISIONS
from huiyin.rules.workflow.table import label
from huiyin.selectors import cases as seen
from huiyin.selectors.cases import Dossier
from huiyin.selectors.documents.access import WHOLE, number_of, title_of
from huiyin.selectors.documents.matter import Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheaf:
    """What a bound file holds: documents in the order they were issued, and photos by entry, as (copies' names, caption); `officers` of its
    files and what was `decided`, with numbers, for the cover."""

    document: Document
    dossier: Dossier
    documents: tuple[Document, ...]
    photos: tuple[tuple[tuple[str, ...], str], ...]
    opened: str
    closed: str
    officers: str
    decided: str


def sheaf(pk: int, at: datetime) -> Sheaf | None:
    """Everything to bind into the whole file `pk`; None once it was masked. A police file holds police documents, any other none of them."""
    row = Document.objects.filter(pk=pk, kind=WHOLE, masked_at=None).select_related("body").first()
    if row is None or row.case_id is None:
        return None
    case = seen.with_places(Case.objects.filter(pk=row.case_id)).get()
    dossier = seen.load(case, at) if row.police else seen.load_for(case, None, at)
    held = (
        Document.objects.filter(case=row.case_id, state__in=["open", "signed"], masked_at=None)
        .exclude(kind=WHOLE)
        .exclude(pdf="")
    )
    if not row.police:
        held = held.filter(police=False)
    photos = []
    for entry in dossier.state.entries:
        kept = tuple(photo.copy for photo in dossier.attachments.get(entry.seq, ()) if photo.state == "ready")
        if kept:
            photos.append((kept, f"{label(entry.action)}　{wording.moment(entry.happened)}"))
    files = dossier.state.inquiry.files.values()
    closed = [file.closed for file in files if file.closed is not None]
    people = sorted({one for file in files if file.body == row.body_id for one in file.officers})
    names = Matter(dossier, ()).names if people else {}
    documents = tuple(held.order_by("frozen_at", "pk"))
    return Sheaf(
        document=row,
        dossier=dossier,
        documents=documents,
        photos=tuple(photos),
        opened=wording.day_at(min((file.opened for file in files), default=dossier.state.opened)),
        closed=wording.day_at(max(closed)) if closed else "",
        officers="、".join(names[one] for one in people if names.get(one)),
        decided="\n".join(f"{title_of(one)}（{number_of(one)}）" for one in documents if one.kind in DECISIONS),
    )
