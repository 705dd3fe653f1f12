"""Documents: drafted from the record, frozen with a number, signed by each who must, voided with a reason, and set by the worker."""

from __future__ import annotations

import io
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import F, Max

from huiyin.adapters import files, keys, vault
from huiyin.adapters.documents import templates
from huiyin.records.models import Attachment, Body, Case, Document, DocumentWord, Notice, Signature
from huiyin.rules import ledger, texts
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.documents import wording
from huiyin.rules.documents.compose import compose
from huiyin.rules.documents.kinds import KINDS, OUTSIDE, Kind, Signer, Slot, gaps, signer_label
from huiyin.rules.drawings import is_drawing
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import cases as seen
from huiyin.selectors import documents as known
from huiyin.selectors.cases import Dossier
from huiyin.selectors.people import SYSTEM, Actor
from huiyin.services import receipts
from huiyin.services.cases import NotFound
from huiyin.services.cases.masking import drop_files
from huiyin.services.cases.record import SALT_BYTES, append, claim_files, copy
from huiyin.services.writing import writing

MAX_TRIES = 3
TRIES_FOR_A_NUMBER = 20
MAX_STROKES = 200 * 1024
MAX_FILE = 64 * 1024 * 1024
LONGEST = 4000


class Gaps(Exception):
    """The document would lack what it must say; `slots` are what is missing."""

    def __init__(self, slots: tuple[Slot, ...]) -> None:
        self.slots = slots
        super().__init__("、".join(slot.name for slot in slots))


class Wrong(Exception):
    """What was asked cannot be done to this document now; the text is for people, with its values."""

    def __init__(self, text: str, **values: str) -> None:
        self.text, self.values = text, values
        super().__init__(text % values)


# ── drafting ─────────────────────────────────────────────────────────────────────────────────


def make(
    *,
    actor: Actor,
    at: datetime,
    dossier: Dossier,
    kind: str,
    seq: int,
    given: Mapping[str, str] | None = None,
    cites: int | None = None,
) -> Document:
    """A draft from the record and from what was typed. A draft of the same kind and entry is written over.

    cites: an issued document of the same kind that this one replaces or corrects. Raises NotFound for who may not make it, Gaps for what is
    missing, compose.Broken for a county's own template that cannot be used, texts.Bad for words that cannot be.
    """
    offer = known.offer(dossier, actor, kind, seq)
    if offer is None:
        raise NotFound
    typed = _typed(offer.kind, given or {})
    body = known.body_of(dossier, offer.entry)
    assert body is not None
    with writing():
        draft = (
            Document.objects.select_for_update()
            .filter(case=dossier.case, kind=kind, seq=seq, state="draft", masked_at=None)
            .first()
        )
        earlier = _cited(dossier, kind, cites)
        held = _said(offer, typed, at, number="", before=earlier)
        draft = draft or Document(case=dossier.case, kind=kind, seq=seq, made_at=at)
        draft.body_id, draft.police, draft.cites = body, _of_the_police(dossier, body) and kind not in known.LOCAL, earlier
        draft.made_by_id, draft.made_at = _posting(actor, body), at
        _keep(draft, {"given": typed, "doc": held})
    return draft


def _typed(kind: Kind, given: Mapping[str, str]) -> dict[str, str]:
    """What may be typed at all: asked slots only, cleaned."""
    kept = {}
    for slot in kind.slots:
        raw = str(given.get(slot.name, "") or "")
        if slot.asked and raw.strip():
            kept[slot.name] = texts.clean_words(raw, LONGEST).text
    return kept


def _of_the_police(dossier: Dossier, body: int | None) -> bool:
    """Theirs alone: in a case that they lead, and of theirs in any other (治安管理处罚法 136)."""
    return seen.sealed_from(dossier, None) or body in seen.police()


def _cited(dossier: Dossier, kind: str, cites: int | None) -> Document | None:
    if cites is None:
        return None
    found = Document.objects.filter(case=dossier.case, pk=cites, kind=kind).exclude(state="draft").first()
    if found is None:
        raise NotFound
    return found


