"""What the installation keeps about itself: its key check, signs of life, alarms and the counters against guessing."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Installation(models.Model):
    """One row. `key_check` tells whether the key file at hand is the one this data was written with."""

    key_check = models.CharField(max_length=64)
    created = models.DateTimeField(auto_now_add=True)
    recount_at = models.DateTimeField(null=True, blank=True)  # the work calendar changed: due times are counted anew from then on
    recount_from = models.BigIntegerField(default=0)  # the last case that was

    def __str__(self) -> str:
        return "installation"


class Heartbeat(models.Model):
    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    done = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class Alarm(models.Model):
    """Something a person has to look at: a copy that differs from its ledger, a clock that went back, a job that keeps failing."""

    kind = models.CharField(max_length=24)
    case = models.ForeignKey("records.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="alarms")
    detail = models.CharField(max_length=300)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["settled_at", "at"], name="alarm_open")]

    def __str__(self) -> str:
        return self.kind


class TableImport(models.Model):
    """A table that was read and looked over but not yet brought in; gone after a day. `rows` as they were read, by sheet."""

    made_by = models.ForeignKey("records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=120, blank=True)
    rows = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Throttle(models.Model):
    """Wrong guesses in a window, by a keyed hash of what is guessed at and from where. Never an address in clear."""

    key = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField()
    wrong = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return "throttle"
