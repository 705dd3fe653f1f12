"""The two lists as versions: items with their leads, clocks, phrases and legal bases. One version in force per list and day; any number of
drafts. With them the register of laws, who is designated where a law leaves it to the county, what was settled, and what triage learnt."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

LISTINGS = [("enforcement", "enforcement"), ("service", "service")]


STATES = [("draft", "draft"), ("review", "review"), ("published", "published"), ("dropped", "dropped")]


class ListVersion(models.Model):
    """A whole list. It is edited as a draft, read by others in review, and from publication on never changed; `revision` counts the
    edits, so that two who edit at once notice. Superseded is one whose `in_force_to` is over."""

    listing = models.CharField(max_length=12, choices=LISTINGS)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    drafted = models.DateField(null=True, blank=True)
    in_force_from = models.DateField(null=True, blank=True)
    in_force_to = models.DateField(null=True, blank=True)
    source_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="published")
    revision = models.PositiveIntegerField(default=0)
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="drafts")
    boundaries = models.JSONField(default=list, blank=True)
    made_by = models.ForeignKey("records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey("records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["listing", "number"], name="list_version_number_once"),
            models.UniqueConstraint(fields=["listing", "in_force_from"], name="list_one_version_begins_on_a_day"),
            models.CheckConstraint(
                condition=Q(in_force_to__isnull=True) | Q(in_force_to__gte=F("in_force_from")), name="list_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(state="published", in_force_from__isnull=False)
                | (~Q(state="published") & Q(in_force_from__isnull=True, in_force_to__isnull=True)),
                name="list_in_force_is_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing} {self.number}"


class ListItem(models.Model):
    """One matter. Clocks: working hours, clock hours, days, workdays (`close_workdays` is a service's reply time too).

    tests: {resonance, beyond_property, efficacy}: how the county's own figures meet each of the source's three tests, in words.
    duties: {code of a cooperating department: what it does}. turns_into: codes of enforcement items a service matter may become.
    """

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
    tests = models.JSONField(default=dict, blank=True)
    duties = models.JSONField(default=dict, blank=True)
    turns_into = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("version", "position")
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "code"], name="item_code_once_in_a_version")]

    def __str__(self) -> str:
        return self.code


class LegalBasis(models.Model):
    """A clause an item rests on, with the days it is in force and where it applies. `verified`: statute_text or secondary.

    requires_first: acts the clause itself demands before it (order, warning, dissuade), but not in the circumstance `unless`.
    authority: whom the clause names; `designated` where it leaves that to the local government (see Designation). places: codes of where
    it applies (city, county_town, highrise, other_than_highrise, prohibited_zone, prohibited_hours), empty everywhere; `applies` says it in words.
    fine: {person: [low, high], firm: [low, high]} in yuan where the clause states it, note: its range in words.
    """

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
    requires_first = models.JSONField(default=list, blank=True)
    unless = models.CharField(max_length=120, blank=True)
    authority = models.CharField(max_length=120, blank=True)
    designated = models.BooleanField(default=False)
    places = models.JSONField(default=list, blank=True)
    fine = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("item", "position")
        verbose_name_plural = "legal bases"

    def __str__(self) -> str:
        return f"{self.law}{self.article}"


class Law(models.Model):
    """A law under its stable code. On `valid_to` its successor applies already: every clause of it ends with the day before."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=80)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.CharField(max_length=200, blank=True)
    changed_by = models.ForeignKey("records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="law_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Designation(models.Model):
    """Which body the local government designated where a clause says 地方人民政府指定的部门, and by which document."""

    law_code = models.CharField(max_length=24)
    article = models.CharField(max_length=40)
    body = models.ForeignKey("records.Body", on_delete=models.PROTECT, related_name="designations")
    document = models.CharField(max_length=120)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("law_code", "article", "starts")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="designation_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.law_code} {self.article}"


class Settlement(models.Model):
    """Who is in charge of a matter that departments gave away, as it was settled in one case. Reasons stand in that case's words."""

    case = models.OneToOneField("records.Case", on_delete=models.PROTECT, related_name="settlement")
    seq = models.PositiveIntegerField()
    listing = models.CharField(max_length=12, choices=LISTINGS)
    item = models.CharField(max_length=12)
    lead = models.ForeignKey("records.Body", on_delete=models.PROTECT, related_name="+")
    by_list = models.ForeignKey("records.Body", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=16)
    document = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    taken_up = models.ForeignKey(ListVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["item", "at"], name="settlement_item")]

    def __str__(self) -> str:
        return f"settlement {self.pk}"


class SetByCounty(models.Model):
    """What the county says in the place of the project's words, or beside them. `used` False: not known any more."""

    used = models.BooleanField(default=True)
    changed_by = models.ForeignKey("records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class ElsewhereKind(SetByCounty):
    """A kind of matter that is on no list: in the place of the project's of the same code, or beside those. A county's own codes begin with
    X-C."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80, blank=True)
    turn_to = models.CharField(max_length=200)
    turn_to_en = models.CharField(max_length=300, blank=True)
    phrases = models.JSONField(default=list)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class BoundaryQuestion(SetByCounty):
    """What is asked where items are near each other; `between`: their codes, sorted, joined by +. In the place of the project's between the
    same items, or beside those. answers: [{text, text_en, item}]."""

    between = models.CharField(max_length=80, unique=True)
    ask = models.CharField(max_length=60)
    ask_en = models.CharField(max_length=120, blank=True)
    answers = models.JSONField(default=list)

    class Meta:
        ordering = ("between",)

    def __str__(self) -> str:
        return self.between


class TriageModel(models.Model):
    """What triage learnt: fitted weights for one state of the lists. Old weights are dropped, their figures stay."""

    version = models.CharField(max_length=16, unique=True)
    catalogue = models.CharField(max_length=16)
    made_at = models.DateTimeField()
    examples = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict, blank=True)
    weights = models.BinaryField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["catalogue", "made_at"], name="triage_model_newest")]

    def __str__(self) -> str:
        return self.version
