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
from huiyin.records.models import Attachment, Case, Party, Report, Reporter, Words


def mask(case: Case, data: Mapping[str, Any], at: datetime) -> None:
    """Mask a reporter, a whole report, or the words and photos of one entry. Files go once the transaction is through."""
    what, report = data["what"], data.get("report")
    if what == "entry" and data.get("of"):
        _words(Words.objects.filter(case=case, seq=data["of"]))
        _files(Attachment.objects.filter(case=case, seq=data["of"]), at)
    if what == "party" and data.get("of"):
        Party.objects.filter(case=case, seq=data["of"]).update(name="", detail="", mac="", salt=None, masked_at=Now())
    if what in {"reporter", "report"} and report:
        Reporter.objects.filter(report_id=report, report__case=case).update(
            name="", phone="", email="", wechat="", phone_mac="", masked_at=Now()
        )
    if what == "report" and report:
        _words(Words.objects.filter(report_id=report, report__case=case))
        _files(Attachment.objects.filter(report_id=report, report__case=case), at)
        Report.objects.filter(pk=report, case=case).update(building="", unit="", place_words="", body_hash="")
        if case.reports.count() == 1:
            case.building, case.lon, case.lat = "", None, None


def _words(rows: QuerySet[Words]) -> None:
    rows.update(text="", salt=None, masked_at=Now())


def _files(rows: QuerySet[Attachment], at: datetime) -> None:
    """A file that two attachments share goes when the last of them is masked; one that is arriving again just now stays."""
    kept = list(rows.exclude(state="masked").values_list("pk", "sha256", "copy"))
    rows.update(state="masked", salt=None, sha256="", copy="", masked_at=Now())
    for _, sha256, copy in kept:
        if copy:
            transaction.on_commit(partial(files.delete_copy, copy))
        if sha256 and not Attachment.objects.filter(sha256=sha256).exists():
            transaction.on_commit(partial(files.delete_original, sha256, before=at))
