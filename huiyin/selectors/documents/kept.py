"""What made documents hold, opened from their encryption, and what a body's next one begins with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from huiyin.adapters import keys, vault
from huiyin.records.models import Document, DocumentWord, Signature
from huiyin.rules.documents import wording
from huiyin.rules.documents.kinds import Kind
from huiyin.selectors import log, places
from huiyin.selectors.documents.access import WHOLE


def sealed_context(pk: int) -> str:
    """What a document's content is bound to."""
    return f"document:{pk}"


def content(document: Document) -> dict[str, Any]:
    """What a document says: {given, doc, lasting}. Empty once masked."""
    if not document.sealed:
        return {}
    opened: dict[str, Any] = json.loads(vault.unseal(keys.derive("documents"), document.sealed, sealed_context(document.pk)))
    return opened


def signed_words(signature: Signature) -> str:
    if not signature.words:
        return ""
    return vault.unseal(keys.derive("documents"), signature.words, f"signature:{signature.document_id}:{signature.role}")


def newest(body: int | None) -> QuerySet[Document, int]:
    """Ids of the last ten documents of a body that say something."""
    rows = Document.objects.filter(body=body, masked_at=None).exclude(sealed="").exclude(kind=WHOLE)
    return rows.order_by("-pk").values_list("pk", flat=True)[:10]


def lasting(kind: Kind, rows: Sequence[Document]) -> dict[str, str]:
    """What a body gave last for its own lines (its address, its bank), in documents of its, oldest first."""
    names = {slot.name for slot in kind.slots if slot.lasting}
    found: dict[str, str] = {}
    for row in reversed([row for row in rows if row.kind != WHOLE]):
        if not names - found.keys():
            break
        given = content(row).get("given", {})
        for name in names - found.keys():
            if given.get(name):
                found[name] = str(given[name])
    return found


def word_of(body: int) -> str:
    """机关代字 of a body: as set, else the county's first character with the body's short name."""
    kept = DocumentWord.objects.filter(body=body).values_list("word", flat=True).first()
    if kept:
        return kept
    county, known = places.county(), places.bodies().get(body)
    short = (known.short_name if known else "").removesuffix("局").removeprefix("县")
    return f"{county.name[:1] if county else ''}{short}"[:12]


def checkpoint() -> tuple[str, str] | None:
    """The latest checkpoint of the ledger to print at a document's foot, as (short text, what the QR holds); None until there is one."""
    anchor = log.latest_anchor()
    if anchor is None:
        return None
    return f"台账检查点 {anchor.short}（{wording.moment(anchor.at)}）。扫码可核对本文书出具时的台账。", anchor.link
