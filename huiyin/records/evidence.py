"""What comes in pieces, and the way of every file from hand to hand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huiyin.records.cases import Attachment


class Upload(models.Model):
    """A large file on its way in, under the key of its draft and its name there. `part` names what has come so far; `claims` (sealed) is
    what the phone says of it. Gone when the file is whole, or after 48 hours."""

    key_hash = models.CharField(max_length=64)
    slot = models.CharField(max_length=64)
    posting = models.ForeignKey("records.Posting", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=40, unique=True)
    size = models.PositiveIntegerField()
    claims = models.TextField(blank=True)
    began = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key_hash", "slot"], name="upload_once_under_a_key")]
        indexes: ClassVar = [models.Index(fields=["began"], name="upload_began")]

    def __str__(self) -> str:
        return f"upload {self.pk}"


class Custody(models.Model):
    """One step of a file's way, never changed: received, original viewed, put into a bundle, handed over, masked. A chain for each file;
    rules/evidence says what `hash` covers. `actor` as in the ledger."""

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="custody")
    seq = models.PositiveIntegerField()
    step = models.CharField(max_length=10)
    actor = models.CharField(max_length=24)
    role = models.CharField(max_length=8)
    at = models.DateTimeField()
    why = models.CharField(max_length=12, blank=True)
    words = models.CharField(max_length=64, blank=True)  # the commitment to CustodyWords
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "custody"
        constraints: ClassVar = [models.UniqueConstraint(fields=["attachment", "seq"], name="custody_once")]
        indexes: ClassVar = [models.Index(fields=["step", "-at"], name="custody_step")]

    def __str__(self) -> str:
        return f"custody {self.attachment_id}/{self.seq}"


class CustodyWords(models.Model):
    """To whom and why, as somebody wrote it: field-encrypted, and gone with its salt when the file is masked."""

    custody = models.OneToOneField(Custody, on_delete=models.PROTECT, related_name="said")
    text = models.TextField(blank=True)
    salt = models.BinaryField(max_length=32, null=True)
    masked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "custody words"

    def __str__(self) -> str:
        return f"custody words {self.pk}"