def _said(offer: known.Offer, typed: Mapping[str, str], at: datetime, number: str, before: Document | None) -> dict[str, Any]:
    """The composed document with everything that is printed around it. Raises Gaps."""
    # A correction is written when it is written, and nobody was handed it on the spot.
    written = offer.entry.happened if offer.kind.on_the_spot and before is None else at
    values = {**offer.values, **typed, "文号": number, "成文日期": wording.day(written.astimezone(SHANGHAI).date())}
    values["更正"] = "是" if before is not None else ""
    missing = gaps(offer.kind, values)
    if missing:
        raise Gaps(missing)
    template = templates.template(offer.kind)
    made = compose(template, values)
    if before is not None:
        earlier = known.number_of(before) or wording.day((before.frozen_at or before.made_at).astimezone(SHANGHAI).date())
        made["blocks"].append({"kind": "note", "text": f"本文书替代（更正）前一份{offer.kind.title}（{earlier}）。"})
    return made | {"organ": values["机关"], "number": number}


def _keep(document: Document, held: Mapping[str, Any]) -> None:
    """Seal what a document says and have it set anew. The row gets its id first: the seal is bound to it."""
    if document._state.adding:
        document.save(force_insert=True)
    plain = json.dumps(held, ensure_ascii=False, sort_keys=True)
    salt = secrets.token_bytes(SALT_BYTES)
    document.sealed = vault.seal(keys.derive("documents"), plain, known.sealed_context(document.pk))
    document.salt, document.commitment = salt, ledger.commitment(salt, plain.encode())
    _again(document)
    document.save()


def _again(document: Document) -> None:
    """It has to be set (again); what was set before is no longer shown."""
    document.rendering, document.tries, document.error, document.round = "waiting", 0, "", document.round + 1


def _posting(actor: Actor, body: int | None) -> int:
    """The posting under which an actor does something for a body."""
    own = [posting.id for posting in actor.postings if posting.body == body]
    if own or actor.postings:
        return own[0] if own else actor.postings[0].id
    raise NotFound


def discard(*, actor: Actor, document: Document) -> None:
    """Throws a draft away. Raises Wrong for anything that was issued."""
    with writing():
        row = _locked(document)
        if row.state != "draft":
            raise Wrong("已经定稿的文书不能删除，只能作废。")
        drop_files(row)
        row.delete()


def bind(*, actor: Actor, at: datetime, dossier: Dossier) -> Document:
    """Asks for the whole file of a case as one PDF: everything issued and every photo that the actor may see. One a body; asking again has
    it bound anew. Raises NotFound for who may not, Wrong while nothing is final."""
    if not known.may_bind(dossier, actor):
        raise NotFound
    body = dossier.case.lead_id if dossier.case.lead_id in actor.bodies else next(iter(sorted(actor.bodies)), None)
    if body is None:
        raise NotFound
    if not known.final(known.of_case(dossier, actor)):
        raise Wrong("还没有定稿的文书，没有可以装订的。")
    with writing():
        row = Document.objects.select_for_update().filter(case=dossier.case, kind=known.WHOLE, body=body, masked_at=None).first()
        row = row or Document(case=dossier.case, kind=known.WHOLE, body_id=body)
        row.police, row.state, row.frozen_at = _of_the_police(dossier, row.body_id), "signed", at
        row.made_by_id, row.made_at = _posting(actor, body), at
        _again(row)
        row.save()
    return row


# ── numbers ──────────────────────────────────────────────────────────────────────────────────


def issue(*, actor: Actor, at: datetime, dossier: Dossier, document: Document) -> Document:
    """Freezes a draft with what the record says now and gives it its number: from here on neither changes.

    Raises Gaps when something went missing since it was drafted, Wrong for what is no draft, NotFound for who may not.
    """
    offer = known.offer(dossier, actor, document.kind, document.seq)
    if offer is None:
        raise NotFound
    for last in (False, True):
        try:
            with writing():
                return _issued(actor, at, offer, document)
        except IntegrityError:  # two took the same number at once on PostgreSQL: the second takes the next
            if last:
                raise
    raise AssertionError("unreachable")


