"""The two lists as versions: items with their leads, clocks, phrases and legal bases. One version in force per list and day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

LISTINGS = [("enforcement", "enforcement"), ("service", "service")]


class ListVersion(models.Model):
    listing = models.CharField(max_length=12, choices=LISTINGS)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    drafted = models.DateField(null=True, blank=True)
    in_force_from = models.DateField(null=True, blank=True)
    in_force_to = models.DateField(null=True, blank=True)
    source_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["listing", "number"], name="list_version_number_once"),
            models.UniqueConstraint(fields=["listing", "in_force_from"], name="list_one_version_begins_on_a_day"),
            models.CheckConstraint(
                condition=Q(in_force_to__isnull=True) | Q(in_force_to__gte=F("in_force_from")), name="list_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing} {self.number}"


class ListItem(models.Model):
    """One matter. Clocks: working hours, clock hours, days, workdays (`close_workdays` is a service's reply time too)."""

    version = models.ForeignKey(ListVersion, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=12)
    category_code = models.CharField(max_length=8)
    category_name = models.CharField(max_length=40)
    category_name_en = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    plain = models.CharField(max_length=200)
    plain_en = models.CharField(max_length=250, blank=True)
    phrases = models.JSONField(default=list)
    keywords = models.JSONField(default=list)
    lead = models.CharField(max_length=32)
    cooperating = models.JSONField(default=list)
    measures = models.JSONField(default=dict)
    ladder = models.JSONField(default=list)
    handling = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    scope_check = models.TextField(blank=True)
    prior_step = models.TextField(blank=True)
    urgency = models.CharField(max_length=4, default="常")
    dispatch_working_hours = models.DecimalField(max_digits=5, decimal_places=2, default=4)
    onsite_hours = models.PositiveIntegerField(null=True, blank=True)
    recheck_days = models.PositiveIntegerField(null=True, blank=True)
    close_workdays = models.PositiveIntegerField()
    rectify_default = models.CharField(max_length=80, blank=True)
    persuadable = models.CharField(max_length=8, default="yes")
    safety_baseline = models.BooleanField(default=False)
    police = models.BooleanField(default=False)
    proofs = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("version", "position")
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "code"], name="item_code_once_in_a_version")]

    def __str__(self) -> str:
        return self.code


class LegalBasis(models.Model):
    """A clause an item rests on, with the days it is in force and where it applies. `verified`: statute_text or secondary."""

    item = models.ForeignKey(ListItem, on_delete=models.PROTECT, related_name="bases")
    position = models.PositiveIntegerField()
    law = models.CharField(max_length=80)
    law_code = models.CharField(max_length=24)
    article = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    quote = models.TextField(blank=True)
    verified = models.CharField(max_length=16)
    source = models.TextField(blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    applies = models.CharField(max_length=200, blank=True)
    supersedes = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("item", "position")
        verbose_name_plural = "legal bases"

    def __str__(self) -> str:
        return f"{self.law}{self.article}"
