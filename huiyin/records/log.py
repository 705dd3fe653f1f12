"""The tree over the whole record, as it is stored: leaves, roots of complete subtrees, signed checkpoints, marks. Rows are only added
(see triggers); `LogState` alone is a note of the sequencer to itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Leaf(models.Model):
    """One leaf. kind: entry (ref: case, name: its number), list (ref: version, name: listing/number), custody (ref: attachment), mark (ref:
    mark).

    There are no foreign keys: a leaf stays when what it stands for was taken away, and says so.
    """

    index = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=8)
    ref = models.BigIntegerField()
    seq = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=24, blank=True)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "leaves"
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "ref", "seq"], name="leaf_once")]

    def __str__(self) -> str:
        return f"leaf {self.pk}"


class Node(models.Model):
    """The root of a complete subtree of 2^level leaves (level 8, 16, 24 …), from `index`·2^level on."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["level", "index"], name="node_once")]

    def __str__(self) -> str:
        return f"node {self.level}/{self.index}"


class Checkpoint(models.Model):
    """A signed checkpoint as it was published. `text` is the whole note."""

    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["size"], name="checkpoint_size")]

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class Mark(models.Model):
    """Something that was done to the record as a whole and has to stay known: kind `restored`, a backup was brought back.

    size: leaves that were left; known: leaves that were known to have been there. why holds no personal data.
    """

    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    why = models.CharField(max_length=300)
    size = models.BigIntegerField()
    known = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class LogState(models.Model):
    """One row: entries with an id up to `swept` are all in the log. Up to `ahead` they will be once no transaction older than `gate`
    runs (PostgreSQL's ids commit out of order). `custody`: the highest id of a step of evidence that is in the log. `scrub`: something was masked and its traces are still in free pages."""

    swept = models.BigIntegerField(default=0)
    ahead = models.BigIntegerField(default=0)
    gate = models.CharField(max_length=24, blank=True)
    custody = models.BigIntegerField(default=0)
    scrub = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "log state"


class Retention(models.Model):
    """How many days a county keeps a class of rules/retention after a case was filed; empty: for ever. Without a row the proposal counts."""

    code = models.CharField(max_length=12, primary_key=True)
    days = models.PositiveIntegerField(null=True, blank=True)
    changed_by = models.ForeignKey("records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code