def _issued(actor: Actor, at: datetime, offer: known.Offer, document: Document) -> Document:
    row = _locked(document)
    if row.state != "draft":
        raise Wrong("这份文书已经定稿。")
    held = known.content(row)
    number = ""
    if offer.kind.numbered:
        row.word, row.year = known.word_of(row.body_id) + offer.kind.word + "字", at.astimezone(SHANGHAI).year
        row.serial = _next(row)
        number = known.number_of(row)
    row.state, row.frozen_at, row.frozen_by_id = "open", at, _posting(actor, row.body_id)
    if not offer.kind.signs:
        row.state, row.signed_at = "signed", at
    _keep(row, {"given": held["given"], "doc": _said(offer, held["given"], at, number, row.cites)})
    _note(row, row.state if row.state == "signed" else "issued", actor, at)
    _tell(row, offer, actor, at)
    return row


def _tell(row: Document, offer: known.Offer, actor: Actor, at: datetime) -> None:
    """今日 tells those of the house who have to sign: the second officer by name, the head by the body."""
    second = offer.entry.data.get("second")
    if Signer.SECOND in offer.kind.signs and isinstance(second, int) and second != actor.person:
        Notice.objects.create(case_id=row.case_id, seq=row.seq, kind="sign", person_id=second, at=at)
    heads = any(held.role is Role.HEAD and held.body == row.body_id for held in actor.postings)
    if Signer.HEAD in offer.kind.signs and not heads and row.kind not in known.LOCAL:
        Notice.objects.create(case_id=row.case_id, seq=row.seq, kind="sign", body_id=row.body_id, role=Role.HEAD, at=at)


def _next(row: Document) -> int:
    """The number after the last of the body, word and year; on PostgreSQL the body's row is the queue, on SQLite the write lock."""
    Body.objects.select_for_update().get(pk=row.body_id)
    taken = Document.objects.filter(body=row.body_id, word=row.word, year=row.year).aggregate(last=Max("serial"))["last"]
    return (taken or 0) + 1


def set_word(*, actor: Actor, at: datetime, body: int, word: str) -> None:
    """机关代字 of a body, by its head or the coordinator. Numbers given before keep theirs. Raises Wrong for what is no such word."""
    if not (actor.has(Role.CO) or (actor.has(Role.HEAD) and body in actor.bodies)):
        raise NotFound
    clean = word.strip()
    if not 0 < len(clean) <= 12 or not all("\u4e00" <= sign <= "\u9fff" for sign in clean):
        raise Wrong("机关代字用汉字，最多 12 个，例如“安城管”。")
    with writing():
        DocumentWord.objects.update_or_create(
            body_id=body, defaults={"word": clean, "changed_by_id": actor.person, "changed_at": at}
        )


# ── signing ──────────────────────────────────────────────────────────────────────────────────


def places_to_sign(document: Document, signed: list[Signature]) -> list[Signer]:
    """Who has not signed yet, in the order of the kind. A witness is needed only where the party refused or was away."""
    if document.kind not in KINDS or document.state != "open":
        return []
    done = {row.role for row in signed}
    party = next((row for row in signed if row.role == Signer.PARTY), None)
    stands_in = party is not None and party.way in {"refused", "absent"}
    return [role for role in KINDS[document.kind].signs if role.value not in done and (role is not Signer.WITNESS or stands_in)]


def may_sign_as(dossier: Dossier, actor: Actor, document: Document, role: Signer) -> bool:
    """Whether the actor is the one who signs there in the system: the officers of the act, a head, the reviewer, the chair; for those
    outside whoever of the body holds the phone out to them."""
    if document.body_id not in known.bodies_of(actor):
        return False
    entry = dossier.state.entry(document.seq)
    if role in OUTSIDE or entry is None:
        return role in OUTSIDE
    who = dossier.who(entry)
    file = next((one for one in dossier.state.inquiry.files.values() if one.seq in {entry.seq, entry.data.get("file")}), None)
    match role:
        case Signer.OFFICER | Signer.MAKER:
            return who is not None and who.person == actor.person
        case Signer.SECOND:
            second = entry.data.get("second") or next(
                (one for one in (file.officers if file else ()) if who and one != who.person), None
            )
            return second == actor.person
        case Signer.HEAD:
            local = document.kind in known.LOCAL and actor.has(Role.COM, Role.CO)
            return local or any(held.role is Role.HEAD and held.body == document.body_id for held in actor.postings)
        case Signer.REVIEWER:
            return actor.has(Role.REV)
        case Signer.CHAIR:
            return bool(entry.data.get("chair") == actor.person)
    return False


