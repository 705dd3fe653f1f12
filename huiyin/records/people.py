"""Bodies (departments, offices, firms, partners), the contracts of firms, the people and what they are posted as."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from huiyin.rules.workflow.vocabulary import BodyKind, Role


class Body(models.Model):
    """Anybody who can be in charge or help. `code` of a department is the lists' code for it."""

    code = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in BodyKind])
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=40)
    phone = models.CharField(max_length=40, blank=True)
    complaint_phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    may_enforce = models.BooleanField(default=False)
    hearing_person = models.PositiveIntegerField(null=True, blank=True)
    hearing_firm = models.PositiveIntegerField(null=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Contract(models.Model):
    """A firm's contract for a compound. Days inclusive; `ends` None: until further notice."""

    firm = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="contracts")
    compound = models.ForeignKey("records.Compound", on_delete=models.PROTECT, related_name="contracts")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="contract_ends_after_it_starts"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["compound", "starts"], name="contract_compound")]

    def __str__(self) -> str:
        return f"contract {self.pk}"


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username=username)


class Person(AbstractBaseUser):
    """A member of staff, of a firm, or an outside supervisor. Residents have no account."""

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=40)
    email = models.EmailField(blank=True)
    desk_phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    sessions = models.PositiveIntegerField(default=0)  # counted up to end every open session
    created = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects: ClassVar[PersonManager] = PersonManager()

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """As Django's, with `sessions` in it; Django calls it for the present key and for older ones."""
        return salted_hmac("huiyin.person", f"{self.password}\x00{self.sessions}", secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_staff(self) -> bool:
        return False

    @property
    def is_superuser(self) -> bool:
        return False


class Posting(models.Model):
    """One person in one role at one place from a day to a day (both inclusive). A person may hold several."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="postings")
    role = models.CharField(max_length=8, choices=[(role.value, role.value) for role in Role])
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="postings")
    community = models.ForeignKey("records.Community", null=True, blank=True, on_delete=models.PROTECT, related_name="postings")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    badge_no = models.CharField(max_length=32, blank=True)
    badge_expires = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="posting_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=["off", "head", "pro", "rev"]) | Q(body__isnull=False), name="posting_of_a_body_names_it"
            ),
            models.CheckConstraint(
                condition=~Q(role="sup") | Q(community__isnull=False), name="posting_of_a_supervisor_names_the_community"
            ),
            models.CheckConstraint(
                condition=~Q(role="com") | Q(community__isnull=False) | Q(body__isnull=False),
                name="posting_of_a_clerk_names_a_place",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "starts"], name="posting_person"),
            models.Index(fields=["body", "role"], name="posting_body_role"),
        ]

    def __str__(self) -> str:
        return f"posting {self.pk}"


class PostingRequest(models.Model):
    """A posting or a reset of a second factor that needs a second person; kept after it is decided, for both to see."""

    kind = models.CharField(max_length=16, choices=[("posting", "posting"), ("factor_reset", "factor_reset")])
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="requests_about")
    role = models.CharField(max_length=8, blank=True)
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("records.Community", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=200)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="requests_made")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="requests_decided")
    decided_at = models.DateTimeField(null=True, blank=True)
    approved = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="request_needs_a_second_person"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("person")), name="request_not_decided_for_oneself"
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"


class SoleAct(models.Model):
    """What an administrator did alone that lets somebody in: a posting, a temporary password, a second factor taken away. It stands until a
    second person has looked, and stays as a record: who gives passwords could sign in as the one it was given for."""

    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in ("posting", "password", "factor_reset")])
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="let_in")
    role = models.CharField(max_length=8, blank=True)
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("records.Community", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sole_acts")
    at = models.DateTimeField()
    seen_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="looked_at")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(seen_by__isnull=True) | (~Q(seen_by=F("by")) & ~Q(seen_by=F("person"))),
                name="sole_act_is_seen_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"sole act {self.pk}"
