"""The case and all that hangs on it. `Entry` is the append-only truth; `Case` copies the folded state for lists; personal data lies apart."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huiyin.rules.workflow.vocabulary import NOBODY_IN_CHARGE, Outcome, Stage, Tier

_IN_CHARGE = Q(lead__isnull=False) & ~Q(item="")


class Case(models.Model):
    """One matter. Everything below `place` is a copy of the folded ledger, written only by services/cases."""

    number = models.CharField(max_length=16, unique=True)
    demo = models.BooleanField(default=False)

    compound = models.ForeignKey("records.Compound", null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    community = models.ForeignKey("records.Community", null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    building = models.CharField(max_length=40, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)

    stage = models.CharField(max_length=10, choices=[(stage.value, stage.value) for stage in Stage])
    since = models.DateTimeField()
    opened = models.DateTimeField()
    seq = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    head = models.CharField(max_length=64)
    tier = models.CharField(max_length=10, blank=True, choices=[(tier.value, tier.value) for tier in Tier])
    outcome = models.CharField(max_length=12, blank=True, choices=[(outcome.value, outcome.value) for outcome in Outcome])

    item = models.CharField(max_length=12, blank=True)
    item_name = models.CharField(max_length=80, blank=True)
    suggested = models.CharField(max_length=12, blank=True)
    listing = models.CharField(max_length=12, blank=True)
    version = models.ForeignKey("records.ListVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    urgency = models.CharField(max_length=4, blank=True)
    safety_baseline = models.BooleanField(default=False)
    police = models.BooleanField(default=False)
    lead = models.ForeignKey("records.Body", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey("records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    reports_count = models.PositiveIntegerField(default=1)
    disputes = models.PositiveIntegerField(default=0)
    declines = models.PositiveIntegerField(default=0)
    settle_needed = models.BooleanField(default=False)
    waiting_second = models.BooleanField(default=False)
    paused = models.BooleanField(default=False)
    late_facts = models.BooleanField(default=False)
    filed = models.BooleanField(default=False)
    waiting_head = models.BooleanField(default=False)

    due_dispatch = models.DateTimeField(null=True, blank=True)
    due_signoff = models.DateTimeField(null=True, blank=True)
    due_onsite = models.DateTimeField(null=True, blank=True)
    due_resolution = models.DateTimeField(null=True, blank=True)
    due_echo = models.DateTimeField(null=True, blank=True)
    due_next = models.DateTimeField(null=True, blank=True)
    due_law = models.DateTimeField(null=True, blank=True)  # the nearest term of a file that binds the office
    closes_at = models.DateTimeField(null=True, blank=True)

    survivor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    earlier = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="later")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="case_has_somebody_in_charge",
                condition=(
                    Q(stage="reported")
                    | (Q(stage="assigned") & _IN_CHARGE)
                    | (Q(stage="handling") & _IN_CHARGE & Q(handler__isnull=False))
                    | (
                        Q(stage__in=["resolved", "echoed", "closed"])
                        & (Q(outcome__in=sorted(NOBODY_IN_CHARGE)) | (_IN_CHARGE & Q(handler__isnull=False)))
                    )
                ),
            ),
            models.CheckConstraint(
                name="case_merged_names_its_survivor", condition=~Q(outcome="merged") | Q(survivor__isnull=False)
            ),
            models.CheckConstraint(
                name="case_that_ended_says_how", condition=~Q(stage__in=["resolved", "echoed", "closed"]) | ~Q(outcome="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["stage", "due_next", "id"], name="case_stage_due"),
            models.Index(fields=["-id"], name="case_newest"),
            models.Index(fields=["community", "stage", "due_next", "id"], name="case_community_stage_due"),
            models.Index(fields=["lead", "stage", "due_next", "id"], name="case_lead_stage_due"),
            models.Index(fields=["lead", "due_law"], name="case_lead_law_due", condition=Q(due_law__isnull=False)),
            models.Index(fields=["lead", "id"], name="case_lead_waits", condition=Q(waiting_second=True) | Q(waiting_head=True)),
            models.Index(fields=["handler", "stage", "due_next", "id"], name="case_handler_stage_due"),
            models.Index(fields=["compound", "item", "-id"], name="case_compound_item"),
            models.Index(fields=["item", "stage", "-id"], name="case_item_stage"),
            models.Index(fields=["closes_at"], name="case_closes_at", condition=Q(stage="echoed")),
        ]

    def __str__(self) -> str:
        return self.number


class Entry(models.Model):
    """One act, never changed. See rules/ledger for the meaning of each column and for the hash."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    action = models.CharField(max_length=24)
    actor = models.CharField(max_length=24)
    role = models.CharField(max_length=8)
    at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    to = models.CharField(max_length=10, blank=True)
    tier = models.CharField(max_length=10, blank=True)
    data = models.JSONField(default=dict)
    table = models.PositiveIntegerField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("case", "seq")
        verbose_name_plural = "entries"
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "seq"], name="entry_seq_once_in_a_case")]
        indexes: ClassVar = [
            models.Index(fields=["at"], name="entry_given_away", condition=Q(action__in=["decline", "reclassify"])),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq}"