def sign(
    *, actor: Actor, at: datetime, dossier: Dossier, document: Document, role: Signer, factor: bool, demo: bool = False
) -> Document:
    """Somebody of the house signs in the system, with the second factor they signed in with (`factor`); the demo has none and says so.

    Raises NotFound for who does not sign there, Wrong without a second factor or when it is not to be signed now.
    """
    if role in OUTSIDE or not may_sign_as(dossier, actor, document, role):
        raise NotFound
    if not factor and not demo:
        raise Wrong("在系统中签名要先设置第二重验证；或者打印出来签字，再附扫描件。")
    return _sign(actor, at, document, role, "system", {}, factor=factor)


def sign_on_screen(
    *, actor: Actor, at: datetime, dossier: Dossier, document: Document, role: Signer, name: str, strokes: bytes
) -> Document:
    """The party or a witness signs with a finger. strokes: a PNG. Raises Wrong for what is no drawing."""
    if role not in OUTSIDE or not may_sign_as(dossier, actor, document, role):
        raise NotFound
    if len(strokes) > MAX_STROKES or not is_drawing(strokes):
        raise Wrong("没有收到签名，请再写一次。")
    stored = files.put(io.BytesIO(strokes), MAX_STROKES)
    return _sign(actor, at, document, role, "screen", {"name": _name(name)}, picture=stored.sha256)


def sign_not(
    *, actor: Actor, at: datetime, dossier: Dossier, document: Document, way: str, why: str, witness: str, key: str = ""
) -> Document:
    """The party refused to sign, or was away (then the notice was posted and photographed under `key`): noted, with a witness.

    Raises Wrong without a witness or, for one who refused, a photo or recording named (行政处罚法 52, 64; 行政强制法 18).
    """
    if not may_sign_as(dossier, actor, document, Signer.PARTY) or way not in {"refused", "absent"}:
        raise NotFound
    words = {"why": texts.clean_words(why, 500).text if why.strip() else "", "witness": _name(witness) if witness.strip() else ""}
    if way == "refused" and not (words["why"] and words["witness"]):
        raise Wrong("拒绝签名的，写明拒签的情况和见证人。")
    with writing():
        scan = _waiting(key)
        if way == "absent" and scan is None and not words["witness"]:
            raise Wrong("不在场的，附上张贴的照片，或者写明见证人。")
        return _sign(actor, at, document, Signer.PARTY, way, words, scan=scan)


def sign_on_paper(*, actor: Actor, at: datetime, dossier: Dossier, document: Document, key: str) -> Document:
    """Everybody still to sign did so on the printed document; its scan was uploaded under `key` and is kept with its hash.

    Raises Wrong without a scan, and where nothing is to be signed (any more).
    """
    entry = dossier.state.entry(document.seq)
    if document.body_id not in known.bodies_of(actor) or entry is None:
        raise NotFound
    with writing():
        row = _locked(document)
        places = places_to_sign(row, list(Signature.objects.filter(document=row)))
        if not places:
            raise Wrong("这里已经签过，或者现在不能签。")
        scan = _waiting(key)
        if scan is None:
            raise Wrong("请附上签字盖章后的扫描件或者照片。")
        for role in places:
            row = _sign(actor, at, row, role, "paper", {}, scan=scan, noted=False)
        _note(row, "signed", actor, at, scan, way="paper")
        return row


def _waiting(key: str) -> Attachment | None:
    """The first of the photos uploaded under a key that nothing has claimed yet; it stands for all of them."""
    if len(key) < receipts.KEY_CHARACTERS:
        return None
    return Attachment.objects.filter(key_hash=receipts.key_hash(key), case=None).order_by("pk").first()


def _note(row: Document, step: str, actor: Actor, at: datetime, scan: Attachment | None = None, **more: str) -> None:
    """An entry of the case says what was done with a document, with the commitment of what it says; photos of a scan belong to it."""
    case = Case.objects.select_for_update().get(pk=row.case_id or 0)
    state = ledger.fold(seen.entries_of(case.pk))
    data: dict[str, Any] = {"document": row.pk, "kind": row.kind, "step": step, "content": row.commitment, **more}
    if row.seq:
        data["of"] = row.seq
    posting = (
        next((held for held in actor.postings if held.id == _posting(actor, row.body_id)), None) if not actor.system else None
    )
    name, role = (f"p{posting.id}", posting.role) if posting else ("sys", Role.SYS)
    if scan is not None:
        data |= claim_files(case, state.seq + 1, scan.key_hash, actor=name, role=role)
    after = append(case, state, action="document", actor=name, role=role, at=at, data=data)
    copy(case, after, before=state)


