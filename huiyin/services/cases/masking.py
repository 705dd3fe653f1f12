"""Masking: the content and its salt go, the commitments in the ledger stay, so the chain still verifies and nothing can be guessed back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from huiyin.adapters import files
from huiyin.adapters import kept as kept_beside
from huiyin.records.models import Attachment, Case, Document, LogState, Party, Publication, Report, Reporter, Signature, Words
from huiyin.rules.workflow.vocabulary import Role
from huiyin.services import evidence


def mask(case: Case, data: Mapping[str, Any], at: datetime, *, actor: str, role: str) -> None:
    """Mask a reporter, a whole report, or the words and photos of one entry. Files go once the transaction is through."""
    what, report = data["what"], data.get("report")
    if what == "entry" and data.get("of"):
        _words(Words.objects.filter(case=case, seq=data["of"]))
        mask_files(Attachment.objects.filter(case=case, seq=data["of"]), at, actor=actor, role=role)
        mask_documents(Document.objects.filter(case=case, seq=data["of"]), at, actor=actor, role=role)
        _public(case, data["of"])
    if what == "party" and data.get("of"):
        mask_documents(Document.objects.filter(case=case), at, actor=actor, role=role)  # any of them may quote the party
        Party.objects.filter(case=case, seq=data["of"]).update(name="", detail="", mac="", salt=None, masked_at=Now())
    if what in {"reporter", "report"} and report:
        Reporter.objects.filter(report_id=report, report__case=case).update(
            name="", phone="", email="", wechat="", phone_mac="", masked_at=Now()
        )
    if what == "report" and report:
        _words(Words.objects.filter(report_id=report, report__case=case))
        mask_files(Attachment.objects.filter(report_id=report, report__case=case), at, actor=actor, role=role)
        Report.objects.filter(pk=report, case=case).update(building="", unit="", place_words="", body_hash="")
        if case.reports.count() == 1:
            case.building, case.lon, case.lat = "", None, None
    _scrub()
    _note(case, {"what": what, "of": data.get("of") or 0, "report": report or 0})


def _public(case: Case, seq: int) -> None:
    """Where the entry published a decision, its words leave the public page too."""
    about = case.entries.filter(seq=seq, action="publish").values_list("data", flat=True).first()
    if about is not None:
        Publication.objects.filter(case=case, seq=about["of"]).update(words="")


def _note(case: Case, line: dict[str, Any]) -> None:
    """Once it is committed. The target is named by a hash too: after a restore its id may belong to something else."""
    if line.get("report"):
        line["same"] = Report.objects.values_list("code_mac", flat=True).get(pk=line["report"])
    else:
        line["same"] = case.entries.values_list("hash", flat=True).get(seq=line.get("of") or 1)
    transaction.on_commit(partial(kept_beside.note_erasure, {"number": case.number, **line}))


def expire(case: Case, kept: str, at: datetime) -> None:
    """What of a whole case has been kept long enough: who reported it (`contact`), or all that was said, shown and written (`content`)."""
    Reporter.objects.filter(report__case=case).update(name="", phone="", email="", wechat="", phone_mac="", masked_at=Now())
    Report.objects.filter(case=case).update(body_hash="")
    _note(case, {"kept": kept})
    if kept == "contact":
        _scrub()
        return
    _words(Words.objects.filter(case=case))
    mask_files(Attachment.objects.filter(case=case), at, actor="sys", role=Role.SYS)
    mask_documents(Document.objects.filter(case=case), at, actor="sys", role=Role.SYS)
    Party.objects.filter(case=case).update(name="", detail="", mac="", salt=None, masked_at=Now())
    Report.objects.filter(case=case).update(building="", unit="", place_words="")
    case.building, case.lon, case.lat = "", None, None
    _scrub()


def _scrub() -> None:
    """What was overwritten still stands in the write-ahead log or in dead rows; the worker is told to clear them (jobs/retention)."""
    LogState.objects.update_or_create(pk=1, defaults={"scrub": True})


def _words(rows: QuerySet[Words]) -> None:
    rows.update(text="", salt=None, masked_at=Now())


def mask_files(rows: QuerySet[Attachment], at: datetime, *, actor: str = "sys", role: str = "sys") -> None:
    """A file that others share goes when the last of them is masked; one that is arriving again just now stays."""
    kept = list(rows.exclude(state="masked"))
    evidence.masked(kept, actor=actor, role=role, at=at)
    rows.update(state="masked", salt=None, sha256="", copy="", claims="", claims_salt=None, masked_at=Now())
    for row in kept:
        if row.copy:
            transaction.on_commit(partial(files.delete_copy, row.copy))
        if row.sha256 and not evidence.named_elsewhere(row.sha256):
            transaction.on_commit(partial(files.delete_original, row.sha256, before=at))


def mask_documents(rows: QuerySet[Document], at: datetime, *, actor: str = "sys", role: str = "sys") -> None:
    """What documents said and their files go; number, times, commitments and the register stay."""
    for row in rows.filter(masked_at=None):
        signed = Signature.objects.filter(document=row)
        pictures = signed.exclude(picture="").values_list("picture", flat=True)
        stored = {row.pdf, row.docx, *pictures} - {""}
        mask_files(Attachment.objects.filter(case=row.case_id, key_hash__in=_scans(signed)), at, actor=actor, role=role)
        signed.update(words="", picture="")
        Document.objects.filter(pk=row.pk).update(sealed="", salt=None, pdf="", docx="", masked_at=Now(), rendering="ready")
        for sha256 in stored:
            _drop(sha256, row)


def _scans(signed: QuerySet[Signature]) -> list[str]:
    return [key for key in signed.filter(scan__isnull=False).values_list("scan__key_hash", flat=True) if key]


def drop_files(row: Document) -> None:
    """The files of a document go once the transaction is through, unless something else has the same."""
    for sha256 in {row.pdf, row.docx} - {""}:
        _drop(sha256, row)


def _drop(sha256: str, row: Document) -> None:
    if not evidence.named_elsewhere(sha256, but=row.pk):
        transaction.on_commit(partial(files.delete_original, sha256))