class Sight(models.Model):
    """A body beside the lead that may see a case: `cooperating`, `tasked` (urged or asked), `helping` (both) or `former` (keeps reading
    its own acts)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sights")
    body = models.ForeignKey("records.Body", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["body", "case"], name="sight_once")]

    def __str__(self) -> str:
        return f"sight {self.pk}"


class Report(models.Model):
    """One person's statement. `number` is the case number it was given; `code_mac` an HMAC of its secret code.

    `key_hash` is of the key it was sent under, so that it is taken once; `body_hash` (under a secret) of what was sent then.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    number = models.CharField(max_length=16)
    code_mac = models.CharField(max_length=64, unique=True)
    key_hash = models.CharField(max_length=64, blank=True)
    body_hash = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=8)
    language = models.CharField(max_length=8, default="zh-hans")
    at = models.DateTimeField()
    occurred_at = models.DateTimeField(null=True, blank=True)
    building = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    place_words = models.CharField(max_length=120, blank=True)
    by_posting = models.ForeignKey("records.Posting", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    contact = models.CharField(max_length=24, blank=True)
    withdrawn = models.BooleanField(default=False)
    satisfied = models.BooleanField(null=True)
    available = models.DateTimeField(null=True, blank=True)
    looks = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["number"], name="report_number"),
            models.Index(fields=["case"], name="report_case"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key_hash"], condition=~Q(key_hash=""), name="report_taken_once"),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"


class Reporter(models.Model):
    """Who made a report, field-encrypted. `phone_mac` answers 'is it this number?' with yes or no."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="reporter")
    name = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    email = models.TextField(blank=True)
    wechat = models.TextField(blank=True)
    phone_mac = models.CharField(max_length=64, blank=True)
    masked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["phone_mac"], name="reporter_phone_mac")]

    def __str__(self) -> str:
        return f"reporter {self.pk}"


class Party(models.Model):
    """The one said to have done it, field-encrypted: `name`, and in `detail` (JSON) what documents need (id_no, address, phone, birth, agent).

    `mac` is a keyed hash by which the same party is known again in another case; `commitment` stands in the entry that named it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, default="person")
    name = models.TextField(blank=True)
    detail = models.TextField(blank=True)
    mac = models.CharField(max_length=64, blank=True)
    salt = models.BinaryField(max_length=32, null=True)
    commitment = models.CharField(max_length=64)
    masked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "parties"
        indexes: ClassVar = [
            models.Index(fields=["case"], name="party_case"),
            models.Index(fields=["mac"], name="party_mac", condition=~Q(mac="")),
        ]

    def __str__(self) -> str:
        return f"party {self.pk}"


class Publication(models.Model):
    """A decision as everybody may read it: no person, no address. A withdrawn one stays with the reason (行政处罚法 48)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="publications")
    seq = models.PositiveIntegerField()
    body = models.ForeignKey("records.Body", on_delete=models.PROTECT, related_name="+")
    item_name = models.CharField(max_length=80)
    basis = models.CharField(max_length=120)
    penalties = models.JSONField(default=list)
    amount = models.PositiveIntegerField(default=0)
    words = models.TextField()
    decided_on = models.DateField()
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    why = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-published_at"], name="publication_newest")]

    def __str__(self) -> str:
        return f"publication {self.pk}"


class Words(models.Model):
    """Free text of an entry, outside the ledger. `salt` dies with the text when it is masked."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="words")
    seq = models.PositiveIntegerField()
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.PROTECT, related_name="words")
    field = models.CharField(max_length=16)
    text = models.TextField(blank=True)
    salt = models.BinaryField(max_length=32, null=True)
    commitment = models.CharField(max_length=64)
    masked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "words"
        indexes: ClassVar = [models.Index(fields=["case", "seq"], name="words_case_seq")]

    def __str__(self) -> str:
        return f"words {self.pk}"