def _name(text: str) -> str:
    if not text.strip():
        raise Wrong("请写姓名。")
    return texts.single_line(text, 60)


def _sign(
    actor: Actor,
    at: datetime,
    document: Document,
    role: Signer,
    way: str,
    words: Mapping[str, str],
    *,
    factor: bool = False,
    picture: str = "",
    scan: Attachment | None = None,
    noted: bool = True,
) -> Document:
    with writing():
        row = _locked(document)
        signed = list(Signature.objects.filter(document=row))
        if role not in places_to_sign(row, signed):
            raise Wrong("这里已经签过，或者现在不能签。")
        plain = json.dumps(words, ensure_ascii=False, sort_keys=True) if words else ""
        made = Signature.objects.create(
            document=row,
            role=role.value,
            way=way,
            posting_id=_posting(actor, row.body_id),
            factor=factor,
            at=at,
            words=vault.seal(keys.derive("documents"), plain, f"signature:{row.pk}:{role.value}") if plain else "",
            picture=picture,
            scan=scan,
            content=row.commitment,
            saw=row.pdf,
        )
        if not places_to_sign(row, [*signed, made]):
            row.state, row.signed_at = "signed", at
        _again(row)
        row.save()
        if noted:
            _note(row, "signed", actor, at, scan, way=way, by=role.value)
        return row


def void(*, actor: Actor, at: datetime, document: Document, why: str) -> Document:
    """An issued document no longer counts; its number stays in the register with the reason. By a head of the body (by anybody of the body
    where it was not signed yet). Raises Wrong without a reason, for a draft, and for a bound file, which is no document of its own."""
    clean = texts.clean_words(why, 300).text if why.strip() else ""
    if not clean:
        raise Wrong("作废要写理由，不写当事人姓名。")
    with writing():
        row = _locked(document)
        if row.body_id not in known.bodies_of(actor) or (row.state == "signed" and not actor.has(Role.HEAD, Role.COM)):
            raise NotFound
        if row.state not in {"open", "signed"} or row.kind == known.WHOLE:
            raise Wrong("草稿可以直接删除；已作废的不能再作废。")
        row.state, row.void_at, row.void_by_id, row.void_why = "void", at, _posting(actor, row.body_id), clean
        _again(row)
        row.save()
        _note(row, "void", actor, at)
        return row


def _locked(document: Document) -> Document:
    """The row under a lock, its case's first: every writer takes them in this order."""
    if document.case_id is not None:
        Case.objects.select_for_update().get(pk=document.case_id)
    found = Document.objects.select_for_update().filter(pk=document.pk, masked_at=None).first()
    if found is None:
        raise NotFound
    return found


# ── setting ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A document to be set: everything that is printed, and the pictures it shows by name. `round` tells whether it is still wanted."""

    id: int
    round: int
    doc: Mapping[str, Any]
    pictures: Mapping[str, str]


def take(*, whole: bool = False) -> Waiting | None:
    """The next document to be set (or whole file to be bound), the least tried first; the attempt is counted before it begins."""
    wanted = Document.objects.filter(rendering="waiting")
    wanted = wanted.filter(kind=known.WHOLE) if whole else wanted.exclude(kind=known.WHOLE)
    if not wanted.exists():
        return None
    with writing():
        wanted.filter(tries__gte=MAX_TRIES).update(rendering="failed", error="tries")
        row = wanted.select_for_update().order_by("tries", "id").first()
        if row is None:
            return None
        row.tries += 1
        row.save(update_fields=["tries"])
    doc, pictures = ({}, {}) if whole else printed(row)
    return Waiting(id=row.pk, round=row.round, doc=doc, pictures=pictures)


