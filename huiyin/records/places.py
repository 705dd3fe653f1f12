"""The county, its communities with their stations, the compounds, and the work calendar."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class County(models.Model):
    """The one county of this installation and what it sets for itself."""

    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=12, unique=True)
    city = models.BooleanField(default=False)  # 设立的市: some clauses apply to the urban area of a city and not to a county's
    demo = models.BooleanField(default=False)
    host = models.CharField(max_length=80, blank=True)
    hotline = models.CharField(max_length=40, blank=True)
    gas_phone = models.CharField(max_length=40, blank=True)
    overseer = models.ForeignKey("records.Body", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey("records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    common_superior = models.CharField(max_length=80, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    second_factor_roles = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name_plural = "counties"

    def __str__(self) -> str:
        return self.name


class Community(models.Model):
    """A 社区 with its contact station. It holds compounds; it is not one."""

    slug = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=40)
    township = models.ForeignKey("records.Body", on_delete=models.PROTECT, related_name="townships_communities")
    office = models.ForeignKey("records.Body", on_delete=models.PROTECT, related_name="office_communities")
    supervisor = models.ForeignKey("records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    station_name = models.CharField(max_length=60, blank=True)
    station_address = models.CharField(max_length=120, blank=True)
    station_phone = models.CharField(max_length=40, blank=True)
    station_hours = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "communities"

    def __str__(self) -> str:
        return self.name


class Compound(models.Model):
    """A 小区. `code` is in its board's QR. Coordinates are CGCS2000 degrees; `datum` is what they came in."""

    code = models.CharField(max_length=12, unique=True)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="compounds")
    name = models.CharField(max_length=60)
    aliases = models.JSONField(default=list, blank=True)
    address = models.CharField(max_length=120, blank=True)
    households = models.PositiveIntegerField(default=0)
    highrise = models.BooleanField(default=False)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    datum = models.CharField(max_length=12, default="CGCS2000")
    outline = models.JSONField(default=list, blank=True)
    board_at = models.DateField(null=True, blank=True)  # when what hangs on its service board was last printed
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community", "name"], name="compound_name_once_in_a_community"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="compound_point_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WorkDay(models.Model):
    """A day that differs from plain Monday to Friday. `statutory` marks the 法定节假日 itself, not the rest days swapped around it."""

    date = models.DateField(primary_key=True)
    kind = models.CharField(max_length=8, choices=[("holiday", "holiday"), ("workday", "workday")])
    name = models.CharField(max_length=40, blank=True)
    statutory = models.BooleanField(default=False)
    confirmed = models.BooleanField(default=True)

    class Meta:
        ordering = ("date",)

    def __str__(self) -> str:
        return self.date.isoformat()
