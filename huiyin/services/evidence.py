"""Evidence on its way: a large file comes in pieces and goes on after a broken network, and every step of a file from hand to hand is
written down."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Max, Q, Sum
from django.db.models.functions import Now

from huiyin.adapters import files, keys, vault
from huiyin.records.models import Attachment, Custody, CustodyWords, Document, Signature, Upload
from huiyin.rules import evidence as rules
from huiyin.rules import files as headers
from huiyin.rules import ledger, texts
from huiyin.rules.evidence import BadEvidence, Link, Step
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors.people import Actor
from huiyin.services import receipts
from huiyin.services.writing import writing

SALT_BYTES = 32
MOST_UNFINISHED = 9
MOST_UNFINISHED_BYTES = 1024 * 1024 * 1024
UNFINISHED_KEPT = timedelta(hours=48)
MOST_UNDER_ONE_KEY = 20
WORDS_LIMIT = 200


class Gone(Exception):
    """There is no such file on its way for this person (any more): begin again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A file on its way. `id` of the upload, `offset` bytes that have arrived; `done` is the file's id once it is whole."""

    id: int
    offset: int
    done: int | None = None


# ── in pieces ────────────────────────────────────────────────────────────────────────────────


def begin(*, actor: Actor, at: datetime, key: str, slot: str, size: int, said: Mapping[str, Any]) -> Progress:
    """Announce a file of `size` bytes under a draft's key; `slot` is its name within the draft. The same again answers how far it is.

    said: what the phone says of it (rules.evidence.claims); its `sha256` is compared at the end. Raises BadEvidence, LowDisk,
    ValueError for a key that is too short.
    """
    if len(key) < receipts.KEY_CHARACTERS:
        raise ValueError("the key of a draft has 22 characters or more")
    mark, slot = receipts.key_hash(key), slot[:64] or secrets.token_hex(8)
    known = Attachment.objects.filter(key_hash=mark, slot=slot).first()
    if known is not None:
        return Progress(id=0, offset=known.size, done=known.pk)
    claims = rules.claims(said)
    row = Upload.objects.filter(key_hash=mark, slot=slot).first()
    if row is not None and (row.person_id != actor.person or row.size != size or _claims(row) != claims or not _is_there(row)):
        drop(row)
        row = None
    if row is None:
        _check_limits(actor, mark, size)
        row = _announce(actor, at, mark, slot, size, claims)
    return Progress(id=row.pk, offset=files.part_offset(row.part, row.size))


def _is_there(row: Upload) -> bool:
    try:
        files.part_offset(row.part, row.size)
    except FileNotFoundError:
        return False
    return True


def _check_limits(actor: Actor, mark: str, size: int) -> None:
    most = max(settings.HUIYIN_VIDEO_MB, *rules.MOST_MB.values())
    if size < 1:
        raise BadEvidence("empty")
    if size > most * rules.MB:
        raise BadEvidence("too_big", family=rules.FAMILY_LABELS[rules.Family.VIDEO], limit=settings.HUIYIN_VIDEO_MB)
    mine = Upload.objects.filter(person=actor.person)
    waiting = Attachment.objects.filter(posting__person=actor.person, case=None)
    held = sum(rows.aggregate(all=Sum("size"))["all"] or 0 for rows in (mine, waiting))
    many = Upload.objects.filter(key_hash=mark).count() + Attachment.objects.filter(key_hash=mark, case=None).count()
    if mine.count() >= MOST_UNFINISHED or held + size > MOST_UNFINISHED_BYTES or many >= MOST_UNDER_ONE_KEY:
        raise BadEvidence("too_many")


def _announce(actor: Actor, at: datetime, mark: str, slot: str, size: int, claims: Mapping[str, str]) -> Upload:
    part = files.begin_part(size)
    sealed = vault.seal(keys.derive("identity"), rules.claims_bytes(claims).decode(), f"upload:{part}")
    try:
        with writing():
            return Upload.objects.create(
                key_hash=mark,
                slot=slot,
                posting_id=actor.postings[0].id if actor.postings else None,
                person_id=actor.person,
                part=part,
                size=size,
                claims=sealed,
                began=at,
            )
    except IntegrityError:  # the same file announced twice at once
        files.drop_part(part)
        return Upload.objects.get(key_hash=mark, slot=slot)


def _claims(row: Upload) -> dict[str, str]:
    return dict(json.loads(vault.unseal(keys.derive("identity"), row.claims, f"upload:{row.part}")))


def progress(*, actor: Actor, upload: int) -> Progress:
    """How far a file is. Raises Gone."""
    row = _mine(actor, upload)
    return Progress(id=row.pk, offset=files.part_offset(row.part, row.size))


