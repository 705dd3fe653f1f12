"""A photo or another piece of evidence arrives in one go: what it is is read from its header only, the original is stored, the row waits
for its entry. What is larger comes in pieces (services/evidence)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from django.conf import settings

from huiyin.adapters import files
from huiyin.records.models import Attachment
from huiyin.rules import evidence as rules
from huiyin.rules import files as headers
from huiyin.rules.evidence import BadEvidence, Known
from huiyin.selectors.people import Actor
from huiyin.services import evidence, receipts

MAX_UNDER_ONE_KEY = 20


def upload(
    *,
    actor: Actor | None,
    at: datetime,
    key: str,
    slot: str,
    stream: IO[bytes],
    declared_name: str = "",
    any_kind: bool = False,
    said: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Keep a file under a draft's key; `slot` is its name within the draft, so that a repeated upload is kept once.

    any_kind: recordings and papers too, not photos alone. said: what the phone says of it (rules.evidence.claims).
    Returns {id, state}. Raises rules.files.BadFile and rules.evidence.BadEvidence with messages for people (`differs` when it is not what
    the phone's hash says), adapters.files.LowDisk below the reserve, ValueError for a key that is too short. The declared name and type
    are not believed and not kept.
    """
    if len(key) < receipts.KEY_CHARACTERS:
        raise ValueError("the key of a draft has 22 characters or more")
    mark, slot = receipts.key_hash(key), slot[:64] or secrets.token_hex(8)
    known = Attachment.objects.filter(key_hash=mark, slot=slot).first()
    if known is not None:
        return {"id": known.pk, "state": known.state}
    if Attachment.objects.filter(key_hash=mark, case=None).count() >= MAX_UNDER_ONE_KEY:
        raise headers.BadFile("too_many")
    head = stream.read(headers.HEAD)
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    sniffed = _sniffed(head, size, any_kind)
    stored = files.put(stream, settings.MAX_PHOTO_BYTES)
    claims = rules.claims(said or {})
    if claims.get("sha256", stored.sha256) != stored.sha256:
        raise BadEvidence("differs")  # what was stored is named by no row, and goes with the strays
    posting = actor.postings[0].id if actor and actor.postings else None
    row = evidence.keep(at=at, mark=mark, slot=slot, posting=posting, stored=stored, known=sniffed, claims=claims)
    return {"id": row.pk, "state": row.state}


def _sniffed(head: bytes, size: int, any_kind: bool) -> Known:
    if any_kind:
        return rules.sniff(head, size, video_mb=settings.HUIYIN_VIDEO_MB)
    photo = headers.sniff(head, size)
    return Known(photo.kind.value, photo.width, photo.height)
