"""A photo arrives: its type, size and pixels are read from the header only, the original is stored, the row waits for its entry."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.db import IntegrityError

from huiyin.adapters import files
from huiyin.records.models import Attachment
from huiyin.rules import files as headers
from huiyin.rules import ledger
from huiyin.selectors.people import Actor
from huiyin.services import receipts
from huiyin.services.cases.record import SALT_BYTES
from huiyin.services.writing import writing

MAX_UNDER_ONE_KEY = 20


def upload(
    *, actor: Actor | None, at: datetime, key: str, slot: str, stream: IO[bytes], declared_name: str = ""
) -> dict[str, Any]:
    """Keep a photo under a draft's key; `slot` is its name within the draft, so that a repeated upload is kept once.

    Returns {id, state}. Raises rules.files.BadFile with a message for people, adapters.files.LowDisk below the reserve,
    ValueError for a key that is too short. The declared name and type are not believed and not kept.
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
    sniffed = headers.sniff(head, size)
    stored = files.put(stream, settings.MAX_PHOTO_BYTES)
    salt = secrets.token_bytes(SALT_BYTES)
    try:
        with writing():
            row = Attachment.objects.create(
                key_hash=mark,
                slot=slot,
                posting_id=actor.postings[0].id if actor and actor.postings else None,
                sha256=stored.sha256,
                size=stored.size,
                kind=sniffed.kind,
                width=sniffed.width,
                height=sniffed.height,
                salt=salt,
                commitment=ledger.commitment(salt, bytes.fromhex(stored.sha256)),
                arrived=at,
            )
    except IntegrityError:
        row = Attachment.objects.get(key_hash=mark, slot=slot)
    return {"id": row.pk, "state": row.state}