def add_piece(*, actor: Actor, at: datetime, upload: int, offset: int, content: bytes, sha256: str) -> Progress:
    """Add the piece that begins at `offset`; the last one makes the file whole.

    Raises Gone, files.Elsewhere (go on at its offset), files.Damaged for a piece that is not what its hash says (send it again),
    BadEvidence when it turns out to be no evidence or not what the phone announced (both are thrown away), LowDisk.
    """
    row = _mine(actor, upload)
    if not offset == row.size == files.part_offset(row.part, row.size):  # else all is here and the last answer was lost
        try:
            offset = files.add_piece(row.part, row.size, offset, content, sha256)
        except FileNotFoundError:
            raise Gone from None
    if offset >= min(row.size, headers.HEAD) and offset - len(content) < headers.HEAD:
        _look(row)
    return _whole(row, at) if offset == row.size else Progress(id=row.pk, offset=offset)


def _mine(actor: Actor, upload: int) -> Upload:
    row = Upload.objects.filter(pk=upload, person=actor.person or 0).first()
    if row is None or not _is_there(row):
        raise Gone
    return row


def _look(row: Upload) -> rules.Known:
    """What it is, from its first bytes; something else is thrown away before the rest comes."""
    head = files.head_of_part(row.part, row.size, headers.HEAD)
    try:
        return rules.sniff(head, row.size, video_mb=settings.HUIYIN_VIDEO_MB)
    except texts.Bad:
        drop(row)
        raise


def _whole(row: Upload, at: datetime) -> Progress:
    known, claims = _look(row), _claims(row)
    try:
        stored = files.finish_part(row.part, row.size, claims.get("sha256", ""))
    except files.Damaged:
        drop(row)
        raise BadEvidence("differs") from None
    kept = keep(
        at=at, mark=row.key_hash, slot=row.slot, posting=row.posting_id, stored=stored, known=known, claims=claims, upload=row
    )
    return Progress(id=row.pk, offset=row.size, done=kept.pk)


def drop(row: Upload) -> None:
    """Forget a file on its way with what has come of it."""
    with writing():
        Upload.objects.filter(pk=row.pk).delete()
    files.drop_part(row.part)


def forget_unfinished(*, at: datetime) -> int:
    """One turn over files that were not finished within 48 hours; returns how many went."""
    rows = list(Upload.objects.filter(began__lt=at - UNFINISHED_KEPT).order_by("pk")[:50])
    for row in rows:
        drop(row)
    return len(rows)


def parts() -> Iterable[str]:
    """Names of everything that is on its way."""
    return Upload.objects.values_list("part", flat=True).iterator(chunk_size=2000)


# ── a file is here ───────────────────────────────────────────────────────────────────────────


def keep(
    *,
    at: datetime,
    mark: str,
    slot: str,
    posting: int | None,
    stored: files.Stored,
    known: rules.Known,
    claims: Mapping[str, str],
    upload: Upload | None = None,
) -> Attachment:
    """The row of a file that is in the store, waiting for its entry; the same slot under the same key is kept once."""
    salt = secrets.token_bytes(SALT_BYTES)
    said: dict[str, Any] = {}
    if claims:
        own = secrets.token_bytes(SALT_BYTES)
        content = rules.claims_bytes(claims)
        held = ledger.commitment(own, content)
        sealed = vault.seal(keys.derive("identity"), content.decode(), f"claims:{held}")
        said = {"claims": sealed, "claims_salt": own, "claims_commitment": held}
    try:
        with writing():
            row = Attachment.objects.create(
                key_hash=mark,
                slot=slot,
                posting_id=posting,
                sha256=stored.sha256,
                size=stored.size,
                kind=known.kind,
                width=known.width,
                height=known.height,
                salt=salt,
                commitment=ledger.commitment(salt, bytes.fromhex(stored.sha256)),
                arrived=at,
                state="received" if rules.KINDS[known.kind].cleaned else "kept",
                **said,
            )
            if upload is not None:
                Upload.objects.filter(pk=upload.pk).delete()
            return row
    except IntegrityError:
        return Attachment.objects.get(key_hash=mark, slot=slot)


def named_elsewhere(sha256: str, *, but: int = 0) -> bool:
    """Whether a photo, a document or a signature has this content, other than the document `but`. What is stored is stored once: a printed
    document that somebody sends as evidence is the same file."""
    if Attachment.objects.filter(sha256=sha256).exists():
        return True
    documents = Document.objects.exclude(pk=but).filter(Q(pdf=sha256) | Q(docx=sha256))
    return documents.exists() or Signature.objects.exclude(document=but).filter(picture=sha256).exists()