def printed(row: Document) -> tuple[dict[str, Any], dict[str, str]]:
    """What is printed of a document, and the pictures of signatures as {name: SHA-256}."""
    doc = dict(known.content(row).get("doc", {}))
    signed, pictures = [], {}
    for one in known.signatures(row):
        name = f"s{one.pk}.png" if one.picture else ""
        if name:
            pictures[name] = one.picture
        signed.append([told(one), name])
    doc["signatures"] = signed
    if row.frozen_at is not None:
        here = row.frozen_at.astimezone(SHANGHAI)
        doc["stamp"] = [here.year, here.month, here.day, here.hour, here.minute, here.second]
    doc["draft"] = {"draft": "草稿", "void": "作废"}.get(row.state, "")
    mark = known.checkpoint() if row.state in {"open", "signed"} else None
    if mark is not None:
        doc["checkpoint"], doc["qr"] = mark[0], qr(mark[1])
    return doc, pictures


def qr(text: str) -> str:
    """A QR code as SVG."""
    import segno

    return str(segno.make(text, error="m").svg_inline(scale=1, border=0))


def told(signature: Signature) -> str:
    """One line about a signature, as it is printed."""
    who, when = signer_label(signature.document.kind, Signer(signature.role)), wording.moment(signature.at)
    words = json.loads(known.signed_words(signature) or "{}")
    by = signature.posting.person.name
    match signature.way:
        case "system":
            how = "使用了第二重验证" if signature.factor else "演示，没有第二重验证"
            return f"{who}{by}于{when}在系统中签名（{how}）。"
        case "paper":
            return f"{who}在纸质文书上签名，{when}由{by}附扫描件。"
        case "screen":
            return f"{who}{words.get('name', '')}于{when}在屏幕上签名（{by}在场）："
        case "refused":
            return f"{who}拒绝签名（{when}）：{words.get('why', '')}　见证人：{words.get('witness', '')}　记录：{by}"
    witness = f"　见证人：{words['witness']}" if words.get("witness") else ""
    photo = "，已张贴并拍照" if signature.scan_id else ""
    return f"{who}不在场（{when}）{photo}。{words.get('why', '')}{witness}　记录：{by}"


def ready(*, waiting: Waiting, at: datetime, pdf: bytes, docx: bytes, pages: int) -> bool:
    """The files of a document are made. False where it changed meanwhile: then it is set again, and these files go."""
    kept = files.put(io.BytesIO(pdf), MAX_FILE), files.put(io.BytesIO(docx), MAX_FILE) if docx else None
    return _kept(waiting, at, kept[0], kept[1], pages)


def bound(*, waiting: Waiting, at: datetime, stored: files.Stored, pages: int) -> bool:
    """A whole file was bound and put away already."""
    return _kept(waiting, at, stored, None, pages)


def _kept(waiting: Waiting, at: datetime, pdf: files.Stored, docx: files.Stored | None, pages: int) -> bool:
    with writing():
        wanted = Document.objects.filter(pk=waiting.id, round=waiting.round, rendering="waiting", masked_at=None)
        found = wanted.first()
        row = _locked(found) if found is not None else None
        if row is None or row.round != waiting.round:
            return False  # strays are removed by the nightly job
        if row.pdf != pdf.sha256:
            drop_files(row)
        row.pdf, row.pdf_size, row.pages = pdf.sha256, pdf.size, pages
        row.docx, row.docx_size = (docx.sha256, docx.size) if docx else ("", 0)
        row.rendering, row.error = "ready", ""
        row.save()
        if row.state == "signed" and row.kind != known.WHOLE and row.salt is not None:
            kept = ledger.commitment(bytes(row.salt), bytes.fromhex(row.pdf))
            _note(row, "kept", SYSTEM, at, pdf=kept)
    return True


def failed(*, waiting: Waiting, reason: str) -> None:
    """It cannot be set, for a reason that trying again does not mend."""
    with writing():
        Document.objects.filter(pk=waiting.id, round=waiting.round).update(rendering="failed", error=reason[:120])


def put_back(*, waiting: Waiting) -> None:
    """The attempt failed for a reason that is not the document's, and does not count."""
    with writing():
        Document.objects.filter(pk=waiting.id, rendering="waiting", tries__gt=0).update(tries=F("tries") - 1)


def try_again(*, document: Document) -> None:
    """Somebody asks for a document to be set once more."""
    with writing():
        row = _locked(document)
        _again(row)
        row.save()