class Attachment(models.Model):
    """A photo, recording or paper, by `kind` (rules/evidence). `state`: received (nothing made of it yet), ready (has a viewing copy:
    of a photo a picture, of a recording the patches that blank its notes), kept (only the original can be had), bad (a photo that
    cannot be read as a picture), masked. `claims` (sealed) is what the phone said of it; the entry holds a commitment to that too.

    Until an entry claims it, `case` is empty and `key_hash` is the draft it was sent under; such orphans go after 48 hours.
    """

    key_hash = models.CharField(max_length=64, blank=True)
    slot = models.CharField(max_length=64, blank=True)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="attachments")
    seq = models.PositiveIntegerField(null=True, blank=True)
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.PROTECT, related_name="attachments")
    posting = models.ForeignKey("records.Posting", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="received")
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=8, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    salt = models.BinaryField(max_length=32, null=True)
    commitment = models.CharField(max_length=64, blank=True)
    claims = models.TextField(blank=True)
    claims_salt = models.BinaryField(max_length=32, null=True)
    claims_commitment = models.CharField(max_length=64, blank=True)
    copy = models.CharField(max_length=80, blank=True)
    released = models.BooleanField(default=False)
    arrived = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    masked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key_hash", "slot"], name="attachment_once_under_a_key", condition=~Q(key_hash="")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "seq"], name="attachment_case_seq"),
            models.Index(fields=["state", "id"], name="attachment_todo", condition=Q(state="received")),
            models.Index(fields=["sha256"], name="attachment_sha"),
        ]

    def __str__(self) -> str:
        return f"attachment {self.pk}"


class Delivery(models.Model):
    """A message owed to a reporter: written with the act, sent by the worker. `state`: due, sent, failed, call, waiting, void."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="deliveries")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deliveries")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    channel = models.CharField(max_length=8)
    state = models.CharField(max_length=8, default="due")
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "seq", "kind", "channel"], name="delivery_once")]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="delivery_due", condition=Q(state="due")),
            models.Index(fields=["case", "seq"], name="delivery_case"),
            models.Index(fields=["state", "kind", "id"], name="delivery_state"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class Notice(models.Model):
    """Tells staff in 今日 that something came in on a case, or with a list: to one person, a body, a community, or a role."""

    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="notices")
    version = models.ForeignKey("records.ListVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="notices")
    seq = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=16)
    person = models.ForeignKey("records.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("records.Body", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("records.Community", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "id"], name="notice_person", condition=Q(seen_at__isnull=True)),
            models.Index(fields=["body", "id"], name="notice_body", condition=Q(seen_at__isnull=True)),
            models.Index(fields=["community", "id"], name="notice_community", condition=Q(seen_at__isnull=True)),
            models.Index(fields=["role", "id"], name="notice_role", condition=Q(seen_at__isnull=True)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, version__isnull=True) | Q(case__isnull=True, version__isnull=False),
                name="notice_is_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Replay(models.Model):
    """An act's idempotency key that was done, by its hash, with a hash of the body and what was answered. Kept 90 days."""

    key_hash = models.CharField(max_length=64, primary_key=True)
    body_hash = models.CharField(max_length=64)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="replay_at")]

    def __str__(self) -> str:
        return f"replay {self.case_id}"


class Suggestion(models.Model):
    """What triage proposed for a report, under which index, and what a person chose."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="suggestion")
    index = models.CharField(max_length=16)
    first = models.CharField(max_length=12, blank=True)
    second = models.CharField(max_length=12, blank=True)
    third = models.CharField(max_length=12, blank=True)
    score = models.PositiveIntegerField(default=0)  # thousandths
    in_scope = models.BooleanField(default=True)
    chosen = models.CharField(max_length=12, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True)  # when a clerk assigned or refused it: a confirmed case
    refused = models.CharField(max_length=16, blank=True)  # the reason code, where it was refused

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["chosen_at"], name="suggestion_confirmed", condition=Q(chosen_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"suggestion {self.pk}"