# ── from hand to hand ────────────────────────────────────────────────────────────────────────


def received(rows: Iterable[Attachment], *, actor: str, role: str) -> None:
    """The first step of files that an entry has just claimed: who sent them, and when they arrived here."""
    steps = [_step(row, None, Step.RECEIVED, actor, role, row.arrived, "", "") for row in rows]
    Custody.objects.bulk_create(steps)


def record(
    rows: Iterable[Attachment], *, step: Step, actor: str, role: str, at: datetime, why: str = "", words: str = ""
) -> list[Custody]:
    """Write the same step down for each of these files, within the caller's transaction. `words`: to whom, why (for people only)."""
    text = texts.clean_words(words, WORDS_LIMIT).text if words.strip() else ""
    wanted = list(rows)
    newest = dict(
        Custody.objects.filter(attachment__in=[row.pk for row in wanted])
        .values("attachment")
        .annotate(last=Max("seq"))
        .values_list("attachment", "last")
    )
    last = {
        link.attachment_id: link
        for link in Custody.objects.filter(attachment__in=list(newest)).order_by("seq")
        if newest[link.attachment_id] == link.seq
    }
    made = []
    for row in wanted:
        salt = secrets.token_bytes(SALT_BYTES)
        held = ledger.commitment(salt, text.encode()) if text else ""
        link = _step(row, last.get(row.pk), step, actor, role, at, why, held)
        link.save(force_insert=True)
        if text:
            sealed = vault.seal(keys.derive("identity"), text, f"custody:{held}")
            CustodyWords.objects.create(custody=link, text=sealed, salt=salt)
        made.append(link)
    return made


def _step(
    row: Attachment, last: Custody | None, step: Step, actor: str, role: str, at: datetime, why: str, words: str
) -> Custody:
    if last is not None and at < last.at:
        at = last.at  # a clock that went back does not turn the order round
    link = Link(
        file=row.commitment,
        seq=last.seq + 1 if last else 1,
        step=step,
        actor=actor,
        role=role,
        at=ledger.stamp(at),
        why=why,
        words=words,
        prev=last.hash if last else rules.GENESIS,
    )
    return Custody(
        attachment=row,
        seq=link.seq,
        step=step,
        actor=actor,
        role=role,
        at=at,
        why=why,
        words=words,
        prev=link.prev,
        hash=rules.link_hash(link),
    )


def look(*, actor: Actor, role: Role, at: datetime, attachment: int, why: str, words: str = "") -> Attachment:
    """Write down that somebody has an original now, and why. Whether they may is for the caller to ask of selectors.evidence.

    Raises Gone for a file that is masked, ValueError without a reason, or with `other` and no words.
    """
    _reason(why, words)
    with writing():
        row = Attachment.objects.select_for_update().filter(pk=attachment).exclude(case=None).exclude(state="masked").first()
        if row is None:
            raise Gone
        record([row], step=Step.VIEWED, actor=_name(actor, role), role=role, at=at, why=why, words=words)
    return row


def hand_over(
    *, actor: Actor, role: Role, at: datetime, attachments: Iterable[int], step: Step, why: str, words: str
) -> list[Attachment]:
    """Write down that these files go along in a bundle, or were handed over, to whom and why. Raises ValueError without either."""
    _reason(why, words)
    if not words.strip():
        raise ValueError("to whom must be said")
    with writing():
        wanted = (
            Attachment.objects.select_for_update().filter(pk__in=list(attachments)).exclude(case=None).exclude(state="masked")
        )
        rows = list(wanted.order_by("pk"))
        record(rows, step=step, actor=_name(actor, role), role=role, at=at, why=why, words=words)
    return rows


def _reason(why: str, words: str) -> None:
    if why not in dict(rules.WHYS):
        raise ValueError("a reason must be given")
    if why == "other" and not words.strip():
        raise ValueError("another reason must be written out")


def _name(actor: Actor, role: Role) -> str:
    return next((f"p{posting.id}" for posting in actor.postings if posting.role == role), "sys")


def masked(rows: Iterable[Attachment], *, actor: str, role: str, at: datetime) -> None:
    """The last step of files that are being masked; what was written about their way goes with them."""
    wanted = list(rows)
    said = CustodyWords.objects.filter(custody__attachment__in=[row.pk for row in wanted])
    said.update(text="", salt=None, masked_at=Now())
    record(wanted, step=Step.MASKED, actor=actor, role=role, at=at)
