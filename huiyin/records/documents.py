"""Documents made on cases, the register of their numbers, and who signed them. What a document says is field-encrypted; its files lie sealed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

STATES = [("draft", "draft"), ("open", "open"), ("signed", "signed"), ("void", "void")]
RENDERINGS = [("waiting", "waiting"), ("ready", "ready"), ("failed", "failed")]
WAYS = [("system", "system"), ("paper", "paper"), ("screen", "screen"), ("refused", "refused"), ("absent", "absent")]


class Document(models.Model):
    """One document about the entry `seq` of a case (0: about none).

    draft: follows the record and may be thrown away. open: what it says and its number stand, signatures are gathered. signed. void: kept
    with its number and why. `sealed` holds what it says; `commitment` is over that with `salt`. A later version `cites` the one before.
    """

    case = models.ForeignKey("records.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    seq = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=24)
    body = models.ForeignKey("records.Body", on_delete=models.PROTECT, related_name="documents")
    police = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=STATES, default="draft")

    word = models.CharField(max_length=40, blank=True)
    year = models.PositiveIntegerField(null=True, blank=True)
    serial = models.PositiveIntegerField(null=True, blank=True)

    made_by = models.ForeignKey("records.Posting", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    frozen_by = models.ForeignKey("records.Posting", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    void_by = models.ForeignKey("records.Posting", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    void_at = models.DateTimeField(null=True, blank=True)
    void_why = models.TextField(blank=True)
    cites = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="later")

    sealed = models.TextField(blank=True)
    salt = models.BinaryField(max_length=32, null=True)
    commitment = models.CharField(max_length=64, blank=True)
    masked_at = models.DateTimeField(null=True, blank=True)

    rendering = models.CharField(max_length=8, choices=RENDERINGS, default="waiting")
    round = models.PositiveIntegerField(default=1)  # counted up whenever it has to be set again
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=120, blank=True)
    pdf = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveIntegerField(default=0)
    docx = models.CharField(max_length=64, blank=True)
    docx_size = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "word", "year", "serial"], name="document_number_once", condition=Q(serial__isnull=False)
            ),
            models.CheckConstraint(
                name="document_number_is_whole",
                condition=Q(serial__isnull=True, year__isnull=True) | Q(serial__isnull=False, year__isnull=False) & ~Q(word=""),
            ),
            models.CheckConstraint(name="document_draft_has_no_number", condition=~Q(state="draft") | Q(serial__isnull=True)),
            models.CheckConstraint(name="document_void_says_why", condition=~Q(state="void") | ~Q(void_why="")),
            models.CheckConstraint(name="document_frozen_has_its_day", condition=Q(state="draft") | Q(frozen_at__isnull=False)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "id"], name="document_case"),
            models.Index(fields=["id"], name="document_todo", condition=Q(rendering="waiting")),
            models.Index(fields=["body", "year", "word", "serial"], name="document_register", condition=Q(serial__isnull=False)),
            models.Index(fields=["pdf"], name="document_pdf"),
        ]

    def __str__(self) -> str:
        return f"document {self.pk}"


class Signature(models.Model):
    """One place for a signature and how it was filled. `words` (a name, why somebody refused, a witness) is field-encrypted; `picture` the
    SHA-256 of the strokes; `saw` of the PDF that was shown; `content` the commitment of what was signed."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=10)
    way = models.CharField(max_length=8, choices=WAYS)
    posting = models.ForeignKey("records.Posting", on_delete=models.PROTECT, related_name="+")
    factor = models.BooleanField(default=False)
    at = models.DateTimeField()
    words = models.TextField(blank=True)
    picture = models.CharField(max_length=64, blank=True)
    scan = models.ForeignKey("records.Attachment", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    content = models.CharField(max_length=64)
    saw = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["document", "role"], name="signature_once_in_a_place")]
        indexes: ClassVar = [models.Index(fields=["picture"], name="signature_picture", condition=~Q(picture=""))]

    def __str__(self) -> str:
        return f"signature {self.pk}"


class DocumentWord(models.Model):
    """机关代字: what a body's numbers begin with."""

    body = models.OneToOneField("records.Body", on_delete=models.PROTECT, related_name="document_word")
    word = models.CharField(max_length=12)
    changed_by = models.ForeignKey("records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.word
